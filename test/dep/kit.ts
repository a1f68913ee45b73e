import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readServerToken, type ServerToken } from '../../src/apple/dep/index.js';
import { createAuthority as createOwn, type Authority } from '../../src/apple/x509/index.js';
import type { DepServer, FakeDep } from '../../simulator/dep/index.js';

const YEAR_MS = 365 * 24 * 60 * 60_000;

/** A key pair as an account has one. */
export function keyPair(): Authority {
  const now = Date.now();
  const made = createOwn({
    commonName: 'DEP account',
    notBefore: new Date(now - 60_000),
    notAfter: new Date(now + YEAR_MS),
  });
  return {
    certificate: new X509Certificate(made.certificatePem),
    privateKey: createPrivateKey(made.privateKeyPem),
  };
}

/** The token of a server at the fake, as an account opens it. */
export function tokenOf(fake: FakeDep, server: DepServer, own: Authority, days = 365): ServerToken {
  return readServerToken(fake.token(server, own.certificate.toString(), days), own);
}
