import { z } from 'zod';
import { isUuid } from './fields.js';

const LIMIT = 'limit must be a whole number from 1, as in ?limit=100';
const AFTER = 'after must be the uuid of the last record of the page before';

/** Which part of a list is wanted. Lists are in the order of their uuids, which is the order of their making. */
export const paging = z.object({
  limit: z
    .string(LIMIT)
    .regex(/^[1-9]\d{0,8}$/, LIMIT)
    .transform(Number)
    .pipe(z.int().min(1).max(999_999_999))
    .optional()
    .describe('How many records at most. Without it, all.'),
  after: z
    .string(AFTER)
    .refine(isUuid, AFTER)
    .transform((value) => value.toLowerCase())
    .pipe(z.guid())
    .optional()
    .describe('The uuid of the last record of the page before.'),
});
export type Paging = z.output<typeof paging>;

/** The records of a page, from all there are. */
export function pageOf<T extends { readonly uuid: string }>(
  all: Iterable<T>,
  { limit = Infinity, after }: Paging,
): T[] {
  const behind = [...all].filter((record) => after === undefined || record.uuid > after);
  return behind.sort((a, b) => (a.uuid < b.uuid ? -1 : 1)).slice(0, limit);
}
