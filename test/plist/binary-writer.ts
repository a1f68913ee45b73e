import type { PlistInput } from '../../src/apple/plist/index.js';

/** A reference to an object by its number in the table. */
export interface Shape {
  /** Bytes of each reference and of each offset. */
  refSize?: number;
  offsetSize?: number;
  top?: number;
}

/** Puts encoded objects together to a binary property list: header, objects, table of offsets, trailer. */
export function assemble(
  objects: readonly Buffer[],
  { refSize = 1, offsetSize = 4, top = 0 }: Shape = {},
): Buffer {
  const offsets: Buffer[] = [];
  let at = 8;
  for (const object of objects) {
    offsets.push(unsigned(at, offsetSize));
    at += object.length;
  }
  return Buffer.concat([
    Buffer.from('bplist00'),
    ...objects,
    ...offsets,
    trailer({ offsetSize, refSize, count: objects.length, top, tableStart: at }),
  ]);
}

export function trailer(fields: {
  offsetSize: number;
  refSize: number;
  count: number;
  top: number;
  tableStart: number;
}): Buffer {
  return Buffer.concat([
    Buffer.alloc(6),
    Buffer.from([fields.offsetSize, fields.refSize]),
    unsigned(fields.count, 8),
    unsigned(fields.top, 8),
    unsigned(fields.tableStart, 8),
  ]);
}

/** An object with a count: in the marker below 15, otherwise in an integer after it. */
export function counted(kind: number, count: number, body: Buffer): Buffer {
  const head = count < 15 ? [(kind << 4) | count] : [(kind << 4) | 0xf, 0x12, ...unsigned(count, 4)];
  return Buffer.concat([Buffer.from(head), body]);
}

export function refs(kind: number, members: readonly number[], refSize = 1): Buffer {
  const count = kind === 0xd ? members.length / 2 : members.length;
  return counted(kind, count, Buffer.concat(members.map((member) => unsigned(member, refSize))));
}

export function ascii(text: string): Buffer {
  return counted(0x5, text.length, Buffer.from(text, 'latin1'));
}

export function utf16(text: string): Buffer {
  return counted(0x6, text.length, Buffer.from(text, 'utf16le').swap16());
}

export function double(marker: number, value: number): Buffer {
  const bytes = Buffer.alloc(9, marker);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

export function unsigned(value: number, size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes.subarray(8 - size);
}

/** Writes any tree as a binary property list, each equal string once. */
export function writeBinary(value: PlistInput, refSize = 2): Buffer {
  const objects: Buffer[] = [];
  const strings = new Map<string, number>();
  const add = (member: PlistInput): number => {
    const known = typeof member === 'string' ? strings.get(member) : undefined;
    if (known !== undefined) return known;
    const ref = objects.push(Buffer.alloc(0)) - 1;
    if (typeof member === 'string') strings.set(member, ref);
    objects[ref] = encode(member, add, refSize);
    return ref;
  };
  return assemble(objects, { refSize, top: add(value) });
}

function encode(value: PlistInput, add: (member: PlistInput) => number, refSize: number): Buffer {
  if (typeof value === 'boolean') return Buffer.from([value ? 0x09 : 0x08]);
  if (typeof value === 'string') return /^[\0-\x7f]*$/.test(value) ? ascii(value) : utf16(value);
  if (typeof value === 'bigint') return integer(value);
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? integer(BigInt(value)) : double(0x23, value);
  if (value instanceof Uint8Array) return counted(0x4, value.length, Buffer.from(value));
  if (value instanceof Date) return double(0x33, value.getTime() / 1000 - 978_307_200);
  if (Array.isArray(value)) return refs(0xa, value.map(add), refSize);
  const entries = Object.entries(value as Record<string, PlistInput>);
  const keys = entries.map(([key]) => add(key));
  return refs(0xd, [...keys, ...entries.map(([, member]) => add(member))], refSize);
}

function integer(value: bigint): Buffer {
  const power = value < 0n ? 3 : [8n, 16n, 32n, 63n].findIndex((bits) => value < 1n << bits);
  const size = power === -1 ? 16 : 1 << power;
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64BE(value >> 64n);
  bytes.writeBigUInt64BE(BigInt.asUintN(64, value), 8);
  return Buffer.concat([Buffer.from([0x10 | Math.log2(size)]), bytes.subarray(16 - size)]);
}
