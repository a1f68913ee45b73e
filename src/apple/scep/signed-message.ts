import { hash, sign, type KeyObject } from 'node:crypto';
import { readDocument, readIssuerAndSerial } from '../asn1/index.js';
import * as der from '../asn1/write.js';
import { DIGEST_OID, OID } from './oids.js';
import type { ScepDigest } from './types.js';

export interface Signer {
  readonly certificateDer: Buffer;
  /** RSA. */
  readonly key: KeyObject;
}

export const attribute = (type: string, value: Buffer): Buffer =>
  der.sequence(der.oid(type), der.setOf(value));

const algorithm = (oid: string): Buffer => der.sequence(der.oid(oid), der.nothing());

/** SignedData in its ContentInfo (RFC 5652 section 5.1). */
function signedData(digests: Buffer[], content: Buffer[], certificate: Buffer, signers: Buffer[]): Buffer {
  const body = der.sequence(
    der.integer(1n),
    der.setOf(...digests),
    der.sequence(der.oid(OID.data), ...content),
    der.tagged(0, certificate),
    der.setOf(...signers),
  );
  return der.sequence(der.oid(OID.signedData), der.tagged(0, body));
}

/** A certificate in a message that nobody signed (RFC 8894 section 3.4). */
export const certificateOnly = (certificate: Buffer): Buffer => signedData([], [], certificate, []);

/**
 * The signature's algorithm is named `rsaEncryption`, the digest by its own identifier: strongSwan reads nothing else, and
 * iOS crashes where the digest is named by a signature's identifier.
 */
function signerInfo(content: Buffer, signer: Signer, digest: ScepDigest, attributes: Buffer[]): Buffer {
  const { issuer, serialNumber } = readIssuerAndSerial(readDocument(signer.certificateDer));
  const signed = der.setOf(
    attribute(OID.contentType, der.oid(OID.data)),
    attribute(OID.messageDigest, der.octets(hash(digest, content, 'buffer'))),
    ...attributes,
  );
  const relabelled = Buffer.from(signed);
  relabelled.writeUInt8(0xa0, 0);
  return der.sequence(
    der.integer(1n),
    der.sequence(issuer, serialNumber),
    algorithm(DIGEST_OID[digest]),
    relabelled,
    algorithm(OID.rsaEncryption),
    der.octets(sign(digest, signed, signer.key)),
  );
}

/** A pkiMessage (RFC 8894 section 3.2): content with the attributes that say what it is, signed. */
export function signMessage(o: {
  content: Buffer;
  signer: Signer;
  digest: ScepDigest;
  attributes: Buffer[];
}): Buffer {
  return signedData(
    [algorithm(DIGEST_OID[o.digest])],
    [der.tagged(0, der.octets(o.content))],
    o.signer.certificateDer,
    [signerInfo(o.content, o.signer, o.digest, o.attributes)],
  );
}
