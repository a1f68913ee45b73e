import { hash, type X509Certificate } from 'node:crypto';

/** SHA-256 of a certificate's DER, in lower-case hexadecimal: the name that a device's identity is kept under. */
export const fingerprint = (der: Uint8Array): string => hash('sha256', der, 'hex');

const known = new WeakMap<X509Certificate, string>();

/** The same for a parsed certificate, calculated once. */
export function fingerprintOf(certificate: X509Certificate): string {
  let value = known.get(certificate);
  if (value === undefined) known.set(certificate, (value = fingerprint(certificate.raw)));
  return value;
}
