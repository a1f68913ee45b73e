import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadPushCertificate, PushCertificateError } from '../../src/apple/apns/index.js';
import type { CertificateInput } from '../../src/apple/apns/index.js';
import { createAuthority, issue, issuePushCertificate, pkcs12, type Issued } from '../../simulator/pki.js';
import { TOPIC } from './setup.js';

const DAY = 86_400_000;
const root = createAuthority('Root', { keyType: 'ec' });
const intermediate = issue(root, { commonName: 'Intermediate', ca: true, keyType: 'ec' });
const push = issuePushCertificate(intermediate, TOPIC, { keyType: 'ec' });
const rsaRoot = createAuthority('RSA Root');
const rsaPush = issuePushCertificate(rsaRoot, TOPIC);
const stranger = issuePushCertificate(root, TOPIC, { keyType: 'ec' });

const bytes = (...pems: string[]): Buffer => Buffer.from(pems.join('\n'));
const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const fingerprint = (issued: Issued): string => createHash('sha256').update(issued.certDer).digest('hex');

/** PKCS#8, traditional and encrypted spellings of one key. */
function keyOf(issued: Issued, passphrase: string): Buffer {
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase } as const;
  return Buffer.from(createPrivateKey(issued.keyPem).export(options));
}

describe('a push certificate is read from', () => {
  it.each<[string, CertificateInput]>([
    ['PEM and a PEM key', { certificate: bytes(push.certPem), key: bytes(push.keyPem) }],
    ['one PEM with the certificate first', { certificate: bytes(push.certPem, push.keyPem) }],
    ['one PEM with the key first', { certificate: bytes(push.keyPem, push.certPem) }],
    [
      'PEM with Windows line ends and words around',
      {
        certificate: Buffer.from(`Bag Attributes\n${push.certPem}\n${push.keyPem}`.replaceAll('\n', '\r\n')),
      },
    ],
    ['DER and a PEM key', { certificate: push.certDer, key: bytes(push.keyPem) }],
    [
      'DER and a DER key',
      { certificate: push.certDer, key: push.key.export({ type: 'pkcs8', format: 'der' }) },
    ],
    [
      'PEM and an encrypted key',
      { certificate: bytes(push.certPem), key: keyOf(push, 'secret'), passphrase: 'secret' },
    ],
    [
      'one PEM with an encrypted key',
      { certificate: bytes(push.certPem, keyOf(push, 'secret').toString()), passphrase: 'secret' },
    ],
  ])('%s', (_what, input) => {
    const loaded = loadPushCertificate(input);
    expect(loaded).toMatchObject({ topic: TOPIC, fingerprint: fingerprint(push), chainPem: [] });
    expect(new X509Certificate(loaded.certPem).checkPrivateKey(createPrivateKey(loaded.keyPem))).toBe(true);
  });

  it.each([
    ['RSA, traditional', 'pkcs1', undefined],
    ['RSA, traditional and encrypted', 'pkcs1', 'secret'],
  ] as const)('PEM and a key in the old form: %s', (_what, type, passphrase) => {
    const encryption = passphrase ? { cipher: 'aes-128-cbc', passphrase } : {};
    const key = Buffer.from(rsaPush.key.export({ type, format: 'pem', ...encryption }));
    const loaded = loadPushCertificate({ certificate: bytes(rsaPush.certPem), key, passphrase });
    expect(loaded.fingerprint).toBe(fingerprint(rsaPush));
  });

  it('a .p12 with its chain', () => {
    const file = pkcs12(rsaPush, 'secret', [rsaRoot]);
    const loaded = loadPushCertificate({ certificate: file, passphrase: 'secret' });
    expect(loaded).toMatchObject({ topic: TOPIC, fingerprint: fingerprint(rsaPush), chainPem: [] });
    expect(new X509Certificate(loaded.certPem).checkPrivateKey(createPrivateKey(loaded.keyPem))).toBe(true);
  });

  it('a .p12 with an empty passphrase', () => {
    const file = pkcs12(rsaPush, '');
    expect(loadPushCertificate({ certificate: file, passphrase: '' }).topic).toBe(TOPIC);
  });

  it.each(['aes256-rsa.p12', 'aes256-ec.p12', 'rc2-3des-rsa.p12'])('a .p12 of OpenSSL: %s', (name) => {
    const loaded = loadPushCertificate(
      { certificate: fixture(name), passphrase: 'pâss' },
      new Date('2030-01-01'),
    );
    expect(loaded).toMatchObject({ topic: 'com.apple.mgmt.External.fixture' });
    expect(new X509Certificate(loaded.certPem).checkPrivateKey(createPrivateKey(loaded.keyPem))).toBe(true);
    expect(loaded.chainPem).toHaveLength(1);
  });
});

