/** What a source of events may tell about its values, besides the values. */
export interface DiscerningSource<T> {
  /** The same for everyone who is told the same; undefined for what concerns this subscriber alone. */
  identityOf?(value: T): string | undefined;
  /** Whether it is to be told at all. May look things up: asked once for all who share it. */
  fits?(value: T): Promise<boolean>;
}

export type EventSource = AsyncIterator<unknown> & DiscerningSource<unknown>;

export interface EventHooks {
  /** Asked before every event; false ends the stream. */
  readonly allowed: () => boolean | Promise<boolean>;
  /** Told when `allowed` said no. */
  readonly refused: () => void;
  /** The result of the operation on one event, as JSON; undefined when it is not to be told. */
  readonly resultOf: (rootValue: unknown) => Promise<string | undefined>;
  /** Called once, when the stream ended in whatever way. */
  readonly released: () => void;
}

/**
 * A subscription's results as JSON texts, one for each event of its source. Takes an event only when a result
 * is asked for, so whoever reads slowly leaves events waiting in the (bounded) source.
 * Not a generator function: a generator that waits for an event cannot be returned from until one comes.
 */
export class EventStream implements AsyncIterableIterator<string, undefined> {
  readonly #source: EventSource;
  readonly #hooks: EventHooks;
  #released = false;

  constructor(source: EventSource, hooks: EventHooks) {
    this.#source = source;
    this.#hooks = hooks;
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    try {
      for (;;) {
        const step = await this.#source.next();
        if (step.done === true || !(await this.#admits())) return await this.return();
        const value = await this.#hooks.resultOf(step.value);
        if (value !== undefined) return { value, done: false };
      }
    } catch (error) {
      // Whoever iterates takes a failed next() for the end and does not call return().
      await this.return();
      throw error;
    }
  }

  async #admits(): Promise<boolean> {
    if (await this.#hooks.allowed()) return true;
    this.#hooks.refused();
    return false;
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    if (!this.#released) {
      this.#released = true;
      this.#hooks.released();
      await this.#source.return?.();
    }
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<IteratorReturnResult<undefined>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
