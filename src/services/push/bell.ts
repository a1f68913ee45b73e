/** Wakes one sleeper before its time. A ring while nobody sleeps is remembered, so none is missed. */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  /** It was rung since the last sleep: the next will be none. */
  get rung(): boolean {
    return this.#rung;
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves at the next ring, or after `ms` milliseconds. */
  async wait(ms: number): Promise<void> {
    if (!this.#rung) await this.#sleep(ms);
    this.#rung = false;
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
