import { z } from 'zod';
import { openEnvelope, readEnvelope } from '../scep/index.js';
import type { Authority } from '../x509/index.js';

/** What Apple's `.p7m` file holds: the right to speak for a server of an organisation, for about a year. */
export interface ServerToken {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly accessToken: string;
  readonly accessSecret: string;
  readonly accessTokenExpiry: Date;
}

/** A file that is no server token, or not one for this account. The message says what would be right. */
export class ServerTokenError extends Error {
  override readonly name = 'ServerTokenError';
}

const MAX_BYTES = 256 * 1024;

const Token = z.object({
  consumer_key: z.string().min(1).max(255),
  consumer_secret: z.string().min(1).max(255),
  access_token: z.string().min(1).max(255),
  access_secret: z.string().min(1).max(255),
  access_token_expiry: z.iso.datetime({ offset: true }),
});

/**
 * Opens the server token (`.p7m`) that Apple made for the certificate of an account: S/MIME (RFC 8551) around CMS around MIME
 * around JSON. DER alone, or PEM, is read as well.
 * @throws ServerTokenError
 */
export function readServerToken(file: Buffer, own: Authority): ServerToken {
  if (file.length === 0 || file.length > MAX_BYTES)
    throw new ServerTokenError(
      `The file has ${file.length} bytes; a server token has some thousands. Give the .p7m that Apple Business Manager offers.`,
    );
  return parseToken(decrypt(envelopeIn(file), own));
}

function envelopeIn(file: Buffer): Buffer {
  // DER begins with a SEQUENCE.
  if (file[0] === 0x30) return file;
  const text = file.toString('latin1');
  const pem = /-----BEGIN (?:PKCS7|CMS)-----([^-]+)-----END/.exec(text)?.[1];
  const body =
    pem ??
    text
      .split(/\r?\n\r?\n/)
      .slice(1)
      .join('');
  const digits = body.replaceAll(/\s/g, '');
  if (digits !== '' && /^[A-Za-z0-9+/]+={0,2}$/.test(digits)) return Buffer.from(digits, 'base64');
  throw new ServerTokenError(
    'The file is no server token: give the .p7m that Apple Business Manager offers for this server, unchanged.',
  );
}

function decrypt(envelope: Buffer, own: Authority): string {
  try {
    return openEnvelope(readEnvelope(envelope), own).toString('utf8');
  } catch (cause) {
    throw new ServerTokenError(
      "The server token was not made for this account's certificate. Upload that certificate at Apple, then download the token anew.",
      { cause },
    );
  }
}

/** The JSON stands between two marker lines, in a MIME part of its own. */
function parseToken(mime: string): ServerToken {
  const json = /-----BEGIN MESSAGE-----([^]*?)-----END MESSAGE-----/.exec(mime)?.[1];
  const parsed = Token.safeParse(jsonIn(json ?? mime));
  if (!parsed.success)
    throw new ServerTokenError(
      `The server token does not hold what it should: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
    );
  const { data } = parsed;
  return {
    consumerKey: data.consumer_key,
    consumerSecret: data.consumer_secret,
    accessToken: data.access_token,
    accessSecret: data.access_secret,
    accessTokenExpiry: new Date(data.access_token_expiry),
  };
}

/** Lines may be folded in the middle of a value. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.replaceAll(/[\r\n]/g, '').trim());
  } catch {
    return undefined;
  }
}
