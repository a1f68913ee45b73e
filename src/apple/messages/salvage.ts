import type { EnrollmentIds } from './enrollment.js';
import { identifierFault } from './fields.js';
import { reportStatus, type ReportStatus } from './report.js';

const WINDOW_BYTES = 64 * 1024;
const REPLACEMENT_CHARACTER = '�';

/** What could be read off a report that does not decode. Nothing in it is verified; it fits `enrollmentKey`. */
export interface SalvagedReport extends EnrollmentIds {
  commandUUID?: string;
  status?: ReportStatus;
}

/**
 * Scans the first and the last 64 KiB of an undecodable report for the keys of its envelope, so that its command can be
 * failed visibly and the device goes on. Best effort, never throws. Devices write keys in alphabetical order: CommandUUID
 * comes before an answer's own keys and the others after them, so a key of the same name inside the answer is not taken first.
 */
export function salvageReport(bytes: Uint8Array): SalvagedReport {
  const head = Buffer.from(bytes.subarray(0, WINDOW_BYTES)).toString('utf8');
  const tail =
    bytes.length > WINDOW_BYTES ? Buffer.from(bytes.subarray(-WINDOW_BYTES)).toString('utf8') : head;
  const last = (key: string): string | undefined => valuesOf(tail, key).at(-1) ?? valuesOf(head, key).at(-1);
  return {
    udid: last('UDID'),
    enrollmentId: last('EnrollmentID'),
    userId: last('UserID'),
    userShortName: last('UserShortName'),
    enrollmentUserId: last('EnrollmentUserID'),
    commandUUID: valuesOf(head, 'CommandUUID')[0] ?? valuesOf(tail, 'CommandUUID').at(-1),
    status: lastStatus(tail) ?? lastStatus(head),
  };
}

function lastStatus(text: string): ReportStatus | undefined {
  return valuesOf(text, 'Status')
    .map(reportStatus)
    .findLast((status) => status !== undefined);
}

/** The plain string values of `key` in order. One with an entity, a control character or broken UTF-8 is passed over. */
function valuesOf(text: string, key: string): string[] {
  const pattern = new RegExp(`<key>\\s*${key}\\s*</key>\\s*<string>([^<&]{1,512})</string>`, 'g');
  return [...text.matchAll(pattern)]
    .map((match) => (match[1] ?? '').trim())
    .filter(
      (value) =>
        value !== '' && identifierFault(value) === undefined && !value.includes(REPLACEMENT_CHARACTER),
    );
}
