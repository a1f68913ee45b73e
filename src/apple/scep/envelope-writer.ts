import { constants, publicEncrypt, type KeyObject } from 'node:crypto';
import { readDocument, readIssuerAndSerial } from '../asn1/index.js';
import * as der from '../asn1/write.js';
import { CIPHERS, encryptContent } from './ciphers.js';
import { OID } from './oids.js';
import type { ScepCipher } from './types.js';

/** Who may open an envelope: the certificate's DER, and its RSA key. */
export interface Recipient {
  readonly certificateDer: Buffer;
  readonly publicKey: KeyObject;
}

/** KeyTransRecipientInfo (RFC 5652 section 6.2.1) with RSA PKCS#1 v1.5, which is what every client of SCEP reads. */
function recipientInfo({ certificateDer, publicKey }: Recipient, contentKey: Buffer): Buffer {
  const { issuer, serialNumber } = readIssuerAndSerial(readDocument(certificateDer));
  const encryptedKey = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, contentKey);
  return der.sequence(
    der.integer(0n),
    der.sequence(issuer, serialNumber),
    der.sequence(der.oid(OID.rsaEncryption), der.nothing()),
    der.octets(encryptedKey),
  );
}

/** Content encrypted for one recipient: an EnvelopedData in its ContentInfo (RFC 5652 section 6.1). */
export function envelop(content: Buffer, recipient: Recipient, cipher: ScepCipher): Buffer {
  const { key, iv, encrypted } = encryptContent(cipher, content);
  const encryptedContentInfo = der.sequence(
    der.oid(OID.data),
    der.sequence(der.oid(CIPHERS[cipher].oid), der.octets(iv)),
    der.taggedPrimitive(0, encrypted),
  );
  const body = der.sequence(der.integer(0n), der.setOf(recipientInfo(recipient, key)), encryptedContentInfo);
  return der.sequence(der.oid(OID.envelopedData), der.tagged(0, body));
}
