import { generateKeyPairSync, randomBytes, X509Certificate, type KeyObject } from 'node:crypto';
import { publicKeyInfo, signCertificate } from './certificate.js';
import { X509Error } from './errors.js';
import { authorityExtensions } from './extensions.js';
import { distinguishedName } from './name.js';

const MIN_KEY_BITS = 2048;
const MAX_KEY_BITS = 8192;
/** An authority outlives what 2048 bits are recommended for; devices have verified 3072 for as long as there is SCEP. */
const DEFAULT_KEY_BITS = 3072;

/** Who issues identities: a certificate and the RSA key that belongs to it. */
export interface Authority {
  readonly certificate: X509Certificate;
  readonly privateKey: KeyObject;
  /** The authorities above it, its own issuer first; left out by one that stands alone. */
  readonly chain?: readonly X509Certificate[];
}

export interface AuthorityOptions {
  readonly commonName: string;
  readonly organization?: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** 2048 to 8192; default 3072. */
  readonly keyBits?: number;
}

function checkKeyBits(bits: number): void {
  if (!Number.isInteger(bits) || bits < MIN_KEY_BITS || bits > MAX_KEY_BITS)
    throw new X509Error('weak-key', `An authority's key must have ${MIN_KEY_BITS} to ${MAX_KEY_BITS} bits.`);
}

/** 127 random bits: above zero with certainty, for the first octet is never 0. */
function randomSerialNumber(): bigint {
  const octets = randomBytes(16);
  octets.writeUInt8((octets.readUInt8(0) & 0x7f) | 0x40, 0);
  return BigInt(`0x${octets.toString('hex')}`);
}

/**
 * Makes a self-signed authority with a fresh RSA key, its private key as PKCS#8. Takes a part of a second.
 * @throws X509Error `weak-key`, `bad-name`, `bad-validity`
 */
export function createAuthority(o: AuthorityOptions): { certificatePem: string; privateKeyPem: string } {
  const modulusLength = o.keyBits ?? DEFAULT_KEY_BITS;
  checkKeyBits(modulusLength);
  const name = distinguishedName(o);
  const { publicKey: key, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  const publicKey = publicKeyInfo(key);
  const certificate = signCertificate(
    {
      serialNumber: randomSerialNumber(),
      issuer: name,
      subject: name,
      publicKey,
      notBefore: o.notBefore,
      notAfter: o.notAfter,
      extensions: authorityExtensions(publicKey),
    },
    privateKey,
  );
  return {
    certificatePem: new X509Certificate(certificate).toString(),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
