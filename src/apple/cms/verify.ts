import { constants, hash, verify, type VerifyKeyObjectInput, type X509Certificate } from 'node:crypto';
import { Asn1Error, encodingOf } from '../asn1/index.js';
import type { Digest } from './algorithms.js';
import { looksLikeAttributes, type AttributeValues } from './attributes.js';
import { findSigner, signerCertificate, type SignerCertificate } from './certificates.js';
import { CmsError } from './errors.js';
import { readSignedData } from './signed-data.js';
import type { SignerInfo } from './signer-info.js';

/** Who signed what. That the signature is right says nothing of whether the signer is trusted: see `identity/chain`. */
export interface VerifiedSignature {
  readonly certificate: X509Certificate;
  readonly certificateDer: Buffer;
  /** DER of the other certificates that came along, in the message's order; unverified. */
  readonly otherCertificates: Buffer[];
  /** When the signer says it signed. */
  readonly signingTime: Date | undefined;
  readonly digestAlgorithm: Digest;
  readonly content: Buffer;
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function chooseContent(attached: Buffer | undefined, detached: Uint8Array | undefined): Buffer {
  const content = attached ?? (detached && asBuffer(detached));
  if (!content) throw new CmsError('malformed', 'the message carries no content, and none came with it');
  if (detached && !content.equals(detached)) {
    throw new CmsError('digest-mismatch', 'the message carries other content than it came with');
  }
  return content;
}

/** What the signature is over: the attributes, which name the content's digest, or the content itself. */
function signedBytes({ attributes, digest }: SignerInfo, content: Buffer): Buffer {
  if (!attributes) {
    if (looksLikeAttributes(content))
      throw new CmsError('malformed', 'the content is the attributes of another message');
    return content;
  }
  if (!hash(digest, content, 'buffer').equals(attributes.messageDigest)) {
    throw new CmsError('digest-mismatch', 'the content is not what was signed');
  }
  return attributes.toVerify;
}

function checkSignature(info: SignerInfo, signer: SignerCertificate, signed: Buffer): void {
  if (info.scheme.key !== signer.keyType) {
    throw new CmsError(
      'unsupported-algorithm',
      `an ${info.scheme.key} signature by an ${signer.keyType} key`,
    );
  }
  const key: VerifyKeyObjectInput = { key: signer.key };
  if (info.scheme.pss) {
    key.padding = constants.RSA_PKCS1_PSS_PADDING;
    key.saltLength = constants.RSA_PSS_SALTLEN_AUTO;
  }
  if (!verifies(info, signed, key)) {
    throw new CmsError('bad-signature', "the signature was not made with the signer's key over this content");
  }
}

/** OpenSSL answers most wrong signatures with false, but throws for keys that it will not calculate with. */
function verifies(info: SignerInfo, signed: Buffer, key: VerifyKeyObjectInput): boolean {
  try {
    return verify(info.digest, signed, key, info.signature);
  } catch (cause) {
    throw new CmsError('bad-signature', "the signer's key cannot be used", { cause });
  }
}

/** Nothing but CmsError may come of what strangers send. */
function asCmsError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Asn1Error) throw new CmsError(error.code, error.message, { cause: error });
    throw error;
  }
}

/** What a message claims before anybody checked it: enough to address a refusal, never to act upon. */
export interface UnverifiedSigner {
  readonly digestAlgorithm: Digest;
  readonly attributes: AttributeValues;
}

/**
 * Reads the signed attributes of a SignedData message without verifying anything. The map is empty when it has none.
 * @throws CmsError
 */
export function readUnverifiedSigner(cms: Uint8Array): UnverifiedSigner {
  return asCmsError(() => {
    const { digest, attributes } = readSignedData(cms).signerInfo;
    return { digestAlgorithm: digest, attributes: attributes?.values ?? new Map() };
  });
}

/**
 * The certificate that a message says it was signed with, and the others that came along; nothing is verified.
 * @throws CmsError
 */
export function readUnverifiedCertificates(
  cms: Uint8Array,
): Pick<VerifiedSignature, 'certificate' | 'otherCertificates'> {
  return asCmsError(() => {
    const { certificates, signerInfo } = readSignedData(cms);
    const own = findSigner(signerInfo.signer, certificates);
    const otherCertificates = certificates.filter((other) => other !== own).map(encodingOf);
    return { certificate: signerCertificate(own).x509, otherCertificates };
  });
}

/**
 * Verifies a CMS SignedData message (RFC 5652 section 5.6), with its content inside or apart (`detachedContent`). When it
 * is both, the two have to be equal. Exactly one signer, whose certificate has to come with the message.
 * @throws CmsError
 */
export function verifySignedData(cms: Uint8Array, detachedContent?: Uint8Array): VerifiedSignature {
  return asCmsError(() => {
    const { content: attached, certificates, signerInfo } = readSignedData(cms);
    const content = chooseContent(attached, detachedContent);
    const ownCertificate = findSigner(signerInfo.signer, certificates);
    const signed = signedBytes(signerInfo, content);
    const signer = signerCertificate(ownCertificate);
    checkSignature(signerInfo, signer, signed);
    return {
      certificate: signer.x509,
      certificateDer: signer.der,
      otherCertificates: certificates.filter((other) => other !== ownCertificate).map(encodingOf),
      signingTime: signerInfo.attributes?.signingTime,
      digestAlgorithm: signerInfo.digest,
      content,
    };
  });
}

/**
 * The content of a signed profile, once its signature is found right.
 * @throws CmsError
 */
export function extractSignedContent(cms: Uint8Array): { content: Buffer; signer: VerifiedSignature } {
  const signer = verifySignedData(cms);
  return { content: signer.content, signer };
}
