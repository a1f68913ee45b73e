import { randomBytes, type X509Certificate } from 'node:crypto';
import { makeEnvelope, type EnvelopeCipher } from '../scep/envelope.js';

/** The secrets of a server token, in Apple's words. */
export interface TokenSecrets {
  readonly consumer_key: string;
  readonly consumer_secret: string;
  readonly access_token: string;
  readonly access_secret: string;
  readonly access_token_expiry: string;
}

/** @param consumerKey the same for all tokens of a server */
export function makeSecrets(consumerKey: string, expiry: Date): TokenSecrets {
  return {
    consumer_key: consumerKey,
    consumer_secret: `CS_${randomBytes(20).toString('hex')}`,
    access_token: `AT_O${randomBytes(20).toString('hex')}`,
    access_secret: `AS_${randomBytes(20).toString('hex')}`,
    access_token_expiry: expiry.toISOString().replace(/\.\d+Z$/, 'Z'),
  };
}

/** The `.p7m` file as Apple's portal offers it for a server with this certificate. */
export function tokenFile(
  secrets: TokenSecrets,
  to: X509Certificate,
  cipher: EnvelopeCipher = 'des3',
): Buffer {
  const message =
    'Content-Type: text/plain;charset=UTF-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n' +
    `-----BEGIN MESSAGE-----\n${JSON.stringify(secrets)}\n-----END MESSAGE-----\n`;
  const der = makeEnvelope(Buffer.from(message), to, cipher);
  const lines = der.toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  return Buffer.from(
    'Content-Type: application/pkcs7-mime; name="smime.p7m"; smime-type=enveloped-data\r\n' +
      'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="smime.p7m"\r\n' +
      `Content-Description: S/MIME Encrypted Message\r\n\r\n${lines}\r\n`,
  );
}
