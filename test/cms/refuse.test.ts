import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { signDetached, signedData, signerInfo } from '../../simulator/cms-sign.js';
import {
  element,
  integer,
  nothing,
  octets,
  oid,
  sequence,
  setOf,
  tagged,
  time,
} from '../../simulator/der.js';
import { issueDeviceIdentity } from '../../simulator/pki.js';
import {
  CmsError,
  extractSignedContent,
  verifySignedData,
  type CmsErrorCode,
} from '../../src/apple/cms/index.js';
import { authority, body, device, otherDevice } from './signers.js';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const DATA = oid('1.2.840.113549.1.7.1');
const attribute = (type: string, ...values: Buffer[]): Buffer => sequence(oid(type), setOf(...values));
const digestOf = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
const contentType = attribute('1.2.840.113549.1.9.3', DATA);
const messageDigest = attribute('1.2.840.113549.1.9.4', octets(digestOf(body)));

function codeOf(run: () => unknown): CmsErrorCode | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof CmsError) return error.code;
    throw error;
  }
}

const withAttributes = (...attributes: Buffer[]): Buffer =>
  signedData(undefined, [device.certDer], [signerInfo(body, device, attributes)]);

/** The message with the one place where `from` stands saying `to`. */
function replaced(cms: Buffer, from: Buffer, to: Buffer): Buffer {
  const at = cms.indexOf(from);
  if (at === -1 || from.length !== to.length) throw new Error('nothing to replace');
  return Buffer.concat([cms.subarray(0, at), to, cms.subarray(at + from.length)]);
}

const good = signDetached(body, device);
const attached = signDetached(body, { ...device, attached: true });
const bare = signDetached(body, { ...device, signedAttributes: false });
const sameName = issueDeviceIdentity(authority, 'Device 1', { serialNumber: 77n });
const twin = issueDeviceIdentity(authority, 'Device 1', { serialNumber: 77n });
const oneByteOff = Buffer.from(body);
oneByteOff[10]! ^= 1;

