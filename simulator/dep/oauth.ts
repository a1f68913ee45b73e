import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TokenSecrets } from './token.js';

/** Apple allows clocks to be off by a few minutes. */
const SKEW_MS = 5 * 60_000;

/** Checks OAuth 1.0a headers (RFC 5849) as a service provider does: signature, time, and that no nonce comes twice. */
export class OauthCheck {
  readonly #nonces = new Set<string>();

  constructor(private readonly now: () => number) {}

  /** @returns what is wrong, in Apple's words; undefined when it is right */
  problem(header: string | undefined, url: string, secrets: readonly TokenSecrets[]): string | undefined {
    const fields = readHeader(header ?? '');
    const token = secrets.find((one) => one.access_token === fields.get('oauth_token'));
    if (token === undefined || token.consumer_key !== fields.get('oauth_consumer_key'))
      return 'token_rejected';
    if (fields.get('oauth_signature_method') !== 'HMAC-SHA1') return 'signature_method_rejected';
    const at = Number(fields.get('oauth_timestamp')) * 1_000;
    if (!(Math.abs(this.now() - at) <= SKEW_MS)) return 'timestamp_refused';
    const nonce = `${fields.get('oauth_timestamp')} ${fields.get('oauth_nonce')}`;
    if (fields.get('oauth_nonce') === undefined || this.#nonces.has(nonce)) return 'nonce_used';
    if (!sameText(signed(fields, url, token), fields.get('oauth_signature') ?? ''))
      return 'signature_invalid';
    this.#nonces.add(nonce);
    return Date.parse(token.access_token_expiry) <= this.now() ? 'token_expired' : undefined;
  }
}

function readHeader(header: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [, name = '', value = ''] of header.matchAll(/(\w+)="([^"]*)"/g))
    if (name !== 'realm') fields.set(name, decodeURIComponent(value));
  return fields;
}

const strict = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function signed(fields: ReadonlyMap<string, string>, url: string, token: TokenSecrets): string {
  const pairs = [...fields]
    .filter(([name]) => name !== 'oauth_signature')
    .map(([name, value]) => `${strict(name)}=${strict(value)}`);
  const base = `GET&${strict(url)}&${strict(pairs.sort().join('&'))}`;
  const key = `${strict(token.consumer_secret)}&${strict(token.access_secret)}`;
  return createHmac('sha1', key).update(base).digest('base64');
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
