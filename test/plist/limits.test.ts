import { describe, expect, it } from 'vitest';
import {
  DEFAULT_LIMITS,
  parsePlist,
  type PlistErrorCode,
  type PlistLimits,
} from '../../src/apple/plist/index.js';
import { refusal } from './refusal.js';

const inPlist = (inner: string): Buffer => Buffer.from(`<plist>${inner}</plist>`);
const nested = (depth: number): Buffer => inPlist('<array>'.repeat(depth) + '</array>'.repeat(depth));
const nestedDicts = (depth: number): Buffer =>
  inPlist('<dict><key>a</key>'.repeat(depth) + '<true/>' + '</dict>'.repeat(depth));
const many = (count: number): Buffer => inPlist(`<array>${'<true/>'.repeat(count - 1)}</array>`);

describe('limits', () => {
  it.each<[string, Buffer, Partial<PlistLimits>]>([
    ['bytes', inPlist('<true/>'), { maxBytes: 22 }],
    ['depth', nested(64), {}],
    ['depth of dictionaries', nestedDicts(64), {}],
    ['a scalar at depth 0', inPlist('<true/>'), { maxDepth: 0 }],
    [
      'many containers beside each other',
      inPlist(`<array>${'<dict/>'.repeat(500)}</array>`),
      { maxDepth: 2 },
    ],
    ['nodes', many(10), { maxNodes: 10 }],
  ])('are reached: %s', (_name, document, limits) => {
    expect(() => parsePlist(document, limits)).not.toThrow();
  });

  it.each<[string, Buffer, Partial<PlistLimits>, PlistErrorCode]>([
    ['bytes', inPlist('<true/>'), { maxBytes: 21 }, 'too-large'],
    ['bytes by default', Buffer.alloc(DEFAULT_LIMITS.maxBytes + 1, 0x20), {}, 'too-large'],
    ['depth', nested(65), {}, 'too-deep'],
    ['depth of dictionaries', nestedDicts(65), {}, 'too-deep'],
    ['depth, given as undefined', nested(65), { maxDepth: undefined }, 'too-deep'],
    ['20,000 levels', nested(20_000), {}, 'too-deep'],
    ['nodes', many(11), { maxNodes: 10 }, 'too-many-nodes'],
    ['nodes by default', many(DEFAULT_LIMITS.maxNodes + 1), {}, 'too-many-nodes'],
    [
      'values of a dictionary',
      inPlist('<dict><key>a</key><true/><key>b</key><true/></dict>'),
      { maxNodes: 2 },
      'too-many-nodes',
    ],
  ])('are passed: %s', async (_name, document, limits, code) => {
    expect((await refusal(document, limits)).code).toBe(code);
  });

  it('bear 20,000 levels when they are set so', () => {
    let value: unknown = parsePlist(nested(20_000), { maxDepth: 20_000 });
    let depth = 0;
    for (; Array.isArray(value); depth += 1) value = value[0];
    expect(depth).toBe(20_000);
  });
});
