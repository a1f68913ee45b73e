import * as fc from 'fast-check';
import { buildBinary, type PlistValue as TheirValue } from 'plist';
import { describe, expect, it } from 'vitest';
import {
  isDict,
  parsePlist,
  type PlistErrorCode,
  type PlistLimits,
  type PlistValue,
} from '../../src/apple/plist/index.js';
import {
  ascii,
  assemble,
  counted,
  double,
  refs,
  trailer,
  unsigned,
  utf16,
  writeBinary,
} from './binary-writer.js';
import { refusal } from './refusal.js';
import { comparable, date, real, trees } from './trees.js';

const bytes = (...values: number[]): Buffer => Buffer.from(values);
const TRUE = bytes(0x09);

describe('a binary object', () => {
  it.each<[string, Buffer, PlistValue]>([
    ['false', bytes(0x08), false],
    ['true', TRUE, true],
    ['an integer of 1 byte', bytes(0x10, 0xff), 255],
    ['an integer of 2 bytes', bytes(0x11, 0xff, 0xfe), 65_534],
    ['an integer of 4 bytes', bytes(0x12, 0xff, 0xff, 0xff, 0xff), 4_294_967_295],
    [
      'an integer of 8 bytes',
      bytes(0x13, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
      Number.MAX_SAFE_INTEGER,
    ],
    ['an integer below zero', bytes(0x13, ...Buffer.alloc(8, 0xff)), -1],
    ['the least integer', bytes(0x13, 0x80, ...Buffer.alloc(7)), -(2n ** 63n)],
    ['an integer of 16 bytes', bytes(0x14, ...Buffer.alloc(8), ...Buffer.alloc(8, 0xff)), 2n ** 64n - 1n],
    ['an integer of 16 bytes below zero', bytes(0x14, ...Buffer.alloc(16, 0xff)), -1],
    ['a real of 4 bytes', bytes(0x22, 0x3f, 0xc0, 0, 0), 1.5],
    ['a real of 8 bytes', double(0x23, -0.1), -0.1],
    ['a real that is no number', double(0x23, NaN), NaN],
    ['a date', double(0x33, 0), new Date('2001-01-01T00:00:00Z')],
    ['a date with a fraction', double(0x33, -0.5), new Date('2000-12-31T23:59:59.500Z')],
    ['data', bytes(0x43, 1, 2, 3), Buffer.from([1, 2, 3])],
    ['no data', bytes(0x40), Buffer.alloc(0)],
    ['long data', counted(0x4, 300, Buffer.alloc(300, 7)), Buffer.alloc(300, 7)],
    ['ASCII', ascii('abc'), 'abc'],
    ['long ASCII', ascii('x'.repeat(70_000)), 'x'.repeat(70_000)],
    ['UTF-16', utf16('né😀'), 'né😀'],
    ['a UID of 1 byte', bytes(0x80, 7), 7],
    ['a UID of 4 bytes', bytes(0x83, 0, 1, 0, 0), 65_536],
    ['no array', bytes(0xa0), []],
    ['no dictionary', bytes(0xd0), {}],
  ])('%s', (_name, object, expected) => {
    expect(parsePlist(assemble([object]))).toEqual(expected);
  });

  it.each([0xa, 0xb, 0xc])('of kind %i is an array', (kind) => {
    expect(parsePlist(assemble([refs(kind, [1, 2, 1]), TRUE, ascii('a')]))).toEqual([true, 'a', true]);
  });

  it.each([1, 2, 3, 8])('may be referred to in %i bytes', (size) => {
    const document = assemble([refs(0xd, [1, 2, 2, 1], size), ascii('a'), ascii('b')], {
      refSize: size,
      offsetSize: size,
    });
    expect(parsePlist(document)).toEqual({ a: 'b', b: 'a' });
  });

  it('may be the key __proto__', () => {
    const value = parsePlist(assemble([refs(0xd, [1, 2]), ascii('__proto__'), bytes(0xd0)]));
    if (!isDict(value)) throw new Error('not a dictionary');
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.keys(value)).toEqual(['__proto__']);
  });

  it('that is shared appears in each place, containers as copies', () => {
    const value = parsePlist(assemble([refs(0xa, [1, 1]), refs(0xa, [2]), TRUE]));
    if (!Array.isArray(value)) throw new Error('not an array');
    expect(value).toEqual([[true], [true]]);
    expect(value[0]).not.toBe(value[1]);
  });

  it('does not share memory with the document', () => {
    const document = assemble([bytes(0x43, 1, 2, 3)]);
    const value = parsePlist(document);
    document.fill(0);
    expect(value).toEqual(Buffer.from([1, 2, 3]));
  });
});

