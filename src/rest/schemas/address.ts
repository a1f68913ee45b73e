import { z } from 'zod';
import { isUuid } from './fields.js';

/** The two forms of a UDID that is not a UUID: of iPhones and iPads since 2018 and Apple silicon, and of those before. */
const UDID = /^(?:[0-9a-f]{8}-[0-9a-f]{16}|[0-9a-f]{40})$/i;

/** The `{uuid}` of an address, in lower case. */
export function recordAddress(what: 'device' | 'profile' | 'workflow' | 'application') {
  const uuid = z
    .string()
    .refine(isUuid, { error: (issue) => notUuid(String(issue.input), what) })
    .transform((value) => value.toLowerCase())
    .pipe(z.guid())
    .describe(`The server's own uuid of the ${what}, as lists show it.`);
  return z.object({ uuid });
}

export type RecordAddress = z.output<ReturnType<typeof recordAddress>>;

/** Any text may be asked for: what matches no device is a 404. */
export const deviceByUdid = z.object({
  udid: z.string().describe('The UDID of the device, which Apple gave it. Not the uuid.'),
});
export type DeviceByUdid = z.output<typeof deviceByUdid>;

function notUuid(given: string, what: string): string {
  const shown = given.slice(0, 80);
  if (what === 'device' && UDID.test(given)) {
    return `“${shown}” is a UDID, not a UUID. This address takes the server's own uuid of the device; GET /devices shows it beside the UDID`;
  }
  return `“${shown}” is not a UUID. The address takes the server's own uuid of the ${what}, which the list shows`;
}
