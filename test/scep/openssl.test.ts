import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readScepRequest, scepFailure, scepSuccess } from '../../src/apple/scep/index.js';
import { readCertificateRequest } from '../../src/apple/x509/index.js';
import { hasOpenssl, openssl } from '../x509/openssl.js';
import { ask, authority, deviceKey, issueTo, now } from './client.js';

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const caPem = authority.certificate.toString();
const time = String(now.getTime() / 1000);

/** Verifies a message as OpenSSL does, with the authority as the only trusted one, and returns what is in it. */
const verify = (reply: Buffer): Buffer =>
  openssl(
    [
      'cms',
      '-verify',
      '-binary',
      '-inform',
      'DER',
      '-in',
      '@reply',
      '-CAfile',
      '@ca',
      '-purpose',
      'any',
      '-attime',
      time,
      '-out',
      '@out',
    ],
    { reply, ca: caPem },
  );

const decrypt = (envelope: Buffer, signerDer: Buffer): Buffer =>
  openssl(
    [
      'cms',
      '-decrypt',
      '-binary',
      '-inform',
      'DER',
      '-in',
      '@envelope',
      '-inkey',
      '@key',
      '-recip',
      '@signer',
      '-provider',
      'default',
      '-provider',
      'legacy',
      '-out',
      '@out',
    ],
    { envelope, key: pem(deviceKey), signer: new X509Certificate(signerDer).toString() },
  );

describe.skipIf(!hasOpenssl)('OpenSSL as the other party', () => {
  const csr = (): Buffer =>
    openssl(['req', '-new', '-config', '@config', '-key', '@key', '-outform', 'DER', '-out', '@out'], {
      config:
        '[req]\ndistinguished_name=dn\nattributes=a\nprompt=no\n[dn]\nCN=Mac\n[a]\nchallengePassword=sesame\n',
      key: pem(deviceKey),
    });
  const envelope = (cipher: string, ...more: string[]): Buffer =>
    openssl(
      [
        'cms',
        '-encrypt',
        '-binary',
        `-${cipher}`,
        '-outform',
        'DER',
        '-in',
        '@csr',
        '-out',
        '@out',
        '-provider',
        'default',
        '-provider',
        'legacy',
        ...more,
        '@ca',
      ],
      { csr: csr(), ca: caPem },
    );

  it.each([
    ['des-cbc', 'des'],
    ['des-ede3-cbc', 'des3'],
    ['aes-128-cbc', 'aes128'],
    ['aes-192-cbc', 'aes192'],
    ['aes-256-cbc', 'aes256'],
  ])('encrypts a request with %s', (cipher, name) => {
    const request = readScepRequest(ask({ envelope: envelope(cipher) }).message, authority);
    expect(request.cipher).toBe(name);
    expect(readCertificateRequest(request.csr)).toMatchObject({
      commonName: 'Mac',
      challengePassword: 'sesame',
    });
  });

  it.each([
    ['streamed, in BER', ['-stream']],
    ['to a key identifier', ['-keyid']],
  ])('encrypts a request %s', (_how, more) => {
    const request = readScepRequest(ask({ envelope: envelope('aes-128-cbc', ...more) }).message, authority);
    expect(readCertificateRequest(request.csr).challengePassword).toBe('sesame');
  });

  it.each(['des', 'des3', 'aes128', 'aes192', 'aes256'] as const)('reads a success with %s', (cipher) => {
    const request = readScepRequest(
      ask({ cipher, digest: cipher === 'des' ? 'sha1' : 'sha512' }).message,
      authority,
    );
    const issued = issueTo(createPublicKey(deviceKey));
    const reply = scepSuccess(request, authority, issued, now);
    const certificates = decrypt(verify(reply), request.signerDer);
    const printed = openssl(['pkcs7', '-inform', 'DER', '-in', '@p7', '-print_certs'], { p7: certificates });
    expect(new X509Certificate(printed.subarray(printed.indexOf('-----BEGIN'))).raw.equals(issued)).toBe(
      true,
    );
  });

  it('reads a failure, which carries nothing', () => {
    const exchange = ask();
    const reply = scepFailure(readScepRequest(exchange.message, authority), authority, 2, now);
    expect(verify(reply)).toHaveLength(0);
  });

  it('finds the answer written as strict clients want it', () => {
    const exchange = ask({ transactionId: 'TRANSACTION-1', senderNonce: Buffer.alloc(8, 0xab) });
    const request = readScepRequest(exchange.message, authority);
    const print = (reply: Buffer): string =>
      openssl(['cms', '-cmsout', '-print', '-noout', '-inform', 'DER', '-in', '@r'], { r: reply }).toString();
    const success = print(scepSuccess(request, authority, issueTo(createPublicKey(deviceKey)), now));
    const attribute = (oid: string, value: RegExp): RegExp =>
      new RegExp(`object: .*\\(${oid.replaceAll('.', '\\.')}\\)\\s+set:\\s+${value.source}`);
    expect(success).toMatch(
      /signatureAlgorithm: \s+algorithm: rsaEncryption \(1\.2\.840\.113549\.1\.1\.1\)\s+parameter: NULL/,
    );
    expect(success).toMatch(/digestAlgorithms:\s+algorithm: sha256/);
    expect(success).toMatch(attribute('2.16.840.1.113733.1.9.2', /PRINTABLESTRING:3\n/));
    expect(success).toMatch(attribute('2.16.840.1.113733.1.9.3', /PRINTABLESTRING:0\n/));
    expect(success).toMatch(attribute('2.16.840.1.113733.1.9.7', /PRINTABLESTRING:TRANSACTION-1\n/));
    expect(success).toMatch(attribute('2.16.840.1.113733.1.9.6', /OCTET STRING:\s+0000 - (?:ab[ -]){7}ab/));
    expect(success).toMatch(attribute('1.2.840.113549.1.9.3', /OBJECT:pkcs7-data/));
    expect(success).toMatch(attribute('1.2.840.113549.1.9.5', /UTCTIME:Nov 23 12:00:00 2026 GMT/));
    const failure = print(scepFailure(request, authority, 4, now));
    expect(failure).toMatch(attribute('2.16.840.1.113733.1.9.3', /PRINTABLESTRING:2\n/));
    expect(failure).toMatch(attribute('2.16.840.1.113733.1.9.4', /PRINTABLESTRING:4\n/));
  });
});
