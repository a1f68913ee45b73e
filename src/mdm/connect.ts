import { envelope } from '../apple/commands/index.js';
import {
  enrollmentKey,
  MessageError,
  readReport,
  salvageReport,
  type EnrollmentKey,
  type SalvagedReport,
} from '../apple/messages/index.js';
import { parsePlist, parsePlistInSlices, PlistError } from '../apple/plist/index.js';
import type { Connect, ConnectRequest } from '../services/connect.js';
import type { PresentedIdentity } from '../services/enrolment/identity-rules.js';
import type { NoteMessage } from './checkin.js';

export const MAX_REPORT_BYTES = 32 * 1024 * 1024;
/** A list of 50,000 applications has 750,000 values. */
const MAX_REPORT_NODES = 1_000_000;
/** Reports above this are read in slices, so that other devices are served meanwhile. */
const SLICED_BYTES = 128 * 1024;

/** Connect (Apple: sending MDM commands to a device): a report in, the next command out, or nothing at all. */
export class ConnectDoor {
  constructor(private readonly connect: Connect) {}

  async handle(body: Buffer, identity: PresentedIdentity, note: NoteMessage): Promise<Buffer | undefined> {
    const request = await read(body, identity);
    if (request.report !== undefined) note(request.report.status);
    const next = await this.connect.handle(request);
    return next === undefined ? undefined : envelope(next.fragment, next.uuid);
  }
}

/**
 * Reads a report. One that cannot be read must not stop the device for ever (it would send it again until 2xx), so as much
 * as possible is told from its bytes: which device, which command.
 */
async function read(raw: Buffer, identity: PresentedIdentity): Promise<ConnectRequest> {
  try {
    const limits = { maxBytes: MAX_REPORT_BYTES, maxNodes: MAX_REPORT_NODES };
    const plist = raw.length > SLICED_BYTES ? await parsePlistInSlices(raw, limits) : parsePlist(raw, limits);
    const report = readReport(plist);
    return { key: enrollmentKey(report.ids), identity, raw, report };
  } catch (error) {
    if (!(error instanceof PlistError) && !(error instanceof MessageError)) throw error;
    const salvaged = salvageReport(raw);
    const unreadable = { reason: error.message, commandUuid: salvaged.commandUUID };
    return { key: keyOf(salvaged), identity, raw, report: undefined, unreadable };
  }
}

function keyOf(salvaged: SalvagedReport): EnrollmentKey | undefined {
  try {
    return enrollmentKey(salvaged);
  } catch (error) {
    if (error instanceof MessageError) return undefined;
    throw error;
  }
}
