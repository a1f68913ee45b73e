/** Writes DER (X.690), each function one type: what certificates and signed messages are put together from. */

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  let hex = length.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  return Buffer.from((0x80 | (hex.length / 2)).toString(16) + hex, 'hex');
}

/** One element: its identifier octet, its length, and its parts one after the other. */
export function element(tag: number, ...parts: Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from([tag]), lengthOctets(length), ...parts]);
}

export const boolean = (value: boolean): Buffer => element(0x01, Buffer.from([value ? 0xff : 0]));
export const octets = (bytes: Uint8Array): Buffer => element(0x04, bytes);
export const nothing = (): Buffer => element(0x05);
export const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text, 'utf8'));
export const printable = (text: string): Buffer => element(0x13, Buffer.from(text, 'latin1'));
export const sequence = (...items: Uint8Array[]): Buffer => element(0x30, ...items);

/** A SET OF: DER has its members in the order of their encodings. */
export const setOf = (...items: Uint8Array[]): Buffer =>
  element(0x31, ...items.toSorted((a, b) => Buffer.compare(a, b)));

/** A BIT STRING; `unused` is how many bits of the last octet do not count. */
export const bits = (bytes: Uint8Array, unused = 0): Buffer => element(0x03, Buffer.from([unused]), bytes);

/** A number that is not negative: the first octet's top bit is the sign, so it has to be clear. */
export function integer(value: bigint): Buffer {
  let hex = value.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  if (Number.parseInt(hex.slice(0, 2), 16) >= 0x80) hex = `00${hex}`;
  return element(0x02, Buffer.from(hex, 'hex'));
}

function base128(arc: number): number[] {
  const groups = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128))
    groups.unshift((rest % 128) + 128);
  return groups;
}

/** An OBJECT IDENTIFIER from its dotted form (X.690 section 8.19). */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** UTCTime up to 2049, GeneralizedTime after it (RFC 5280 section 4.1.2.5). */
export function time(date: Date): Buffer {
  const text = `${date.toISOString().slice(0, 19).replaceAll(/\D/g, '')}Z`;
  return date.getUTCFullYear() < 2050
    ? element(0x17, Buffer.from(text.slice(2)))
    : element(0x18, Buffer.from(text));
}

/** `[n]` around other elements: an explicit tag, or a SEQUENCE or SET with its tag replaced. */
export const tagged = (n: number, ...items: Uint8Array[]): Buffer => element(0xa0 | n, ...items);

/** `[n]` instead of a primitive type's own tag. */
export const taggedPrimitive = (n: number, bytes: Uint8Array): Buffer => element(0x80 | n, bytes);
