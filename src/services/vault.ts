import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Where a secret is kept. It can be opened only there, so that moving a ciphertext to another row gains nothing. */
export interface SecretPlace {
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

/** Seals what must not be readable in the database: AES-256-GCM (NIST SP 800-38D), bound to table, column and row. */
export class Vault {
  readonly #key: Buffer;

  /** @param key 32 bytes */
  constructor(key: Buffer) {
    if (key.length !== 32) throw new Error('The secret key must be 32 bytes.');
    this.#key = key;
  }

  seal(secret: Buffer, place: SecretPlace): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(aad(place));
    const body = Buffer.concat([cipher.update(secret), cipher.final()]);
    return Buffer.concat([Buffer.from([VERSION]), iv, cipher.getAuthTag(), body]);
  }

  /** Throws when the key is another one, or the ciphertext was altered or belongs elsewhere. */
  open(sealed: Buffer, place: SecretPlace): Buffer {
    if (sealed[0] !== VERSION) throw new Error('The sealed secret has an unknown form.');
    const iv = sealed.subarray(1, 1 + IV_BYTES);
    const tag = sealed.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, iv).setAAD(aad(place)).setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed.subarray(1 + IV_BYTES + TAG_BYTES)), decipher.final()]);
  }
}

function aad(place: SecretPlace): Buffer {
  return Buffer.from(`${place.table}\0${place.column}\0${place.row}`, 'utf8');
}
