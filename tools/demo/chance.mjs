/** A reproducible source of choices: the same seed and labels always choose the same. */
export class Chance {
  #state;

  /** @param {...(string | number)} labels what the choices are for; each set of labels has a sequence of its own */
  constructor(...labels) {
    let hash = 0x811c9dc5;
    for (const letter of labels.join('\u001f'))
      hash = Math.imul(hash ^ letter.codePointAt(0), 0x01000193) >>> 0;
    this.#state = hash;
  }

  /** A number from 0 up to, but not including, 1. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number between both, both included. */
  between(least, most) {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** True so often. */
  happens(probability) {
    return this.next() < probability;
  }

  pick(items) {
    return items[Math.floor(this.next() * items.length)];
  }

  /** `count` different items, in chance order. */
  several(items, count) {
    const rest = [...items];
    const chosen = [];
    while (chosen.length < count && rest.length > 0) {
      chosen.push(...rest.splice(Math.floor(this.next() * rest.length), 1));
    }
    return chosen;
  }
}
