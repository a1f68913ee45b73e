import { v7 as uuidv7 } from 'uuid';
import type { DepDeviceRecord } from '../../apple/dep/index.js';
import {
  chunks,
  insertRows,
  lockClause,
  placeholders,
  updateRows,
  type SqlValue,
  type Transaction,
} from '../../database/index.js';
import { DepAssignmentStatus } from '../../entities/dep-enums.js';
import { EnrollmentKind, EnrollmentStatus } from '../../entities/enums.js';
import { EventType, type Outbox } from '../../events/index.js';
import { platformOfFamily } from '../devices/platform.js';
import { noCounts, type SyncCounts } from './counts.js';
import { isOlder } from './latest.js';

/** Whose page it is, and how it was asked for. */
export interface PageOrigin {
  readonly accountUuid: string;
  readonly generation: number;
  readonly at: number;
}

interface RecordOrigin extends PageOrigin {
  /** New devices are too many to be told of one by one. */
  readonly quiet: boolean;
}

interface KnownRow {
  readonly deviceUuid: string;
  readonly serialNumber: string;
  readonly accountUuid: string;
  readonly opDate: number | string | null;
  readonly assignedAt: number | string | null;
  readonly removedAt: number | string | null;
  readonly appleProfileUuid: string | null;
}

/**
 * Writes what Apple told of devices: new ones, changed ones, and those that were taken away. The number of statements does not
 * grow with the number of devices but by one for each 200 to 500. A device that is enrolled already, or was once, is the same device.
 * @param latest one record a device
 */
export async function recordDevices(
  tx: Transaction,
  outbox: Outbox,
  latest: readonly DepDeviceRecord[],
  origin: RecordOrigin,
): Promise<SyncCounts> {
  const counts = noCounts();
  const known = await readKnown(
    tx,
    latest.map(({ serialNumber }) => serialNumber),
  );
  const fresh: DepDeviceRecord[] = [];
  const changed: [KnownRow, DepDeviceRecord][] = [];
  const removed: Gone[] = [];
  for (const record of latest) {
    const before = known.get(record.serialNumber);
    if (before !== undefined && isPast(before, record, origin)) continue;
    if (record.opType === 'deleted') {
      // Another account may have it by now: what leaves one has not left the other.
      if (before?.accountUuid === origin.accountUuid && before.removedAt === null)
        removed.push({ deviceUuid: before.deviceUuid, opDate: record.opDate ?? dateOf(before.opDate) });
    } else if (before === undefined) fresh.push(record);
    else changed.push([before, record]);
  }
  await insertFresh(tx, outbox, fresh, origin);
  await updateChanged(tx, outbox, changed, origin);
  await markRemoved(tx, outbox, removed, origin.at);
  counts.added += fresh.length + changed.filter(([before]) => before.removedAt !== null).length;
  counts.modified += changed.filter(([before]) => before.removedAt === null).length;
  counts.deleted += removed.length;
  return counts;
}

/** Whatever this full fetch did not tell is gone. @returns how many */
export async function removeUnseen(tx: Transaction, outbox: Outbox, origin: PageOrigin): Promise<number> {
  let removed = 0;
  for (;;) {
    const some = await removeSomeUnseen(tx, outbox, origin, 500);
    if (some === 0) return removed;
    removed += some;
  }
}

/** The same, at most so many. @returns how many; 0: there are no more */
export async function removeSomeUnseen(
  tx: Transaction,
  outbox: Outbox,
  origin: PageOrigin,
  most: number,
): Promise<number> {
  const rows = await tx.query<Pick<KnownRow, 'deviceUuid' | 'opDate'>>(
    `SELECT device_uuid AS deviceUuid, op_date AS opDate FROM dep_devices
      WHERE account_uuid = ? AND removed_at IS NULL AND seen_generation < ? LIMIT ${most}${lockClause(tx.dialect)}`,
    [origin.accountUuid, origin.generation],
  );
  const gone = rows.map(({ deviceUuid, opDate }) => ({ deviceUuid, opDate: dateOf(opDate) }));
  await markRemoved(tx, outbox, gone, origin.at);
  return rows.length;
}

