import { PomonaError } from '../errors.js';
import type { Principal } from '../services/access.js';
import type { ApiTokens } from '../services/api-tokens.js';

const HOW =
  'Send an API token as the password of Basic authentication (curl -u api:TOKEN), or as “Authorization: Bearer TOKEN”.';

/**
 * Who is calling: `Authorization: Basic` with any user name and an API token as the password (RFC 7617), or `Bearer` with
 * the token (RFC 6750). Throws UNAUTHENTICATED, saying which of the ways to be wrong it was.
 */
export async function authenticate(tokens: ApiTokens, header: string | undefined): Promise<Principal> {
  if (header === undefined || header === '') throw new PomonaError('UNAUTHENTICATED', HOW);
  const token = tokenIn(header);
  if (token === undefined)
    throw new PomonaError('UNAUTHENTICATED', `The Authorization header cannot be read. ${HOW}`);
  const principal = await tokens.authenticate(token);
  if (principal === undefined)
    throw new PomonaError(
      'UNAUTHENTICATED',
      `The API token is not known, has expired or was revoked. ${HOW}`,
    );
  return principal;
}

function tokenIn(header: string): string | undefined {
  const [, scheme = '', credentials = ''] = /^([A-Za-z]+) +(\S+) *$/.exec(header) ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon === -1 ? undefined : pair.slice(colon + 1);
}
