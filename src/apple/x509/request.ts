import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import {
  Asn1Error,
  contextConstructed,
  encodingOf,
  documentFields,
  Fields,
  members,
  objectIdentifier,
  smallInteger,
  TAG,
  text,
  wholeOctets,
  type Element,
} from '../asn1/index.js';
import { isStrongKey } from '../identity/index.js';
import { X509Error } from './errors.js';
import { signatureByOid, type SignatureAlgorithm } from './signature.js';

const MAX_BYTES = 64 * 1024;
const MAX_MEMBERS = 64;
const COMMON_NAME = '2.5.4.3';
const CHALLENGE_PASSWORD = '1.2.840.113549.1.9.7';
/** pkcs-9-ub-challengePassword, RFC 2985 appendix B. */
const MAX_CHALLENGE = 255;

/** What is used of a device's request: its key, and what it gives as its right to a certificate. */
export interface CertificateRequest {
  readonly publicKey: KeyObject;
  readonly challengePassword: string | undefined;
  /** The name the device would like; for logs, not for the certificate. */
  readonly commonName: string | undefined;
}

/** The last common name of a Name: the most specific one. */
function readCommonName(name: Element): string | undefined {
  let found: string | undefined;
  for (const relative of members(name, MAX_MEMBERS, 'parts of the subject')) {
    for (const attribute of members(relative, MAX_MEMBERS, 'parts of the subject')) {
      const fields = new Fields(attribute);
      const type = objectIdentifier(fields.next(TAG.OBJECT_IDENTIFIER, 'type'));
      const value = fields.any('value');
      if (type === COMMON_NAME) found = text(value);
    }
  }
  return found;
}

function readChallenge(values: Element): string {
  const fields = new Fields(values);
  const challenge = text(fields.any('challengePassword'));
  fields.end('challengePassword');
  if (challenge.length > MAX_CHALLENGE)
    throw new X509Error('malformed', `The challenge password is longer than ${MAX_CHALLENGE} characters.`);
  return challenge;
}

/** The one challenge password among the attributes; two of them would leave it open which one was meant. */
function findChallenge(attributes: Element | undefined): string | undefined {
  if (!attributes) return undefined;
  const found: Element[] = [];
  for (const attribute of members(attributes, MAX_MEMBERS, 'attributes')) {
    const fields = new Fields(attribute);
    const type = objectIdentifier(fields.next(TAG.OBJECT_IDENTIFIER, 'type'));
    const values = fields.next(TAG.SET, 'values');
    if (type === CHALLENGE_PASSWORD) found.push(values);
  }
  if (found.length > 1) throw new X509Error('malformed', 'The request has several challenge passwords.');
  return found[0] && readChallenge(found[0]);
}

function readKey(publicKeyInfo: Element): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: encodingOf(publicKeyInfo), format: 'der', type: 'spki' });
  } catch (cause) {
    throw new X509Error('malformed', 'The public key of the request cannot be read.', { cause });
  }
  if (isStrongKey(key)) return key;
  throw new X509Error(
    'weak-key',
    'The key of the request must be RSA of 2048 to 8192 bits with an exponent of 65537 or more, or on P-256, P-384 or P-521.',
  );
}

function checkSignature(
  algorithm: SignatureAlgorithm,
  key: KeyObject,
  signed: Buffer,
  signature: Buffer,
): void {
  if (algorithm.keyType !== key.asymmetricKeyType)
    throw new X509Error('bad-signature', 'The request is signed with an algorithm that is not of its key.');
  let right: boolean;
  try {
    right = verify(algorithm.digest, signed, key, signature);
  } catch (cause) {
    throw new X509Error('bad-signature', 'The key of the request cannot be used.', { cause });
  }
  if (!right) throw new X509Error('bad-signature', 'The request is not signed with the key that it names.');
}

/** Its parameters are NULL or absent; they are not signed, so nothing else is let through. */
function readAlgorithm(identifier: Element): SignatureAlgorithm {
  const fields = new Fields(identifier);
  const oid = objectIdentifier(fields.next(TAG.OBJECT_IDENTIFIER, 'algorithm'));
  const algorithm = signatureByOid(oid);
  fields.optional(TAG.NULL);
  fields.end('signatureAlgorithm');
  return algorithm;
}

function readInfo(info: Element): CertificateRequest {
  const fields = new Fields(info);
  if (smallInteger(fields.next(TAG.INTEGER, 'version')) !== 0)
    throw new X509Error('malformed', 'The request is of an unknown version.');
  const commonName = readCommonName(fields.next(TAG.SEQUENCE, 'subject'));
  const publicKey = readKey(fields.next(TAG.SEQUENCE, 'subjectPKInfo'));
  // RFC 2986 has the attributes always there; some leave them out when there are none.
  const challengePassword = findChallenge(fields.optional(contextConstructed(0)));
  fields.end('certificationRequestInfo');
  return { publicKey, challengePassword, commonName };
}

function read(der: Buffer): CertificateRequest {
  const fields = documentFields(der, 'CertificationRequest');
  const info = fields.next(TAG.SEQUENCE, 'certificationRequestInfo');
  const signedWith = readAlgorithm(fields.next(TAG.SEQUENCE, 'signatureAlgorithm'));
  const signature = wholeOctets(fields.next(TAG.BIT_STRING, 'signature'));
  fields.end('CertificationRequest');
  const request = readInfo(info);
  checkSignature(signedWith, request.publicKey, encodingOf(info), signature);
  return request;
}

/**
 * Reads a PKCS#10 request (RFC 2986) from DER and verifies that it was signed with the key it names.
 * @throws X509Error `malformed`, `too-large`, `unsupported-algorithm`, `weak-key`, `bad-signature`
 */
export function readCertificateRequest(der: Buffer): CertificateRequest {
  if (der.length > MAX_BYTES)
    throw new X509Error('too-large', `The request is larger than ${MAX_BYTES} bytes.`);
  try {
    return read(der);
  } catch (error) {
    if (error instanceof Asn1Error)
      throw new X509Error(error.code, `The request: ${error.message}.`, { cause: error });
    throw error;
  }
}
