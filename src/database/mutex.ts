/** First come, first served: one holder at a time. SQLite has one writer, so units of work take turns here. */
export class Mutex {
  #tail: Promise<void> = Promise.resolve();

  /** Runs `work` when everyone who asked before is done, whether they failed or not. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail;
    let release = (): void => undefined;
    this.#tail = new Promise<void>((resolve) => {
      release = resolve;
    });
    await turn;
    try {
      return await work();
    } finally {
      release();
    }
  }
}
