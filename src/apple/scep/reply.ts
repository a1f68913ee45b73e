import { randomBytes } from 'node:crypto';
import * as der from '../asn1/write.js';
import { attribute, certificatesOnly, signAttached, signingTime } from '../cms/sign.js';
import type { Authority } from '../x509/index.js';
import { envelop } from './envelope-writer.js';
import { ATTRIBUTE } from './oids.js';
import type { ScepDigest, ScepRequest } from './types.js';

const CERT_REP = '3';
const SUCCESS = '0';
const FAILURE = '2';
const NONCE_SIZE = 16;

/** Whom an answer is for. */
export interface ScepRecipient {
  readonly transactionId: string;
  readonly senderNonce: Buffer;
  readonly digest: ScepDigest;
}

/** senderNonce is of no use in an answer, but clients from before the RFC look for one (section 3.3.2). */
function certRep(
  to: ScepRecipient,
  authority: Authority,
  at: Date,
  status: Buffer[],
  content: Buffer,
): Buffer {
  return signAttached({
    content,
    signer: { certificate: authority.certificate, privateKey: authority.privateKey, chain: [] },
    digest: to.digest,
    attributes: [
      signingTime(at),
      attribute(ATTRIBUTE.transactionId, der.printable(to.transactionId)),
      attribute(ATTRIBUTE.messageType, der.printable(CERT_REP)),
      attribute(ATTRIBUTE.senderNonce, der.octets(randomBytes(NONCE_SIZE))),
      attribute(ATTRIBUTE.recipientNonce, der.octets(to.senderNonce)),
      ...status,
    ],
  });
}

/**
 * CertRep with the issued certificate (DER), encrypted to whoever signed the request, with the cipher and digest that the
 * request shows its sender to know (RFC 8894 section 3.3.2.1).
 */
export function scepSuccess(request: ScepRequest, authority: Authority, issued: Buffer, at: Date): Buffer {
  const recipient = { certificateDer: request.signerDer, publicKey: request.signer.publicKey };
  const envelope = envelop(certificatesOnly([issued]), recipient, request.cipher);
  return certRep(request, authority, at, [attribute(ATTRIBUTE.pkiStatus, der.printable(SUCCESS))], envelope);
}

/**
 * CertRep with a failInfo of 0 to 4 (RFC 8894 section 3.3.2.2). The envelope is left out, its place is not: content of no
 * octets is what deployed servers send, and clients that compute the content's digest need some.
 */
export function scepFailure(to: ScepRecipient, authority: Authority, failInfo: number, at: Date): Buffer {
  const status = [
    attribute(ATTRIBUTE.pkiStatus, der.printable(FAILURE)),
    attribute(ATTRIBUTE.failInfo, der.printable(String(failInfo))),
  ];
  return certRep(to, authority, at, status, Buffer.alloc(0));
}
