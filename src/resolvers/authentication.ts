import { PomonaError } from '../errors.js';
import { permissionsOf, type Principal } from '../services/access.js';
import type { ApiTokens } from '../services/api-tokens.js';

/**
 * The token in an Authorization header: `Bearer <token>`, or `Basic` with the token as password, as programs send that
 * know nothing else (RFC 6750 section 2.1, RFC 7617 section 2). Undefined when there is none.
 */
export function tokenIn(authorization: unknown): string | undefined {
  if (typeof authorization !== 'string') return undefined;
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+)$/.exec(authorization.trim()) ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? undefined : pair.slice(colon + 1);
}

/** Who is calling; undefined without a header. Throws UNAUTHENTICATED for a token that does not work. */
export async function authenticate(
  tokens: ApiTokens,
  authorization: unknown,
): Promise<Principal | undefined> {
  if (authorization === undefined || authorization === '') return undefined;
  const token = tokenIn(authorization);
  const principal = token === undefined ? undefined : await tokens.authenticate(token);
  if (principal !== undefined) return principal;
  throw new PomonaError(
    'UNAUTHENTICATED',
    'This token is not known, was revoked, or has expired. Send `Authorization: Bearer <token>`.',
  );
}

/** Callers of the same key are shown the same, whoever they are: permissions are all that answers depend on. */
export function audienceOf(principal: Principal): string {
  return permissionsOf(principal).join(' ');
}

/** A header's value among the parameters of a socket's connection_init, whatever the case of its name. */
export function authorizationIn(params: Readonly<Record<string, unknown>>): unknown {
  return Object.entries(params).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
}
