import type { KeyObject, X509Certificate } from 'node:crypto';
import { openEnvelope, readEnvelope, ScepError } from '../scep/index.js';
import { isDict, parsePlist } from '../plist/index.js';
import { readCertificateRequest } from '../x509/index.js';
import { PushRequestError } from './errors.js';
import { publicKeyHash } from './request.js';

/** What mdmcert.download is asked with. */
export interface SigningRequest {
  readonly csrPem: string;
  /** Registered with mdmcert.download: the answer is sent there. */
  readonly email: string;
  /** The key mdmcert.download gave to the one who asks. */
  readonly apiKey: string;
  /** PEM; the answer is encrypted to it. */
  readonly exchangeCertificate: string;
}

/** Who an answer is for. */
export interface Recipient {
  readonly certificate: X509Certificate;
  readonly privateKey: KeyObject;
}

/** An answer has about 20 KiB. */
const MAX_CHARACTERS = 256 * 1024;
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** The JSON that `POST https://mdmcert.download/api/v1/signrequest` takes. PEMs travel in base64 once more. */
export function signingRequest({ csrPem, email, apiKey, exchangeCertificate }: SigningRequest): string {
  return JSON.stringify({
    csr: base64(csrPem),
    email,
    key: apiKey,
    encrypt: base64(exchangeCertificate),
  });
}

/** The bytes of an answer: it comes as a file of hexadecimal digits. @throws PushRequestError `unreadable` */
export function answerBytes(text: string): Buffer {
  const digits = text.slice(0, MAX_CHARACTERS + 1).replaceAll(/\s/g, '');
  if (digits.length <= MAX_CHARACTERS && digits.length % 2 === 0 && /^[0-9a-f]+$/i.test(digits))
    return Buffer.from(digits, 'hex');
  throw new PushRequestError(
    'unreadable',
    'This is not the answer of mdmcert.download: paste the content of the .p7 file that came by mail, which has hexadecimal digits only.',
  );
}

/**
 * Opens an answer, CMS EnvelopedData, to the file for Apple, base64 text, which must be about the recipient's own key.
 * @throws PushRequestError `unreadable`; `other-recipient` when it is encrypted to another certificate; `other-request`
 */
export function openAnswer(bytes: Buffer, recipient: Recipient): string {
  const content = open(bytes, recipient).toString('latin1').replaceAll(/\s/g, '');
  const csr = requestIn(Buffer.from(content, 'base64'));
  if (publicKeyHash(csr) === publicKeyHash(recipient.privateKey)) return content;
  throw new PushRequestError(
    'other-request',
    'The answer holds a request that is signed for another key. Ask mdmcert.download anew, with the request as it is given here.',
  );
}

function open(bytes: Buffer, { certificate, privateKey }: Recipient): Buffer {
  try {
    return openEnvelope(readEnvelope(bytes), { certificate, privateKey });
  } catch (cause) {
    if (cause instanceof ScepError && cause.code === 'other-recipient')
      throw new PushRequestError('other-recipient', 'The answer is encrypted to another request.', { cause });
    throw new PushRequestError(
      'unreadable',
      'The answer cannot be opened: it is cut short or altered. Save the attached file anew and paste all of it.',
      { cause },
    );
  }
}

/** The public key of the request in a file for Apple. */
function requestIn(plist: Buffer): KeyObject {
  try {
    const root = parsePlist(plist);
    const csr = isDict(root) ? root['PushCertRequestCSR'] : undefined;
    if (typeof csr === 'string') return readCertificateRequest(Buffer.from(csr, 'base64')).publicKey;
  } catch (cause) {
    throw noRequest(cause);
  }
  throw noRequest(undefined);
}

function noRequest(cause: unknown): PushRequestError {
  return new PushRequestError('unreadable', 'The answer holds no signed request for Apple.', { cause });
}
