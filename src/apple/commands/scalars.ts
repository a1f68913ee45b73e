import type { PlistValue } from '../plist/index.js';
import type { CommandKey } from './catalogue.js';
import { badParameter } from './errors.js';

const LOWEST = -(2n ** 63n);
const HIGHEST = 2n ** 64n - 1n;
const DECIMAL = /^-?\d{1,20}$/;
/** A property list writes a year with four digits. */
const EARLIEST = Date.parse('0000-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');
/** RFC 3339 with a zone: a property list's date is a point in time. */
const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** XML 1.0, production 2: what no document may hold, not even as a reference. The writer would drop it silently. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

type Path = readonly string[];

const CONVERTERS: Readonly<Record<string, (value: unknown, path: Path) => PlistValue>> = {
  string: toText,
  integer: toInteger,
  real: toReal,
  boolean: toBoolean,
  date: toDate,
  data: toData,
};

/**
 * Turns a JSON value into the property-list value that a scalar key wants. Throws `CommandError` `bad-parameter` when it
 * is of another type or, for a key with a closed list, not one of its values.
 */
export function toScalar(key: CommandKey, value: unknown, path: Path): PlistValue {
  const convert = CONVERTERS[key.type] ?? toText;
  const converted = convert(value, path);
  if (key.values !== undefined && !key.values.some((allowed) => allowed === converted)) {
    throw badParameter(
      path,
      `${shown(value)} is not allowed; allowed are ${key.values.map(shown).join(', ')}`,
    );
  }
  return converted;
}

/** How an error shows a value: short, and never the bytes of data. */
export function shown(value: unknown): string {
  if (value === null || typeof value !== 'object') {
    const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
    return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
  }
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Date) return 'a date';
  return value instanceof Uint8Array ? 'data' : 'an object';
}

function typeName(value: unknown): string {
  return value === null || typeof value === 'object' ? shown(value) : `a ${typeof value}`;
}

/** A string that a property list can carry as it is. */
export function toText(value: unknown, path: Path): string {
  // Only its type is named: a PIN or a password is easily sent as a number.
  if (typeof value !== 'string') throw badParameter(path, `expected a string, got ${typeName(value)}`);
  if (NOT_XML.test(value)) throw badParameter(path, 'has a character that a property list cannot carry');
  return value;
}

function toBoolean(value: unknown, path: Path): boolean {
  if (typeof value !== 'boolean') throw badParameter(path, `expected true or false, got ${shown(value)}`);
  return value;
}

function toReal(value: unknown, path: Path): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw badParameter(path, `expected a number, got ${shown(value)}`);
}

export function toInteger(value: unknown, path: Path): number | bigint {
  const integer = asBigInt(value);
  if (integer === undefined || integer < LOWEST || integer > HIGHEST) {
    const right = 'expected a whole number (beyond 2^53 as a decimal string, up to 64 bits)';
    throw badParameter(path, `${right}, got ${shown(value)}`);
  }
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

function asBigInt(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && DECIMAL.test(value) ? BigInt(value) : undefined;
}

export function toDate(value: unknown, path: Path): Date {
  const date = value instanceof Date ? value : parseDate(value);
  if (Number.isNaN(date.getTime()) || date.getTime() < EARLIEST || date.getTime() > LATEST) {
    throw badParameter(path, `expected a date such as "2026-01-31T12:00:00Z", got ${shown(value)}`);
  }
  return date;
}

function parseDate(value: unknown): Date {
  return new Date(typeof value === 'string' && DATE.test(value) ? value : Number.NaN);
}

export function toData(value: unknown, path: Path): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value !== 'string')
    throw badParameter(path, `expected data as a base64 string, got ${shown(value)}`);
  const base64 = value.replace(/[\r\n\t ]+/g, '');
  const bytes = Buffer.from(base64, 'base64');
  // Node's decoder skips what is not base64 and stops at the first "="; only encoding again shows that nothing was lost.
  if (bytes.toString('base64') !== base64)
    throw badParameter(path, 'expected data as a base64 string with its padding');
  return bytes;
}
