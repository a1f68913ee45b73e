import { bodyOf, type Element } from './element.js';
import { Asn1Error } from './errors.js';
import { TAG } from './tags.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const utf16 = new TextDecoder('utf-16be', { fatal: true });
const latin1 = (octets: Buffer): string => octets.toString('latin1');

/** T61String is read as Latin-1, which is what those who still write it mean. */
const DECODERS = new Map<number, (octets: Buffer) => string>([
  [TAG.UTF8_STRING, (octets) => utf8.decode(octets)],
  [TAG.PRINTABLE_STRING, latin1],
  [TAG.T61_STRING, latin1],
  [TAG.IA5_STRING, latin1],
  [TAG.BMP_STRING, (octets) => utf16.decode(octets)],
]);

/** The characters of any of the string types that names and attributes use. */
export function text(element: Element): string {
  const decode = DECODERS.get(element.tag);
  if (!decode) throw new Asn1Error('malformed', 'not a character string');
  try {
    return decode(bodyOf(element));
  } catch {
    throw new Asn1Error('malformed', 'a character string that is not in its own encoding');
  }
}
