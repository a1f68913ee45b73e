import {
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { makePkcsReq, type ScepExchange, type ScepRequestOptions } from '../../simulator/scep/index.js';
import { readScepRequest, ScepError, type ScepRequest } from '../../src/apple/scep/index.js';
import { createAuthority, issueIdentity, type Authority } from '../../src/apple/x509/index.js';

const DAY = 86_400_000;
export const now = new Date('2026-11-23T12:00:00Z');
export const later = new Date(now.getTime() + 365 * DAY);

export function newAuthority(commonName = 'Pomona Test Authority'): Authority {
  const made = createAuthority({
    commonName,
    organization: 'Pomona',
    notBefore: new Date(now.getTime() - DAY),
    notAfter: new Date(now.getTime() + 3650 * DAY),
    keyBits: 2048,
  });
  return {
    certificate: new X509Certificate(made.certificatePem),
    privateKey: createPrivateKey(made.privateKeyPem),
  };
}

export const newKey = (modulusLength = 2048): KeyObject =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey;

/** Made once for a test file: keys are slow to make. */
export const authority = newAuthority();
export const otherAuthority = newAuthority('Another Authority');
export const deviceKey = newKey();
export const otherKey = newKey();

export const ask = (o: Partial<ScepRequestOptions> = {}): ScepExchange =>
  makePkcsReq({ key: deviceKey, caCertificate: authority.certificate, challenge: 'open sesame', ...o });

export function issueTo(
  publicKey: KeyObject,
  o: { serialNumber?: string; authority?: Authority } = {},
): Buffer {
  return issueIdentity({
    authority: o.authority ?? authority,
    publicKey,
    commonName: 'device-0001',
    organization: 'Pomona',
    serialNumber: o.serialNumber ?? `1${randomBytes(10).toString('hex')}`,
    notBefore: new Date(now.getTime() - 3_600_000),
    notAfter: later,
  });
}

/** What came of it: the request, or the error. Any other error fails the test. */
export function outcome(message: Buffer, by = authority): ScepRequest | ScepError {
  try {
    return readScepRequest(message, by);
  } catch (error) {
    if (error instanceof ScepError) return error;
    throw error;
  }
}

export function refusal(message: Buffer, by = authority): ScepError {
  const result = outcome(message, by);
  if (result instanceof ScepError) return result;
  throw new Error('the message was accepted');
}
