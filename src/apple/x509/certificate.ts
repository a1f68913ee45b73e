import { sign, type KeyObject } from 'node:crypto';
import * as der from '../asn1/write.js';
import { X509Error } from './errors.js';

const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';
/** Twenty octets with the sign bit clear (RFC 5280 section 4.1.2.2). */
const SERIAL_LIMIT = 2n ** 159n;

/** What a certificate says; Buffers are DER. */
export interface CertificateContents {
  readonly serialNumber: bigint;
  readonly issuer: Buffer;
  readonly subject: Buffer;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly Buffer[];
}

export const publicKeyInfo = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

function serial(number: bigint): Buffer {
  if (number <= 0n || number >= SERIAL_LIMIT)
    throw new X509Error('bad-serial-number', 'A serial number must be above zero and fit into 20 octets.');
  return der.integer(number);
}

function validity(notBefore: Date, notAfter: Date): Buffer {
  if (!(notBefore < notAfter)) throw new X509Error('bad-validity', 'A certificate must end after it begins.');
  return der.sequence(der.time(notBefore), der.time(notAfter));
}

/**
 * A version 3 certificate (RFC 5280 section 4.1), signed with RSA and SHA-256.
 * @throws X509Error
 */
export function signCertificate(contents: CertificateContents, issuerKey: KeyObject): Buffer {
  if (issuerKey.asymmetricKeyType !== 'rsa')
    throw new X509Error(
      'unsupported-algorithm',
      'The key of the authority must be RSA: SCEP knows no other.',
    );
  const algorithm = der.sequence(der.oid(SHA256_WITH_RSA), der.nothing());
  const toBeSigned = der.sequence(
    der.tagged(0, der.integer(2n)),
    serial(contents.serialNumber),
    algorithm,
    contents.issuer,
    validity(contents.notBefore, contents.notAfter),
    contents.subject,
    contents.publicKey,
    der.tagged(3, der.sequence(...contents.extensions)),
  );
  return der.sequence(toBeSigned, algorithm, der.bits(sign('sha256', toBeSigned, issuerKey)));
}
