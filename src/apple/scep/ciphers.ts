import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import type { ScepCipher } from './types.js';

/** How content is encrypted: CBC with the padding of RFC 5652 section 6.3. Sizes are octets. */
interface CipherSpec {
  readonly oid: string;
  /** OpenSSL's name; none for single DES, which OpenSSL 3 refuses. */
  readonly name?: string;
  readonly keySize: number;
  readonly blockSize: number;
}

export const CIPHERS: Readonly<Record<ScepCipher, CipherSpec>> = {
  des: { oid: '1.3.14.3.2.7', keySize: 8, blockSize: 8 },
  des3: { oid: '1.2.840.113549.3.7', name: 'des-ede3-cbc', keySize: 24, blockSize: 8 },
  aes128: { oid: '2.16.840.1.101.3.4.1.2', name: 'aes-128-cbc', keySize: 16, blockSize: 16 },
  aes192: { oid: '2.16.840.1.101.3.4.1.22', name: 'aes-192-cbc', keySize: 24, blockSize: 16 },
  aes256: { oid: '2.16.840.1.101.3.4.1.42', name: 'aes-256-cbc', keySize: 32, blockSize: 16 },
};

/** The cipher of an algorithm identifier in dotted form; undefined for one that is not taken. */
export function cipherByOid(oid: string): ScepCipher | undefined {
  const names = Object.keys(CIPHERS) as ScepCipher[];
  return names.find((name) => CIPHERS[name].oid === oid);
}

const toForge = (bytes: Buffer): forge.util.ByteStringBuffer =>
  forge.util.createBuffer(bytes.toString('latin1'));

/** Runs one of forge's ciphers over everything at once. */
function runDes(cipher: forge.cipher.BlockCipher, iv: Buffer, input: Buffer): Buffer {
  cipher.start({ iv: toForge(iv) });
  cipher.update(toForge(input));
  if (!cipher.finish()) throw new Error('the padding is wrong');
  return Buffer.from(cipher.output.getBytes(), 'latin1');
}

/**
 * Key and IV have the sizes of the cipher, the content is one block or more.
 * @throws Error when the padding is wrong.
 */
export function decryptContent(cipher: ScepCipher, key: Buffer, iv: Buffer, content: Buffer): Buffer {
  const { name } = CIPHERS[cipher];
  if (name === undefined) return runDes(forge.cipher.createDecipher('DES-CBC', toForge(key)), iv, content);
  const decipher = createDecipheriv(name, key, iv);
  return Buffer.concat([decipher.update(content), decipher.final()]);
}

/** Encrypts under a fresh key and IV. */
export function encryptContent(
  cipher: ScepCipher,
  content: Buffer,
): { key: Buffer; iv: Buffer; encrypted: Buffer } {
  const { name, keySize, blockSize } = CIPHERS[cipher];
  const key = randomBytes(keySize);
  const iv = randomBytes(blockSize);
  if (name === undefined) {
    const des = forge.cipher.createCipher('DES-CBC', toForge(key));
    return { key, iv, encrypted: runDes(des, iv, content) };
  }
  const encipher = createCipheriv(name, key, iv);
  return { key, iv, encrypted: Buffer.concat([encipher.update(content), encipher.final()]) };
}
