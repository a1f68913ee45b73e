import { isDict, type PlistDict, type PlistValue } from '../../plist/index.js';

// An answer is what a device says of itself: a member that is absent or of another type is undefined, never an error.

export function textOf(dict: PlistDict, key: string): string | undefined {
  const value = dict[key];
  return typeof value === 'string' ? value : undefined;
}

export function flagOf(dict: PlistDict, key: string): boolean | undefined {
  const value = dict[key];
  return typeof value === 'boolean' ? value : undefined;
}

/** A finite number. Integers beyond 2^53, which arrive as bigint, are undefined here. */
export function numberOf(dict: PlistDict, key: string): number | undefined {
  const value = dict[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function dataOf(dict: PlistDict, key: string): Buffer | undefined {
  const value = dict[key];
  return Buffer.isBuffer(value) ? value : undefined;
}

export function dictOf(dict: PlistDict, key: string): PlistDict | undefined {
  const value = dict[key];
  return isDict(value) ? value : undefined;
}

/** The dictionaries of an array; whatever else is in it is passed over. */
export function dictsOf(dict: PlistDict, key: string): PlistDict[] {
  const value: PlistValue | undefined = dict[key];
  return Array.isArray(value) ? value.filter(isDict) : [];
}
