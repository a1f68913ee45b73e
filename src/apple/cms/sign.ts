import { hash, sign, type KeyObject, type X509Certificate } from 'node:crypto';
import { readDocument, readIssuerAndSerial } from '../asn1/index.js';
import * as der from '../asn1/write.js';
import type { Digest } from './algorithms.js';

const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  rsaEncryption: '1.2.840.113549.1.1.1',
} as const;

const DIGEST_OID: Readonly<Record<Digest, string>> = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};

const ECDSA_OID: Readonly<Record<Digest, string>> = {
  sha1: '1.2.840.10045.4.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
};

/** Who signs: a certificate, its RSA or EC key, and the authorities between it and a root, nearest first. */
export interface CmsSigner {
  readonly certificate: X509Certificate;
  readonly privateKey: KeyObject;
  readonly chain: readonly X509Certificate[];
}

/** Content, and how it is to be signed. */
export interface ToSign {
  readonly content: Buffer;
  readonly signer: CmsSigner;
  readonly digest: Digest;
  /** Signed attributes besides contentType and messageDigest. */
  readonly attributes: readonly Buffer[];
}

/** An Attribute with one value (RFC 5652 section 5.3). */
export const attribute = (type: string, value: Buffer): Buffer =>
  der.sequence(der.oid(type), der.setOf(value));

/** When it was signed, as the signer says (RFC 5652 section 11.3). */
export const signingTime = (at: Date): Buffer => attribute(OID.signingTime, der.time(at));

const algorithm = (oid: string): Buffer => der.sequence(der.oid(oid), der.nothing());

/** SignedData in its ContentInfo (RFC 5652 section 5.1). */
function signedData(
  digests: readonly Buffer[],
  content: readonly Buffer[],
  certificates: readonly Buffer[],
  signers: readonly Buffer[],
): Buffer {
  const body = der.sequence(
    der.integer(1n),
    der.setOf(...digests),
    der.sequence(der.oid(OID.data), ...content),
    der.tagged(0, ...certificates),
    der.setOf(...signers),
  );
  return der.sequence(der.oid(OID.signedData), der.tagged(0, body));
}

/** Certificates (DER) in a message that nobody signed: the degenerate SignedData of RFC 8894 section 3.4. In the order given. */
export const certificatesOnly = (certificates: readonly Buffer[]): Buffer =>
  signedData([], [], certificates, []);

/**
 * RSA is named `rsaEncryption`, the digest by its own identifier: strongSwan reads nothing else, and iOS crashes where the
 * digest is named by a signature's identifier. ECDSA has a name for each digest (RFC 5754 section 3.3).
 */
function signatureAlgorithm(key: KeyObject, digest: Digest): Buffer {
  return key.asymmetricKeyType === 'ec'
    ? der.sequence(der.oid(ECDSA_OID[digest]))
    : algorithm(OID.rsaEncryption);
}

function signerInfo({ content, signer, digest, attributes }: ToSign): Buffer {
  const { issuer, serialNumber } = readIssuerAndSerial(readDocument(signer.certificate.raw));
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
    signatureAlgorithm(signer.privateKey, digest),
    der.octets(sign(digest, signed, signer.privateKey)),
  );
}

/** Content with its signature around it, and the signer's certificates (RFC 5652 section 5). */
export function signAttached(o: ToSign): Buffer {
  const { certificate, chain } = o.signer;
  return signedData(
    [algorithm(DIGEST_OID[o.digest])],
    [der.tagged(0, der.octets(o.content))],
    [certificate, ...chain].map(({ raw }) => raw),
    [signerInfo(o)],
  );
}
