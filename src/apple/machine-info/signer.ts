import type { KeyObject, X509Certificate } from 'node:crypto';
import { Asn1Error, bodyOf, readCertificate, readDocument } from '../asn1/index.js';
import { checkSignatureAlgorithm, constraintsOf, IdentityError } from '../identity/index.js';
import { MachineInfoError } from './errors.js';

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const KEY_USAGE = '2.5.29.15';
/** The first bit of a KeyUsage, which stands after the octet that counts the unused ones (RFC 5280 section 4.2.1.3). */
const DIGITAL_SIGNATURE = 0x80;
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
/** What Apple's authority and its devices have. */
const LEAST_RSA_BITS = 1024;
const MOST_RSA_BITS = 8192;

/**
 * Checks that a certificate was issued to a device by one of `authorities`, directly: Apple's authorities further up issue
 * certificates to developers as well. Dates are not looked at, because Apple's device authority has expired and still issues;
 * SHA-1 and RSA-1024 are taken for the same reason. The certificate must not be an authority, and must be for signing and for
 * client authentication where it says what it is for.
 * @throws MachineInfoError `not-trusted`
 */
export function checkAppleDevice(
  certificate: X509Certificate,
  authorities: readonly X509Certificate[],
): void {
  try {
    if (!authorities.some((authority) => issued(authority, certificate)))
      throw refusal('no Apple device authority issued the certificate they were signed with');
    checkSignatureAlgorithm(certificate);
    checkPurpose(certificate);
  } catch (cause) {
    if (cause instanceof IdentityError || cause instanceof Asn1Error) throw refusal(cause.message, cause);
    throw cause;
  }
}

function issued(authority: X509Certificate, certificate: X509Certificate): boolean {
  return (
    authority.ca &&
    isUsableKey(authority.publicKey) &&
    constraintsOf(authority).subject.equals(constraintsOf(certificate).issuer) &&
    certificate.verify(authority.publicKey)
  );
}

function checkPurpose(certificate: X509Certificate): void {
  const { ca, usages } = constraintsOf(certificate);
  if (ca) throw refusal('they were signed with the certificate of an authority, not of a device');
  if ((usages !== undefined && !usages.includes(CLIENT_AUTH)) || !maySign(certificate))
    throw refusal('the certificate they were signed with is for another purpose');
  if (!isUsableKey(certificate.publicKey))
    throw refusal('the key they were signed with is too weak, or of an unknown kind');
}

/** A certificate without the extension may be used for anything. */
function maySign({ raw }: X509Certificate): boolean {
  const extension = readCertificate(raw).extensions.get(KEY_USAGE);
  if (extension === undefined) return true;
  const [, first = 0] = bodyOf(readDocument(extension));
  return (first & DIGITAL_SIGNATURE) !== 0;
}

function isUsableKey({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): boolean {
  const { modulusLength = 0, namedCurve = '' } = asymmetricKeyDetails;
  if (asymmetricKeyType === 'ec') return CURVES.has(namedCurve);
  return asymmetricKeyType === 'rsa' && modulusLength >= LEAST_RSA_BITS && modulusLength <= MOST_RSA_BITS;
}

function refusal(message: string, cause?: unknown): MachineInfoError {
  return new MachineInfoError('not-trusted', message, cause === undefined ? undefined : { cause });
}
