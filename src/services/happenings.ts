import type { EventFeed, EventFilter, PomonaEvent } from '../events/index.js';

export { EventType } from '../events/index.js';
export type { EventFilter, PomonaEvent } from '../events/index.js';

/** What happened after a cursor. */
export interface Happenings {
  readonly events: readonly PomonaEvent[];
  /** There are more, as far as is known now. */
  readonly hasMore: boolean;
  /** Events after the cursor are no longer kept, or the cursor is of another life of the database: what was missed cannot be told. */
  readonly resync: boolean;
}

/** Events after `cursor` that match, at most `limit`; from the oldest that is kept when there is no cursor. */
export async function eventsAfter(
  feed: EventFeed,
  cursor: number | undefined,
  limit: number,
  filter: EventFilter,
): Promise<Happenings> {
  const [read, oldest, latest] = await Promise.all([
    feed.matching(cursor ?? 0, limit + 1, filter),
    feed.oldest(),
    feed.latest(),
  ]);
  const resync = cursor !== undefined && (cursor < oldest - 1 || cursor > latest);
  return { events: read.slice(0, limit), hasMore: read.length > limit, resync };
}
