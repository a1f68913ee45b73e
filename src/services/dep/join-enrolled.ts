import type { Database, Transaction } from '../../database/index.js';
import { EnrollmentStatus } from '../../entities/enums.js';
import type { DepJoining } from './joining.js';

const AT_ONCE = 200;

const { ENROLLED, EXPECTED, UNENROLLED } = EnrollmentStatus;

interface Pair {
  readonly holderUuid: string;
  readonly serialNumber: string;
  readonly enrolledUuid: string;
}

/**
 * Records that are with a row nobody is enrolled as, while the latest device that is enrolled has their serial number. A row
 * that has a record of its own is left alone.
 */
const PAIRS = `
  SELECT d.device_uuid AS holderUuid, d.serial_number AS serialNumber, n.uuid AS enrolledUuid
    FROM dep_devices d
    JOIN devices h ON h.uuid = d.device_uuid AND h.enrollment_status IN ('${EXPECTED}', '${UNENROLLED}')
    JOIN devices n ON n.serial_number = d.serial_number AND n.enrollment_status = '${ENROLLED}' AND n.udid IS NOT NULL
   WHERE d.account_uuid = ? AND d.removed_at IS NULL AND d.device_uuid > ?
     AND NOT EXISTS (SELECT 1 FROM dep_devices o WHERE o.device_uuid = n.uuid)
     AND NOT EXISTS (SELECT 1 FROM devices l WHERE l.serial_number = n.serial_number AND l.enrollment_status = '${ENROLLED}'
                       AND l.udid IS NOT NULL AND l.created_at > n.created_at)
   ORDER BY d.device_uuid LIMIT ${AT_ONCE}`;

/**
 * Brings records to devices that enrolled under their serial number in a way that proves nothing of it (a link for anyone, a
 * certificate of another authority). Their word is taken here, as it is when they enrolled before Apple told of them; a device
 * that is enrolled is never taken from.
 * @param write opens a transaction in which this account may be written
 */
export async function joinEnrolled(
  database: Database,
  joining: DepJoining,
  accountUuid: string,
  write: (work: (tx: Transaction) => Promise<void>) => Promise<void>,
): Promise<void> {
  let after = '';
  for (;;) {
    const pairs = await database.query<Pair>(PAIRS, [accountUuid, after]);
    const last = pairs.at(-1);
    if (last === undefined) return;
    await write(async (tx) => {
      for (const pair of pairs) await join(tx, joining, pair);
    });
    if (pairs.length < AT_ONCE) return;
    after = last.holderUuid;
  }
}

/** Looked at again under locks: much may have happened since. */
async function join(
  tx: Transaction,
  joining: DepJoining,
  { serialNumber, holderUuid, enrolledUuid }: Pair,
): Promise<void> {
  const holder = await joining.lockHolder(tx, serialNumber);
  if (holder?.uuid !== holderUuid) return;
  const empty = holder.status === EXPECTED && holder.udid === null;
  if (empty || holder.status === UNENROLLED) await joining.move(tx, holder, enrolledUuid, empty);
}