/**
 * What is told is older than what is known. A row of a fetch has no date: one of an account that the device has left since is
 * told from the day it was assigned there.
 */
function isPast(before: KnownRow, record: DepDeviceRecord, { accountUuid }: PageOrigin): boolean {
  if (isOlder(record.opDate, dateOf(before.opDate))) return true;
  const elsewhere = before.accountUuid !== accountUuid && before.removedAt === null;
  return elsewhere && isOlder(record.assignedAt, dateOf(before.assignedAt));
}

async function readKnown(tx: Transaction, serials: readonly string[]): Promise<Map<string, KnownRow>> {
  const known = new Map<string, KnownRow>();
  for (const chunk of chunks(serials, 500)) {
    const rows = await tx.query<KnownRow>(
      `SELECT device_uuid AS deviceUuid, serial_number AS serialNumber, account_uuid AS accountUuid, op_date AS opDate,
              assigned_at AS assignedAt, removed_at AS removedAt, apple_profile_uuid AS appleProfileUuid
         FROM dep_devices WHERE serial_number IN ${placeholders(chunk.length)}${lockClause(tx.dialect)}`,
      chunk,
    );
    for (const row of rows) known.set(row.serialNumber, row);
  }
  return known;
}

async function insertFresh(
  tx: Transaction,
  outbox: Outbox,
  records: readonly DepDeviceRecord[],
  origin: RecordOrigin,
): Promise<void> {
  const devices = await existingDevices(
    tx,
    records.map(({ serialNumber }) => serialNumber),
  );
  const missing = records.filter(({ serialNumber }) => !devices.has(serialNumber));
  for (const { serialNumber } of missing) devices.set(serialNumber, uuidv7());
  await insertRows(
    tx,
    'INSERT INTO devices',
    DEVICE_COLUMNS,
    missing.map((record) => newDevice(devices.get(record.serialNumber) ?? uuidv7(), record, origin.at)),
  );
  const rows = records.map((record) => {
    const set = columnsOf(record, origin);
    return [
      devices.get(record.serialNumber) ?? '',
      ...Object.values(set),
      ...Object.values(START),
      origin.at,
    ];
  });
  const [first] = records;
  if (first === undefined) return;
  const columns = [
    'device_uuid',
    ...Object.keys(columnsOf(first, origin)),
    ...Object.keys(START),
    'created_at',
  ];
  await insertRows(tx, 'INSERT INTO dep_devices', columns, rows);
  if (origin.quiet) return;
  tell(
    outbox,
    tx,
    rows.map(([uuid]) => String(uuid)),
    'DEP_ADDED',
  );
}

/**
 * The latest device of each serial number, one that is enrolled before all others: a repaired device may have had several
 * lives. One that has a record of its own, whatever serial number it says now, keeps that.
 */
async function existingDevices(tx: Transaction, serials: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const chunk of chunks(serials, 500)) {
    const rows = await tx.query<{ uuid: string; serialNumber: string }>(
      `SELECT uuid, UPPER(serial_number) AS serialNumber FROM devices WHERE serial_number IN ${placeholders(chunk.length)}
          AND NOT EXISTS (SELECT 1 FROM dep_devices o WHERE o.device_uuid = devices.uuid)
        ORDER BY enrollment_status = '${EnrollmentStatus.ENROLLED}', created_at, uuid`,
      chunk,
    );
    for (const { uuid, serialNumber } of rows) found.set(serialNumber, uuid);
  }
  return found;
}

