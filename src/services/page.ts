/** Values of the ordering's columns at one row, in the ordering's order, ending with a unique one (the id). */
export type KeysetValues = readonly (string | number)[];

/** One page of a keyset-ordered list, as a service is asked for it. Doors make it from their own arguments. */
export interface PageRequest {
  /** Rows wanted, 1 to 100. Read one more to learn whether there is a further page. */
  limit: number;
  /** False: the rows that follow `after`, nearest first. True: the rows that precede it, nearest first. */
  backward: boolean;
  /** The row to start from, itself excluded. Absent: from the list's start, or from its end when `backward`. */
  after?: KeysetValues;
}

/** What a service answers. */
export interface Page<T> {
  /** Always in the list's own order, also when it was read backward. */
  rows: T[];
  /** Rows remain beyond this page in the direction that was asked for. */
  hasMore: boolean;
  /** Rows remain on the other side of where the page began. */
  hasPrevious: boolean;
  /** Size of the whole list. Costs a statement, so it is called only when someone asks. */
  total: () => Promise<number>;
}

/**
 * Makes a page from rows read in the direction of travel, with `limit + 1` asked of the database.
 * That a page was started from a row is taken as proof that there is something behind it.
 */
export function pageOf<T>(read: readonly T[], request: PageRequest, total: () => Promise<number>): Page<T> {
  const rows = read.slice(0, request.limit);
  return {
    rows: request.backward ? rows.toReversed() : rows,
    hasMore: read.length > request.limit,
    hasPrevious: request.after !== undefined,
    total,
  };
}
