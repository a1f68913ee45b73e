import { eventsAfter, type EventType, type PomonaEvent } from '../services/happenings.js';
import type { Services } from '../services/services.js';
import type { DiscerningSource } from './plumbing/event-stream.js';
import { SubscriptionQueue } from './plumbing/subscription-queue.js';

/** What a subscriber is told: an event, or (without one) that some were left out after `seq`. */
export interface Told {
  /** Everything up to here was told, or replaced by something later. */
  readonly seq: number;
  readonly at: Date;
  readonly event?: PomonaEvent;
}

export interface Interest {
  readonly type: EventType;
  /** Asked of every event of the type, for every subscriber: cheap, from the event alone. */
  readonly concerns: (event: PomonaEvent) => boolean;
  /** Asked of what concerns subscribers, when it is about to be told, once for all who ask the same: may look things up. */
  readonly fits?: (event: PomonaEvent) => Promise<boolean>;
  /** Tell also what happened after this. */
  readonly after?: number | undefined;
}

/** While no more than these wait, each is kept: a subscriber who keeps up sees every status of a command. */
const KEPT_APART = 64;
/** Beyond that the latest of each subject; and beyond this many subjects, `resync`. */
const MAX_WAITING = 256;
const REPLAY_BATCH = 200;

/**
 * What concerns one subscriber, as it happens; when `after` is given, what happened since comes first and nothing is left
 * out or told twice between the two. Resolves once it is listening. Whoever reads slowly costs a bounded amount.
 */
export async function watch({ pump, feed }: Services, interest: Interest): Promise<Watch> {
  const { type, concerns, after } = interest;
  let stop: (() => void) | undefined;
  let released = false;
  const queue: SubscriptionQueue<PomonaEvent> = new SubscriptionQueue<PomonaEvent>({
    maxItems: MAX_WAITING,
    keyOf: (event) => (queue.size < KEPT_APART ? undefined : (event.subjectUuid ?? undefined)),
    onOverflow: (events) => pump.lose(events),
    onRelease: () => {
      released = true;
      stop?.();
    },
  });
  const watching = new Watch(
    queue,
    interest,
    after === undefined ? undefined : replay(feed, interest, after, () => released),
  );
  stop = await pump.listen((event) => {
    if (event.type === type && concerns(event)) watching.push(event);
  });
  if (released) stop();
  return watching;
}

/** @param left whether nobody waits for more: what concerns nobody could be read for long */
async function* replay(
  feed: Services['feed'],
  { type, concerns }: Interest,
  after: number,
  left: () => boolean,
): AsyncGenerator<Told> {
  let cursor = after;
  while (!left()) {
    const { events, hasMore, resync } = await eventsAfter(feed, cursor, REPLAY_BATCH, { types: [type] });
    if (resync) {
      // A cursor of another life of the database may lie ahead of all that happens for long.
      cursor = Math.min(cursor, await feed.settled());
      yield { seq: cursor, at: new Date() };
    }
    for (const event of events) {
      cursor = event.seq;
      if (concerns(event)) yield { seq: event.seq, at: event.createdAt, event };
    }
    if (!hasMore) return;
  }
}

/**
 * One subscriber's own place in what happens: its queue, its cursor, its replay. What becomes of an event is worked out once
 * for all who ask the same, live or replayed: they agree on events by `seq`.
 * Not a generator: a generator that waits for an event cannot be returned from until one comes.
 */
export class Watch implements AsyncIterableIterator<Told, undefined>, DiscerningSource<Told> {
  readonly #queue: SubscriptionQueue<PomonaEvent>;
  readonly #interest: Interest;
  #replay: AsyncGenerator<Told> | undefined;
  /** The last event that was told, or the one before the first that could be. */
  #seq: number | undefined;

  constructor(
    queue: SubscriptionQueue<PomonaEvent>,
    interest: Interest,
    replaying: AsyncGenerator<Told> | undefined,
  ) {
    this.#queue = queue;
    this.#interest = interest;
    this.#replay = replaying;
    this.#seq = interest.after;
  }

  push(event: PomonaEvent): void {
    this.#seq ??= event.seq - 1;
    this.#queue.push(event);
  }

  async next(): Promise<IteratorResult<Told, undefined>> {
    const told = await this.#next();
    if (told === undefined) return { value: undefined, done: true };
    this.#seq = told.seq;
    return { value: told, done: false };
  }

  /** That something was left out is told to this subscriber alone, with its own cursor. */
  identityOf({ seq, event }: Told): string | undefined {
    return event === undefined ? undefined : String(seq);
  }

  async fits({ event }: Told): Promise<boolean> {
    return event === undefined || ((await this.#interest.fits?.(event)) ?? true);
  }

  async #next(): Promise<Told | undefined> {
    const earlier = await this.#replay?.next();
    if (earlier?.done === false) return earlier.value;
    this.#replay = undefined;
    for (;;) {
      const { value, done } = await this.#queue.next();
      if (done === true) return undefined;
      if ('resync' in value) return { seq: this.#seq ?? 0, at: new Date() };
      // Told already, by the replay.
      if (value.seq > (this.#seq ?? 0)) return { seq: value.seq, at: value.createdAt, event: value };
    }
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    const ended = await this.#queue.return();
    await this.#replay?.return(undefined);
    return ended;
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
