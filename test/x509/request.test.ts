import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import forge from 'node-forge';
import { describe, expect, it } from 'vitest';
import { bits, element, integer, nothing, oid, sequence, setOf, tagged, utf8 } from '../../simulator/der.js';
import { makeCsr } from '../../simulator/scep/index.js';
import { readCertificateRequest, X509Error } from '../../src/apple/x509/index.js';
import { hasOpenssl, openssl } from './openssl.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** The challenge as read, or the code of the refusal. Any other error fails the test. */
function outcome(der: Buffer): string | undefined {
  try {
    return readCertificateRequest(der).challengePassword;
  } catch (error) {
    if (error instanceof X509Error) return `refused: ${error.code}`;
    throw error;
  }
}

describe.skipIf(!hasOpenssl)('requests that OpenSSL made', () => {
  const config = [
    '[req]',
    'distinguished_name=dn',
    'attributes=attributes',
    'req_extensions=wish',
    'prompt=no',
    '[dn]',
    'O=Somebody',
    'CN=iPhone',
    '[attributes]',
    'challengePassword=a challenge of 32 characters: yes',
    '[wish]',
    'basicConstraints=critical,CA:TRUE',
    '',
  ].join('\n');
  const make = (key: KeyObject, ...more: string[]): Buffer =>
    openssl(
      ['req', '-new', '-config', '@config', '-key', '@key', '-outform', 'DER', '-out', '@out', ...more],
      {
        config,
        key: pem(key),
      },
    );
  const kinds: [string, KeyObject, string][] = [
    ['RSA and SHA-1', rsa, '-sha1'],
    ['RSA and SHA-256', rsa, '-sha256'],
    ['RSA and SHA-384', rsa, '-sha384'],
    ['RSA and SHA-512', rsa, '-sha512'],
    ['ECDSA and SHA-256', ec, '-sha256'],
    ['ECDSA and SHA-384', ec, '-sha384'],
  ];

  it.each(kinds)('with %s are read', (_kind, key, digest) => {
    const request = readCertificateRequest(make(key, digest));
    expect(request).toMatchObject({
      commonName: 'iPhone',
      challengePassword: 'a challenge of 32 characters: yes',
    });
    expect(request.publicKey.equals(createPublicKey(key))).toBe(true);
  });

  it('with MD5 or RSA-PSS are refused', () => {
    expect(outcome(make(rsa, '-md5'))).toBe('refused: unsupported-algorithm');
    expect(outcome(make(rsa, '-sigopt', 'rsa_padding_mode:pss'))).toBe('refused: unsupported-algorithm');
  });
});

it('reads a request that node-forge made, with the challenge as UTF-8', () => {
  const key = forge.pki.privateKeyFromPem(rsa.export({ type: 'pkcs1', format: 'pem' }).toString());
  const csr = forge.pki.createCertificationRequest();
  csr.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  csr.setSubject([{ name: 'commonName', value: 'iPad' }]);
  csr.setAttributes([{ name: 'challengePassword', value: 'secret' }]);
  csr.sign(key, forge.md.sha256.create());
  const der = Buffer.from(forge.asn1.toDer(forge.pki.certificationRequestToAsn1(csr)).getBytes(), 'latin1');
  expect(readCertificateRequest(der)).toMatchObject({ commonName: 'iPad', challengePassword: 'secret' });
});

it('reads a request without a challenge', () => {
  expect(readCertificateRequest(makeCsr({ key: rsa })).challengePassword).toBeUndefined();
});

interface Parts {
  version?: bigint;
  subject?: Buffer;
  publicKey?: Buffer;
  attributes?: Buffer[];
  more?: Buffer[];
}

const spki = (key: KeyObject): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' });
const rsaSha256 = sequence(oid('1.2.840.113549.1.1.11'), nothing());
const challenge = (...values: Buffer[]): Buffer => sequence(oid('1.2.840.113549.1.9.7'), setOf(...values));

/** A request put together by hand; signed rightly all the same. */
function assemble({
  version = 0n,
  subject = sequence(),
  publicKey = spki(rsa),
  attributes = [],
  more = [],
}: Parts): Buffer {
  const made = sequence(integer(version), subject, publicKey, tagged(0, ...attributes), ...more);
  return sequence(made, rsaSha256, bits(signWith(rsa, made)));
}

function signWith(key: KeyObject, info: Buffer): Buffer {
  const signed = forge.pki.privateKeyFromPem(key.export({ type: 'pkcs1', format: 'pem' }).toString());
  const digest = forge.md.sha256.create().update(info.toString('latin1'));
  return Buffer.from(signed.sign(digest), 'latin1');
}

