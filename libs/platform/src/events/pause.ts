/** A wait of a loop that others can cut short: `wake` when there is work, `stop` when the loop is to end. */
export class Pause {
  #resume?: () => void;
  #wakeable = true;
  #woken = false;
  #stopped = false;

  /**
   * Waits until the time is over, or somebody wakes it; a wake since the last wait ends it at once. Returns whether
   * somebody did.
   */
  async untilWoken(ms: number): Promise<boolean> {
    if (!this.#woken) await this.#wait(ms, true);
    const isWoken = this.#woken;
    this.#woken = false;
    return isWoken;
  }

  /** Waits until the time is over; only `stop` ends it sooner. */
  async fully(ms: number): Promise<void> {
    await this.#wait(ms, false);
  }

  wake(): void {
    this.#woken = true;
    if (this.#wakeable) this.#resume?.();
  }

  /** Ends this wait and all later ones. */
  stop(): void {
    this.#stopped = true;
    this.#resume?.();
  }

  async #wait(ms: number, wakeable: boolean): Promise<void> {
    if (this.#stopped) return;
    this.#wakeable = wakeable;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#resume = undefined;
  }
}
