import type { DepDeviceRecord } from '../../apple/dep/index.js';

/**
 * One record a device: the same device may be told several times, and the one with the latest `op_date` is how it is now
 * (Apple: "Sync the List of Devices"). Of two with the same date, or none, the later told counts. A date in the future counts
 * as now: believed, it would make all that really comes later look older.
 * @param now milliseconds since 1970
 */
export function latestOf(records: readonly DepDeviceRecord[], now: number): DepDeviceRecord[] {
  const latest = new Map<string, DepDeviceRecord>();
  for (const told of records) {
    const record = isFuture(told.opDate, now) ? { ...told, opDate: new Date(now) } : told;
    const before = latest.get(record.serialNumber);
    if (before === undefined || !isOlder(record.opDate, before.opDate))
      latest.set(record.serialNumber, record);
  }
  return [...latest.values()];
}

/** Whether a date is certainly before another: what has none is not. */
export function isOlder(date: Date | null, than: Date | null): boolean {
  return date !== null && than !== null && date.getTime() < than.getTime();
}

function isFuture(date: Date | null, now: number): boolean {
  return date !== null && date.getTime() > now;
}
