import { constants, privateDecrypt, randomBytes, type KeyObject } from 'node:crypto';
import {
  bodyOf,
  contextConstructed,
  contextPrimitive,
  encodingOf,
  documentFields,
  Fields,
  members,
  objectIdentifier,
  octetString,
  readCertificate,
  readDocument,
  TAG,
  type Element,
} from '../asn1/index.js';
import type { Authority } from '../x509/index.js';
import { cipherByOid, CIPHERS, decryptContent } from './ciphers.js';
import { ScepError } from './errors.js';
import { OID } from './oids.js';
import type { ScepCipher } from './types.js';

const MAX_RECIPIENTS = 16;
const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';

interface Recipient {
  readonly identifier: Element;
  readonly keyAlgorithm: string;
  readonly encryptedKey: Buffer;
}

/** An EnvelopedData as it was sent; nothing of it is decrypted. */
export interface Envelope {
  readonly recipients: readonly Recipient[];
  readonly cipher: ScepCipher;
  readonly iv: Buffer;
  readonly content: Buffer;
}

function readRecipient(info: Element): Recipient {
  const fields = new Fields(info);
  fields.next(TAG.INTEGER, 'version');
  const identifier = fields.any('rid');
  const algorithm = new Fields(fields.next(TAG.SEQUENCE, 'keyEncryptionAlgorithm'));
  const encryptedKey = octetString(fields.any('encryptedKey'));
  fields.end('KeyTransRecipientInfo');
  const keyAlgorithm = objectIdentifier(algorithm.next(TAG.OBJECT_IDENTIFIER, 'algorithm'));
  return { identifier, keyAlgorithm, encryptedKey };
}

function readAlgorithm(identifier: Element): { cipher: ScepCipher; iv: Buffer } {
  const fields = new Fields(identifier);
  const oid = objectIdentifier(fields.next(TAG.OBJECT_IDENTIFIER, 'algorithm'));
  const cipher = cipherByOid(oid);
  if (!cipher)
    throw new ScepError(
      'unsupported-algorithm',
      `The content is encrypted with ${oid}; accepted are AES, triple DES and DES in CBC mode.`,
    );
  const iv = octetString(fields.any('the initialisation vector'));
  if (iv.length !== CIPHERS[cipher].blockSize)
    throw new ScepError('malformed', 'The initialisation vector is not as long as a block.');
  return { cipher, iv };
}

/** `[0] IMPLICIT OCTET STRING`: whole, or in BER's pieces. */
function readEncrypted(element: Element): Buffer {
  if (element.tag === contextPrimitive(0)) return bodyOf(element);
  if (element.tag !== contextConstructed(0)) throw new ScepError('malformed', 'The envelope is empty.');
  const pieces = new Fields(element);
  const found: Buffer[] = [];
  while (pieces.more) found.push(octetString(pieces.any('a piece of the content')));
  return Buffer.concat(found);
}

function readContent(info: Element): Omit<Envelope, 'recipients'> {
  const fields = new Fields(info);
  const type = objectIdentifier(fields.next(TAG.OBJECT_IDENTIFIER, 'contentType'));
  if (type !== OID.data) throw new ScepError('malformed', `The envelope holds ${type}, not plain data.`);
  const { cipher, iv } = readAlgorithm(fields.next(TAG.SEQUENCE, 'contentEncryptionAlgorithm'));
  const content = readEncrypted(fields.any('encryptedContent'));
  fields.end('encryptedContentInfo');
  if (content.length === 0 || content.length % CIPHERS[cipher].blockSize !== 0)
    throw new ScepError('malformed', 'The encrypted content is not made of whole blocks.');
  return { cipher, iv, content };
}

function unwrap(bytes: Buffer): Fields {
  const contentInfo = documentFields(bytes, 'ContentInfo');
  const type = objectIdentifier(contentInfo.next(TAG.OBJECT_IDENTIFIER, 'contentType'));
  if (type !== OID.envelopedData)
    throw new ScepError('malformed', `The message carries ${type}, not an envelope.`);
  const wrapper = new Fields(contentInfo.next(contextConstructed(0), 'content'));
  contentInfo.end('ContentInfo');
  const envelopedData = new Fields(wrapper.next(TAG.SEQUENCE, 'EnvelopedData'));
  wrapper.end('content');
  return envelopedData;
}

/**
 * Reads an EnvelopedData in its ContentInfo (RFC 5652 section 6.1). Recipients of other kinds than key transport are
 * left out.
 * @throws ScepError, Asn1Error
 */
export function readEnvelope(bytes: Buffer): Envelope {
  const fields = unwrap(bytes);
  fields.next(TAG.INTEGER, 'version');
  fields.optional(contextConstructed(0));
  const infos = members(fields.next(TAG.SET, 'recipientInfos'), MAX_RECIPIENTS, 'recipients');
  const content = readContent(fields.next(TAG.SEQUENCE, 'encryptedContentInfo'));
  fields.optional(contextConstructed(1));
  fields.end('EnvelopedData');
  return { ...content, recipients: infos.filter(({ tag }) => tag === TAG.SEQUENCE).map(readRecipient) };
}

function names({ identifier }: Recipient, { certificate }: Authority): boolean {
  const { issuer, serialNumber, extensions } = readCertificate(certificate.raw);
  if (identifier.tag === contextPrimitive(0)) {
    const stated = extensions.get(SUBJECT_KEY_IDENTIFIER);
    return stated !== undefined && octetString(readDocument(stated)).equals(bodyOf(identifier));
  }
  if (identifier.tag !== TAG.SEQUENCE) return false;
  const fields = new Fields(identifier);
  return (
    encodingOf(fields.any('issuer')).equals(issuer) &&
    encodingOf(fields.any('serialNumber')).equals(serialNumber)
  );
}

function findOwn(envelope: Envelope, authority: Authority): Recipient {
  const own = envelope.recipients.find((recipient) => names(recipient, authority));
  if (!own) throw new ScepError('other-recipient', 'The request is encrypted for another authority.');
  if (own.keyAlgorithm !== OID.rsaEncryption)
    throw new ScepError(
      'unsupported-algorithm',
      `The key is transported with ${own.keyAlgorithm}; accepted is RSA PKCS#1 v1.5.`,
    );
  return own;
}

/**
 * A key that is not of the right size is replaced by a random one, so that a wrong key and wrong content fail in one
 * place, later, and alike (RFC 3218 section 2.3.2).
 */
function contentKey(encryptedKey: Buffer, privateKey: KeyObject, size: number): Buffer {
  const instead = randomBytes(size);
  try {
    const key = privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, encryptedKey);
    return key.length === size ? key : instead;
  } catch {
    return instead;
  }
}

/**
 * What the envelope holds. The caller must not let the sender tell a failure of this from content that makes no sense.
 * @throws ScepError `other-recipient`, `unsupported-algorithm`; Error when the padding of the content is wrong
 */
export function openEnvelope(envelope: Envelope, authority: Authority): Buffer {
  const { cipher, iv, content } = envelope;
  const { encryptedKey } = findOwn(envelope, authority);
  const key = contentKey(encryptedKey, authority.privateKey, CIPHERS[cipher].keySize);
  return decryptContent(cipher, key, iv, content);
}
