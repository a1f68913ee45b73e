import { hash, randomBytes, X509Certificate, type KeyObject } from 'node:crypto';
import { signedData, signerInfo, type SignDigest } from '../cms-sign.js';
import { octets, oid, printable, sequence, setOf, time } from '../der.js';
import { selfSigned } from '../pki/certificate.js';
import { makeCsr } from './csr.js';
import { makeEnvelope, type EnvelopeCipher } from './envelope.js';

const MESSAGE_TYPES = { PKCSReq: '19', RenewalReq: '17' } as const;

export interface ScepRequestOptions {
  /** The key to be certified. RSA: the answer is encrypted to it. */
  key: KeyObject;
  /** The authority's, DER or PEM or parsed: what GetCACert answers. */
  caCertificate: Buffer | string | X509Certificate;
  challenge?: string;
  /** Default: `Device`. */
  commonName?: string;
  /** Default `aes128`. */
  cipher?: EnvelopeCipher;
  /** Default `sha256`. */
  digest?: SignDigest;
  /** Default: 32 random hexadecimal digits. */
  transactionId?: string;
  /** Default: 16 random octets. */
  senderNonce?: Buffer;
  /** A request to send instead of one made from `key`, `commonName` and `challenge`. */
  csr?: Buffer;
  /** An envelope to send instead of one made around the request. */
  envelope?: Buffer;
  /** Who signs the message. Default: a self-signed certificate for `key`. A renewal needs the identity so far. */
  signer?: { certDer: Buffer; key: KeyObject };
  /** The number of the message type, to send one that should be refused. */
  messageType?: string;
}

/** A message, and what is needed to read the answer to it. */
export interface ScepExchange {
  readonly message: Buffer;
  readonly transactionId: string;
  readonly senderNonce: Buffer;
  readonly caCertificate: X509Certificate;
  /** Opens the answer. */
  readonly signerKey: KeyObject;
}

const attribute = (type: string, value: Buffer): Buffer => sequence(oid(type), setOf(value));

function signedAttributes(
  content: Buffer,
  o: { digest: SignDigest; messageType: string; transactionId: string; senderNonce: Buffer },
): Buffer[] {
  return [
    attribute('1.2.840.113549.1.9.3', oid('1.2.840.113549.1.7.1')),
    attribute('1.2.840.113549.1.9.5', time(new Date())),
    attribute('1.2.840.113549.1.9.4', octets(hash(o.digest, content, 'buffer'))),
    attribute('2.16.840.1.113733.1.9.2', printable(o.messageType)),
    attribute('2.16.840.1.113733.1.9.5', octets(o.senderNonce)),
    attribute('2.16.840.1.113733.1.9.7', printable(o.transactionId)),
  ];
}

function makeMessage(o: ScepRequestOptions, messageType: string): ScepExchange {
  const caCertificate =
    o.caCertificate instanceof X509Certificate ? o.caCertificate : new X509Certificate(o.caCertificate);
  const digest = o.digest ?? 'sha256';
  const transactionId = o.transactionId ?? randomBytes(16).toString('hex').toUpperCase();
  const senderNonce = o.senderNonce ?? randomBytes(16);
  const signer = o.signer ?? selfSigned({ commonName: o.commonName ?? 'Device', key: o.key });
  const content = o.envelope ?? makeEnvelope(o.csr ?? makeCsr(o), caCertificate, o.cipher ?? 'aes128');
  const attributes = signedAttributes(content, { digest, messageType, transactionId, senderNonce });
  const info = signerInfo(content, { ...signer, digest }, attributes);
  const message = signedData(content, [signer.certDer], [info], digest);
  return { message, transactionId, senderNonce, caCertificate, signerKey: signer.key };
}

/** A first request, as a device sends it that has a challenge from its profile (RFC 8894 section 3.3.1). */
export const makePkcsReq = (o: ScepRequestOptions): ScepExchange =>
  makeMessage(o, o.messageType ?? MESSAGE_TYPES.PKCSReq);

/** A request for a new certificate, signed with the identity so far. */
export const makeRenewalReq = (
  o: ScepRequestOptions & { signer: { certDer: Buffer; key: KeyObject } },
): ScepExchange => makeMessage(o, MESSAGE_TYPES.RenewalReq);