async function updateChanged(
  tx: Transaction,
  outbox: Outbox,
  changed: readonly (readonly [KnownRow, DepDeviceRecord])[],
  origin: PageOrigin,
): Promise<void> {
  await updateRows(
    tx,
    { table: 'dep_devices', keyColumn: 'device_uuid', also: ['removed_at = NULL', 'judged_revision = 0'] },
    changed.map(([before, record]) => ({
      key: before.deviceUuid,
      set: {
        ...columnsOf(record, origin),
        op_date: (record.opDate ?? dateOf(before.opDate))?.getTime() ?? null,
      },
    })),
  );
  const back = changed.filter(([before]) => before.removedAt !== null);
  tell(
    outbox,
    tx,
    back.map(([{ deviceUuid }]) => deviceUuid),
    'DEP_ADDED',
  );
  const moved = changed.filter(
    ([before, record]) => before.removedAt === null && before.appleProfileUuid !== record.profileUuid,
  );
  tell(
    outbox,
    tx,
    moved.map(([{ deviceUuid }]) => deviceUuid),
    'DEP_CHANGED',
  );
}

/** A device that is gone, and the date of the change that says so. */
interface Gone {
  readonly deviceUuid: string;
  readonly opDate: Date | null;
}

async function markRemoved(
  tx: Transaction,
  outbox: Outbox,
  gone: readonly Gone[],
  at: number,
): Promise<void> {
  const also = [
    'assign_due_at = NULL',
    `assignment = '${DepAssignmentStatus.NONE}'`,
    'apple_profile_uuid = NULL',
    `profile_status = 'removed'`,
  ];
  await updateRows(
    tx,
    { table: 'dep_devices', keyColumn: 'device_uuid', also },
    gone.map(({ deviceUuid, opDate }) => ({
      key: deviceUuid,
      set: { removed_at: at, op_date: timeOf(opDate), updated_at: at },
    })),
  );
  tell(
    outbox,
    tx,
    gone.map(({ deviceUuid }) => deviceUuid),
    'DEP_REMOVED',
  );
}

function tell(outbox: Outbox, tx: Transaction, deviceUuids: readonly string[], change: string): void {
  outbox.emit(
    tx,
    ...deviceUuids.map((deviceUuid) => ({
      type: EventType.DEVICE_CHANGED,
      deviceUuid,
      subjectUuid: deviceUuid,
      data: { change },
    })),
  );
}

const DEVICE_COLUMNS = [
  'uuid',
  'serial_number',
  'model_name',
  'platform',
  'enrollment_status',
  'enrollment_kind',
  'awaiting_configuration',
  'created_at',
  'updated_at',
] as const;

function newDevice(uuid: string, record: DepDeviceRecord, at: number): SqlValue[] {
  return [
    uuid,
    record.serialNumber,
    cut(record.model, 255),
    platformOfFamily(record.deviceFamily, record.os),
    EnrollmentStatus.EXPECTED,
    EnrollmentKind.DEVICE,
    false,
    at,
    at,
  ];
}

/** A new row is held against the rules at once. */
const START: Readonly<Record<string, SqlValue>> = {
  judged_revision: 0,
  assignment: DepAssignmentStatus.NONE,
  assign_attempts: 0,
  activation_locked: false,
};

/** What Apple tells of a device, as columns. */
function columnsOf(record: DepDeviceRecord, origin: PageOrigin): Record<string, SqlValue> {
  return {
    account_uuid: origin.accountUuid,
    serial_number: record.serialNumber,
    model: cut(record.model, 255),
    description: cut(record.description, 1_024),
    color: cut(record.color, 255),
    asset_tag: cut(record.assetTag, 255),
    os: cut(record.os, 64),
    device_family: cut(record.deviceFamily, 64),
    profile_status: cut(record.profileStatus, 32),
    apple_profile_uuid: cut(record.profileUuid, 64),
    profile_assigned_at: timeOf(record.profileAssignedAt),
    profile_pushed_at: timeOf(record.profilePushedAt),
    assigned_at: timeOf(record.assignedAt),
    assigned_by: cut(record.assignedBy, 255),
    migration_deadline: timeOf(record.migrationDeadline),
    op_date: timeOf(record.opDate),
    seen_generation: origin.generation,
    updated_at: origin.at,
  };
}

const timeOf = (date: Date | null): number | null => date?.getTime() ?? null;
const dateOf = (value: number | string | null): Date | null =>
  value === null ? null : new Date(Number(value));

function cut(text: string | null, most: number): string | null {
  return text === null || text === '' ? null : text.slice(0, most).toWellFormed();
}
