import { bodyOf, MAX_DEPTH, MAX_PARTS, type Element } from './element.js';
import { Asn1Error } from './errors.js';
import { Fields } from './fields.js';
import { CONSTRUCTED, TAG } from './tags.js';

const MAX_ARC = 2 ** 32;

/** The arcs of an OBJECT IDENTIFIER's octets. Base 128, the top bit of an octet says "more follows" (X.690 section 8.19). */
function arcs(octets: Buffer): number[] {
  const found: number[] = [];
  let value = 0;
  for (const octet of octets) {
    value = value * 128 + (octet & 0x7f);
    if (value >= MAX_ARC) throw new Asn1Error('malformed', 'an object identifier with an arc above 32 bits');
    if (octet >= 0x80) continue;
    found.push(value);
    value = 0;
  }
  return found;
}

/** An OBJECT IDENTIFIER in dotted form. */
export function objectIdentifier(element: Element): string {
  const octets = bodyOf(element);
  const last = octets.at(-1);
  if (last === undefined || last >= 0x80)
    throw new Asn1Error('malformed', 'an object identifier is cut short');
  const [head = 0, ...rest] = arcs(octets);
  const root = Math.min(Math.floor(head / 40), 2);
  return [root, head - root * 40, ...rest].join('.');
}

function collect(element: Element, depth: number, into: Buffer[]): void {
  if (depth > MAX_DEPTH) throw new Asn1Error('too-large', `strings nest deeper than ${MAX_DEPTH}`);
  if (element.tag === TAG.OCTET_STRING) {
    if (into.length === MAX_PARTS)
      throw new Asn1Error('too-large', `a string of more than ${MAX_PARTS} parts`);
    into.push(bodyOf(element));
    return;
  }
  if (element.tag !== (TAG.OCTET_STRING | CONSTRUCTED))
    throw new Asn1Error('malformed', 'not an OCTET STRING');
  const parts = new Fields(element);
  while (parts.more) collect(parts.any('a part of an OCTET STRING'), depth + 1, into);
}

/** The octets of an OCTET STRING; the parts of one in BER's constructed form are joined. */
export function octetString(element: Element): Buffer {
  if (element.tag === TAG.OCTET_STRING) return bodyOf(element);
  const parts: Buffer[] = [];
  collect(element, 1, parts);
  return Buffer.concat(parts);
}

/** The octets of a BIT STRING whose bits fill whole octets, as keys and signatures do. */
export function wholeOctets(element: Element): Buffer {
  const body = bodyOf(element);
  if (element.tag !== TAG.BIT_STRING || body[0] !== 0)
    throw new Asn1Error('malformed', 'not a BIT STRING of whole octets');
  return body.subarray(1);
}

/** An INTEGER that has to be small: 0 to 2^31-1. */
export function smallInteger(element: Element): number {
  const octets = bodyOf(element);
  if (octets.length === 0 || octets.length > 4 || octets.readInt8(0) < 0) {
    throw new Asn1Error('malformed', 'a number that is negative or too large');
  }
  return octets.readIntBE(0, octets.length);
}

const TIME = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/;

/** UTCTime's two digits mean 1950 to 2049 (RFC 5280 section 4.1.2.5.1). */
const fullYear = (digits: string): string =>
  digits.length === 4 ? digits : `${Number(digits) >= 50 ? '19' : '20'}${digits}`;

/** A UTCTime or GeneralizedTime in the form that certificates and CMS use: to the second, in UTC. */
export function time(element: Element): Date {
  const yearDigits = element.tag === TAG.UTC_TIME ? 2 : 4;
  const match = TIME.exec(bodyOf(element).toString('latin1'));
  if (!match) throw new Asn1Error('malformed', 'a time that is not written as to the second, in UTC');
  const [, year = '', month, day, hour, minute, second] = match;
  const text = `${fullYear(year)}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const date = new Date(text);
  // A date like 31 February makes an Invalid Date or rolls over, depending on the day.
  const exact = year.length === yearDigits && !Number.isNaN(date.getTime()) && date.toISOString() === text;
  if (!exact) throw new Asn1Error('malformed', 'a time that does not exist');
  return date;
}
