import { Asn1Error } from './errors.js';
import { CONSTRUCTED } from './tags.js';

/** How deep elements of indefinite length, and strings made of strings, may nest. */
export const MAX_DEPTH = 64;

/** How many elements one of indefinite length may hold, and one string may be made of: 8 MiB in pieces of 128 octets. */
export const MAX_PARTS = 65_536;

/**
 * One element, as offsets into the bytes it came from: nothing is copied, and nothing inside it is read until asked for.
 * `tag` is the identifier octet: class, constructed bit and number together.
 */
export interface Element {
  readonly source: Buffer;
  readonly tag: number;
  readonly start: number;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly end: number;
}

interface Header {
  readonly tag: number;
  readonly bodyStart: number;
  /** -1: indefinite, the body runs to its end-of-contents octets. */
  readonly length: number;
}

const malformed = (message: string): Asn1Error => new Asn1Error('malformed', message);

/** Reads the octets of a long-form length. Four of them say more than we ever accept. */
function longLength(source: Buffer, at: number, octets: number, limit: number): number {
  if (octets > 4 || at + octets > limit) throw malformed('a length that cannot be read');
  return source.readUIntBE(at, octets);
}

function readHeader(source: Buffer, at: number, limit: number): Header {
  const tag = source[at];
  const first = source[at + 1];
  if (tag === undefined || first === undefined || at + 2 > limit) throw malformed('an element is cut short');
  if ((tag & 0x1f) === 0x1f) throw malformed('a tag number above 30');
  if (tag === 0) throw malformed('an end-of-contents mark where an element should be');
  if (first < 0x80) return { tag, bodyStart: at + 2, length: first };
  if (first > 0x80) {
    const octets = first & 0x7f;
    return { tag, bodyStart: at + 2 + octets, length: longLength(source, at + 2, octets, limit) };
  }
  if ((tag & CONSTRUCTED) === 0) throw malformed('a primitive element of indefinite length');
  return { tag, bodyStart: at + 2, length: -1 };
}

function definiteEnd(header: Header, limit: number): number {
  const end = header.bodyStart + header.length;
  if (end > limit) throw malformed('an element is longer than what holds it');
  return end;
}

/**
 * Where the body of an element of indefinite length ends: at the end-of-contents octets that match it (X.690 section
 * 8.1.5). Elements of definite length are stepped over whole, so only nested indefinite ones count as depth.
 */
function indefiniteEnd(source: Buffer, bodyStart: number, limit: number): number {
  let at = bodyStart;
  let depth = 1;
  for (let parts = 0; parts <= MAX_PARTS; parts += 1) {
    if (at + 2 <= limit && source[at] === 0 && source[at + 1] === 0) {
      depth -= 1;
      if (depth === 0) return at;
      at += 2;
      continue;
    }
    const header = readHeader(source, at, limit);
    if (header.length >= 0) {
      at = definiteEnd(header, limit);
      continue;
    }
    depth += 1;
    if (depth > MAX_DEPTH) throw new Asn1Error('too-large', `elements nest deeper than ${MAX_DEPTH}`);
    at = header.bodyStart;
  }
  throw new Asn1Error('too-large', `an element of more than ${MAX_PARTS} parts`);
}

/**
 * The element that begins at `start`; `limit` is where what holds it ends. DER, and the parts of BER that signed
 * profiles use: indefinite lengths and lengths that are not the shortest.
 * @throws Asn1Error
 */
export function readElement(source: Buffer, start: number, limit: number): Element {
  const header = readHeader(source, start, limit);
  const { tag, bodyStart } = header;
  if (header.length < 0) {
    const bodyEnd = indefiniteEnd(source, bodyStart, limit);
    return { source, tag, start, bodyStart, bodyEnd, end: bodyEnd + 2 };
  }
  const end = definiteEnd(header, limit);
  return { source, tag, start, bodyStart, bodyEnd: end, end };
}

/** The one element that these bytes are, with nothing after it. */
export function readDocument(bytes: Uint8Array): Element {
  const source = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const element = readElement(source, 0, source.length);
  if (element.end !== source.length) throw malformed(`${source.length - element.end} bytes follow the end`);
  return element;
}

/** The octets between an element's header and its end. */
export const bodyOf = (element: Element): Buffer =>
  element.source.subarray(element.bodyStart, element.bodyEnd);

/** The whole element, header included. */
export const encodingOf = (element: Element): Buffer => element.source.subarray(element.start, element.end);

export const isIndefinite = (element: Element): boolean => element.end !== element.bodyEnd;
