import { PlistError } from './errors.js';
import { isInRange } from './scalars.js';
import { isDict, type PlistInput } from './types.js';

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n' +
  '<plist version="1.0">\n';
const TAIL = '</plist>\n';

/** Deeper than any profile; it also ends the walk of a value that contains itself. */
const MAX_DEPTH = 512;

const SPECIAL = /[&<>\r]/g;
// XML 1.0 production 2: the characters no document may contain, not even as references.
// oxlint-disable-next-line no-control-regex
const ILLEGAL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;
const ESCAPES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['\r', '&#13;'],
]);

/**
 * Writes a whole XML property list, with Apple's document type. Members that are undefined are left out. Numbers without
 * a fraction become `<integer>`, others `<real>`; dates are cut to the second. In strings, characters that XML cannot
 * hold are dropped. Throws PlistError: `unsupported` for a key with such characters, an integer of more than 64 bits, a
 * date outside the years 0-9999 or another type of value; `too-deep` past 512 levels.
 */
export function buildPlist(value: PlistInput): Buffer {
  return Buffer.from(`${HEAD}${buildPlistFragment(value)}\n${TAIL}`);
}

/** Writes only the value's element, `<dict>…</dict>`, to be set inside another document. Otherwise like `buildPlist`. */
export function buildPlistFragment(value: PlistInput): string {
  return element(value, '\n', 0);
}

function element(value: PlistInput, line: string, depth: number): string {
  switch (typeof value) {
    case 'string':
      return `<string>${escapeText(value)}</string>`;
    case 'number':
      return numberElement(value);
    case 'bigint':
      return integerElement(value);
    case 'boolean':
      return value ? '<true/>' : '<false/>';
    case 'object':
      return objectElement(value, line, depth);
    default:
      throw new PlistError('unsupported', `A property list cannot hold a ${typeof value}`);
  }
}

function objectElement(value: PlistInput & object, line: string, depth: number): string {
  if (value === null) throw new PlistError('unsupported', 'A property list cannot hold null');
  if (value instanceof Uint8Array) return dataElement(value);
  if (value instanceof Date) return dateElement(value);
  if (depth >= MAX_DEPTH)
    throw new PlistError('too-deep', `More than ${MAX_DEPTH} containers within each other`);
  if (Array.isArray(value)) return arrayElement(value as readonly PlistInput[], line, depth);
  if (isDict(value)) return dictElement(value, line, depth);
  throw new PlistError('unsupported', 'A property list cannot hold an instance of a class');
}

function arrayElement(values: readonly PlistInput[], line: string, depth: number): string {
  if (values.length === 0) return '<array/>';
  const inner = `${line}\t`;
  let text = '<array>';
  for (const value of values) text += inner + element(value, inner, depth + 1);
  return `${text}${line}</array>`;
}

function dictElement(
  dict: Readonly<Record<string, PlistInput | undefined>>,
  line: string,
  depth: number,
): string {
  const inner = `${line}\t`;
  let text = '';
  for (const key of Object.keys(dict)) {
    const value = dict[key];
    if (value !== undefined)
      text += `${inner}<key>${escapeKey(key)}</key>${inner}${element(value, inner, depth + 1)}`;
  }
  return text === '' ? '<dict/>' : `<dict>${text}${line}</dict>`;
}

function numberElement(value: number): string {
  if (Number.isSafeInteger(value)) return `<integer>${value}</integer>`;
  if (Number.isInteger(value) && isInRange(BigInt(value))) return integerElement(BigInt(value));
  if (Number.isFinite(value)) return `<real>${value}</real>`;
  if (Number.isNaN(value)) return '<real>nan</real>';
  return value > 0 ? '<real>+infinity</real>' : '<real>-infinity</real>';
}

function integerElement(value: bigint): string {
  if (!isInRange(value)) throw new PlistError('unsupported', 'An integer of more than 64 bits');
  return `<integer>${value}</integer>`;
}

function dateElement(value: Date): string {
  const text = Number.isNaN(value.getTime()) ? '' : value.toISOString();
  // Outside the years 0 to 9999 the text has a sign and six digits, which no property list reader takes.
  if (text.length !== 24) throw new PlistError('unsupported', 'A date that cannot be written');
  return `<date>${text.slice(0, 19)}Z</date>`;
}

function dataElement(value: Uint8Array): string {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return `<data>${bytes.toString('base64')}</data>`;
}

function escapeText(text: string): string {
  return escapeMarkup(text.replace(ILLEGAL, ''));
}

/** Dropping characters from a key could make it equal to another, so a key is refused instead. */
function escapeKey(key: string): string {
  if (key.search(ILLEGAL) !== -1)
    throw new PlistError('unsupported', 'A key with characters that XML cannot hold');
  return escapeMarkup(key);
}

function escapeMarkup(text: string): string {
  return text.replace(SPECIAL, (character) => ESCAPES.get(character) ?? '');
}
