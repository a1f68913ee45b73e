import { describe, expect, it } from 'vitest';
import { parsePlist, PlistError, type PlistErrorCode } from '../../src/apple/plist/index.js';
import { refusal } from './refusal.js';

/** name, document, byte offset where that is telling, code when it is not `malformed` */
type Refused = readonly [name: string, document: string | Buffer, offset?: number, code?: PlistErrorCode];

const inPlist = (inner: string): string => `<plist>${inner}</plist>`;
const doctype = (inner: string): string => `<!DOCTYPE plist ${inner}><plist><true/></plist>`;

const structure: readonly Refused[] = [
  ['nothing', '', 0],
  ['only white space', ' \n', 2],
  ['only text', 'hello', 0],
  ['a bare dictionary', '<dict/>', 0],
  ['an empty plist', '<plist/>', 0],
  ['a plist without a value', inPlist(' '), 8],
  ['two values', inPlist('<true/><true/>'), 14],
  ['a plist within a plist', inPlist(inPlist('<true/>')), 7],
  ['two plists', inPlist('<true/>') + inPlist('<true/>'), 22],
  ['trailing text', `${inPlist('<true/>')}x`, 22],
  ['a trailing NUL', `${inPlist('<true/>')}\0`, 22],
  ['a trailing end tag', `${inPlist('<true/>')}</plist>`, 22],
  ['an unknown element', inPlist('<null/>'), 7],
  ['an element with a known beginning', inPlist('<strings/>'), 14],
  ['an element in capitals', inPlist('<TRUE/>'), 7],
  ['an element with a prefix', inPlist('<a:true/>'), 7],
  ['an attribute on a value', inPlist('<string a="b"/>')],
  ['an attribute without a value', '<plist version><true/></plist>'],
  ['an attribute without quotes', '<plist version=1.0><true/></plist>'],
  ['an attribute with a tag in it', '<plist version="<"><true/></plist>'],
  ['space before the name', inPlist('< true/>'), 7],
  ['space within the empty tag', inPlist('<true/ >')],
  ['an end tag that is empty', inPlist('<string></string/>'), 15],
  ['an end tag with an attribute', '<plist><true/></plist a="b">'],
  ['a mismatched end tag', inPlist('<array></dict>'), 14],
  ['a leaf closed as another', inPlist('<string>a</integer>'), 16],
  ['a leaf closed as its container', inPlist('<array><string>a</array>'), 23],
  ['an end tag before its start', inPlist('</dict>'), 7],
  ['an end tag of a leaf that is not open', inPlist('</true>'), 7],
  ['the end of the plist within an array', '<plist><array></plist>', 14],
  ['an array that is not closed', '<plist><array>', 14],
  ['text in an array', inPlist('<array>a</array>'), 14],
  ['text in a dictionary', inPlist('<dict>a</dict>'), 13],
  ['a section in an array', inPlist('<array><![CDATA[ ]]></array>'), 14],
  ['a reference in an array', inPlist('<array>&#32;</array>'), 14],
  ['an element in a string', inPlist('<string>a<true/></string>'), 16],
];

const dictionaries: readonly Refused[] = [
  ['a key without a value', inPlist('<dict><key>a</key></dict>'), 25],
  ['two keys in a row', inPlist('<dict><key>a</key><key>b</key></dict>'), 25],
  ['a value without a key', inPlist('<dict><true/></dict>'), 13],
  ['a second value', inPlist('<dict><key>a</key><true/><true/></dict>'), 32],
  ['a key outside a dictionary', inPlist('<array><key>a</key></array>'), 14],
  ['a key as the document', inPlist('<key>a</key>'), 7],
  ['the same key twice', inPlist('<dict><key>a</key><true/><key>a</key><true/></dict>'), 32],
  ['__proto__ twice', inPlist('<dict><key>__proto__</key><dict/><key>__proto__</key><dict/></dict>'), 40],
  [
    'the same key written in two ways',
    inPlist('<dict><key>a</key><true/><key>&#97;</key><true/></dict>'),
    32,
  ],
];

