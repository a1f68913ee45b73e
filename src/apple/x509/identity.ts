import type { KeyObject } from 'node:crypto';
import { readCertificate } from '../asn1/index.js';
import { isStrongKey } from '../identity/index.js';
import type { Authority } from './authority.js';
import { publicKeyInfo, signCertificate } from './certificate.js';
import { X509Error } from './errors.js';
import { identityExtensions } from './extensions.js';
import { distinguishedName } from './name.js';

export interface IdentityOptions {
  readonly authority: Authority;
  readonly publicKey: KeyObject;
  readonly commonName: string;
  readonly organization?: string;
  /** Hexadecimal, above zero, below 2^159 (20 octets with the sign bit clear). */
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

function serialNumberOf(hex: string): bigint {
  if (!/^[0-9a-f]{1,40}$/i.test(hex))
    throw new X509Error('bad-serial-number', 'A serial number must be 1 to 40 hexadecimal digits.');
  return BigInt(`0x${hex}`);
}

/**
 * Issues a device's identity as DER. Everything in it is ours but the key: subject, extensions and dates of the device's
 * request are not looked at (CERT VU#971035).
 * @throws X509Error `weak-key`, `bad-name`, `bad-serial-number`, `bad-validity`
 */
export function issueIdentity(o: IdentityOptions): Buffer {
  if (!isStrongKey(o.publicKey))
    throw new X509Error('weak-key', 'The key must be RSA of 2048 bits or more, or on P-256, P-384 or P-521.');
  const { certificate, privateKey } = o.authority;
  const publicKey = publicKeyInfo(o.publicKey);
  return signCertificate(
    {
      serialNumber: serialNumberOf(o.serialNumber),
      issuer: readCertificate(certificate.raw).subject,
      subject: distinguishedName(o),
      publicKey,
      notBefore: o.notBefore,
      notAfter: o.notAfter,
      extensions: identityExtensions(publicKey, certificate),
    },
    privateKey,
  );
}
