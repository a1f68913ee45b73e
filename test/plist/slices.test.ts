import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildPlist,
  parsePlist,
  parsePlistInSlices,
  PlistError,
  type PlistInput,
} from '../../src/apple/plist/index.js';
import { writeBinary } from './binary-writer.js';
import { refusal } from './refusal.js';
import { date, trees, xmlText } from './trees.js';

const STEP = 32 * 1024;
const application = (i: number): PlistInput => ({
  Identifier: `com.example.application${i}`,
  Name: `Exämple & application ${i}`,
  BundleSize: 4096 * i,
  IsValidated: i % 2 === 0,
  Icon: Buffer.alloc(i % 200, i),
  Installed: new Date(i * 1e6),
});
const list = { InstalledApplicationList: Array.from({ length: 3000 }, (_, i) => application(i)) };

/** What reading a document leads to, error or value, in the given way. */
async function outcome(read: () => unknown): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    return error;
  }
}

describe('reading in slices', () => {
  it.each([
    ['XML', buildPlist(list)],
    ['binary', writeBinary(list, 3)],
  ])('gives what reading at once gives: %s', async (_name, document) => {
    expect(await parsePlistInSlices(document, {}, 0)).toEqual(parsePlist(document));
    expect(await parsePlistInSlices(document)).toEqual(parsePlist(document));
  });

  it('gives what reading at once gives, for random trees and random damage', async () => {
    const leaf = fc.oneof(xmlText, fc.maxSafeInteger(), fc.boolean(), date, fc.uint8Array());
    const padding = 'x'.repeat(3 * STEP);
    const property = fc.asyncProperty(
      trees(leaf, xmlText),
      fc.nat(),
      fc.nat({ max: 255 }),
      async (tree, at, byte) => {
        const document = buildPlist([padding, tree, padding]);
        const damaged = Buffer.from(document);
        damaged[at % damaged.length] = byte;
        for (const bytes of [document, damaged]) {
          const expected = await outcome(() => parsePlist(bytes));
          expect(await outcome(() => parsePlistInSlices(bytes, {}, 0))).toEqual(expected);
        }
        expect(parsePlist(document)).toHaveLength(3);
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it.each([
    '&amp;',
    '\r\n',
    '<![CDATA[<]]>',
    '<!-- - -->',
    '<?a?>',
    'é',
    '😀',
    '>',
    ']]&gt;',
    '<![CDATA[\r\n]]>',
    '</string><string>',
  ])('is not confused when a step ends within %j', async (piece) => {
    const head = '<plist><array><string>';
    for (let before = STEP - head.length - piece.length - 2; before <= STEP - head.length + 2; before += 1) {
      const text = 'x'.repeat(before) + piece + 'y'.repeat(STEP);
      const document = Buffer.from(`${head}${text}</string></array></plist>`);
      const expected = parsePlist(Buffer.from(`${head}${piece}</string></array></plist>`)) as string[];
      const parts = [...expected];
      parts[0] = 'x'.repeat(before) + (parts[0] ?? '');
      parts[parts.length - 1] = (parts.at(-1) ?? '') + 'y'.repeat(STEP);
      expect(await parsePlistInSlices(document, {}, 0)).toEqual(parts);
    }
  });

  it('refuses damage after the first slice, at the same byte', async () => {
    const document = buildPlist(list);
    const damaged = document.lastIndexOf('</array>') - 1;
    document[damaged] = 0;
    expect((await refusal(document)).offset).toBe(damaged);
  });

  it('rejects, and does not throw, when the first bytes are refused', async () => {
    await expect(parsePlistInSlices(Buffer.from('x'))).rejects.toBeInstanceOf(PlistError);
  });

  it('takes turns: other work runs between slices, and documents read together all end', async () => {
    const document = buildPlist(list);
    let turns = 0;
    let reading = true;
    const count = (): void => {
      turns += 1;
      if (reading) setImmediate(count);
    };
    setImmediate(count);
    const values = await Promise.all(Array.from({ length: 4 }, () => parsePlistInSlices(document, {}, 0)));
    reading = false;
    // Each document has more than 30 steps, every one in a turn of its own.
    expect(document.length).toBeGreaterThan(30 * STEP);
    expect(turns).toBeGreaterThan(4 * 30);
    for (const value of values) expect(value).toEqual(parsePlist(document));
  });
});