describe('random binary trees are read', () => {
  const text = fc.string({ unit: 'binary' });
  const leaf = fc.oneof(text, real, fc.boolean(), date, fc.uint8Array({ maxLength: 80 }));

  it('as they were written by this test', () => {
    const integer = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n });
    fc.assert(
      fc.property(
        trees(fc.oneof(leaf, integer, fc.maxSafeInteger()), text),
        fc.integer({ min: 2, max: 8 }),
        (value, size) => {
          expect(comparable(parsePlist(writeBinary(value, size)))).toEqual(comparable(value));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('as they were written by the plist package', () => {
    // It cannot write integers below -2^31 or from 2^32, and takes a dictionary of the one key UID for a UID.
    const theirs = fc.oneof(leaf, fc.integer());
    fc.assert(
      fc.property(
        trees(
          theirs,
          text.filter((key) => key !== '__proto__' && key !== 'UID'),
        ),
        (value) => {
          expect(comparable(parsePlist(buildBinary(value as TheirValue)))).toEqual(comparable(value));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a malformed binary property list is refused:', () => {
  const good = assemble([refs(0xd, [1, 2]), ascii('a'), ascii('b')]);
  const withTrailer = (fields: Partial<Parameters<typeof trailer>[0]>): Buffer =>
    Buffer.concat([
      good.subarray(0, -32),
      trailer({ offsetSize: 4, refSize: 1, count: 3, top: 0, tableStart: good.length - 44, ...fields }),
    ]);

  it('but what these tests are made from is not', () => {
    expect(parsePlist(withTrailer({}))).toEqual({ a: 'b' });
  });

  it.each<[string, Buffer, PlistErrorCode?, Partial<PlistLimits>?]>([
    ['only the magic', Buffer.from('bplist00')],
    ['only magic and trailer', Buffer.concat([Buffer.from('bplist00'), good.subarray(-32)])],
    ['trailing bytes', Buffer.concat([good, Buffer.alloc(1)])],
    ['no size of offsets', withTrailer({ offsetSize: 0 })],
    ['a size of offsets past 8', withTrailer({ offsetSize: 9 })],
    ['no size of references', withTrailer({ refSize: 0 })],
    ['a size of references past 8', withTrailer({ refSize: 16 })],
    ['no objects', withTrailer({ count: 0 })],
    ['fewer objects than offsets', withTrailer({ count: 2 })],
    ['more objects than offsets', withTrailer({ count: 4 })],
    ['a great many objects', withTrailer({ count: 2 ** 50 })],
    ['a top that does not exist', withTrailer({ top: 3 })],
    ['a table before the objects', withTrailer({ tableStart: 8 })],
    ['a table past the end', withTrailer({ tableStart: good.length })],
    ['a table at 2^53', withTrailer({ tableStart: 2 ** 53 })],
    ['an offset into the magic', assemble([TRUE], {}).fill(0, 9, 13)],
    [
      'an offset into the table',
      Buffer.concat([assemble([TRUE]).subarray(0, 9), unsigned(9, 4), assemble([TRUE]).subarray(-32)]),
    ],
    ['a reference to no object', assemble([refs(0xa, [1])])],
    ['a key reference to no object', assemble([refs(0xd, [9, 0])])],
    ['null', bytes(0x00), 'unsupported'],
    ['a URL', bytes(0x0c), 'unsupported'],
    ['a fill byte', bytes(0x0f)],
    ['an unknown kind', bytes(0x90)],
    ['an integer of 32 bytes', bytes(0x15, ...Buffer.alloc(32))],
    ['an integer past 64 bits', bytes(0x14, 0, 0, 0, 0, 0, 0, 0, 1, ...Buffer.alloc(8))],
    ['an integer cut off', bytes(0x13, 0, 0)],
    ['a real of 2 bytes', bytes(0x21, 0, 0)],
    ['a real cut off', bytes(0x23, 0)],
    ['a date of 4 bytes', bytes(0x32, 0, 0, 0, 0)],
    ['a date that is no number', double(0x33, NaN)],
    ['a date past the last one', double(0x33, 1e15)],
    ['data cut off', bytes(0x44, 1)],
    ['a string cut off', bytes(0x52, 0x61)],
    ['UTF-16 cut off', bytes(0x62, 0, 0x61)],
    ['a string that is not ASCII', bytes(0x51, 0xe9)],
    ['half a UTF-16 character', bytes(0x61, 0xd8, 0)],
    ['a count that is no integer', bytes(0x5f, 0x51, 1, 0x61)],
    ['a count of 16 bytes', bytes(0x5f, 0x14, ...Buffer.alloc(16))],
    ['a count below zero', bytes(0x5f, 0x13, ...Buffer.alloc(8, 0xff))],
    ['a count past the end', bytes(0x5f, 0x12, 0xff, 0xff, 0xff, 0xff)],
    ['a count without its integer', bytes(0x5f)],
    ['a count cut off', bytes(0x5f, 0x13, 0)],
    ['references cut off', bytes(0xa3, 0)],
    ['a great many references', bytes(0xaf, 0x13, 0, 0x0f, ...Buffer.alloc(6, 0xff))],
    ['a UID of 16 bytes', bytes(0x8f, ...Buffer.alloc(16))],
    ['a UID past 2^53', bytes(0x87, ...Buffer.alloc(8, 0xff))],
    ['a key that is no string', assemble([refs(0xd, [1, 1]), TRUE])],
    ['a key that is a container', assemble([refs(0xd, [1, 1]), bytes(0xa0)])],
    ['the same key twice', assemble([refs(0xd, [1, 2, 1, 1]), ascii('a'), ascii('a')])],
    ['an array within itself', assemble([refs(0xa, [0])])],
    ['a dictionary within itself', assemble([refs(0xd, [1, 2]), ascii('a'), refs(0xa, [0])])],
    ['depth', deep(65), 'too-deep'],
    ['20,000 levels', deep(20_000), 'too-deep'],
    ['nodes', assemble([refs(0xa, [1, 1, 1]), TRUE]), 'too-many-nodes', { maxNodes: 3 }],
    ['a bomb of shared references', bomb(40), 'too-many-nodes'],
    [
      'a bomb of a shared string',
      assemble([
        refs(
          0xa,
          Array.from({ length: 30_000 }, () => 1),
        ),
        ascii('x'.repeat(1000)),
      ]),
      'too-many-nodes',
      { maxNodes: 20_000 },
    ],
  ])('%s', async (_name, object, code = 'malformed', limits = {}) => {
    const document = object.subarray(0, 8).toString() === 'bplist00' ? object : assemble([object]);
    expect(await refusal(document, limits)).toMatchObject({ code });
  });

  it('whatever byte of it is changed, or else it is read', () => {
    const document = writeBinary(
      { a: [1, 'é', new Date(0), 1.5, Buffer.alloc(20)], b: { c: true, d: 2n ** 63n } },
      1,
    );
    for (let at = 8; at < document.length; at += 1) {
      for (const change of [0x01, 0x0f, 0x10, 0x80, 0xff]) {
        const changed = Buffer.from(document);
        changed[at] = (changed[at] ?? 0) ^ change;
        expect(outcome(changed)).toMatch(/^(read|PlistError)$/);
      }
    }
  });
});

function outcome(document: Buffer): string {
  try {
    parsePlist(document, { maxNodes: 10_000 });
    return 'read';
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown';
  }
}

function deep(depth: number): Buffer {
  const objects = Array.from({ length: depth }, (_, i) => refs(0xa, i + 1 < depth ? [i + 1] : [], 2));
  return assemble(objects, { refSize: 2 });
}

/** Each array holds the next one ten times. */
function bomb(levels: number): Buffer {
  const objects = Array.from({ length: levels }, (_, i) =>
    refs(
      0xa,
      Array.from({ length: 10 }, () => i + 1),
    ),
  );
  return assemble([...objects, TRUE]);
}