describe('messages that are refused', () => {
  const rows: [string, CmsErrorCode, () => unknown][] = [
    ['body altered by one byte', 'digest-mismatch', () => verifySignedData(good, oneByteOff)],
    ['body altered, no attributes', 'bad-signature', () => verifySignedData(bare, oneByteOff)],
    ['body cut short', 'digest-mismatch', () => verifySignedData(good, body.subarray(1))],
    [
      'line ends changed',
      'digest-mismatch',
      () => verifySignedData(good, Buffer.concat([body, Buffer.from('\r\n')])),
    ],
    ['attached content is not the body', 'digest-mismatch', () => verifySignedData(attached, oneByteOff)],
    [
      'attached, not the body, no attributes',
      'digest-mismatch',
      () =>
        verifySignedData(
          signDetached(body, { ...device, attached: true, signedAttributes: false }),
          oneByteOff,
        ),
    ],
    ['no content anywhere', 'malformed', () => verifySignedData(good)],
    ['detached where a signed profile should be', 'malformed', () => extractSignedContent(good)],
    [
      'attributes altered',
      'bad-signature',
      () =>
        verifySignedData(
          replaced(
            signDetached(body, { ...device, signingTime: new Date(0) }),
            time(new Date(0)),
            time(new Date(1000)),
          ),
          body,
        ),
    ],
    [
      "another's certificate in place of the signer's",
      'certificate-missing',
      () => verifySignedData(signedData(undefined, [otherDevice.certDer], [signerInfo(body, device)]), body),
    ],
    [
      'a certificate with the same names and number',
      'bad-signature',
      () => verifySignedData(signedData(undefined, [twin.certDer], [signerInfo(body, sameName)]), body),
    ],
    [
      "signed by another's key",
      'bad-signature',
      () => verifySignedData(signDetached(body, { certDer: sameName.certDer, key: device.key }), body),
    ],
    [
      'no certificates',
      'certificate-missing',
      () => verifySignedData(signedData(undefined, [], [signerInfo(body, device)]), body),
    ],
    ['nobody signed', 'no-signer', () => verifySignedData(signedData(undefined, [device.certDer], []), body)],
    [
      'two signers',
      'several-signers',
      () => {
        const signers = [signerInfo(body, device), signerInfo(body, otherDevice)];
        return verifySignedData(signedData(undefined, [device.certDer, otherDevice.certDer], signers), body);
      },
    ],
    ['two signers, by OpenSSL', 'several-signers', () => verifySignedData(fixture('two-signers.der'), body)],
    ['no messageDigest', 'malformed', () => verifySignedData(withAttributes(contentType), body)],
    ['no contentType', 'malformed', () => verifySignedData(withAttributes(messageDigest), body)],
    ['no attributes in the set', 'malformed', () => verifySignedData(withAttributes(), body)],
    [
      'the digest of another body',
      'digest-mismatch',
      () =>
        verifySignedData(
          withAttributes(contentType, attribute('1.2.840.113549.1.9.4', octets(digestOf(oneByteOff)))),
          body,
        ),
    ],
    [
      'an empty digest',
      'digest-mismatch',
      () =>
        verifySignedData(
          withAttributes(contentType, attribute('1.2.840.113549.1.9.4', octets(Buffer.alloc(0)))),
          body,
        ),
    ],
    [
      'two digests in one attribute',
      'malformed',
      () => {
        const two = attribute('1.2.840.113549.1.9.4', octets(digestOf(body)), octets(digestOf(oneByteOff)));
        return verifySignedData(withAttributes(contentType, two), body);
      },
    ],
    [
      'messageDigest twice',
      'malformed',
      () => verifySignedData(withAttributes(contentType, messageDigest, messageDigest), body),
    ],
    [
      'a contentType other than the content',
      'malformed',
      () =>
        verifySignedData(
          withAttributes(attribute('1.2.840.113549.1.9.3', oid('1.2.840.113549.1.7.5')), messageDigest),
          body,
        ),
    ],
    [
      'a signing time that does not exist',
      'malformed',
      () => {
        const never = attribute('1.2.840.113549.1.9.5', element(0x17, Buffer.from('250231000000Z')));
        return verifySignedData(withAttributes(contentType, messageDigest, never), body);
      },
    ],
    [
      'attributes served as the content',
      'malformed',
      () => {
        // Their signature is one over their encoding, so without the attributes it would be right for "content" like this.
        const set = setOf(contentType, messageDigest);
        const info = signerInfo(set, { ...device, signedAttributes: false });
        return verifySignedData(signedData(undefined, [device.certDer], [info]), set);
      },
    ],
    [
      'MD5',
      'unsupported-algorithm',
      () =>
        verifySignedData(
          replaced(
            good.subarray(0),
            signerAlgorithm(device.certDer),
            signerAlgorithm(device.certDer, oid('2.16.840.1.101.3.4.2.9')),
          ),
          body,
        ),
    ],
    [
      'signed over another digest than announced',
      'unsupported-algorithm',
      () =>
        verifySignedData(
          replaced(signDetached(body, otherDevice), oid('1.2.840.10045.4.3.2'), oid('1.2.840.10045.4.3.3')),
          body,
        ),
    ],
    [
      'an RSA signature by an EC key',
      'unsupported-algorithm',
      () => {
        const info = signerInfo(body, { certDer: otherDevice.certDer, key: device.key });
        return verifySignedData(signedData(undefined, [otherDevice.certDer], [info]), body);
      },
    ],
    [
      'a curve that is not accepted',
      'unsupported-algorithm',
      () => verifySignedData(fixture('secp256k1.der'), fixture('content.plist')),
    ],
    ['no bytes', 'malformed', () => verifySignedData(Buffer.alloc(0), body)],
    ['a property list', 'malformed', () => verifySignedData(body, body)],
    ['a certificate', 'malformed', () => verifySignedData(device.certDer, body)],
    ['one byte more', 'malformed', () => verifySignedData(Buffer.concat([good, Buffer.from([0])]), body)],
    ['twice the message', 'malformed', () => verifySignedData(Buffer.concat([good, good]), body)],
    [
      'enveloped data',
      'malformed',
      () => verifySignedData(replaced(good, oid('1.2.840.113549.1.7.2'), oid('1.2.840.113549.1.7.3')), body),
    ],
    ['more than 10 MiB', 'too-large', () => verifySignedData(Buffer.alloc(10 * 1024 * 1024 + 1), body)],
    [
      'too many certificates',
      'too-large',
      () =>
        verifySignedData(
          signDetached(body, { ...device, chain: Array<Buffer>(16).fill(authority.certDer) }),
          body,
        ),
    ],
    [
      'too many attributes',
      'too-large',
      () => {
        const extra = Array.from({ length: 63 }, (_, n) => attribute(`1.2.3.${n}`, integer(1n)));
        return verifySignedData(withAttributes(contentType, messageDigest, ...extra), body);
      },
    ],
    [
      'a certificate that hides another in PEM',
      'malformed',
      () => {
        const name = sequence();
        const tbs = sequence(integer(5n), sequence(), name, octets(Buffer.from(`\n${device.certPem}`)));
        const info = relabelledSigner(name, integer(5n));
        return verifySignedData(signedData(undefined, [sequence(tbs)], [info]), body);
      },
    ],
  ];

  it.each(rows)('%s: %s', (_name, code, run) => {
    expect(codeOf(run)).toBe(code);
  });

  it('is not what the good messages get', () => {
    expect(codeOf(() => verifySignedData(good, body))).toBeUndefined();
    expect(codeOf(() => verifySignedData(withAttributes(contentType, messageDigest), body))).toBeUndefined();
  });
});

/** The signer's digest algorithm with what stands before it, so that the one in the message's head stays. */
function signerAlgorithm(certDer: Buffer, algorithm = oid('2.16.840.1.101.3.4.2.1')): Buffer {
  const info = signerInfo(body, { certDer, key: device.key });
  const at = info.indexOf(oid('2.16.840.1.101.3.4.2.1'));
  const before = info.subarray(at - 12, at);
  return Buffer.concat([before, algorithm, nothing()]);
}

/** A SignerInfo of `device` that names another certificate. */
function relabelledSigner(issuer: Buffer, serialNumber: Buffer): Buffer {
  const attributes = setOf(contentType, messageDigest);
  const signature = signerInfo(body, device, [contentType, messageDigest]).subarray(-260);
  const algorithm = sequence(oid('2.16.840.1.101.3.4.2.1'), nothing());
  const relabelled = tagged(0, attributes.subarray(2));
  const rsa = sequence(oid('1.2.840.113549.1.1.1'), nothing());
  return sequence(integer(1n), sequence(issuer, serialNumber), algorithm, relabelled, rsa, signature);
}
