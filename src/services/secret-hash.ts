import { createHash } from 'node:crypto';

/**
 * What is kept of a token, a link or a challenge: SHA-256, hexadecimal. A plain hash does, since those that are made here have 256
 * random bits and cannot be tried out. Only an admin token that the operator gives (POMONA_ADMIN_TOKEN) is as good as they made it.
 */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}
