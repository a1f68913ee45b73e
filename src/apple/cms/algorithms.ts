import { CmsError } from './errors.js';

export type Digest = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** How the signature was made: with which kind of key, and over which digest when the algorithm's name says so. */
export interface SignatureScheme {
  readonly key: 'rsa' | 'ec';
  readonly digest?: Digest;
  readonly pss?: boolean;
}

const DIGESTS = new Map<string, Digest>([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

/** RFC 8017 appendix C, RFC 5480, RFC 5758. The first of each kind leaves the digest to the signer's `digestAlgorithm`. */
const SCHEMES = new Map<string, SignatureScheme>([
  ['1.2.840.113549.1.1.1', { key: 'rsa' }],
  ['1.2.840.113549.1.1.5', { key: 'rsa', digest: 'sha1' }],
  ['1.2.840.113549.1.1.11', { key: 'rsa', digest: 'sha256' }],
  ['1.2.840.113549.1.1.12', { key: 'rsa', digest: 'sha384' }],
  ['1.2.840.113549.1.1.13', { key: 'rsa', digest: 'sha512' }],
  ['1.2.840.113549.1.1.10', { key: 'rsa', pss: true }],
  ['1.2.840.10045.2.1', { key: 'ec' }],
  ['1.2.840.10045.4.1', { key: 'ec', digest: 'sha1' }],
  ['1.2.840.10045.4.3.2', { key: 'ec', digest: 'sha256' }],
  ['1.2.840.10045.4.3.3', { key: 'ec', digest: 'sha384' }],
  ['1.2.840.10045.4.3.4', { key: 'ec', digest: 'sha512' }],
]);

export function digestByOid(oid: string): Digest {
  const digest = DIGESTS.get(oid);
  if (!digest)
    throw new CmsError('unsupported-algorithm', `digest algorithm ${oid} is not SHA-1, 256, 384 or 512`);
  return digest;
}

/** The scheme, which must not name another digest than the one that the message was digested with. */
export function schemeByOid(oid: string, digest: Digest): SignatureScheme {
  const scheme = SCHEMES.get(oid);
  if (!scheme)
    throw new CmsError('unsupported-algorithm', `signature algorithm ${oid} is neither RSA nor ECDSA`);
  if (scheme.digest !== undefined && scheme.digest !== digest) {
    throw new CmsError('unsupported-algorithm', `signed over ${scheme.digest}, but digested with ${digest}`);
  }
  return scheme;
}
