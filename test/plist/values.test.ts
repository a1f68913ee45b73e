import { describe, expect, it } from 'vitest';
import { isDict, parsePlist, type PlistValue } from '../../src/apple/plist/index.js';

const read = (inner: string): PlistValue => parsePlist(Buffer.from(`<plist version="1.0">${inner}</plist>`));

describe('an XML value', () => {
  it.each<[string, PlistValue]>([
    ['<string/>', ''],
    ['<string></string>', ''],
    ['<string > a\n b </string >', ' a\n b '],
    ['<string>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;&#13;</string>', '<>&"\'A😀\r'],
    ['<string>a<![CDATA[<&amp;>]]]]>b</string>', 'a<&amp;>]]b'],
    ['<string><![CDATA[]]></string>', ''],
    ['<string>a<!-- <b> & -->b<?c d?>e</string>', 'abe'],
    ['<string>a\r\nb\rc\n<![CDATA[d\r\ne\r]]>\n</string>', 'a\nb\nc\nd\ne\n\n'],
    ['<string>né 漢字 😀</string>', 'né 漢字 😀'],
    ['<string>né &amp; &#233;</string>', 'né & é'],
    ['<string>a > b ] ]]</string>', 'a > b ] ]]'],
    ['<string>a\u0085b\u2028c\u2029d</string>', 'a\u0085b\u2028c\u2029d'],
    ['<true/>', true],
    ['<true></true>', true],
    ['<false />', false],
    ['<integer>0</integer>', 0],
    ['<integer>-0</integer>', 0],
    ['<integer> \n+42\t</integer>', 42],
    ['<integer>007</integer>', 7],
    ['<integer>1<!-- -->2</integer>', 12],
    ['<integer>0x1F</integer>', 31],
    ['<integer>-0XfF</integer>', -255],
    ['<integer>999999999999999</integer>', 999_999_999_999_999],
    ['<integer>9007199254740991</integer>', Number.MAX_SAFE_INTEGER],
    ['<integer>9007199254740992</integer>', 9_007_199_254_740_992n],
    ['<integer>-9007199254740993</integer>', -9_007_199_254_740_993n],
    ['<integer>9223372036854775807</integer>', 2n ** 63n - 1n],
    ['<integer>-9223372036854775808</integer>', -(2n ** 63n)],
    ['<integer>18446744073709551615</integer>', 2n ** 64n - 1n],
    ['<integer>0xFFFFFFFFFFFFFFFF</integer>', 2n ** 64n - 1n],
    ['<real>1.5</real>', 1.5],
    ['<real>-1.</real>', -1],
    ['<real>.5e+1</real>', 5],
    ['<real> 12 </real>', 12],
    ['<real>nan</real>', NaN],
    ['<real>NaN</real>', NaN],
    ['<real>+infinity</real>', Infinity],
    ['<real>inf</real>', Infinity],
    ['<real>-Infinity</real>', -Infinity],
    ['<date>2024-02-29T23:59:59Z</date>', new Date('2024-02-29T23:59:59Z')],
    ['<date>0001-01-01T00:00:00Z</date>', new Date('0001-01-01T00:00:00Z')],
    ['<data/>', Buffer.alloc(0)],
    ['<data> \n </data>', Buffer.alloc(0)],
    ['<data>\n\tAQ ID\r\n BA==\n</data>', Buffer.from([1, 2, 3, 4])],
    ['<data>AQI=</data>', Buffer.from([1, 2])],
    ['<data>+/+/</data>', Buffer.from('+/+/', 'base64')],
    ['<data>AQ<!-- -->I&#61;</data>', Buffer.from([1, 2])],
    ['<array/>', []],
    ['<array><!-- --> <array/><?a?></array>', [[]]],
    ['<dict/>', {}],
    ['<dict><key/><string/></dict>', { '': '' }],
    ['<dict><key>a&amp;b</key><true/><key><![CDATA[c]]></key><dict/></dict>', { 'a&b': true, c: {} }],
    ['<dict><key>é</key><array><dict><key>a</key><true/></dict></array></dict>', { é: [{ a: true }] }],
  ])('%s', (inner, expected) => {
    expect(read(inner)).toEqual(expected);
  });

  it('is a Buffer when it is data, whatever the kind of bytes it was read from', () => {
    const bytes = new Uint8Array(Buffer.from('xx<plist><data>AQID</data></plist>')).subarray(2);
    const value = parsePlist(bytes);
    expect(Buffer.isBuffer(value)).toBe(true);
    expect(value).toEqual(Buffer.from([1, 2, 3]));
  });

  it('makes a dictionary without a prototype, in which __proto__ is a key', () => {
    const value = read('<dict><key>__proto__</key><dict><key>isAdmin</key><true/></dict></dict>');
    if (!isDict(value)) throw new Error('not a dictionary');
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect('isAdmin' in value).toBe(false);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  it('keeps keys apart that share a slot of the cache', () => {
    const keys = Array.from({ length: 5000 }, (_, i) => `Key${i}`);
    const document = `<dict>${keys.map((key) => `<key>${key}</key><string>${key}</string>`).join('')}</dict>`;
    const value = read(document);
    expect(Object.entries(value)).toEqual(keys.map((key) => [key, key]));
  });
});

describe('what stands around the value', () => {
  it.each([
    '<plist><true/></plist>',
    '\uFEFF<plist><true/></plist>\n',
    ' \n<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><true/></plist>',
    "<?xml version='1.0' encoding='utf-8' standalone='yes' ?><plist version='1.0' ><true/></plist >",
    '<?xml version="1.0"?><!-- a --><?b c?><!DOCTYPE plist SYSTEM "x[]>"><plist><true/></plist><!-- - --> <?d?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n' +
      '<plist xmlns:a="b" version="1.0">\n<true/>\n</plist>',
  ])('%s', (document) => {
    expect(parsePlist(Buffer.from(document))).toBe(true);
  });

  it('may be UTF-16 with a byte order mark', () => {
    const document = '\uFEFF<?xml version="1.0" encoding="UTF-16"?><plist><string>é😀</string></plist>';
    expect(parsePlist(Buffer.from(document, 'utf16le'))).toBe('é😀');
    expect(parsePlist(Buffer.from(document, 'utf16le').swap16())).toBe('é😀');
  });
});

describe('isDict', () => {
  it.each([[{}], [Object.create(null)], [read('<dict/>')]])('takes %o', (value) => {
    expect(isDict(value)).toBe(true);
  });

  it.each([[[]], [null], [undefined], ['a'], [1], [new Date()], [Buffer.alloc(1)], [new Map()]])(
    'refuses %o',
    (value) => {
      expect(isDict(value)).toBe(false);
    },
  );
});
