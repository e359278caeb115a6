const REPORT_EVERY_MS = 5_000;
const isTerminal = Boolean(process.stdout.isTTY);

/** Steps of a command, told as they go: one moving line in a terminal, a line every five seconds elsewhere. */
export class Step {
  #title;
  #began = Date.now();
  #note = '';
  #timer;

  constructor(title) {
    this.#title = title;
    if (isTerminal) {
      this.#timer = setInterval(() => this.#draw(), 200);
    } else {
      console.log(`${title} …`);
      this.#timer = setInterval(() => console.log(`${title} … ${this.#state()}`), REPORT_EVERY_MS);
    }
    this.#timer.unref();
  }

  /** Says what the step is doing now. */
  note(text) {
    this.#note = text.trim().slice(0, 70);
  }

  /** Prints a line of its own. */
  line(text) {
    this.#clear();
    console.log(`  ${text}`);
  }

  done(text = '') {
    clearInterval(this.#timer);
    this.#clear();
    console.log(`${isTerminal ? '✓ ' : ''}${this.#title}: ${text ? `${text}, ` : ''}${this.#seconds()}`);
  }

  failed() {
    clearInterval(this.#timer);
    this.#clear();
    console.log(`${isTerminal ? '✗ ' : ''}${this.#title}: failed after ${this.#seconds()}`);
  }

  #state() {
    return [this.#seconds(), this.#note].filter(Boolean).join(', ');
  }

  #seconds() {
    return `${((Date.now() - this.#began) / 1_000).toFixed(1)} s`;
  }

  #draw() {
    this.#clear();
    process.stdout.write(`… ${this.#title} ${this.#state()}`);
  }

  #clear() {
    if (isTerminal) process.stdout.write('\r\x1b[2K');
  }
}

/** Runs one step of a command with its progress; returns what `work` returns. */
export async function step(title, work) {
  const current = new Step(title);
  try {
    const result = await work(current);
    current.done(typeof result === 'string' ? result : '');
    return result;
  } catch (error) {
    current.failed();
    throw error;
  }
}
