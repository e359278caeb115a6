/** The one source of time; simulated time is the system's time plus one offset shared by all services. */
export class Clock {
  #offsetMs = 0;
  readonly #moved: (() => void)[] = [];

  now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Moves simulated time; services receive it from the shared bucket, tests may set it directly. */
  setOffset(offsetMs: number): void {
    if (offsetMs === this.#offsetMs) return;
    this.#offsetMs = offsetMs;
    for (const notify of this.#moved) notify();
  }

  /** Calls `notify` each time simulated time was moved. */
  onMove(notify: () => void): void {
    this.#moved.push(notify);
  }
}
