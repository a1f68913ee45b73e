import { createPublicKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeRenewalReq, readCertRep } from '../../simulator/scep/index.js';
import { readScepRequest, SCEP_CAPABILITIES, scepFailure, scepSuccess } from '../../src/apple/scep/index.js';
import { readCertificateRequest } from '../../src/apple/x509/index.js';
import { ask, authority, deviceKey, issueTo, newKey, now, otherKey } from './client.js';

const publicKey = createPublicKey(deviceKey);
const ciphers = ['des', 'des3', 'aes128', 'aes192', 'aes256'] as const;
const digests = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
const pairs = ciphers.flatMap((cipher) => digests.map((digest) => ({ cipher, digest })));

describe('a device asks for a certificate', () => {
  it.each(pairs)('with $cipher and $digest, and is answered alike', ({ cipher, digest }) => {
    const exchange = ask({ cipher, digest });
    const request = readScepRequest(exchange.message, authority);
    expect(request).toMatchObject({
      messageType: 'PKCSReq',
      transactionId: exchange.transactionId,
      senderNonce: exchange.senderNonce,
      cipher,
      digest,
    });
    expect(request.signer.raw.equals(request.signerDer)).toBe(true);
    expect(readCertificateRequest(request.csr)).toMatchObject({
      challengePassword: 'open sesame',
      commonName: 'Device',
    });

    const issued = issueTo(publicKey);
    const answer = readCertRep(scepSuccess(request, authority, issued, now), exchange);
    expect(answer).toEqual({ status: 'SUCCESS', certificate: issued });
  });

  it.each([0, 1, 2, 3, 4])('and is refused with failInfo %i', (failInfo) => {
    const exchange = ask();
    const answer = scepFailure(readScepRequest(exchange.message, authority), authority, failInfo, now);
    expect(readCertRep(answer, exchange)).toEqual({ status: 'FAILURE', failInfo });
  });

  it('with a transaction id of 255 characters and a nonce of its own size', () => {
    const exchange = ask({ transactionId: 'x'.repeat(255), senderNonce: Buffer.alloc(8, 7) });
    const request = readScepRequest(exchange.message, authority);
    const answer = scepFailure(request, authority, 2, now);
    expect(readCertRep(answer, exchange)).toEqual({ status: 'FAILURE', failInfo: 2 });
  });
});

describe('a device renews', () => {
  const identity = { certDer: issueTo(createPublicKey(otherKey)), key: otherKey };

  it.each([
    ['with a new key', newKey()],
    ['with the same key', otherKey],
  ])('%s, signing with the identity it has', (_name, key) => {
    const exchange = makeRenewalReq({ key, caCertificate: authority.certificate, signer: identity });
    const request = readScepRequest(exchange.message, authority);
    expect(request.messageType).toBe('RenewalReq');
    expect(request.signerDer.equals(identity.certDer)).toBe(true);
    expect(request.signer.verify(authority.certificate.publicKey)).toBe(true);

    const issued = issueTo(createPublicKey(key));
    const answer = readCertRep(scepSuccess(request, authority, issued, now), exchange);
    expect(answer.status === 'SUCCESS' && new X509Certificate(answer.certificate).checkPrivateKey(key)).toBe(
      true,
    );
  });
});

it('capabilities are one word a line, in the case of the RFC', () => {
  const words = SCEP_CAPABILITIES.trimEnd().split('\n');
  expect(words).toEqual(
    expect.arrayContaining(['AES', 'POSTPKIOperation', 'Renewal', 'SCEPStandard', 'SHA-256']),
  );
  expect(words).not.toContain('DES');
});
