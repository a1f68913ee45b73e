import { malformed } from './errors.js';

const HEADER_SIZE = 8;
const TRAILER_SIZE = 32;

/** Where the objects of a binary property list are; all offsets are within the document. */
export interface ObjectTable {
  readonly bytes: Buffer;
  readonly count: number;
  readonly top: number;
  readonly refSize: number;
  readonly offsetSize: number;
  /** Start of the table of offsets, which is also the end of the objects. */
  readonly tableStart: number;
}

/** Reads the trailer and checks that its tables lie within the document (Apple's CFBinaryPList.c, CFBinaryPlistTrailer). */
export function readTrailer(bytes: Buffer): ObjectTable {
  const at = bytes.length - TRAILER_SIZE;
  if (at <= HEADER_SIZE) throw malformed('The document ends too early', bytes.length);
  const offsetSize = bytes.readUInt8(at + 6);
  const refSize = bytes.readUInt8(at + 7);
  const count = readUnsigned(bytes, at + 8, 8);
  const top = readUnsigned(bytes, at + 16, 8);
  const tableStart = readUnsigned(bytes, at + 24, 8);
  const sizesAreValid = offsetSize >= 1 && offsetSize <= 8 && refSize >= 1 && refSize <= 8;
  if (!sizesAreValid || top >= count || tableStart <= HEADER_SIZE || tableStart + count * offsetSize !== at) {
    throw malformed('The trailer is malformed', at);
  }
  return { bytes, count, top, refSize, offsetSize, tableStart };
}

/** Where object number `ref` begins. `from` is where the reference stands, for the error. */
export function offsetOf(table: ObjectTable, ref: number, from: number): number {
  if (ref >= table.count) throw malformed('A reference to an object that does not exist', from);
  const entry = table.tableStart + ref * table.offsetSize;
  const offset = readUnsigned(table.bytes, entry, table.offsetSize);
  if (offset < HEADER_SIZE || offset >= table.tableStart)
    throw malformed('An object outside the document', entry);
  return offset;
}

/** A big-endian number of 1 to 8 bytes that counts or points at something, so it must be exact. */
export function readUnsigned(bytes: Buffer, at: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i += 1) value = value * 256 + bytes.readUInt8(at + i);
  if (!Number.isSafeInteger(value)) throw malformed('A number that is too large', at);
  return value;
}
