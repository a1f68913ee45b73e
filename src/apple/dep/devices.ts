import { z } from 'zod';
import { instant, text } from './reading.js';

/** Printable ASCII in capitals; Apple's have ten or twelve letters and digits. */
const serialNumber = z
  .string()
  .transform((value) => value.trim().toUpperCase())
  .pipe(z.string().regex(/^[\x21-\x7e]{1,255}$/));

/** A device as the service tells it; what it leaves out is null. Unknown keys are Apple's future, and are passed over. */
const DeviceRecord = z
  .object({
    serial_number: serialNumber,
    model: text,
    description: text,
    color: text,
    asset_tag: text,
    os: text,
    device_family: text,
    profile_status: text,
    profile_uuid: text,
    profile_assign_time: instant,
    profile_push_time: instant,
    device_assigned_date: instant,
    device_assigned_by: text,
    mdm_migration_deadline: instant,
    op_type: text,
    op_date: instant,
    response_status: text,
  })
  .transform((raw) => ({
    serialNumber: raw.serial_number,
    model: raw.model,
    description: raw.description,
    color: raw.color,
    assetTag: raw.asset_tag,
    os: raw.os,
    deviceFamily: raw.device_family,
    profileStatus: raw.profile_status,
    profileUuid: raw.profile_uuid,
    profileAssignedAt: raw.profile_assign_time,
    profilePushedAt: raw.profile_push_time,
    assignedAt: raw.device_assigned_date,
    assignedBy: raw.device_assigned_by,
    migrationDeadline: raw.mdm_migration_deadline,
    /** `added`, `modified`, `deleted`; null in a fetch, which tells how things are. */
    opType: raw.op_type?.toLowerCase() ?? null,
    opDate: raw.op_date,
    responseStatus: raw.response_status,
  }));

export type DepDeviceRecord = z.output<typeof DeviceRecord>;

/** Rows without a serial number are passed over; that none has one is no list of devices. */
const DeviceList = z.array(z.unknown()).transform((rows, context) => {
  const devices = rows.flatMap((row) => DeviceRecord.safeParse(row).data ?? []);
  if (devices.length === 0 && rows.length > 0) context.addIssue('no row is a device');
  return devices;
});

/**
 * A part of the list of devices, and where it goes on. The cursor and whether more follows have to be there: an empty answer
 * taken for the end of a list would take every device away.
 */
export const DevicePage = z
  .object({
    cursor: z.string().min(1).max(1_000),
    more_to_follow: z.boolean(),
    fetched_until: instant,
    devices: DeviceList.nullish(),
  })
  .transform((raw) => ({
    cursor: raw.cursor,
    moreToFollow: raw.more_to_follow,
    fetchedUntil: raw.fetched_until,
    devices: raw.devices ?? [],
  }));

export type DepDevicePage = z.output<typeof DevicePage>;

/** Details by serial number, for those that were asked for. */
export const DeviceDetails = z
  .object({ devices: z.record(z.string(), z.unknown()).nullish() })
  .transform(({ devices }): Readonly<Record<string, DepDeviceRecord>> => {
    const records = Object.values(devices ?? {}).flatMap((row) => DeviceRecord.safeParse(row).data ?? []);
    return Object.fromEntries(records.map((record) => [record.serialNumber, record]));
  });
