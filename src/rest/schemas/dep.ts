import { z } from 'zod';
import { uuid } from './fields.js';

const count = z.int().min(0);
const counts = {
  fetched: count.describe('Entries that Apple told.'),
  added: count.describe('Devices that were not known, or came back.'),
  modified: count.describe('Devices that were known.'),
  deleted: count.describe('Devices that Apple no longer tells of.'),
  cursor: z.string().describe('How far the list at Apple has been read.'),
};

/** What a sync with Apple came to: the sum, and each account's. */
export const devicesFetched = z
  .object({
    ...counts,
    cursor: counts.cursor.describe('Of the last account.'),
    accounts: z.array(z.object({ account_uuid: uuid, name: z.string(), ...counts })),
  })
  .meta({ id: 'DevicesFetched' });
export type DevicesFetched = z.output<typeof devicesFetched>;
