import { hash, type X509Certificate } from 'node:crypto';
import {
  documentFields,
  octetString,
  readCertificate,
  readDocument,
  TAG,
  wholeOctets,
} from '../asn1/index.js';
import * as der from '../asn1/write.js';

const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

// keyUsage counts its bits from the left: digitalSignature 0, keyEncipherment 2, keyCertSign 5, cRLSign 6.
const AUTHORITY_USAGE = der.bits(Buffer.from([0b1010_0110]), 1);
const IDENTITY_USAGE = der.bits(Buffer.from([0b1010_0000]), 5);

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  der.sequence(der.oid(id), ...(critical ? [der.boolean(true)] : []), der.octets(value));

/** SHA-1 of the key's own bits: method 1 of RFC 5280 section 4.2.1.2. `publicKey` is a DER SubjectPublicKeyInfo. */
function keyIdentifierOf(publicKey: Buffer): Buffer {
  const fields = documentFields(publicKey, 'SubjectPublicKeyInfo');
  fields.next(TAG.SEQUENCE, 'algorithm');
  return hash('sha1', wholeOctets(fields.next(TAG.BIT_STRING, 'subjectPublicKey')), 'buffer');
}

/** The identifier that the authority's certificate gives its key; chains are built by it, so it is not made anew. */
function identifierOfAuthority(certificate: X509Certificate): Buffer {
  const stated = readCertificate(certificate.raw).extensions.get(SUBJECT_KEY_IDENTIFIER);
  if (stated) return octetString(readDocument(stated));
  return keyIdentifierOf(certificate.publicKey.export({ type: 'spki', format: 'der' }));
}

/** Of an authority that signs identities and SCEP answers, reads SCEP messages, and has no authority below it. */
export function authorityExtensions(publicKey: Buffer): Buffer[] {
  return [
    extension(BASIC_CONSTRAINTS, der.sequence(der.boolean(true), der.integer(0n)), true),
    extension(KEY_USAGE, AUTHORITY_USAGE, true),
    extension(SUBJECT_KEY_IDENTIFIER, der.octets(keyIdentifierOf(publicKey))),
  ];
}

/** Of a device's identity: a TLS client and signer of messages, never an authority. */
export function identityExtensions(publicKey: Buffer, authority: X509Certificate): Buffer[] {
  const issuerKey = der.taggedPrimitive(0, identifierOfAuthority(authority));
  return [
    extension(BASIC_CONSTRAINTS, der.sequence(), true),
    extension(KEY_USAGE, IDENTITY_USAGE, true),
    extension(EXTENDED_KEY_USAGE, der.sequence(der.oid(CLIENT_AUTH))),
    extension(SUBJECT_KEY_IDENTIFIER, der.octets(keyIdentifierOf(publicKey))),
    extension(AUTHORITY_KEY_IDENTIFIER, der.sequence(issuerKey)),
  ];
}
