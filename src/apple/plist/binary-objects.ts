import { isAscii } from 'node:buffer';
import { type ObjectTable, readUnsigned } from './binary-trailer.js';
import { malformed, PlistError } from './errors.js';
import { isInRange, narrow } from './scalars.js';

/** Seconds from 1970 to the first instant of 2001, where the dates of binary property lists count from. */
const EPOCH_2001 = 978_307_200;

/** Null, URLs and UUID: whole markers of objects that an XML property list does not have. */
const FOREIGN: ReadonlySet<number> = new Set([0x00, 0x0c, 0x0d, 0x0e]);

/** High halves of the marker byte (Apple's CFBinaryPList.c). */
const INTEGER = 0x1;
const REAL = 0x2;
const DATE = 0x3;
const DATA = 0x4;
const ASCII = 0x5;
const UTF16 = 0x6;
const UID = 0x8;
const ARRAY = 0xa;
const ORDERED_SET = 0xb;
const SET = 0xc;
const DICT = 0xd;

export interface Container {
  readonly kind: 'dict' | 'array';
  readonly count: number;
  /** Where the references begin: of a dictionary, first those of all keys, then those of all values. */
  readonly refsAt: number;
}

/** Reads the head of the container at `offset`; undefined when the object there is no container. */
export function readContainer(table: ObjectTable, offset: number): Container | undefined {
  const kind = table.bytes.readUInt8(offset) >>> 4;
  if (kind !== DICT && kind !== ARRAY && kind !== SET && kind !== ORDERED_SET) return undefined;
  const { count, bodyAt } = readCount(table, offset);
  const size = count * table.refSize * (kind === DICT ? 2 : 1);
  checkBody(table, bodyAt, size);
  return { kind: kind === DICT ? 'dict' : 'array', count, refsAt: bodyAt };
}

/** Reads the object at `offset`, which is no container. A UID is read as its number. */
export function readLeaf(
  table: ObjectTable,
  offset: number,
): string | number | bigint | boolean | Date | Buffer {
  const marker = table.bytes.readUInt8(offset);
  const low = marker & 0xf;
  switch (marker >>> 4) {
    case INTEGER:
      return readInteger(table, offset, 1 << low);
    case REAL:
      return readReal(table, offset, low);
    case DATE:
      return readDate(table, offset, low);
    case DATA:
      return readData(table, offset);
    case ASCII:
      return readAscii(table, offset);
    case UTF16:
      return readUtf16(table, offset);
    case UID:
      return readUid(table, offset, low + 1);
    default:
      return readSingleton(marker, offset);
  }
}

function readSingleton(marker: number, offset: number): boolean {
  if (marker === 0x08) return false;
  if (marker === 0x09) return true;
  if (FOREIGN.has(marker)) {
    throw new PlistError('unsupported', 'An object that XML property lists do not have', offset);
  }
  throw malformed('An object of unknown kind, or a container as a key', offset);
}

function readInteger(table: ObjectTable, offset: number, size: number): number | bigint {
  const at = offset + 1;
  checkBody(table, at, size);
  const { bytes } = table;
  if (size <= 4) return readUnsigned(bytes, at, size);
  if (size === 8) return narrow(bytes.readBigInt64BE(at));
  if (size !== 16) throw malformed('An integer of unknown size', offset);
  const value = (bytes.readBigInt64BE(at) << 64n) | bytes.readBigUInt64BE(at + 8);
  if (!isInRange(value)) throw malformed('An integer of more than 64 bits', offset);
  return narrow(value);
}

function readReal(table: ObjectTable, offset: number, sizePower: number): number {
  checkBody(table, offset + 1, 1 << sizePower);
  if (sizePower === 2) return table.bytes.readFloatBE(offset + 1);
  if (sizePower === 3) return table.bytes.readDoubleBE(offset + 1);
  throw malformed('A real of unknown size', offset);
}

function readDate(table: ObjectTable, offset: number, sizePower: number): Date {
  if (sizePower !== 3) throw malformed('A date of unknown size', offset);
  checkBody(table, offset + 1, 8);
  const date = new Date(Math.round((table.bytes.readDoubleBE(offset + 1) + EPOCH_2001) * 1000));
  if (Number.isNaN(date.getTime())) throw malformed('A date that does not exist', offset);
  return date;
}

function readData(table: ObjectTable, offset: number): Buffer {
  const { count, bodyAt } = readCount(table, offset);
  checkBody(table, bodyAt, count);
  return Buffer.from(table.bytes.subarray(bodyAt, bodyAt + count));
}

function readAscii(table: ObjectTable, offset: number): string {
  const { count, bodyAt } = readCount(table, offset);
  checkBody(table, bodyAt, count);
  const body = table.bytes.subarray(bodyAt, bodyAt + count);
  if (!isAscii(body)) throw malformed('A string that is not ASCII', offset);
  return body.toString('latin1');
}

function readUtf16(table: ObjectTable, offset: number): string {
  const { count, bodyAt } = readCount(table, offset);
  checkBody(table, bodyAt, count * 2);
  const text = Buffer.from(table.bytes.subarray(bodyAt, bodyAt + count * 2))
    .swap16()
    .toString('utf16le');
  if (!text.isWellFormed()) throw malformed('A string that is not UTF-16', offset);
  return text;
}

function readUid(table: ObjectTable, offset: number, size: number): number {
  if (size > 8) throw malformed('A UID of unknown size', offset);
  checkBody(table, offset + 1, size);
  return readUnsigned(table.bytes, offset + 1, size);
}

/** The count of an object: in the marker, or when it is 15 or more, in an integer object that follows. */
function readCount(table: ObjectTable, offset: number): { count: number; bodyAt: number } {
  const inMarker = table.bytes.readUInt8(offset) & 0xf;
  if (inMarker !== 0xf) return { count: inMarker, bodyAt: offset + 1 };
  const marker = table.bytes.readUInt8(offset + 1);
  const size = 1 << (marker & 0xf);
  if (marker >>> 4 !== INTEGER || size > 8) throw malformed('A count is malformed', offset);
  checkBody(table, offset + 2, size);
  return { count: readUnsigned(table.bytes, offset + 2, size), bodyAt: offset + 2 + size };
}

/** Objects lie before the table of offsets. */
function checkBody(table: ObjectTable, at: number, size: number): void {
  if (at + size > table.tableStart) throw malformed('An object outside the document', at);
}
