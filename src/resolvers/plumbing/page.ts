import { PomonaError } from '../../errors.js';
import type { KeysetValues, Page, PageRequest } from '../../services/page.js';
import { DEFAULT_PAGE, MAX_PAGE, type Connection, type Edge, type PageInfo } from './connection.js';
import type { CursorCodec } from './cursor.js';

/** The arguments of a connection as GraphQL hands them over. */
export interface PageArgs {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

/**
 * Translates a connection's arguments into what a service understands.
 * @param ordering name of the list and its order; cursors are bound to it.
 * @throws PomonaError BAD_USER_INPUT for sizes outside 1–100, arguments that contradict each other, or a
 * foreign cursor.
 */
export function pageRequest(args: PageArgs, ordering: string, codec: CursorCodec): PageRequest {
  const { limit, backward, cursor } = direction(args);
  return { limit, backward, ...(cursor == null ? {} : { after: codec.decode(ordering, cursor) }) };
}

function direction(args: PageArgs): { limit: number; backward: boolean; cursor: string | null | undefined } {
  const backward = args.last != null || args.before != null;
  if (backward && (args.first != null || args.after != null)) {
    throw new PomonaError(
      'BAD_USER_INPUT',
      '`first`/`after` read forward and `last`/`before` read backward; use one pair.',
    );
  }
  return backward
    ? { limit: size('last', args.last), backward, cursor: args.before }
    : { limit: size('first', args.first), backward, cursor: args.after };
}

function size(name: 'first' | 'last', given: number | null | undefined): number {
  const limit = given ?? DEFAULT_PAGE;
  if (limit >= 1 && limit <= MAX_PAGE) return limit;
  throw new PomonaError('BAD_USER_INPUT', `\`${name}\` is ${limit}; it can be 1 to ${MAX_PAGE}.`, {
    path: [name],
  });
}

/**
 * Turns a service's page into what the connection type resolves. Edges and cursors are made only when selected.
 * @param edgeOf for rows that are not the node itself: the node, with the edge's further fields beside it.
 */
export function toConnection<T>(page: Page<T>, args: PageArgs, cursorOf: (row: T) => string): Connection<T>;
export function toConnection<T, F extends { readonly node: unknown }>(
  page: Page<T>,
  args: PageArgs,
  cursorOf: (row: T) => string,
  edgeOf: (row: T) => F,
): Connection<F['node'], F & Edge<F['node']>>;
export function toConnection<T>(
  page: Page<T>,
  args: PageArgs,
  cursorOf: (row: T) => string,
  edgeOf: (row: T) => { readonly node: unknown } = (node) => ({ node }),
): Connection<unknown> {
  const backward = direction(args).backward;
  return new LazyConnection(page, backward, cursorOf, edgeOf);
}

class LazyConnection<T> implements Connection<unknown> {
  readonly total: () => Promise<number>;
  #edges: readonly Edge<unknown>[] | undefined;
  #nodes: readonly unknown[] | undefined;
  readonly #page: Page<T>;
  readonly #backward: boolean;
  readonly #cursorOf: (row: T) => string;
  readonly #edgeOf: (row: T) => { readonly node: unknown };

  constructor(
    page: Page<T>,
    backward: boolean,
    cursorOf: (row: T) => string,
    edgeOf: (row: T) => { readonly node: unknown },
  ) {
    this.total = page.total;
    this.#page = page;
    this.#backward = backward;
    this.#cursorOf = cursorOf;
    this.#edgeOf = edgeOf;
  }

  get edges(): readonly Edge<unknown>[] {
    this.#edges ??= this.#page.rows.map((row) => ({ ...this.#edgeOf(row), cursor: this.#cursorOf(row) }));
    return this.#edges;
  }

  get nodes(): readonly unknown[] {
    this.#nodes ??= this.#page.rows.map((row) => this.#edgeOf(row).node);
    return this.#nodes;
  }

  get pageInfo(): PageInfo {
    const { rows, hasMore, hasPrevious } = this.#page;
    const [head, tail] = [rows[0], rows.at(-1)];
    return {
      hasNextPage: this.#backward ? hasPrevious : hasMore,
      hasPreviousPage: this.#backward ? hasMore : hasPrevious,
      startCursor: head === undefined ? null : this.#cursorOf(head),
      endCursor: tail === undefined ? null : this.#cursorOf(tail),
    };
  }
}

/**
 * A connection over a whole list held in memory, in the order given. A cursor names its item by a stable key
 * and remembers the position it had, so that a list that lost that item is continued at the place where it
 * was. Edges have their `position` in the list, for connection types that show it.
 * @throws PomonaError BAD_USER_INPUT as `pageRequest` does.
 */
export function connectionFromArray<T>(
  items: readonly T[],
  args: PageArgs,
  ordering: string,
  codec: CursorCodec,
  keyOf: (item: T) => string,
): Connection<T> {
  const request = pageRequest(args, ordering, codec);
  const [start, end] = window(items, request, keyOf);
  const page: Page<{ item: T; index: number }> = {
    rows: items.slice(start, end).map((item, offset) => ({ item, index: start + offset })),
    hasMore: request.backward ? start > 0 : end < items.length,
    hasPrevious: request.backward ? end < items.length : start > 0,
    total: () => Promise.resolve(items.length),
  };
  const cursorOf = (row: { item: T; index: number }) => codec.encode(ordering, [keyOf(row.item), row.index]);
  return toConnection(page, args, cursorOf, (row) => ({ node: row.item, position: row.index }));
}

function window<T>(items: readonly T[], request: PageRequest, keyOf: (item: T) => string): [number, number] {
  const { limit, backward, after } = request;
  if (backward) {
    const end = after === undefined ? items.length : place(items, after, keyOf).before;
    return [Math.max(0, end - limit), end];
  }
  const start = after === undefined ? 0 : place(items, after, keyOf).after;
  return [start, Math.min(items.length, start + limit)];
}

/** Where to cut: just before and just after the item a cursor names, or where it was. */
function place<T>(
  items: readonly T[],
  [key, index]: KeysetValues,
  keyOf: (item: T) => string,
): { before: number; after: number } {
  const found = items.findIndex((item) => keyOf(item) === key);
  if (found >= 0) return { before: found, after: found + 1 };
  const gone = Math.min(Number(index), items.length);
  return { before: gone, after: gone };
}
