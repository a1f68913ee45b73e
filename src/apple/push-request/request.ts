import { createHash, createPublicKey, generateKeyPair, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import * as der from '../asn1/write.js';
import { PushRequestError } from './errors.js';

/** Apple's portal asks for RSA with 2048 bits (Apple: "Setting up push notifications for your MDM customers"). */
const KEY_BITS = 2048;
const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';
const COUNTRY = '2.5.4.6';
const COMMON_NAME = '2.5.4.3';
const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';
const IA5_STRING = 0x16;
/** ub-common-name and ub-emailaddress-length (RFC 5280 appendix A.1). */
const MAX_NAME = 64;
const MAX_EMAIL = 255;

/** Whose push certificate it will be. Apple puts a subject of its own into it. */
export interface RequestSubject {
  readonly commonName: string;
  readonly email: string;
  /** Two letters. */
  readonly country?: string | undefined;
}

/** A key for a push certificate, made in another thread: it takes a part of a second. */
export async function makeRequestKey(): Promise<KeyObject> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: KEY_BITS });
  return privateKey;
}

/**
 * A certification request (PKCS#10, RFC 2986) for a key, signed with it, as DER.
 * @throws PushRequestError `bad-common-name`, `bad-email`, `bad-country`
 */
export function pushRequest(subject: RequestSubject, privateKey: KeyObject): Buffer {
  const info = der.sequence(der.integer(0n), nameOf(subject), publicKeyInfoOf(privateKey), der.tagged(0));
  const algorithm = der.sequence(der.oid(SHA256_WITH_RSA), der.nothing());
  return der.sequence(info, algorithm, der.bits(sign('sha256', info, privateKey)));
}

/** SHA-256 of a key's SubjectPublicKeyInfo, hexadecimal: what request and certificate have in common. */
export function publicKeyHash(key: KeyObject): string {
  return createHash('sha256').update(publicKeyInfoOf(key)).digest('hex');
}

/** DER as PEM (RFC 7468). */
export function toPem(label: 'CERTIFICATE REQUEST' | 'CERTIFICATE', bytes: Buffer): string {
  const lines = bytes.toString('base64').replaceAll(/.{1,64}/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}-----END ${label}-----\n`;
}

function publicKeyInfoOf(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ type: 'spki', format: 'der' });
}

function nameOf({ commonName, email, country }: RequestSubject): Buffer {
  if (commonName === '' || [...commonName].length > MAX_NAME)
    throw new PushRequestError('bad-common-name', `The common name must have 1 to ${MAX_NAME} characters.`);
  if (!/^[\x21-\x7e]+@[\x21-\x7e]+$/.test(email) || email.length > MAX_EMAIL)
    throw new PushRequestError(
      'bad-email',
      `The email address must look like name@example.org, in ASCII and at most ${MAX_EMAIL} characters.`,
    );
  if (country !== undefined && !/^[A-Z]{2}$/.test(country))
    throw new PushRequestError('bad-country', 'The country must be two letters, such as DE or US.');
  return der.sequence(
    ...(country === undefined ? [] : [attribute(COUNTRY, der.printable(country))]),
    attribute(EMAIL_ADDRESS, der.element(IA5_STRING, Buffer.from(email, 'latin1'))),
    attribute(COMMON_NAME, der.utf8(commonName)),
  );
}

function attribute(type: string, value: Buffer): Buffer {
  return der.setOf(der.sequence(der.oid(type), value));
}
