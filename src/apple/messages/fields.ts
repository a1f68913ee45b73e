import { isDict, type PlistDict, type PlistValue } from '../plist/index.js';
import { MessageError } from './errors.js';

/** Longest identifier or topic accepted, in UTF-8 bytes. Apple promises no length, so this only keeps out abuse. */
export const IDENTIFIER_BYTES = 255;

/** Control characters, and the two code points that no XML 1.0 document may hold (section 2.2). */
const CONTROL_CHARACTER = /[\p{Cc}\uFFFE\uFFFF]/u;

/** What is wrong with an identifier, in words that complete "UDID …"; undefined when nothing is. */
export function identifierFault(value: string): string | undefined {
  if (Buffer.byteLength(value) > IDENTIFIER_BYTES) return `is longer than ${IDENTIFIER_BYTES} bytes`;
  if (CONTROL_CHARACTER.test(value)) return 'contains a control character';
  if (!value.isWellFormed()) return 'contains half of a surrogate pair';
  return undefined;
}

/** The message as a dictionary. Throws `MessageError` `not-a-dictionary`. */
export function requireDict(plist: PlistValue): PlistDict {
  if (isDict(plist)) return plist;
  throw new MessageError('not-a-dictionary', 'The message is not a dictionary at its top level');
}

export function optionalString(dict: PlistDict, key: string): string | undefined {
  const value = dict[key];
  if (value === undefined || typeof value === 'string') return value;
  throw wrongType(key, 'a string', value);
}

/** A string that tells things apart: bounded, printable; an empty one counts as absent, lest all who send it be one. */
export function optionalIdentifier(dict: PlistDict, key: string): string | undefined {
  const value = optionalString(dict, key);
  if (value === undefined || value === '') return undefined;
  const fault = identifierFault(value);
  if (fault !== undefined) throw new MessageError('bad-string', `${key} ${fault}`, key);
  return value;
}

export function optionalBoolean(dict: PlistDict, key: string): boolean | undefined {
  const value = dict[key];
  if (value === undefined || typeof value === 'boolean') return value;
  throw wrongType(key, 'a boolean', value);
}

/** Data; zero bytes count as absent, which is what Apple's messages mean by it. */
export function optionalData(dict: PlistDict, key: string): Buffer | undefined {
  const value = dict[key];
  if (value === undefined) return undefined;
  if (!Buffer.isBuffer(value)) throw wrongType(key, 'data', value);
  return value.length === 0 ? undefined : value;
}

export function optionalDict(dict: PlistDict, key: string): PlistDict | undefined {
  const value = dict[key];
  if (value === undefined || isDict(value)) return value;
  throw wrongType(key, 'a dictionary', value);
}

/** `value`, or `MessageError` `missing-key` when the message has none. */
export function present<T>(value: T | undefined, key: string): T {
  if (value !== undefined) return value;
  throw new MessageError('missing-key', `${key} is missing`, key);
}

/** The property-list name of a value's type, for messages to people. */
export function plistTypeName(value: PlistValue): string {
  if (Array.isArray(value)) return 'an array';
  if (Buffer.isBuffer(value)) return 'data';
  if (value instanceof Date) return 'a date';
  if (typeof value === 'object') return 'a dictionary';
  return typeof value === 'number' || typeof value === 'bigint' ? 'a number' : `a ${typeof value}`;
}

function wrongType(key: string, wanted: string, value: PlistValue): MessageError {
  return new MessageError('wrong-type', `${key} is ${plistTypeName(value)}, not ${wanted}`, key);
}
