import { createSourceEventStream, type ExecutionArgs, type ExecutionResult } from 'graphql';

export interface EventHooks {
  /** A context of its own for every event: loaders of the last event would serve rows as they were then. */
  readonly contextForEvent: () => unknown;
  /** Asked before every event; false ends the stream. */
  readonly allowed: () => boolean | Promise<boolean>;
  /** Told when `allowed` said no. */
  readonly refused: () => void;
  /** Executes the operation on one event. */
  readonly execute: (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;
}

/**
 * graphql-js' `subscribe`, save that context is made and permission asked per event.
 * @returns results as they happen, or the errors that prevented subscribing.
 */
export async function subscribeToEvents(
  args: ExecutionArgs,
  hooks: EventHooks,
): Promise<AsyncIterableIterator<ExecutionResult, undefined> | ExecutionResult> {
  const source = await createSourceEventStream(args);
  return Symbol.asyncIterator in source
    ? new EventStream(source[Symbol.asyncIterator](), args, hooks)
    : source;
}

/** Not a generator function: a generator that waits for an event cannot be returned from until one comes. */
class EventStream implements AsyncIterableIterator<ExecutionResult, undefined> {
  readonly #source: AsyncIterator<unknown>;
  readonly #args: ExecutionArgs;
  readonly #hooks: EventHooks;

  constructor(source: AsyncIterator<unknown>, args: ExecutionArgs, hooks: EventHooks) {
    this.#source = source;
    this.#args = args;
    this.#hooks = hooks;
  }

  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    const step = await this.#source.next();
    if (step.done) return { value: undefined, done: true };
    try {
      return await this.#resultOf(step.value);
    } catch (error) {
      // Whoever iterates takes a failed next() for the end and does not call return().
      await this.return();
      throw error;
    }
  }

  async #resultOf(rootValue: unknown): Promise<IteratorResult<ExecutionResult, undefined>> {
    if (!(await this.#hooks.allowed())) {
      this.#hooks.refused();
      return this.return();
    }
    const contextValue: unknown = await this.#hooks.contextForEvent();
    const value = await this.#hooks.execute({ ...this.#args, rootValue, contextValue });
    return { value, done: false };
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    await this.#source.return?.();
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<IteratorReturnResult<undefined>> {
    await this.#source.return?.();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
