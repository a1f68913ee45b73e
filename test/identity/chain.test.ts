import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  createAuthority,
  issue,
  issueDeviceIdentity,
  type Issued,
  type IssueOptions,
} from '../../simulator/pki.js';
import { verifySignedData } from '../../src/apple/cms/index.js';
import { IdentityError, verifyChain, type ChainOptions } from '../../src/apple/identity/index.js';

const EC = { keyType: 'ec' } as const;
const DAY = 86_400_000;
const now = new Date();
const day = (days: number): Date => new Date(now.getTime() + days * DAY);

interface Case {
  leaf: Issued;
  others?: Issued[];
  anchors?: Issued[];
  at?: Date;
  options?: Partial<ChainOptions>;
}

const parse = ({ certDer }: Issued): X509Certificate => new X509Certificate(certDer);

/** `trusted`, or the code of the IdentityError. */
function outcome({ leaf, others = [], anchors = [root], at = now, options }: Case): string {
  try {
    const chain = others.map(({ certDer }) => certDer);
    verifyChain(parse(leaf), chain, anchors.map(parse), at, { skewMs: 0, ...options });
    return 'trusted';
  } catch (error) {
    if (error instanceof IdentityError) return error.code;
    throw error;
  }
}

const authority = (under: Issued, commonName: string, o: Partial<IssueOptions> = {}): Issued =>
  issue(under, { ca: true, ...EC, ...o, commonName });
const deviceOf = (under: Issued, o: Partial<IssueOptions> = {}): Issued =>
  issueDeviceIdentity(under, 'Device', { ...EC, ...o });

const root = createAuthority('Root', EC);
const otherRoot = createAuthority('Other root', EC);
const sameNameRoot = createAuthority('Root', EC);
const one = authority(root, 'One');
const two = authority(one, 'Two');
const three = authority(two, 'Three');
const last = authority(root, 'Last', { pathLength: 0 });
const belowLast = authority(last, 'Below last');
const device = deviceOf(root);

describe('chains that are trusted', () => {
  const rows: [string, Case][] = [
    ['straight from the anchor', { leaf: device }],
    ['an RSA identity', { leaf: deviceOf(root, { keyType: 'rsa' }) }],
    ['one intermediate', { leaf: deviceOf(one), others: [one] }],
    ['two, in any order, among others', { leaf: deviceOf(two), others: [otherRoot, two, device, one] }],
    ['the anchor sent along', { leaf: deviceOf(one), others: [root, one] }],
    ['an intermediate as the anchor', { leaf: deviceOf(three), others: [three], anchors: [two] }],
    ['one of several anchors', { leaf: device, anchors: [otherRoot, sameNameRoot, root] }],
    ['no extended key usage', { leaf: deviceOf(root, { extendedKeyUsage: [] }) }],
    [
      'several extended key usages',
      { leaf: deviceOf(root, { extendedKeyUsage: ['serverAuth', 'clientAuth'] }) },
    ],
    ['an authority that allows none below it', { leaf: deviceOf(last), others: [last] }],
  ];

  it.each(rows)('%s', (_name, given) => {
    expect(outcome(given)).toBe('trusted');
  });

  it('passes over what came along and is no certificate', () => {
    const others = [Buffer.from('junk'), Buffer.alloc(0), one.certDer.subarray(1), one.certDer];
    expect(() => verifyChain(parse(deviceOf(one)), others, [parse(root)], now, { skewMs: 0 })).not.toThrow();
  });
});

