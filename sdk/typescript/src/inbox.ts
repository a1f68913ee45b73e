/** Between those who tell and one who reads. What came while the reader was busy is read together. */
export class Inbox<T> {
  #waiting: T[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wake: () => void = () => undefined;

  put(item: T): void {
    this.#waiting.push(item);
    this.#wake();
  }

  /** Nothing comes any more. The reader is thrown `error`, if there is one, after what waits. */
  end(error?: unknown): void {
    this.#end ??= { error };
    this.#wake();
  }

  async *batches(): AsyncGenerator<T[], void, undefined> {
    for (;;) {
      if (this.#waiting.length > 0) {
        const batch = this.#waiting;
        this.#waiting = [];
        yield batch;
      } else if (this.#end !== undefined) {
        if (this.#end.error !== undefined) throw this.#end.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

/** Several streams as one. Ends when all have ended, or with the first failure. */
export function merge<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T[], void, undefined> {
  const inbox = new Inbox<T>();
  const pour = async (source: AsyncIterable<T>): Promise<void> => {
    for await (const item of source) inbox.put(item);
  };
  Promise.all(sources.map(pour)).then(
    () => inbox.end(),
    (error: unknown) => inbox.end(error),
  );
  return inbox.batches();
}
