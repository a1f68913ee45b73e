/** Yielded in place of what was dropped: ask for events after the last cursor you saw. */
export interface Resync {
  readonly resync: true;
}

export interface QueueOptions<T> {
  /** Items kept for a consumer that does not read. Default 256. */
  readonly maxItems?: number;
  /** Items with the same key replace each other while waiting; undefined keeps every item. Asked at each push. */
  readonly keyOf?: (item: T) => string | undefined;
  /** Called with how many items were lost to overflow. Coalesced items are not lost. */
  readonly onOverflow?: (items: number) => void;
  /** Called once, when the consumer is gone: detach from whoever pushes. */
  readonly onRelease?: () => void;
}

/**
 * Stands between whoever publishes and one subscriber. `push` never waits and never throws, so a consumer
 * that stopped reading (a sleeping laptop) costs a bounded amount and disturbs nobody. Of items with one key
 * the newest is kept, in its own place: a cursor that was read says that nothing before it is left out but what a
 * later item replaces. When `maxItems` differing items wait, all are dropped and the
 * consumer is told to catch up by cursor.
 */
export class SubscriptionQueue<T> implements AsyncIterableIterator<T | Resync, undefined> {
  readonly #maxItems: number;
  readonly #keyOf: (item: T) => string | undefined;
  readonly #onOverflow: (items: number) => void;
  readonly #onRelease: () => void;
  readonly #waiting = new Map<unknown, T>();
  #readers: ((step: IteratorResult<T | Resync, undefined>) => void)[] = [];
  #resync = false;
  #released = false;
  #dropped = 0;

  constructor({
    maxItems = 256,
    keyOf = () => undefined,
    onOverflow = () => undefined,
    onRelease = () => undefined,
  }: QueueOptions<T> = {}) {
    this.#maxItems = maxItems;
    this.#keyOf = keyOf;
    this.#onOverflow = onOverflow;
    this.#onRelease = onRelease;
  }

  /** Items lost to overflow. Coalesced items are not lost. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Items waiting to be read. */
  get size(): number {
    return this.#waiting.size;
  }

  push(item: T): void {
    if (this.#released) return;
    const reader = this.#readers.shift();
    if (reader) return reader({ value: item, done: false });
    const key = this.#keyOf(item) ?? Symbol('item');
    // Taken out first, for Map would keep the place; so what is read is always in the order of pushing.
    this.#waiting.delete(key);
    this.#waiting.set(key, item);
    if (this.#waiting.size > this.#maxItems) this.#overflow();
  }

  #overflow(): void {
    const lost = this.#waiting.size;
    this.#dropped += lost;
    this.#waiting.clear();
    this.#resync = true;
    this.#onOverflow(lost);
  }

  next(): Promise<IteratorResult<T | Resync, undefined>> {
    if (this.#released) return Promise.resolve({ value: undefined, done: true });
    if (this.#resync) {
      this.#resync = false;
      return Promise.resolve({ value: { resync: true }, done: false });
    }
    for (const [key, value] of this.#waiting) {
      this.#waiting.delete(key);
      return Promise.resolve({ value, done: false });
    }
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#release();
    return Promise.resolve({ value: undefined, done: true });
  }

  throw(error: unknown): Promise<IteratorReturnResult<undefined>> {
    this.#release();
    return Promise.reject(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#release();
  }

  #release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#waiting.clear();
    const readers = this.#readers;
    this.#readers = [];
    for (const reader of readers) reader({ value: undefined, done: true });
    this.#onRelease();
  }
}