describe('a push certificate', () => {
  it('comes with its dates, subject and topic', () => {
    const notBefore = new Date('2026-01-01T00:00:00Z');
    const notAfter = new Date('2027-01-01T00:00:00Z');
    const issued = issuePushCertificate(root, TOPIC, { keyType: 'ec', notBefore, notAfter });
    const loaded = loadPushCertificate(
      { certificate: bytes(issued.certPem, issued.keyPem) },
      new Date('2026-06-01'),
    );
    expect(loaded).toMatchObject({ topic: TOPIC, notBefore, notAfter });
    expect(loaded.subject).toMatch(new RegExp(`^UID=${TOPIC}, CN=APSP:`));
  });

  it('comes with its intermediates in order, without the root and without strangers', () => {
    const certificate = bytes(
      root.certPem,
      stranger.certPem,
      intermediate.certPem,
      push.certPem,
      push.keyPem,
    );
    const loaded = loadPushCertificate({ certificate });
    expect(loaded.fingerprint).toBe(fingerprint(push));
    expect(loaded.chainPem.map((pem) => new X509Certificate(pem).subject)).toEqual(['CN=Intermediate']);
  });
});

describe('what is not a usable push certificate is refused:', () => {
  const at = (days: number): Date => new Date(Date.now() + days * DAY);
  const app = issue(root, { commonName: 'Apple Push Services', uid: 'com.example.app', keyType: 'ec' });
  const plain = issue(root, { commonName: 'MDM Vendor: Example', keyType: 'ec' });
  const old = issuePushCertificate(root, TOPIC, { keyType: 'ec', notBefore: at(-400), notAfter: at(-35) });
  const early = issuePushCertificate(root, TOPIC, { keyType: 'ec', notBefore: at(2), notAfter: at(300) });
  const request = '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n';
  const damaged = push.certPem.replace(/\n.{64}\n/, '\n');
  const p12 = pkcs12(rsaPush, 'secret');
  const cert = bytes(push.certPem);
  const both = (issued: Issued): Buffer => bytes(issued.certPem, issued.keyPem);

  it.each<[string, string, RegExp, CertificateInput]>([
    ['an empty file', 'unreadable', /0 bytes/, { certificate: Buffer.alloc(0) }],
    ['a huge file', 'unreadable', /at most 65536/, { certificate: Buffer.alloc(70_000, 'x') }],
    ['noise', 'unreadable', /neither PEM nor PKCS#12/, { certificate: Buffer.from('hello') }],
    ['a signing request', 'unreadable', /signing request/, { certificate: Buffer.from(request) }],
    ['a key alone', 'unreadable', /no certificate, only PRIVATE KEY/, { certificate: bytes(push.keyPem) }],
    ['a damaged certificate', 'unreadable', /damaged/, { certificate: Buffer.from(damaged) }],
    ['a cut certificate', 'unreadable', /no certificate/, { certificate: cert.subarray(0, 200) }],
    ['a cut .p12', 'unreadable', /p12/, { certificate: p12.subarray(0, 600), passphrase: 'secret' }],
    ['DER that is no .p12', 'unreadable', /p12/, { certificate: Buffer.from('3003020101', 'hex') }],
    ['a damaged key', 'unreadable', /key cannot be read/, { certificate: cert, key: Buffer.from('no key') }],
    ['a .p12 without its passphrase', 'wrong-passphrase', /give the passphrase/, { certificate: p12 }],
    ['a .p12, wrong passphrase', 'wrong-passphrase', /does not open/, { certificate: p12, passphrase: 'no' }],
    [
      'a modern .p12, wrong passphrase',
      'wrong-passphrase',
      /does not open/,
      { certificate: fixture('aes256-ec.p12'), passphrase: 'no' },
    ],
    [
      'a key without passphrase',
      'wrong-passphrase',
      /give its/,
      { certificate: cert, key: keyOf(push, 'secret') },
    ],
    [
      'a key with a wrong passphrase',
      'wrong-passphrase',
      /does not open the private key/,
      { certificate: cert, key: keyOf(push, 'secret'), passphrase: 'no' },
    ],
    ['a certificate without key', 'key-missing', /without its private key/, { certificate: cert }],
    [
      'another key',
      'key-mismatch',
      /not the push certificate’s/,
      { certificate: cert, key: bytes(stranger.keyPem) },
    ],
    ['an app’s push certificate', 'not-mdm', /com\.example\.app/, { certificate: both(app) }],
    ['a vendor’s certificate', 'not-mdm', /no user id/, { certificate: both(plain) }],
    ['an app’s certificate without key', 'not-mdm', /com\.example\.app/, { certificate: bytes(app.certPem) }],
    ['an old one', 'expired', /expired on .* renew/, { certificate: both(old) }],
    ['a future one', 'not-yet-valid', /clock/, { certificate: both(early) }],
  ])('%s is %s', (_what, code, words, input) => {
    const load = (): unknown => loadPushCertificate(input);
    expect(load).toThrow(PushCertificateError);
    expect(load).toThrow(expect.objectContaining({ code, message: expect.stringMatching(words) }));
  });

  it('the dates are judged at the time asked for', () => {
    expect(loadPushCertificate({ certificate: both(old) }, at(-100)).topic).toBe(TOPIC);
    expect(loadPushCertificate({ certificate: both(early) }, at(3)).topic).toBe(TOPIC);
  });
});
