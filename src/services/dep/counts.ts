/** What a sync, or a page of it, came to. */
export interface SyncCounts {
  /** Rows that Apple told. */
  fetched: number;
  added: number;
  modified: number;
  deleted: number;
}

/** Nothing yet. */
export function noCounts(): SyncCounts {
  return { fetched: 0, added: 0, modified: 0, deleted: 0 };
}

/** Adds to a sum, in place. */
export function addCounts(to: SyncCounts, more: SyncCounts): void {
  to.fetched += more.fetched;
  to.added += more.added;
  to.modified += more.modified;
  to.deleted += more.deleted;
}
