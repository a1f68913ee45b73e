import { PomonaError } from '../../errors.js';
import { isUuid } from './fields.js';

/** Which part of a list is wanted. Lists are in the order of their uuids, which is the order of their making. */
export interface Paging {
  /** Infinity when everything is wanted. */
  readonly limit: number;
  /** The uuid of the last record of the page before. */
  readonly after: string | undefined;
}

/** Reads `?limit=&after=`. Throws BAD_USER_INPUT. */
export function readPaging(query: Readonly<Record<string, unknown>>): Paging {
  const { limit, after } = query;
  if (limit !== undefined && !(typeof limit === 'string' && /^[1-9]\d{0,8}$/.test(limit))) {
    throw refused('limit', 'limit must be a whole number from 1, as in ?limit=100.');
  }
  if (after !== undefined && !(typeof after === 'string' && isUuid(after))) {
    throw refused('after', 'after must be the uuid of the last record of the page before.');
  }
  return { limit: limit === undefined ? Infinity : Number(limit), after: after?.toLowerCase() };
}

/** The records of a page, from all there are. */
export function pageOf<T extends { readonly uuid: string }>(all: Iterable<T>, { limit, after }: Paging): T[] {
  const behind = [...all].filter((record) => after === undefined || record.uuid > after);
  return behind.sort((a, b) => (a.uuid < b.uuid ? -1 : 1)).slice(0, limit);
}

function refused(field: string, message: string): PomonaError {
  return new PomonaError('BAD_USER_INPUT', message, { path: [field] });
}
