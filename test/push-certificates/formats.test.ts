import { createPublicKey, generateKeyPairSync, verify, X509Certificate, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  answerBytes,
  appleRequest,
  exchangeCertificate,
  makeRequestKey,
  openAnswer,
  publicKeyHash,
  pushRequest,
  signingRequest,
  toPem,
} from '../../src/apple/push-request/index.js';
import { parsePlist } from '../../src/apple/plist/index.js';
import { readCertificateRequest } from '../../src/apple/x509/index.js';
import { createAuthority, issue } from '../../simulator/pki.js';
import { hasOpenssl, openssl } from '../x509/openssl.js';
import { mdmcertAnswer } from './kit.js';

const key = await makeRequestKey();
const subject = { commonName: 'Örchard & Söhne', email: 'admin@example.org', country: 'DE' };
const csr = pushRequest(subject, key);
const refusal = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('a signing request', () => {
  it('is for a fresh RSA key of 2048 bits, and signed with it', () => {
    expect(key.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048, publicExponent: 65_537n });
    const read = readCertificateRequest(csr);
    expect(read.commonName).toBe('Örchard & Söhne');
    expect(publicKeyHash(read.publicKey)).toBe(publicKeyHash(key));
  });

  it.skipIf(!hasOpenssl)('is one for OpenSSL', () => {
    const pem = toPem('CERTIFICATE REQUEST', csr);
    const printed = openssl(
      ['req', '-in', '@csr', '-verify', '-noout', '-subject', '-nameopt', 'RFC2253,-esc_msb,utf8,show_type'],
      { csr: pem },
    );
    expect(printed.toString().trim()).toBe(
      'subject=CN=UTF8STRING:Örchard & Söhne,emailAddress=IA5STRING:admin@example.org,C=PRINTABLESTRING:DE',
    );
  });

  it.each([
    [{ commonName: '' }, 'bad-common-name'],
    [{ commonName: 'x'.repeat(65) }, 'bad-common-name'],
    [{ email: '' }, 'bad-email'],
    [{ email: 'admin' }, 'bad-email'],
    [{ email: 'ädmin@example.org' }, 'bad-email'],
    [{ email: `${'x'.repeat(250)}@example.org` }, 'bad-email'],
    [{ country: 'Germany' }, 'bad-country'],
    [{ country: 'd1' }, 'bad-country'],
  ])('is not made with %j', (wrong, code) => {
    expect(refusal(() => pushRequest({ ...subject, ...wrong }, key))).toMatchObject({
      name: 'PushRequestError',
      code,
    });
  });
});

describe('the file for Apple', () => {
  const root = createAuthority('Apple Root');
  const developer = issue(root, { commonName: 'Developer Relations', ca: true });
  const vendor = issue(developer, { commonName: 'MDM Vendor' });
  const chain = [vendor, developer, root].map(({ certDer }) => new X509Certificate(certDer));

  it('has the request, the certificates of the vendor, and its signature over the DER', () => {
    const file = appleRequest(csr, { chain, privateKey: vendor.key });
    const plist = parsePlist(Buffer.from(file, 'base64')) as Record<string, string>;
    expect(Object.keys(plist).sort()).toEqual([
      'PushCertCertificateChain',
      'PushCertRequestCSR',
      'PushCertSignature',
    ]);
    expect(Buffer.from(plist['PushCertRequestCSR']!, 'base64').equals(csr)).toBe(true);
    expect(plist['PushCertCertificateChain']).toBe(vendor.certPem + developer.certPem + root.certPem);
    const signature = Buffer.from(plist['PushCertSignature']!, 'base64');
    expect(verify('sha256', csr, createPublicKey(vendor.key), signature)).toBe(true);
  });
});

describe('mdmcert.download', () => {
  const csrPem = toPem('CERTIFICATE REQUEST', csr);
  const recipientOf = (privateKey: KeyObject) => {
    const pem = exchangeCertificate(privateKey, Date.now());
    return { pem, recipient: { certificate: new X509Certificate(pem), privateKey } };
  };
  const { pem, recipient } = recipientOf(key);
  const asked = signingRequest({
    csrPem,
    email: 'admin@example.org',
    apiKey: 'our key',
    exchangeCertificate: pem,
  });

  it('is asked with two PEMs in base64, an address and a key', () => {
    expect(JSON.parse(asked)).toEqual({
      csr: Buffer.from(csrPem).toString('base64'),
      email: 'admin@example.org',
      key: 'our key',
      encrypt: Buffer.from(pem).toString('base64'),
    });
  });

  it('encrypts to a certificate of our own that is good for nothing else', () => {
    expect(recipient.certificate.issuer).toBe(recipient.certificate.subject);
    expect(recipient.certificate.verify(recipient.certificate.publicKey)).toBe(true);
    expect(recipient.certificate).toMatchObject({ ca: false, keyUsage: undefined });
    expect(recipient.certificate.validToDate.getTime()).toBeGreaterThan(Date.now() + 300 * 86_400_000);
  });

  it.each(['des', 'des3', 'aes128', 'aes256'] as const)('is read when it encrypts with %s', (cipher) => {
    const hex = mdmcertAnswer(asked, cipher);
    for (const text of [hex, hex.toUpperCase(), hex.replaceAll(/.{1,80}/g, '$&\r\n')]) {
      const file = openAnswer(answerBytes(text), recipient);
      expect(file).toMatch(/^[A-Za-z0-9+/]+=*$/);
      expect(parsePlist(Buffer.from(file, 'base64'))).toMatchObject({
        PushCertRequestCSR: csr.toString('base64'),
      });
    }
  });

  it.skipIf(!hasOpenssl)('is read when OpenSSL encrypts', () => {
    const plain = openAnswer(answerBytes(mdmcertAnswer(asked)), recipient);
    const bytes = openssl(
      ['cms', '-encrypt', '-binary', '-aes256', '-outform', 'DER', '-in', '@in', '-out', '@out', '@to'],
      { in: plain, to: pem },
    );
    expect(openAnswer(bytes, recipient)).toBe(plain);
  });

  it.each(['', 'no digits', 'abc', 'ab'.repeat(200_000)])('is not believed to say %#', (text) => {
    expect(refusal(() => answerBytes(text))).toMatchObject({ code: 'unreadable' });
  });

  it('is refused what is altered, another’s, or about another key', () => {
    const bytes = answerBytes(mdmcertAnswer(asked));
    for (const wrong of [
      bytes.subarray(0, -20),
      Buffer.concat([bytes, bytes]),
      Buffer.alloc(50),
      Buffer.from(bytes).fill(7, bytes.length - 40),
    ])
      expect(refusal(() => openAnswer(wrong, recipient))).toMatchObject({ code: 'unreadable' });
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect(refusal(() => openAnswer(bytes, recipientOf(other).recipient))).toMatchObject({
      code: 'other-recipient',
    });
    const foreign = toPem('CERTIFICATE REQUEST', pushRequest(subject, other));
    const swapped = answerBytes(mdmcertAnswer(asked, 'aes256', foreign));
    expect(refusal(() => openAnswer(swapped, recipient))).toMatchObject({ code: 'other-request' });
  });
});
