import {
  constants,
  createCipheriv,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  type KeyObject,
  type X509Certificate,
} from 'node:crypto';
import forge from 'node-forge';
import { readCertificate } from '../../src/apple/asn1/index.js';
import { integer, nothing, octets, oid, sequence, setOf, tagged, taggedPrimitive } from '../der.js';

const CIPHERS = {
  des: ['1.3.14.3.2.7', 'DES-CBC', 8, 8],
  des3: ['1.2.840.113549.3.7', 'des-ede3-cbc', 24, 8],
  aes128: ['2.16.840.1.101.3.4.1.2', 'aes-128-cbc', 16, 16],
  aes192: ['2.16.840.1.101.3.4.1.22', 'aes-192-cbc', 24, 16],
  aes256: ['2.16.840.1.101.3.4.1.42', 'aes-256-cbc', 32, 16],
} as const;

export type EnvelopeCipher = keyof typeof CIPHERS;

/** Single DES, which OpenSSL 3 does not have. */
function desEncrypt(key: Buffer, iv: Buffer, content: Buffer): Buffer {
  const cipher = forge.cipher.createCipher('DES-CBC', forge.util.createBuffer(key.toString('latin1')));
  cipher.start({ iv: forge.util.createBuffer(iv.toString('latin1')) });
  cipher.update(forge.util.createBuffer(content.toString('latin1')));
  cipher.finish();
  return Buffer.from(cipher.output.getBytes(), 'latin1');
}

function encrypt(name: string, key: Buffer, iv: Buffer, content: Buffer): Buffer {
  if (name === 'DES-CBC') return desEncrypt(key, iv, content);
  const cipher = createCipheriv(name, key, iv);
  return Buffer.concat([cipher.update(content), cipher.final()]);
}

/** Content encrypted to a certificate, as a device sends its request (RFC 5652 section 6). */
export function makeEnvelope(content: Buffer, to: X509Certificate, cipher: EnvelopeCipher): Buffer {
  const [cipherOid, name, keySize, blockSize] = CIPHERS[cipher];
  const [key, iv] = [randomBytes(keySize), randomBytes(blockSize)];
  const { issuer, serialNumber } = readCertificate(to.raw);
  const recipient = sequence(
    integer(0n),
    sequence(issuer, serialNumber),
    sequence(oid('1.2.840.113549.1.1.1'), nothing()),
    octets(publicEncrypt({ key: to.publicKey, padding: constants.RSA_PKCS1_PADDING }, key)),
  );
  const encrypted = sequence(
    oid('1.2.840.113549.1.7.1'),
    sequence(oid(cipherOid), octets(iv)),
    taggedPrimitive(0, encrypt(name, key, iv, content)),
  );
  return sequence(oid('1.2.840.113549.1.7.3'), tagged(0, sequence(integer(0n), setOf(recipient), encrypted)));
}

/** What `@types/node-forge` leaves out of a message that was read. */
type Enveloped = forge.pkcs7.Captured<forge.pkcs7.PkcsEnvelopedData> & {
  encryptedContent: { key?: forge.util.ByteStringBuffer };
  recipients: { encryptedContent: { content: string } }[];
  decrypt(): void;
};

/** What an envelope for one recipient holds. node-forge reads it, so that it is not read by the code that made it. */
export function openEnvelope(envelope: Buffer, key: KeyObject): Buffer {
  const asn1 = forge.asn1.fromDer(envelope.toString('latin1'));
  const message = forge.pkcs7.messageFromAsn1(asn1) as unknown as Enveloped;
  const [recipient] = message.recipients;
  if (!recipient) throw new Error('the envelope is for nobody');
  const encryptedKey = Buffer.from(recipient.encryptedContent.content, 'latin1');
  const contentKey = privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, encryptedKey);
  message.encryptedContent.key = forge.util.createBuffer(contentKey.toString('latin1'));
  message.decrypt();
  return Buffer.from((message.content as forge.util.ByteBuffer).getBytes(), 'latin1');
}
