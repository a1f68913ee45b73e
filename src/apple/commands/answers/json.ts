import type { PlistDict, PlistValue } from '../../plist/index.js';

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** Without a prototype, as the names come from a device: `__proto__` is a name like any other. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/**
 * A property-list value as JSON: data as base64, dates as ISO 8601 in UTC, integers beyond 2^53 as decimal strings, and
 * null for a number that JSON has none for (NaN, infinity). Members without a value are left out.
 */
export function plistToJson(value: PlistValue): JsonValue {
  if (Array.isArray(value)) return value.map(plistToJson);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object') return value;
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (value instanceof Date) return isoDate(value) ?? null;
  return dictToJson(value);
}

export function dictToJson(dict: PlistDict): JsonObject {
  const object: JsonObject = Object.create(null) as JsonObject;
  for (const [key, value] of Object.entries(dict)) {
    if (value !== undefined) object[key] = plistToJson(value);
  }
  return object;
}

/** ISO 8601 in UTC; undefined for a date that is none. */
export function isoDate(date: Date): string | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
