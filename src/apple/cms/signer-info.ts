import {
  bodyOf,
  contextConstructed,
  contextPrimitive,
  encodingOf,
  Fields,
  objectIdentifier,
  TAG,
  type Element,
  type IssuerAndSerial,
} from '../asn1/index.js';
import { digestByOid, schemeByOid, type Digest, type SignatureScheme } from './algorithms.js';
import { readSignedAttributes, type SignedAttributes } from './attributes.js';
import { CmsError } from './errors.js';

/** How a message says whose key signed it (RFC 5652 section 5.3). */
export type SignerIdentifier = IssuerAndSerial | { readonly subjectKeyIdentifier: Buffer };

export interface SignerInfo {
  readonly signer: SignerIdentifier;
  readonly digest: Digest;
  readonly scheme: SignatureScheme;
  readonly attributes: SignedAttributes | undefined;
  readonly signature: Buffer;
}

function readIdentifier(element: Element): SignerIdentifier {
  if (element.tag === contextPrimitive(0)) return { subjectKeyIdentifier: bodyOf(element) };
  if (element.tag !== TAG.SEQUENCE) throw new CmsError('malformed', 'the signer is named in an unknown way');
  const fields = new Fields(element);
  const issuer = encodingOf(fields.next(TAG.SEQUENCE, 'issuer'));
  const serialNumber = encodingOf(fields.next(TAG.INTEGER, 'serialNumber'));
  fields.end('issuerAndSerialNumber');
  return { issuer, serialNumber };
}

/** The algorithm's name. Parameters are NULL or absent for all but RSA-PSS, where `node:crypto` finds what it needs. */
function readAlgorithm(identifier: Element): string {
  return objectIdentifier(new Fields(identifier).next(TAG.OBJECT_IDENTIFIER, 'algorithm'));
}

/** @throws CmsError, Asn1Error */
export function readSignerInfo(element: Element): SignerInfo {
  const fields = new Fields(element);
  fields.next(TAG.INTEGER, 'version');
  const signer = readIdentifier(fields.any('sid'));
  const digest = digestByOid(readAlgorithm(fields.next(TAG.SEQUENCE, 'digestAlgorithm')));
  const signedAttrs = fields.optional(contextConstructed(0));
  const scheme = schemeByOid(readAlgorithm(fields.next(TAG.SEQUENCE, 'signatureAlgorithm')), digest);
  const signature = bodyOf(fields.next(TAG.OCTET_STRING, 'signature'));
  fields.optional(contextConstructed(1));
  fields.end('SignerInfo');
  const attributes = signedAttrs && readSignedAttributes(signedAttrs);
  return { signer, digest, scheme, attributes, signature };
}
