import type { KeyObject, X509Certificate } from 'node:crypto';
import { constraintsOf } from './constraints.js';
import { IdentityError } from './errors.js';

const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
const MIN_RSA_BITS = 2048;
const MAX_RSA_BITS = 8192;
const MIN_EXPONENT = 65_537n;

/** RSA (PKCS#1 v1.5 and PSS) and ECDSA. SHA-1 is among them for Apple's own device authority; MD5 is not. */
const SIGNATURES = new Set([
  '1.2.840.113549.1.1.5',
  '1.2.840.113549.1.1.10',
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.1',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
]);

/** RSA of 2048 to 8192 bits with e >= 65537, or P-256, P-384 or P-521. */
export function isStrongKey({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): boolean {
  const { modulusLength = 0, publicExponent = 0n, namedCurve = '' } = asymmetricKeyDetails;
  if (asymmetricKeyType === 'ec') return CURVES.has(namedCurve);
  if (asymmetricKeyType !== 'rsa') return false;
  return modulusLength >= MIN_RSA_BITS && modulusLength <= MAX_RSA_BITS && publicExponent >= MIN_EXPONENT;
}

function publicKeyOf(certificate: X509Certificate): KeyObject {
  try {
    return certificate.publicKey;
  } catch (cause) {
    throw new IdentityError('weak-key', 'a certificate in the chain has a key of an unknown kind', { cause });
  }
}

/** The key, if it is one that may be relied on: RSA of 2048 to 8192 bits with e >= 65537, or P-256, P-384 or P-521. */
export function strongKeyOf(certificate: X509Certificate): KeyObject {
  const key = publicKeyOf(certificate);
  if (isStrongKey(key)) return key;
  throw new IdentityError(
    'weak-key',
    'a key in the chain is neither RSA of 2048 bits or more nor on a NIST curve',
  );
}

export function checkSignatureAlgorithm(certificate: X509Certificate): void {
  const { signatureAlgorithm } = constraintsOf(certificate);
  if (SIGNATURES.has(signatureAlgorithm)) return;
  throw new IdentityError(
    'weak-key',
    `a certificate in the chain is signed with ${signatureAlgorithm}, which is not accepted`,
  );
}
