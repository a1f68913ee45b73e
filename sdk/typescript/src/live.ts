import type { TypedDocument } from './document.ts';
import { mayPass } from './errors.ts';
import { merge } from './inbox.ts';
import { pause } from './pause.ts';
import { eventIn, follow, type Subscribing } from './subscribe.ts';

/** A subscription and its variables, for `live`. Made by `watching`. */
export interface Watched<Data = unknown> {
  readonly document: TypedDocument<Data, never>;
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What the subscriptions of a `live` tell. */
export type EventOf<W extends readonly Watched[]> = W[number] extends Watched<infer Data> ? Data : never;

export interface LiveOptions<State, W extends readonly Watched[]> {
  /** Reads everything that is shown. Called at the start, and again when events were left out. */
  readonly read: (signal: AbortSignal) => Promise<State>;
  /** Subscriptions that tell of changes to it. Each takes `$after`, and selects `cursor` and `resync`. */
  readonly watch: W;
  /** The state after an event. May change and return the state it is given. */
  readonly apply: (state: State, event: EventOf<W>) => State;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
}

/**
 * A state that is kept up to date: as it was read, then after every change. The cursor of events is taken before the state is
 * read, so no change falls between; after a lost socket the subscriptions go on behind the last event they told; when the
 * server says that it left events out (`resync`), the state is read anew.
 */
export async function* live<State, const W extends readonly Watched[]>(
  subscribing: Subscribing,
  { read, watch, apply, signal: outer }: LiveOptions<State, W>,
): AsyncGenerator<State, void, undefined> {
  const inner = new AbortController();
  const signal = outer === undefined ? inner.signal : AbortSignal.any([outer, inner.signal]);
  try {
    const after = await subscribing.eventCursor(signal);
    let state: State = await read(signal);
    yield state;
    const streams = watch.map(({ text, variables }) =>
      follow(subscribing, text, { ...variables, after }, signal),
    );
    for await (const events of merge(streams)) {
      // A state that is read now knows all that was told before.
      if (events.some((event) => eventIn(event)?.resync === true))
        state = await readAgain(() => read(signal), subscribing, signal);
      else state = (events as EventOf<W>[]).reduce(apply, state);
      yield state;
    }
  } catch (error) {
    if (!outer?.aborted) throw error;
  } finally {
    inner.abort();
  }
}

/** A table that was shown is not given up because the server is busy when it must be read anew. */
async function readAgain<State>(
  read: () => Promise<State>,
  { settings }: Subscribing,
  signal: AbortSignal,
): Promise<State> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (!mayPass(error)) throw error;
      await pause(error.retryAfter ?? settings.delay(attempt), signal);
    }
  }
}
