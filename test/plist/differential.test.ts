import * as fc from 'fast-check';
import { build, parse, type PlistValue as TheirValue } from 'plist';
import { describe, expect, it } from 'vitest';
import { buildPlist, parsePlist } from '../../src/apple/plist/index.js';
import { comparable, date, real, trees, xmlText } from './trees.js';

/**
 * What the other library gets wrong is left out here and tested on its own elsewhere: integers past 2^53 (it rounds
 * them), integral reals past 2^53 (it writes `<integer>1e+21</integer>`), infinities and NaN (it reads `+infinity` as
 * NaN), the key `__proto__` (it throws), and U+0085, U+2028 and U+2029 (its XML parser turns them into line feeds, which
 * XML 1.0 does not).
 */
const text = xmlText.map((value) => value.replace(/[\u0085\u2028\u2029]/g, ''));
const leaf = fc.oneof(
  text,
  fc.maxSafeInteger(),
  real.filter((value) => !Number.isInteger(value) || Number.isSafeInteger(value)),
  fc.boolean(),
  date,
  fc.uint8Array({ maxLength: 80 }),
);
const tree = trees(
  leaf,
  text.filter((key) => key !== '__proto__'),
);

describe('beside the plist package', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(tree, fc.boolean(), (value, pretty) => {
        const document = Buffer.from(build(value as TheirValue, { pretty }));
        expect(comparable(parsePlist(document))).toEqual(comparable(value));
      }),
      { numRuns: 300 },
    );
  });

  it('writes what it reads', () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(comparable(parse(buildPlist(value).toString()))).toEqual(comparable(value));
      }),
      { numRuns: 300 },
    );
  });
});
