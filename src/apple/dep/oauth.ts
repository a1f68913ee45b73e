import { createHmac, randomBytes } from 'node:crypto';
import type { ServerToken } from './server-token.js';

/** Exactly the unreserved characters stay as they are (RFC 5849 section 3.6). */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** When, and with what random text, a request is signed. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly nonce: string;
}

/** Now, with a nonce that was never used. `at` in milliseconds since 1970. */
export function moment(at: number): Moment {
  return { at, nonce: randomBytes(16).toString('hex') };
}

/**
 * The `Authorization` header of a GET by OAuth 1.0a, HMAC-SHA1 (RFC 5849 section 3), with the realm that Apple's page shows.
 * @param url without a query
 */
export function authorization(url: URL, token: ServerToken, { at, nonce }: Moment): string {
  const fields: Record<string, string> = {
    oauth_consumer_key: token.consumerKey,
    oauth_nonce: nonce,
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(Math.floor(at / 1_000)),
    oauth_token: token.accessToken,
    oauth_version: '1.0',
  };
  const signature = sign(url, fields, token);
  const header = Object.entries({ ...fields, oauth_signature: signature })
    .map(([name, value]) => `${name}="${encoded(value)}"`)
    .join(', ');
  return `OAuth realm="ADM", ${header}`;
}

/** The signature base string (section 3.4.1): method, address, and the sorted fields. */
export function sign(url: URL, fields: Readonly<Record<string, string>>, token: ServerToken): string {
  const sorted = Object.entries(fields)
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const base = ['GET', encoded(`${url.origin}${url.pathname}`), encoded(sorted)].join('&');
  const key = `${encoded(token.consumerSecret)}&${encoded(token.accessSecret)}`;
  return createHmac('sha1', key).update(base).digest('base64');
}
