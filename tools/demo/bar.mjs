const WIDTH = 24;
const EVERY_MS = 5_000;

/** A progress bar: redrawn in a terminal, a line every five seconds elsewhere. */
export class Bar {
  #began = Date.now();
  #told = 0;
  #done = 0;
  #note = '';

  /** @param {string} title @param {number} total how much there is to do */
  constructor(title, total) {
    this.title = title;
    this.total = total;
    this.isTerminal = Boolean(process.stdout.isTTY);
    this.#show();
  }

  /** Says that so much more is done, and what is being done now. */
  advance(amount, note = this.#note) {
    this.#done = Math.min(this.total, this.#done + amount);
    this.#note = note;
    this.#show();
  }

  /** Ends the bar with a line that stays. */
  end(text) {
    if (this.isTerminal) process.stdout.write('\r\x1b[2K');
    process.stdout.write(`${this.title}: ${text}, ${this.#seconds()}\n`);
  }

  #seconds() {
    return `${((Date.now() - this.#began) / 1_000).toFixed(0)} s`;
  }

  #show() {
    if (!this.isTerminal && Date.now() - this.#told < EVERY_MS && this.#told > 0) return;
    if (this.isTerminal && Date.now() - this.#told < 100) return;
    this.#told = Date.now();
    const part = this.#done / this.total;
    const bar = '█'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH, '░');
    const text = `${this.title} ${bar} ${String(Math.floor(part * 100)).padStart(3)} % ${this.#note}`;
    process.stdout.write(this.isTerminal ? `\r\x1b[2K${text}` : `${text}\n`);
  }
}