const scalars: readonly Refused[] = (
  [
    [
      'integer',
      ['', ' ', '1.5', '1e3', 'x', '0x', '0xg', '--1', '+-1', '1 2', '1_000', '١', '18446744073709551616'],
    ],
    ['integer', ['-9223372036854775809', '0x10000000000000000', '-0x8000000000000001', '1'.repeat(2000)]],
    ['real', ['', 'x', '1,5', '.', '1e', '0x1p3', 'nano', '1 2', 'infinite', '1f']],
    [
      'date',
      ['', '2024-01-01', '2024-01-01T00:00:00', '2024-01-01T00:00:00.5Z', '2024-01-01T00:00:00+00:00'],
    ],
    [
      'date',
      ['2024-02-30T00:00:00Z', '2023-02-29T00:00:00Z', '2024-13-01T00:00:00Z', '2024-01-01T24:00:00Z'],
    ],
    ['date', ['2024-01-01T00:60:00Z', '2024-01-01T00:00:60Z', '24-01-01T00:00:00Z', '2024-00-01T00:00:00Z']],
    ['date', [' 2024-01-01T00:00:00Z', '2024-01-01t00:00:00z', '12024-01-01T00:00:00Z', 'now']],
    [
      'data',
      [
        'A',
        'AA',
        'AAA',
        'AAAAA',
        'AA=',
        'A===',
        'AA=A',
        'AA==AAAA',
        '====',
        '=',
        'AAAA=',
        'A*AA',
        'AA-_',
        'é',
      ],
    ],
    ['data', ['AB==', 'AAB=']],
    ['true', ['x', ' ', '<![CDATA[x]]>']],
    ['false', ['true']],
  ] as const
).flatMap(([name, texts]) =>
  texts.map((text): Refused => [`${name} of ${text.slice(0, 30)}`, inPlist(`<${name}>${text}</${name}>`), 7]),
);

const empty: readonly Refused[] = ['integer', 'real', 'date'].map((name) => [
  `an empty ${name}`,
  inPlist(`<${name}/>`),
  7,
]);

const characters: readonly Refused[] = [
  ['an unknown entity', inPlist('<string>a&nbsp;</string>'), 16],
  ['an ampersand alone', inPlist('<string>a & b</string>'), 17],
  ['an entity without an end', inPlist('<string>&amp</string>'), 15],
  ['an entity in capitals', inPlist('<string>&AMP;</string>'), 15],
  ['an entity named like a property of objects', inPlist('<string>&valueOf;</string>'), 15],
  ['an empty reference', inPlist('<string>&;</string>'), 15],
  ['a number without digits', inPlist('<string>&#;</string>'), 15],
  ['a hexadecimal number without digits', inPlist('<string>&#x;</string>'), 15],
  ['a number in another base', inPlist('<string>&#X41;</string>'), 15],
  ['a reference to NUL', inPlist('<string>&#0;</string>'), 15],
  ['a reference to a control character', inPlist('<string>&#x1F;</string>'), 15],
  ['a reference to a surrogate', inPlist('<string>&#xD800;</string>'), 15],
  ['a reference to U+FFFE', inPlist('<string>&#xFFFE;</string>'), 15],
  ['a reference past Unicode', inPlist('<string>&#x110000;</string>'), 15],
  ['a reference with many digits', inPlist(`<string>&#${'0'.repeat(40)}65;</string>`), 15],
  ['a control character in text', inPlist('<string>a\u0001</string>'), 16],
  ['a control character in a section', inPlist('<string><![CDATA[\u0008]]></string>'), 24],
  ['a control character in a comment', `<!--\u0000-->${inPlist('<true/>')}`, 4],
  ['a control character in an instruction', `<?a \u001b?>${inPlist('<true/>')}`, 4],
  ['a control character between elements', inPlist('\u000b<true/>'), 7],
  ['U+FFFF in text', inPlist('<string>\uFFFF</string>'), 7],
  ['the end of a section without a start', inPlist('<string>]]></string>'), 17],
  ['two hyphens in a comment', inPlist('<!-- a -- b --><true/>'), 14],
  ['a comment that ends in three hyphens', inPlist('<!-- a ---><true/>'), 14],
  ['a comment without an end', inPlist('<!-- <true/>')],
  ['a section without an end', inPlist('<string><![CDATA[a]]</string>')],
  ['an instruction without an end', inPlist('<?a <true/>')],
  ['a broken UTF-8 character', Buffer.from([...Buffer.from('<plist><string>'), 0xc3, 0x28]), 15],
  ['a UTF-8 surrogate', Buffer.from('<plist><string>\xed\xa0\x80</string></plist>', 'latin1'), 15],
  ['an overlong UTF-8 character', Buffer.from('<plist><string>abc\xc0\x80</string></plist>', 'latin1'), 18],
  ['broken UTF-8 in a comment', Buffer.from('<!--é\xff--><plist><true/></plist>', 'latin1'), 4],
];

