import { X509Error } from './errors.js';

/** How a request is signed. */
export interface SignatureAlgorithm {
  readonly keyType: 'rsa' | 'ec';
  readonly digest: 'sha1' | 'sha256' | 'sha384' | 'sha512';
}

/** RSA PKCS#1 v1.5 and ECDSA. SHA-1 only proves here that the sender has the key; it is in no certificate of ours. */
const ALGORITHMS = new Map<string, SignatureAlgorithm>([
  ['1.2.840.113549.1.1.5', { keyType: 'rsa', digest: 'sha1' }],
  ['1.2.840.113549.1.1.11', { keyType: 'rsa', digest: 'sha256' }],
  ['1.2.840.113549.1.1.12', { keyType: 'rsa', digest: 'sha384' }],
  ['1.2.840.113549.1.1.13', { keyType: 'rsa', digest: 'sha512' }],
  ['1.2.840.10045.4.1', { keyType: 'ec', digest: 'sha1' }],
  ['1.2.840.10045.4.3.2', { keyType: 'ec', digest: 'sha256' }],
  ['1.2.840.10045.4.3.3', { keyType: 'ec', digest: 'sha384' }],
  ['1.2.840.10045.4.3.4', { keyType: 'ec', digest: 'sha512' }],
]);

/** @throws X509Error `unsupported-algorithm` */
export function signatureByOid(oid: string): SignatureAlgorithm {
  const found = ALGORITHMS.get(oid);
  if (found) return found;
  throw new X509Error(
    'unsupported-algorithm',
    `The request is signed with ${oid}; accepted are RSA (PKCS#1 v1.5) and ECDSA with SHA-1, 256, 384 or 512.`,
  );
}
