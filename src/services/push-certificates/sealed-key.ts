import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { SecretPlace, Vault } from '../vault.js';

/** Seals the private key of a record as PKCS#8 DER. */
export function sealKey(vault: Vault, key: KeyObject, uuid: string): Buffer {
  return vault.seal(key.export({ type: 'pkcs8', format: 'der' }), sealedAt(uuid));
}

/** Throws a sentence when the key was sealed with another secret key. */
export function openKey(vault: Vault, sealed: Uint8Array, uuid: string): KeyObject {
  try {
    const key = vault.open(Buffer.from(sealed), sealedAt(uuid));
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new Error(
      'The key of the push certificate cannot be opened: it was sealed with another secret key. Give the server the secret key ' +
        'that was in use when it was sealed (POMONA_SECRET_KEY, or the file secret.key of the data directory).',
      { cause },
    );
  }
}

function sealedAt(row: string): SecretPlace {
  return { table: 'push_certificates', column: 'sealed_key', row };
}
