import { placeholders, type Sql } from '../../database/index.js';
import { ChannelKind, EnrollmentStatus } from '../../entities/enums.js';
import { PomonaError } from '../../errors.js';
import { notEnrolled } from '../devices/not-enrolled.js';

/** The device channel of a device, or why the device cannot be pushed. */
export interface Pushable {
  readonly deviceUuid: string;
  readonly channel?: { readonly channelUuid: string; readonly deviceUuid: string };
  readonly problem?: PomonaError | undefined;
}

interface Row {
  deviceUuid: string;
  enrollmentStatus: EnrollmentStatus;
  channelUuid: string | null;
  enabled: number | boolean | null;
  hasToken: number | boolean;
  tokenRetired: number | boolean | null;
}

/** Looks up, in one statement, which of these devices can be pushed; in their order. Problems: NOT_FOUND, NOT_ENROLLED. */
export async function whomToPush(sql: Sql, deviceUuids: readonly string[]): Promise<Pushable[]> {
  const rows = await sql.query<Row>(
    `SELECT d.uuid AS deviceUuid, d.enrollment_status AS enrollmentStatus, c.uuid AS channelUuid, c.enabled,
            c.push_token IS NOT NULL AND c.push_magic IS NOT NULL AS hasToken, c.token_retired AS tokenRetired
       FROM devices d LEFT JOIN channels c ON c.device_uuid = d.uuid AND c.kind = ?
      WHERE d.uuid IN ${placeholders(deviceUuids.length)}`,
    [ChannelKind.DEVICE, ...deviceUuids],
  );
  const byDevice = new Map(rows.map((row) => [row.deviceUuid, row]));
  return deviceUuids.map((deviceUuid) => judge(deviceUuid, byDevice.get(deviceUuid)));
}

function judge(deviceUuid: string, row: Row | undefined): Pushable {
  if (row === undefined) {
    return { deviceUuid, problem: new PomonaError('NOT_FOUND', `There is no device ${deviceUuid}.`) };
  }
  const enrolled = row.enrollmentStatus === EnrollmentStatus.ENROLLED && Boolean(row.enabled);
  if (row.channelUuid === null || !enrolled)
    return { deviceUuid, problem: notEnrolled(deviceUuid, row.enrollmentStatus) };
  if (!row.hasToken) return notReachable(deviceUuid, 'has sent no push token yet');
  if (row.tokenRetired) {
    return notReachable(
      deviceUuid,
      'has no valid push token: APNs retired the last one, and no other came since',
    );
  }
  return { deviceUuid, channel: { channelUuid: row.channelUuid, deviceUuid } };
}

function notReachable(deviceUuid: string, why: string): Pushable {
  return { deviceUuid, problem: new PomonaError('NOT_ENROLLED', `The device ${deviceUuid} ${why}.`) };
}