const strings: [string, Buffer, string][] = [
  ['UTF8String', utf8('påss'), 'påss'],
  ['PrintableString', element(0x13, Buffer.from('pass')), 'pass'],
  ['IA5String', element(0x16, Buffer.from('pass')), 'pass'],
  ['T61String', element(0x14, Buffer.from('p\xe5ss', 'latin1')), 'påss'],
  ['BMPString', element(0x1e, Buffer.from('0070006100730073', 'hex')), 'pass'],
  ['255 characters', utf8('x'.repeat(255)), 'x'.repeat(255)],
];

it.each(strings)('reads a challenge as %s', (_type, value, expected) => {
  expect(outcome(assemble({ attributes: [challenge(value)] }))).toBe(expected);
});

const good = makeCsr({ key: rsa, challenge: 'pass' });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const lowExponent = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).privateKey;
const edwards = generateKeyPairSync('ed25519').privateKey;
const [info, , signature] = [good.subarray(4, -276), undefined, good.subarray(-256)];

const refused: [string, () => Buffer, string][] = [
  ['nothing', () => Buffer.alloc(0), 'malformed'],
  ['no request', () => sequence(), 'malformed'],
  ['bytes after the end', () => Buffer.concat([good, Buffer.from([0])]), 'malformed'],
  ['a field too many', () => sequence(info, rsaSha256, bits(signature), nothing()), 'malformed'],
  ['a field too many inside', () => assemble({ more: [nothing()] }), 'malformed'],
  ['version 2', () => assemble({ version: 1n }), 'malformed'],
  ['no key', () => assemble({ publicKey: sequence() }), 'malformed'],
  ['a key of 1024 bits', () => makeCsr({ key: weak }), 'weak-key'],
  ['a key with an exponent of 3', () => makeCsr({ key: lowExponent }), 'weak-key'],
  [
    'a key on another curve',
    () => makeCsr({ key: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey }),
    'weak-key',
  ],
  ['a key of another kind', () => assemble({ publicKey: spki(edwards) }), 'weak-key'],
  ["somebody else's key", () => assemble({ publicKey: spki(otherRsa) }), 'bad-signature'],
  ['a signature of another kind than the key', () => assemble({ publicKey: spki(ec) }), 'bad-signature'],
  [
    'a signature with MD5',
    () => sequence(info, sequence(oid('1.2.840.113549.1.1.4'), nothing()), bits(signature)),
    'unsupported-algorithm',
  ],
  ['a signature cut short', () => sequence(info, rsaSha256, bits(signature.subarray(1))), 'bad-signature'],
  ['a signature with bits to spare', () => sequence(info, rsaSha256, bits(signature, 1)), 'malformed'],
  [
    'two challenges',
    () => assemble({ attributes: [challenge(utf8('a')), challenge(utf8('b'))] }),
    'malformed',
  ],
  [
    'a challenge with two values',
    () => assemble({ attributes: [challenge(utf8('a'), utf8('b'))] }),
    'malformed',
  ],
  ['a challenge without a value', () => assemble({ attributes: [challenge()] }), 'malformed'],
  ['a challenge that is a number', () => assemble({ attributes: [challenge(integer(7n))] }), 'malformed'],
  [
    'a challenge that is not UTF-8',
    () => assemble({ attributes: [challenge(element(0x0c, Buffer.from([0xff])))] }),
    'malformed',
  ],
  [
    'a challenge of half characters',
    () => assemble({ attributes: [challenge(element(0x1e, Buffer.from([0, 97, 0])))] }),
    'malformed',
  ],
  [
    'a challenge of 256 characters',
    () => assemble({ attributes: [challenge(utf8('x'.repeat(256)))] }),
    'malformed',
  ],
  [
    '1000 attributes',
    () => assemble({ attributes: Array<Buffer>(1000).fill(challenge(utf8('a'))) }),
    'too-large',
  ],
  ['64 KiB', () => makeCsr({ key: rsa, extensions: Buffer.alloc(65_536) }), 'too-large'],
];

it.each(refused)('refuses %s', (_what, make, code) => {
  expect(outcome(make())).toBe(`refused: ${code}`);
});

it('never believes a request of which a bit is changed', () => {
  const results = new Set<string | undefined>();
  for (let at = 0; at < good.length; at += 1) {
    const changed = Buffer.from(good);
    changed.writeUInt8(changed.readUInt8(at) ^ (1 << (at % 8)), at);
    results.add(outcome(changed));
    results.add(outcome(good.subarray(0, at)));
  }
  expect([...results].every((result) => result?.startsWith('refused: '))).toBe(true);
  expect(results.size).toBeGreaterThan(2);
});
