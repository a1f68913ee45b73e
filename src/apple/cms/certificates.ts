import { hash, X509Certificate, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import {
  encodingOf,
  octetString,
  readCertificate,
  readDocument,
  readIssuerAndSerial,
  type Element,
} from '../asn1/index.js';
import { CmsError } from './errors.js';
import type { SignerIdentifier } from './signer-info.js';

const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
/** Verifying with a longer key costs more than any honest signer would ask for. */
const MAX_RSA_BITS = 8192;

export interface SignerCertificate {
  readonly der: Buffer;
  readonly x509: X509Certificate;
  readonly key: KeyObject;
  readonly keyType: 'rsa' | 'ec';
}

/** Parsing a certificate costs several times what verifying with its key does, and a device signs every request. */
const parsed = new LRUCache<string, SignerCertificate>({
  max: 4096,
  // Strangers choose how large a certificate is, so what is kept is bounded in bytes too.
  maxSize: 16 * 1024 * 1024,
  sizeCalculation: ({ der }) => der.length,
});

function identifies(signer: SignerIdentifier, certificate: Element): boolean {
  if ('issuer' in signer) {
    const { issuer, serialNumber } = readIssuerAndSerial(certificate);
    return serialNumber.equals(signer.serialNumber) && issuer.equals(signer.issuer);
  }
  const extension = readCertificate(encodingOf(certificate)).extensions.get(SUBJECT_KEY_IDENTIFIER);
  return extension !== undefined && octetString(readDocument(extension)).equals(signer.subjectKeyIdentifier);
}

/** The certificate that the message says it was signed with. */
export function findSigner(signer: SignerIdentifier, certificates: readonly Element[]): Element {
  const found = certificates.find((certificate) => identifies(signer, certificate));
  if (!found) throw new CmsError('certificate-missing', "the signer's certificate is not in the message");
  return found;
}

function publicKeyOf(certificate: X509Certificate): KeyObject {
  try {
    return certificate.publicKey;
  } catch (cause) {
    throw new CmsError('unsupported-algorithm', "the signer's public key cannot be read", { cause });
  }
}

function keyTypeOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): 'rsa' | 'ec' {
  const { modulusLength = Infinity, namedCurve = '' } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === 'rsa' && modulusLength <= MAX_RSA_BITS) return 'rsa';
  if (asymmetricKeyType === 'ec' && CURVES.has(namedCurve)) return 'ec';
  throw new CmsError('unsupported-algorithm', "the signer's key is neither RSA nor on P-256, P-384 or P-521");
}

function parse(der: Buffer): SignerCertificate {
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(der);
  } catch (cause) {
    throw new CmsError('malformed', "the signer's certificate cannot be read", { cause });
  }
  // The constructor also accepts PEM, and finds it in the middle of other bytes: a second certificate hidden in the first.
  if (!x509.raw.equals(der)) throw new CmsError('malformed', "the signer's certificate is not DER");
  const key = publicKeyOf(x509);
  return { der, x509, key, keyType: keyTypeOf(key) };
}

/** The certificate ready for use, from memory when it was met before. */
export function signerCertificate(element: Element): SignerCertificate {
  const bytes = encodingOf(element);
  const fingerprint = hash('sha256', bytes, 'hex');
  const known = parsed.get(fingerprint);
  if (known) return known;
  // A copy: the bytes belong to a whole message that must not stay in memory with them.
  const fresh = parse(Buffer.from(bytes));
  parsed.set(fingerprint, fresh);
  return fresh;
}
