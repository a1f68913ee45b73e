import { isWhiteSpace } from './characters.js';
import type { LeafName } from './elements.js';
import { malformed } from './errors.js';
import { cachedKey } from './key-cache.js';
import { readDate, readInteger, readReal, readShortInteger } from './scalars.js';

/** Longer than any number or date; it bounds the work of reading one. */
const LONGEST_SCALAR = 1024;

/** The text of an element: `source` from `start` to `end`, and whether it is ASCII. */
export interface Text {
  readonly source: Buffer;
  readonly start: number;
  readonly end: number;
  readonly ascii: boolean;
}

/** The text of a `<key>`; equal keys share one string. */
export function keyOf(text: Text, offset: number): string {
  return text.ascii ? cachedKey(text.source, text.start, text.end) : stringOf(text, offset);
}

/** The text of a `<string>`. */
export function stringOf({ source, start, end, ascii }: Text, offset: number): string {
  // Reading ASCII as Latin-1 skips the decoding of UTF-8.
  if (ascii) return source.toString('latin1', start, end);
  const value = source.toString('utf8', start, end);
  if (value.includes('\uFFFE') || value.includes('\uFFFF'))
    throw malformed('A character that is not legal', offset);
  return value;
}

/** The value of a number, date or boolean element. Throws PlistError `malformed`, at `offset`. */
export function scalarOf(
  name: Exclude<LeafName, 'key' | 'string' | 'data'>,
  text: Text,
  offset: number,
): number | bigint | boolean | Date {
  const value = readScalar(name, text);
  if (value === undefined) throw malformed(`The text of <${name}> is malformed`, offset);
  return value;
}

function readScalar(name: string, text: Text): number | bigint | boolean | Date | undefined {
  if (name === 'integer') return integerOf(text);
  if (name === 'real') return readReal(trimmed(text));
  if (name === 'date') return readDate(stringIn(text.source, text.start, text.end));
  return text.start === text.end ? name === 'true' : undefined;
}

function integerOf(text: Text): number | bigint | undefined {
  return readShortInteger(text.source, text.start, text.end) ?? readInteger(trimmed(text));
}

function trimmed({ source, start, end }: Text): string {
  let first = start;
  let last = end;
  while (first < last && isWhiteSpace(source[first])) first += 1;
  while (last > first && isWhiteSpace(source[last - 1])) last -= 1;
  return stringIn(source, first, last);
}

function stringIn(source: Buffer, start: number, end: number): string {
  return end - start > LONGEST_SCALAR ? '' : source.toString('latin1', start, end);
}
