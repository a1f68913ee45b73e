import {
  encodingOf,
  Fields,
  isIndefinite,
  members,
  objectIdentifier,
  octetString,
  readDocument,
  TAG,
  time,
  type Element,
} from '../asn1/index.js';
import { CmsError } from './errors.js';

const MAX_ATTRIBUTES = 64;
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_TIME = '1.2.840.113549.1.9.5';

export type AttributeValues = ReadonlyMap<string, Element>;

/** What the signer signed besides the content (RFC 5652 section 11). */
export interface SignedAttributes {
  readonly contentType: string;
  readonly messageDigest: Buffer;
  readonly signingTime: Date | undefined;
  /** Every attribute's SET of values, by type. */
  readonly values: AttributeValues;
  /** The bytes that the signature is over. */
  readonly toVerify: Buffer;
}

/** Attribute values by type. Each attribute may appear once, and those that we read have one value. */
function byType(signedAttrs: Element): Map<string, Element> {
  const found = new Map<string, Element>();
  for (const attribute of members(signedAttrs, MAX_ATTRIBUTES, 'signed attributes')) {
    if (attribute.tag !== TAG.SEQUENCE)
      throw new CmsError('malformed', 'a signed attribute is not a SEQUENCE');
    const fields = new Fields(attribute);
    const type = objectIdentifier(fields.next(TAG.OBJECT_IDENTIFIER, 'attrType'));
    if (found.has(type)) throw new CmsError('malformed', `signed attribute ${type} appears twice`);
    found.set(type, fields.next(TAG.SET, 'attrValues'));
    fields.end('a signed attribute');
  }
  return found;
}

/**
 * The value of an attribute that has exactly one; undefined when it is not there.
 * @throws Asn1Error when it has none or several.
 */
export function singleValue(attributes: AttributeValues, type: string, name: string): Element | undefined {
  const values = attributes.get(type);
  if (!values) return undefined;
  const fields = new Fields(values);
  const value = fields.any(name);
  fields.end(name);
  return value;
}

function required(attributes: AttributeValues, type: string, name: string, tag: number): Element {
  const value = singleValue(attributes, type, name);
  if (value?.tag !== tag)
    throw new CmsError('malformed', `the signed attribute ${name} is missing or of another type`);
  return value;
}

/** They travel as `[0] IMPLICIT` but are signed as the SET OF that they are (RFC 5652 section 5.4). */
function asSet(signedAttrs: Element): Buffer {
  if (isIndefinite(signedAttrs)) throw new CmsError('malformed', 'the signed attributes are not DER');
  const bytes = Buffer.from(encodingOf(signedAttrs));
  bytes[0] = TAG.SET;
  return bytes;
}

/** @throws CmsError, Asn1Error */
export function readSignedAttributes(signedAttrs: Element): SignedAttributes {
  const attributes = byType(signedAttrs);
  const contentType = required(attributes, CONTENT_TYPE, 'contentType', TAG.OBJECT_IDENTIFIER);
  const messageDigest = required(attributes, MESSAGE_DIGEST, 'messageDigest', TAG.OCTET_STRING);
  const signingTime = singleValue(attributes, SIGNING_TIME, 'signingTime');
  return {
    contentType: objectIdentifier(contentType),
    messageDigest: octetString(messageDigest),
    signingTime: signingTime && time(signingTime),
    values: attributes,
    toVerify: asSet(signedAttrs),
  };
}

/**
 * Whether content could be mistaken for signed attributes. A signature over attributes is one over their encoding, so that
 * without them it would be right for that encoding as content, which nobody signed.
 */
export function looksLikeAttributes(content: Buffer): boolean {
  if (content[0] !== TAG.SET) return false;
  try {
    readSignedAttributes(readDocument(content));
    return true;
  } catch {
    return false;
  }
}