describe('chains that are refused', () => {
  const key = (bits: number, exponent: number) =>
    generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: exponent }).privateKey;
  const { privateKey: koblitz } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
  const { privateKey: edwards } = generateKeyPairSync('ed25519');
  const weakRoot = createAuthority('Weak', { key: key(1024, 65_537) });
  const notAnAuthority = issue(root, { commonName: 'Not an authority', ca: false, ...EC });
  const plainAnchor = createAuthority('Plain', { ca: false, ...EC });

  const rows: [string, string, Case][] = [
    ['another authority', 'untrusted-chain', { leaf: device, anchors: [otherRoot] }],
    ['another authority of the same name', 'untrusted-chain', { leaf: device, anchors: [sameNameRoot] }],
    ['no anchors', 'untrusted-chain', { leaf: device, anchors: [] }],
    [
      'its authority came along but is not trusted',
      'untrusted-chain',
      {
        leaf: device,
        others: [root],
        anchors: [otherRoot],
      },
    ],
    ['self-signed', 'untrusted-chain', { leaf: createAuthority('Device', { ca: false, ...EC }) }],
    ['an intermediate is missing', 'untrusted-chain', { leaf: deviceOf(two), others: [two] }],
    ['more than four certificates', 'untrusted-chain', { leaf: deviceOf(three), others: [three, two, one] }],
    [
      'an intermediate with CA:FALSE',
      'not-a-ca',
      { leaf: deviceOf(notAnAuthority), others: [notAnAuthority] },
    ],
    ['a device that issues', 'not-a-ca', { leaf: deviceOf(device), others: [device] }],
    ['an anchor with CA:FALSE', 'not-a-ca', { leaf: deviceOf(plainAnchor), anchors: [plainAnchor] }],
    ['deeper than an authority allows', 'not-a-ca', { leaf: deviceOf(belowLast), others: [belowLast, last] }],
    ['an authority as identity', 'wrong-usage', { leaf: one }],
    ['the anchor as identity', 'wrong-usage', { leaf: root }],
    ['for servers only', 'wrong-usage', { leaf: deviceOf(root, { extendedKeyUsage: ['serverAuth'] }) }],
    ['RSA-1024', 'weak-key', { leaf: deviceOf(root, { key: key(1024, 65_537) }) }],
    ['e = 3', 'weak-key', { leaf: deviceOf(root, { key: key(2048, 3) }) }],
    ['an authority with RSA-1024', 'weak-key', { leaf: deviceOf(weakRoot), anchors: [weakRoot] }],
    ['secp256k1', 'weak-key', { leaf: deviceOf(root, { key: koblitz }) }],
    ['Ed25519', 'weak-key', { leaf: deviceOf(root, { key: edwards }) }],
  ];

  it.each(rows)('%s: %s', (_name, code, given) => {
    expect(outcome(given)).toBe(code);
  });

  it('an anchor of version 1, which cannot say that it is an authority', () => {
    const cms = readFileSync(new URL('../cms/fixtures/rsa-v1-certificate.der', import.meta.url));
    const content = readFileSync(new URL('../cms/fixtures/content.plist', import.meta.url));
    const { certificate } = verifySignedData(cms, content);
    const self = (): void =>
      verifyChain(certificate, [], [certificate], certificate.validFromDate, { skewMs: 0 });
    expect(self).toThrow(expect.objectContaining({ code: 'not-a-ca' }));
  });
});

describe('dates', () => {
  const shortLived = authority(root, 'Short-lived', { notBefore: day(-10), notAfter: day(-1) });
  const expiredIssuer: Case = { leaf: deviceOf(shortLived, { notBefore: day(-10) }), others: [shortLived] };
  const rootDates = { notBefore: day(-1), notAfter: day(1), ...EC };
  const shortRoot = createAuthority('Short root', rootDates);
  const underShortRoot: Case = {
    leaf: deviceOf(shortRoot, { notBefore: day(-100), notAfter: day(100) }),
    anchors: [shortRoot],
  };
  const oldRoot = createAuthority('Old root', { ...EC, notBefore: day(-1000), notAfter: day(1000) });
  const base: Case = {
    leaf: deviceOf(oldRoot, { notBefore: day(-10), notAfter: day(10) }),
    anchors: [oldRoot],
  };

  const rows: [string, string, Case][] = [
    ['within', 'trusted', { ...base, at: day(0) }],
    ['at the end', 'trusted', { ...base, at: day(9.99) }],
    ['before', 'not-yet-valid', { ...base, at: day(-11) }],
    ['before, within the skew', 'trusted', { ...base, at: day(-11), options: { skewMs: 2 * DAY } }],
    ['after', 'expired', { ...base, at: day(11) }],
    ['after, within the skew', 'trusted', { ...base, at: day(11), options: { skewMs: 2 * DAY } }],
    ['after, within the grace', 'trusted', { ...base, at: day(40), options: { expiredGraceMs: 31 * DAY } }],
    ['after the grace', 'expired', { ...base, at: day(42), options: { expiredGraceMs: 31 * DAY } }],
    [
      'after, with grace for ever',
      'trusted',
      { ...base, at: day(9999), options: { expiredGraceMs: Infinity } },
    ],
    [
      'before, where grace is no help',
      'not-yet-valid',
      { ...base, at: day(-11), options: { expiredGraceMs: Infinity } },
    ],
    ['an expired issuer', 'expired', expiredIssuer],
    ['an expired anchor', 'expired', { ...underShortRoot, at: day(2) }],
    ['an anchor not valid yet', 'not-yet-valid', { ...underShortRoot, at: day(-2) }],
    ['no date', 'not-yet-valid', { ...base, at: new Date(Number.NaN) }],
  ];

  it.each(rows)('%s: %s', (_name, code, given) => {
    expect(outcome(given)).toBe(code);
  });

  it('are compared again for a chain that is known', () => {
    const known = { leaf: base.leaf, anchors: [oldRoot] };
    expect([0, 11, 0, -11].map((days) => outcome({ ...known, at: day(days) }))).toEqual([
      'trusted',
      'expired',
      'trusted',
      'not-yet-valid',
    ]);
  });

  it('do not make a known chain good for other anchors', () => {
    expect(outcome({ leaf: device })).toBe('trusted');
    expect(outcome({ leaf: device, anchors: [otherRoot] })).toBe('untrusted-chain');
    const anchors = [parse(root)];
    const check = (): void => verifyChain(parse(device), [], anchors, now, { skewMs: 0 });
    expect(check).not.toThrow();
    anchors[0] = parse(otherRoot);
    expect(check).toThrow(IdentityError);
  });
});
