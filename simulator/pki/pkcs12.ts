import forge from 'node-forge';
import type { Issued } from './options.js';

/**
 * A PKCS#12 file (`.p12`) with the key, its certificate and `chain`, as Keychain Access exports one: 3DES and a SHA-1 MAC.
 * RSA only: forge, which encodes it, reads no other certificate.
 */
export function pkcs12(issued: Issued, passphrase: string, chain: Issued[] = []): Buffer {
  const key = forge.pki.privateKeyFromPem(issued.keyPem);
  const certificates = [issued, ...chain].map(({ certPem }) => forge.pki.certificateFromPem(certPem));
  const asn1 = forge.pkcs12.toPkcs12Asn1(key, certificates, passphrase, { algorithm: '3des' });
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1');
}
