import { generateKeyPairSync, randomUUID, sign, type JsonWebKey, type KeyObject } from 'node:crypto';

/** A key that signs tokens, and what tells others of it. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly jwk: JsonWebKey & { readonly kid: string };
}

export function newSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'RS256', use: 'sig' };
  return { privateKey, jwk };
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token in the compact form, RS256 (RFC 7515 section 7.1, RFC 7518 section 3.3). */
export function signedToken(claims: object, { privateKey, jwk }: SigningKey): string {
  const signed = `${part({ alg: 'RS256', typ: 'JWT', kid: jwk.kid })}.${part(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

/** One that nobody signed (RFC 7519 section 6.1). */
export function unsignedToken(claims: object): string {
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}
