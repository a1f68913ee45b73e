import { isDict, type PlistDict, type PlistValue } from '../plist/index.js';
import { MobileconfigError } from './errors.js';

interface Kind<T extends PlistValue> {
  /** With its article, as it stands in a sentence. */
  readonly name: string;
  readonly is: (value: PlistValue) => value is T;
}

const kind = <T extends PlistValue>(name: string, is: (value: PlistValue) => value is T): Kind<T> => ({
  name,
  is,
});

export const STRING = kind('a string', (value) => typeof value === 'string');
export const BOOLEAN = kind('a boolean', (value) => typeof value === 'boolean');
export const INTEGER = kind(
  'an integer',
  (value): value is number | bigint => typeof value === 'bigint' || Number.isInteger(value),
);
export const DATA = kind('data', (value) => Buffer.isBuffer(value));
export const ARRAY = kind('an array', (value): value is PlistValue[] => Array.isArray(value));
export const DICTIONARY = kind('a dictionary', (value): value is PlistDict => isDict(value));

/** A dictionary, with what it is called in messages: nothing for the profile itself, else like `PayloadContent[2].`. */
export interface Named {
  readonly dict: PlistDict;
  readonly prefix: string;
}

/** The value of a key that may be absent. @throws MobileconfigError `bad-key` when it is of another kind */
export function optional<T extends PlistValue>(
  { dict, prefix }: Named,
  key: string,
  wanted: Kind<T>,
): T | undefined {
  const value = dict[key];
  if (value === undefined || wanted.is(value)) return value;
  throw new MobileconfigError('bad-key', `${prefix}${key} has to be ${wanted.name}`);
}

/** The value of a key that has to be there. @throws MobileconfigError `missing-key`, `bad-key` */
export function required<T extends PlistValue>(from: Named, key: string, wanted: Kind<T>): T {
  const value = optional(from, key, wanted);
  if (value !== undefined) return value;
  throw new MobileconfigError('missing-key', `${from.prefix}${key} is missing; it has to be ${wanted.name}`);
}

/** The same for a string that names something, so that it cannot be empty. */
export function requiredName(from: Named, key: string): string {
  const value = required(from, key, STRING);
  if (value.trim() !== '') return value;
  throw new MobileconfigError('bad-key', `${from.prefix}${key} is empty; it has to name something`);
}
