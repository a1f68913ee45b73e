import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPlist, buildPlistFragment, parsePlist, type PlistInput } from '../../src/apple/plist/index.js';
import { thrownBy } from './refusal.js';
import { comparable, date, real, trees, xmlText } from './trees.js';

const leaf = fc.oneof(
  xmlText,
  fc.maxSafeInteger(),
  real,
  fc.constantFrom(NaN, Infinity, -Infinity),
  fc.boolean(),
  date,
  fc.uint8Array({ maxLength: 80 }),
);
describe('what is written', () => {
  it('is a document with the document type of Apple', () => {
    expect(buildPlist({ a: [1, 'b'], c: {} }).toString()).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>a</key>
	<array>
		<integer>1</integer>
		<string>b</string>
	</array>
	<key>c</key>
	<dict/>
</dict>
</plist>
`,
    );
  });

  it('is read back as it was', () => {
    fc.assert(
      fc.property(trees(leaf, xmlText), (value) => {
        expect(comparable(parsePlist(buildPlist(value)))).toEqual(comparable(value));
      }),
      { numRuns: 500 },
    );
  });

  it('is read back whatever the text, without the characters that XML cannot hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
        const value = parsePlist(buildPlist(`${before}\u0000\u001b\uFFFE\uD800${after}`));
        expect(value).toBe(parsePlist(buildPlist(before + after)));
      }),
    );
    expect(parsePlist(buildPlist('a\u0000b\uD83Dc\uDE00d\uFFFFe\u{1F600}\u007F'))).toBe(
      'abcde\u{1F600}\u007F',
    );
  });

  it.each<[PlistInput, string]>([
    ['', '<string></string>'],
    ['<a> & "b"', '<string>&lt;a&gt; &amp; "b"</string>'],
    ['</string><key>x</key>', '<string>&lt;/string&gt;&lt;key&gt;x&lt;/key&gt;</string>'],
    [']]>', '<string>]]&gt;</string>'],
    ['a\r\n', '<string>a&#13;\n</string>'],
    [true, '<true/>'],
    [false, '<false/>'],
    [0, '<integer>0</integer>'],
    [-0, '<integer>0</integer>'],
    [-12, '<integer>-12</integer>'],
    [2 ** 63, '<integer>9223372036854775808</integer>'],
    [2 ** 64, '<real>18446744073709552000</real>'],
    [1e300, '<real>1e+300</real>'],
    [0.1, '<real>0.1</real>'],
    [NaN, '<real>nan</real>'],
    [Infinity, '<real>+infinity</real>'],
    [-Infinity, '<real>-infinity</real>'],
    [2n ** 64n - 1n, '<integer>18446744073709551615</integer>'],
    [-(2n ** 63n), '<integer>-9223372036854775808</integer>'],
    [new Date('2024-02-29T12:34:56.789Z'), '<date>2024-02-29T12:34:56Z</date>'],
    [new Uint8Array([1, 2, 3, 4]).subarray(1), '<data>AgME</data>'],
    [Buffer.alloc(0), '<data></data>'],
    [[], '<array/>'],
    [{ a: undefined }, '<dict/>'],
    [{ a: undefined, b: true }, '<dict>\n\t<key>b</key>\n\t<true/>\n</dict>'],
    [
      { '<': { '': 1 } },
      '<dict>\n\t<key>&lt;</key>\n\t<dict>\n\t\t<key></key>\n\t\t<integer>1</integer>\n\t</dict>\n</dict>',
    ],
  ])('%o', (value, expected) => {
    expect(buildPlistFragment(value)).toBe(expected);
  });

  it('keeps __proto__ as a key', () => {
    const value = parsePlist(Buffer.from('<plist><dict><key>__proto__</key><true/></dict></plist>'));
    expect(parsePlist(buildPlist(value))).toEqual(value);
    expect(buildPlistFragment(value)).toContain('<key>__proto__</key>');
  });
});

describe('what cannot be written is refused:', () => {
  const itself: Record<string, PlistInput> = {};
  itself['a'] = [itself];
  it.each<[string, unknown, string]>([
    ['null', null, 'unsupported'],
    ['undefined', undefined, 'unsupported'],
    ['undefined in an array', [undefined], 'unsupported'],
    ['a function', { a: () => 1 }, 'unsupported'],
    ['a symbol', Symbol('a'), 'unsupported'],
    ['an instance of a class', new Map(), 'unsupported'],
    ['an integer past 64 bits', 2n ** 64n, 'unsupported'],
    ['an integer past 64 bits below zero', -(2n ** 63n) - 1n, 'unsupported'],
    ['a date that is none', new Date(NaN), 'unsupported'],
    ['a date after the year 9999', new Date('+010000-01-01T00:00:00Z'), 'unsupported'],
    ['a date before the year 0', new Date('-000001-01-01T00:00:00Z'), 'unsupported'],
    ['a key with a control character', { 'a\u0000': 1 }, 'unsupported'],
    ['a key with half a character', { '\uD800': 1 }, 'unsupported'],
    ['a value within itself', itself, 'too-deep'],
  ])('%s', (_name, value, code) => {
    expect(thrownBy(() => buildPlist(value as PlistInput))).toMatchObject({ name: 'PlistError', code });
  });
});