const prolog: readonly Refused[] = [
  ['a declaration after a comment', `<!-- --><?xml version="1.0"?>${inPlist('<true/>')}`, 8],
  ['a declaration without a version', `<?xml encoding="UTF-8"?>${inPlist('<true/>')}`, 0],
  ['a declaration of version 2', `<?xml version="2.0"?>${inPlist('<true/>')}`, 0],
  [
    'a foreign encoding',
    `<?xml version="1.0" encoding="ISO-8859-1"?>${inPlist('<true/>')}`,
    0,
    'unsupported',
  ],
  [
    'UTF-8 that says it is UTF-16',
    `<?xml version="1.0" encoding="UTF-16"?>${inPlist('<true/>')}`,
    0,
    'unsupported',
  ],
  ['UTF-16 without a byte order mark', Buffer.from(inPlist('<true/>'), 'utf16le')],
  ['UTF-16 with half a character', Buffer.from(`\uFEFF${inPlist('<true/>')}`, 'utf16le').subarray(0, -1), 0],
  ['a large document in UTF-16', Buffer.alloc(1024 * 1024 + 2, Buffer.from([0xff, 0xfe])), 0, 'unsupported'],
  ['two document types', `<!DOCTYPE plist>${doctype('')}`, 16],
  ['a document type within the document', inPlist('<!DOCTYPE plist><true/>'), 7],
  ['a document type after the document', `${inPlist('<true/>')}<!DOCTYPE plist>`, 22],
  ['a document type of another name', `<!DOCTYPE html>${inPlist('<true/>')}`, 0],
  ['a document type in lower case', `<!doctype plist>${inPlist('<true/>')}`, 0],
  ['a document type that is not closed', '<!DOCTYPE plist', 0],
  ['a public identifier alone', doctype('PUBLIC "a"'), 0],
  ['declarations of its own', doctype('[]'), 0, 'unsupported'],
  ['an external entity', doctype('[<!ENTITY x SYSTEM "file:///etc/passwd">]'), 0, 'unsupported'],
  ['a parameter entity', doctype('SYSTEM "a" [<!ENTITY % x SYSTEM "http://a/"> %x;]'), 0, 'unsupported'],
  ['billion laughs', doctype('[<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]'), 0, 'unsupported'],
  ['binary of another version', 'bplist15 and more', 0, 'unsupported'],
];

describe('a malformed property list is refused:', () => {
  it.each([...structure, ...dictionaries, ...scalars, ...empty, ...characters, ...prolog])(
    '%s',
    async (_name, document, offset, code = 'malformed') => {
      const error = await refusal(Buffer.from(document as string));
      expect(error).toMatchObject(offset === undefined ? { code } : { code, offset });
    },
  );

  it('wherever it is cut off', async () => {
    const document = Buffer.from(
      '\uFEFF<?xml version="1.0"?><!DOCTYPE plist><!-- c --><plist version="1.0"><dict><key>é</key><array>' +
        '<string>&amp;<![CDATA[x]]></string><data>AAAA</data><true/><integer>12</integer></array></dict></plist>',
    );
    expect(parsePlist(document)).toEqual({ é: ['&x', Buffer.alloc(3), true, 12] });
    for (let length = 0; length < document.length; length += 1) {
      const error = await refusal(document.subarray(0, length));
      expect(error.code, `cut at ${length}`).toBe('malformed');
    }
  });

  it('without repeating what it says', async () => {
    const error = await refusal(Buffer.from(inPlist('<string>secret</secret>')));
    expect(error).toBeInstanceOf(PlistError);
    expect(error.message).not.toContain('secret');
    expect(error.message).toContain(String(error.offset));
  });
});
