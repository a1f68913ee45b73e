import type { X509Certificate } from 'node:crypto';
import { Asn1Error } from '../asn1/index.js';
import { CmsError, verifySignedData, type CmsErrorCode, type VerifiedSignature } from '../cms/index.js';
import { isStrongKey } from '../identity/index.js';
import { readCertificateRequest, type Authority } from '../x509/index.js';
import { openEnvelope, readEnvelope, type Envelope } from './envelope-reader.js';
import { ScepError, type ScepAddress, type ScepErrorCode } from './errors.js';
import { readHeader } from './header.js';
import type { ScepRequest } from './types.js';

const MAX_BYTES = 256 * 1024;

type MessageType = ScepRequest['messageType'];

/** Whatever is not listed here is refused (RFC 8894 section 3.2.1.2). */
const MESSAGE_TYPES = new Map<string, MessageType>([
  ['17', 'RenewalReq'],
  ['19', 'PKCSReq'],
]);

const CODE_OF_CMS: Partial<Record<CmsErrorCode, ScepErrorCode>> = {
  'too-large': 'too-large',
  'unsupported-algorithm': 'unsupported-algorithm',
  'digest-mismatch': 'bad-signature',
  'bad-signature': 'bad-signature',
};

function asScepError(error: unknown, address?: ScepAddress): unknown {
  if (error instanceof ScepError) return address ? error.addressedTo(address) : error;
  if (error instanceof CmsError)
    return new ScepError(CODE_OF_CMS[error.code] ?? 'malformed', error.message, { cause: error, address });
  if (error instanceof Asn1Error) return new ScepError(error.code, error.message, { cause: error, address });
  return error;
}

/** Runs one step; whatever the message does wrong in it becomes a ScepError that knows whom to tell. */
function step<T>(address: ScepAddress | undefined, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw asScepError(error, address);
  }
}

function acceptedType(messageType: string): MessageType {
  const type = MESSAGE_TYPES.get(messageType);
  if (type) return type;
  throw new ScepError('unsupported-message', 'Only PKCSReq (19) and RenewalReq (17) are served.');
}

/** The answer is encrypted to this key, so it has to be RSA; that of a renewal is an identity of ours, which are strong. */
function checkSigner(type: MessageType, signer: X509Certificate): void {
  if (signer.publicKey.asymmetricKeyType !== 'rsa')
    throw new ScepError(
      'unsupported-algorithm',
      'The message is not signed with an RSA key: no answer could be read.',
    );
  if (!isStrongKey(signer.publicKey))
    throw new ScepError(
      'weak-key',
      'The key of the message is not RSA of 2048 to 8192 bits with an exponent of 65537 or more.',
    );
  const selfSigned = signer.verify(signer.publicKey);
  if (selfSigned && type === 'RenewalReq')
    throw new ScepError(
      'wrong-signer',
      'A renewal must be signed with the identity so far, not a self-signed one.',
    );
  if (!selfSigned && type === 'PKCSReq')
    throw new ScepError(
      'wrong-signer',
      'A first request must be signed with a self-signed certificate for its key.',
    );
}

/**
 * Opens the envelope and reads the request in it. Anybody can put a stranger's envelope, altered, into a message of their
 * own, and learn its challenge from how it fails; so all failures are one, until the request's own signature shows that
 * nothing was altered.
 */
function openRequest(
  envelope: Envelope,
  authority: Authority,
  type: MessageType,
  signer: X509Certificate,
): Buffer {
  const { csr, publicKey } = readContent(envelope, authority);
  if (type === 'PKCSReq' && !publicKey.equals(signer.publicKey))
    throw new ScepError(
      'wrong-signer',
      'The message is not signed with the key that it requests a certificate for.',
    );
  return csr;
}

function readContent(
  envelope: Envelope,
  authority: Authority,
): { csr: Buffer; publicKey: X509Certificate['publicKey'] } {
  try {
    const csr = openEnvelope(envelope, authority);
    return { csr, publicKey: readCertificateRequest(csr).publicKey };
  } catch (cause) {
    if (cause instanceof ScepError) throw cause;
    throw new ScepError('undecipherable', 'The envelope does not hold a certificate request that is right.', {
      cause,
    });
  }
}

/**
 * Reads a pkiMessage that asks for a certificate (RFC 8894 section 3.3.1): its type, its signature, its envelope for
 * `authority`, and the PKCS#10 request inside, in this order. Whether the sender may have a certificate is the caller's
 * question, and so is whether the signer of a renewal is to be believed. At most 256 KiB.
 * @throws ScepError
 */
export function readScepRequest(message: Buffer, authority: Authority): ScepRequest {
  if (message.length > MAX_BYTES) throw new ScepError('too-large', `A message may have ${MAX_BYTES} bytes.`);
  const { messageType: typeNumber, ...address } = step(undefined, () => readHeader(message));
  const messageType = step(address, () => acceptedType(typeNumber));
  const signature = step(address, () => verifySignedData(message));
  return step({ ...address, signer: signature.certificate }, () => {
    checkSigner(messageType, signature.certificate);
    return { messageType, ...address, ...readBody(signature, authority, messageType) };
  });
}

function readBody(
  { certificate: signer, certificateDer: signerDer, content }: VerifiedSignature,
  authority: Authority,
  messageType: MessageType,
): Pick<ScepRequest, 'signer' | 'signerDer' | 'csr' | 'cipher'> {
  const envelope = readEnvelope(content);
  return {
    signer,
    signerDer,
    csr: openRequest(envelope, authority, messageType, signer),
    cipher: envelope.cipher,
  };
}
