import { X509Certificate } from 'node:crypto';
import forge from 'node-forge';

/**
 * The certificates that GetCACert answers with: one, or several in a message that nobody signed (RFC 8894 section 4.2.1).
 * Whoever issues comes first. node-forge reads the message, so that it is not read by the code that made it.
 */
export function readAuthorities(contentType: string | null, body: Buffer): X509Certificate[] {
  if (contentType === 'application/x-x509-ca-cert') return [new X509Certificate(body)];
  if (contentType !== 'application/x-x509-ca-ra-cert')
    throw new Error(`GetCACert answers with ${contentType}`);
  const message = forge.pkcs7.messageFromAsn1(forge.asn1.fromDer(body.toString('latin1')));
  const { certificates } = message as forge.pkcs7.PkcsSignedData;
  return certificates.map((one) => {
    const der = forge.asn1.toDer(forge.pki.certificateToAsn1(one)).getBytes();
    return new X509Certificate(Buffer.from(der, 'latin1'));
  });
}
