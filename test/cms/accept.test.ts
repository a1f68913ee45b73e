import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { signDetached, type SignDigest } from '../../simulator/cms-sign.js';
import { extractSignedContent, isSignedData, verifySignedData } from '../../src/apple/cms/index.js';
import { authority, body, device, otherDevice } from './signers.js';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const content = fixture('content.plist');

describe('messages that OpenSSL signed', () => {
  it.each([
    ['rsa-sha256-detached.der', 'sha256', 'Fixture RSA', true],
    ['rsa-sha1-attached.der', 'sha1', 'Fixture RSA', true],
    ['rsa-sha512-no-attributes.der', 'sha512', 'Fixture RSA', false],
    ['rsa-sha256-indefinite-keyid.der', 'sha256', 'Fixture RSA', true],
    ['rsa-pss-sha256.der', 'sha256', 'Fixture RSA', true],
    ['rsa-v1-certificate.der', 'sha256', 'Fixture v1', true],
    ['p256-sha256.der', 'sha256', 'Fixture prime256v1', true],
    ['p384-sha384.der', 'sha384', 'Fixture secp384r1', true],
    ['p521-sha512.der', 'sha512', 'Fixture secp521r1', true],
    ['smime-rsa-sha256-attached.der', 'sha256', 'Fixture RSA', true],
  ])('%s', (name, digest, signer, timed) => {
    const cms = fixture(name);
    const verified = verifySignedData(cms, content);
    expect(isSignedData(cms)).toBe(true);
    expect(verified.content.equals(content)).toBe(true);
    expect(verified.digestAlgorithm).toBe(digest);
    expect(verified.certificate.subject).toBe(`CN=${signer}`);
    expect(verified.certificateDer.equals(verified.certificate.raw)).toBe(true);
    expect(verified.signingTime instanceof Date).toBe(timed);
  });

  it.each(['rsa-sha1-attached.der', 'rsa-sha256-indefinite-keyid.der', 'smime-rsa-sha256-attached.der'])(
    'gives the content that %s carries',
    (name) => {
      expect(extractSignedContent(fixture(name)).content.equals(content)).toBe(true);
    },
  );
});

describe('messages that the simulator signs', () => {
  const variants = (['sha1', 'sha256', 'sha384', 'sha512'] as SignDigest[]).flatMap((digest) =>
    [device, otherDevice].flatMap((signer) =>
      [true, false].map((signedAttributes) => ({ digest, signer, signedAttributes })),
    ),
  );

  it.each(variants)('$digest, attributes: $signedAttributes', ({ digest, signer, signedAttributes }) => {
    for (const attached of [true, false]) {
      for (const byKeyIdentifier of [true, false]) {
        const options = { ...signer, digest, signedAttributes, attached, byKeyIdentifier };
        const verified = verifySignedData(signDetached(body, options), body);
        expect(verified.digestAlgorithm).toBe(digest);
        expect(verified.certificateDer.equals(signer.certDer)).toBe(true);
      }
    }
  });

  it.each(['2049-12-31T23:59:59.000Z', '2050-01-01T00:00:00.000Z', '1999-02-28T12:00:00.000Z'])(
    'tells the signing time %s',
    (at) => {
      const cms = signDetached(body, { ...device, signingTime: new Date(at) });
      expect(verifySignedData(cms, body).signingTime?.toISOString()).toBe(at);
    },
  );

  it('finds the signer among other certificates and hands those on', () => {
    const chain = [otherDevice.certDer, authority.certDer];
    const verified = verifySignedData(signDetached(body, { ...device, chain }), body);
    expect(verified.certificateDer.equals(device.certDer)).toBe(true);
    expect(verified.otherCertificates).toEqual(chain);
  });

  it('signs nothing at all, and a megabyte', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(1_000_000, 'x')]) {
      const cms = signDetached(bytes, { ...device, attached: true });
      expect(verifySignedData(cms).content.equals(bytes)).toBe(true);
      expect(isSignedData(cms)).toBe(true);
    }
  });

  it('reads a message from the middle of other memory', () => {
    const cms = signDetached(body, device);
    const padded = new Uint8Array(cms.length + 20).fill(0x41);
    padded.set(cms, 7);
    expect(
      verifySignedData(padded.subarray(7, 7 + cms.length), new Uint8Array(body)).content.equals(body),
    ).toBe(true);
  });
});

describe('isSignedData', () => {
  it.each(['', '0', '<?xml version="1.0"?>', 'bplist00', '0\u0082', '-----BEGIN PKCS7-----'])(
    'is not %j',
    (text) => {
      expect(isSignedData(Buffer.from(text, 'latin1'))).toBe(false);
    },
  );

  it('is not a certificate', () => {
    expect(isSignedData(device.certDer)).toBe(false);
  });
});
