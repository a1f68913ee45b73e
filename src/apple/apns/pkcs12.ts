import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import forge from 'node-forge';
import { PushCertificateError } from './certificate-error.js';

const { certBag, keyBag, pkcs8ShroudedKeyBag } = forge.pki.oids as Record<string, string>;

/**
 * Reads a PKCS#12 file (RFC 7292), as Keychain Access or OpenSSL export one.
 * @throws PushCertificateError `unreadable`, `wrong-passphrase`
 */
export function readPkcs12(
  file: Buffer,
  passphrase: string | undefined,
): { certificates: X509Certificate[]; key?: KeyObject } {
  const safe = open(file, passphrase);
  try {
    const certificates = bags(safe, certBag).map(toCertificate);
    const [key] = [...bags(safe, pkcs8ShroudedKeyBag), ...bags(safe, keyBag)];
    return key ? { certificates, key: toKey(key) } : { certificates };
  } catch (error) {
    throw unreadable('what it holds is damaged', error);
  }
}

const unreadable = (why: string, cause: unknown): PushCertificateError =>
  new PushCertificateError(
    'unreadable',
    `The .p12 file cannot be read (${why}): export it again, with certificate and key.`,
    cause,
  );

function parse(file: Buffer): forge.asn1.Asn1 {
  try {
    // Keychain writes BER in places, so not strict.
    return forge.asn1.fromDer(file.toString('latin1'), false);
  } catch (error) {
    throw new PushCertificateError(
      'unreadable',
      'The file is neither PEM nor PKCS#12: give the .pem downloaded from identity.apple.com/pushcert, or a .p12.',
      error,
    );
  }
}

function open(file: Buffer, passphrase: string | undefined): forge.pkcs12.Pkcs12Pfx {
  const asn1 = parse(file);
  try {
    return forge.pkcs12.pkcs12FromAsn1(asn1, false, passphrase ?? '');
  } catch (error) {
    const safe = isDecryption(error) && openAsUtf8(file, passphrase ?? '');
    if (safe) return safe;
    throw openFailure(error, passphrase);
  }
}

/**
 * For a passphrase beyond ASCII: PBES2 (RFC 8018) takes its UTF-8 bytes and the MAC its UTF-16 ones, but forge has one
 * string for both. So this comes when the MAC was found right already, and leaves it out.
 */
function openAsUtf8(file: Buffer, passphrase: string): forge.pkcs12.Pkcs12Pfx | undefined {
  const asn1 = parse(file);
  if (Array.isArray(asn1.value)) asn1.value.splice(2);
  try {
    return forge.pkcs12.pkcs12FromAsn1(asn1, false, Buffer.from(passphrase, 'utf8').toString('latin1'));
  } catch {
    return undefined;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const isDecryption = (error: unknown): boolean => /decrypt/i.test(messageOf(error));

/** forge has no codes: a wrong passphrase shows in the MAC, or, in a file without one, in the decryption. */
function openFailure(error: unknown, passphrase: string | undefined): PushCertificateError {
  const message = messageOf(error);
  if (!/password|decrypt/i.test(message)) return unreadable(message, error);
  return new PushCertificateError(
    'wrong-passphrase',
    passphrase === undefined
      ? 'The .p12 file is encrypted: give the passphrase it was exported with.'
      : 'The passphrase does not open the .p12 file: give the one it was exported with.',
    error,
  );
}

function bags(safe: forge.pkcs12.Pkcs12Pfx, bagType: string | undefined): forge.pkcs12.Bag[] {
  return bagType === undefined ? [] : (safe.getBags({ bagType })[bagType] ?? []);
}

const der = (asn1: forge.asn1.Asn1): Buffer => Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1');

/** forge decodes RSA only; whatever else it leaves as ASN.1, which node:crypto reads as well. */
function toCertificate(bag: forge.pkcs12.Bag): X509Certificate {
  return new X509Certificate(der(bag.cert ? asItWas(bag.cert) : bag.asn1));
}

/**
 * forge keeps the signed part of a certificate, but writes the algorithm behind it anew, with parameters that ECDSA has not
 * (RFC 5758 section 3.2). The same stands in the signed part: third, after `[0]` version and serial number.
 */
function asItWas(certificate: forge.pki.Certificate): forge.asn1.Asn1 {
  const whole = forge.pki.certificateToAsn1(certificate);
  const [signed] = membersOf(whole);
  const algorithm = signed && membersOf(signed)[certificate.version === 2 ? 2 : 1];
  if (algorithm) membersOf(whole).splice(1, 1, algorithm);
  return whole;
}

const membersOf = ({ value }: forge.asn1.Asn1): forge.asn1.Asn1[] => (Array.isArray(value) ? value : []);

function toKey(bag: forge.pkcs12.Bag): KeyObject {
  if (bag.key) return createPrivateKey(forge.pki.privateKeyToPem(bag.key));
  return createPrivateKey({ key: der(bag.asn1), format: 'der', type: 'pkcs8' });
}
