import forge from 'node-forge';
import { octetString, text } from '../../src/apple/asn1/index.js';
import { readUnverifiedSigner, singleValue, verifySignedData } from '../../src/apple/cms/index.js';
import { openEnvelope } from './envelope.js';
import type { ScepExchange } from './request.js';

export type CertRep =
  | { readonly status: 'SUCCESS'; /** DER of what the server issued. */ readonly certificate: Buffer }
  | { readonly status: 'FAILURE'; /** 0 to 4: RFC 8894 section 3.2.1.4. */ readonly failInfo: number }
  | { readonly status: 'PENDING' };

/** The attributes of an answer as text; nonces in hexadecimal. */
function attributesOf(reply: Buffer): (type: number) => string | undefined {
  const { attributes } = readUnverifiedSigner(reply);
  return (type) => {
    const value = singleValue(attributes, `2.16.840.1.113733.1.9.${type}`, 'attribute');
    if (!value) return undefined;
    return value.tag === 0x04 ? octetString(value).toString('hex') : text(value);
  };
}

function expectSame(what: string, actual: string | undefined, expected: string): void {
  if (actual !== expected) throw new Error(`the answer's ${what} is ${actual}, not ${expected}`);
}

/** The first certificate of a message that has no signer. */
function firstCertificate(message: Buffer): Buffer {
  const asn1 = forge.asn1.fromDer(message.toString('latin1'));
  const { certificates } = forge.pkcs7.messageFromAsn1(asn1) as forge.pkcs7.PkcsSignedData;
  const [certificate] = certificates;
  if (!certificate) throw new Error('the answer holds no certificate');
  return Buffer.from(forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes(), 'latin1');
}

/**
 * Reads an answer as a strict client does: signed by the authority, for this transaction, with the nonce that was sent.
 * @throws Error when it is not.
 */
export function readCertRep(reply: Buffer, exchange: ScepExchange): CertRep {
  const { certificate, content } = verifySignedData(reply);
  expectSame('signer', certificate.fingerprint256, exchange.caCertificate.fingerprint256);
  const attribute = attributesOf(reply);
  expectSame('message type', attribute(2), '3');
  expectSame('transaction', attribute(7), exchange.transactionId);
  expectSame('recipientNonce', attribute(6), exchange.senderNonce.toString('hex'));
  const status = attribute(3);
  if (status === '2') return { status: 'FAILURE', failInfo: Number(attribute(4)) };
  if (status === '3') return { status: 'PENDING' };
  expectSame('status', status, '0');
  return { status: 'SUCCESS', certificate: firstCertificate(openEnvelope(content, exchange.signerKey)) };
}
