import * as fc from 'fast-check';
import type { PlistInput } from '../../src/apple/plist/index.js';

/** Text of characters that XML 1.0 can hold, with those that need escaping made likely. */
export const xmlText = fc
  .string({
    unit: fc.oneof(
      { weight: 3, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
      fc.constantFrom(...'&<>"\'\r\n\t ]é€😀'),
    ),
  })
  // oxlint-disable-next-line no-control-regex
  .map((text) => text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, ''));

/** Dates to the second, in the years that a property list can write. */
export const date = fc
  .integer({ min: Date.UTC(0, 0) / 1000 - 1e9, max: Date.UTC(9999, 11, 31) / 1000 })
  .map((seconds) => new Date(seconds * 1000));

export const real = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

/** Random trees of everything a property list holds, made of the given leaves. */
export function trees(leaf: fc.Arbitrary<PlistInput>, key: fc.Arbitrary<string>): fc.Arbitrary<PlistInput> {
  const { tree } = fc.letrec<{ tree: PlistInput }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      leaf,
      fc.array(tie('tree'), { maxLength: 6 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 6 }),
    ),
  }));
  return tree;
}

/**
 * The same tree in terms that compare equal whichever library made it: bytes as hex, dates as text, pairs of dictionaries
 * in their order, and a bigint as the number of which it is the exact value.
 */
export function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (value instanceof Date) return { date: value.toISOString() };
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  return { dict: Object.entries(value).map(([key, member]) => [key, comparable(member)]) };
}
