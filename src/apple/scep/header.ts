import { Asn1Error, octetString, TAG, text, type Element } from '../asn1/index.js';
import { readUnverifiedSigner, singleValue, type AttributeValues } from '../cms/index.js';
import { ScepError } from './errors.js';
import { ATTRIBUTE } from './oids.js';
import type { ScepDigest } from './types.js';

/** Printable ASCII. A PrintableString has fewer characters, but clients put base64url and the like into one. */
const TRANSACTION_ID = /^[\x20-\x7e]{1,255}$/;
/** Sixteen octets by the RFC; some send other sizes, and what comes back has to be the same. */
const MAX_NONCE = 64;

/** The signed attributes that say what a message is and whom the answer is for. */
export interface Header {
  readonly transactionId: string;
  readonly senderNonce: Buffer;
  readonly digest: ScepDigest;
  readonly messageType: string;
}

/** An attribute that cannot be read counts as none: what else is known may still be answered. */
function find<T>(attributes: AttributeValues, type: string, read: (value: Element) => T): T | undefined {
  try {
    const value = singleValue(attributes, type, 'a signed attribute');
    return value && read(value);
  } catch (error) {
    if (error instanceof Asn1Error) return undefined;
    throw error;
  }
}

function readTransactionId(value: Element): string | undefined {
  const id = text(value);
  return TRANSACTION_ID.test(id) ? id : undefined;
}

function readNonce(value: Element): Buffer | undefined {
  const nonce = value.tag === TAG.OCTET_STRING ? octetString(value) : Buffer.alloc(0);
  return nonce.length > 0 && nonce.length <= MAX_NONCE ? Buffer.from(nonce) : undefined;
}

/**
 * Reads the header of a pkiMessage (RFC 8894 section 3.2.1) without verifying its signature.
 * @throws ScepError with as much of the address as can be read; CmsError
 */
export function readHeader(message: Buffer): Header {
  const { attributes, digestAlgorithm: digest } = readUnverifiedSigner(message);
  const transactionId = find(attributes, ATTRIBUTE.transactionId, readTransactionId);
  const senderNonce = find(attributes, ATTRIBUTE.senderNonce, readNonce);
  const messageType = find(attributes, ATTRIBUTE.messageType, text);
  const address = { transactionId, senderNonce, digest };
  const malformed = (what: string): ScepError => new ScepError('malformed', what, { address });
  if (transactionId === undefined)
    throw malformed('There is no transactionID of 1 to 255 printable characters.');
  if (!senderNonce) throw malformed(`There is no senderNonce of 1 to ${MAX_NONCE} octets.`);
  if (messageType === undefined) throw malformed('There is no messageType.');
  return { transactionId, senderNonce, messageType, digest };
}
