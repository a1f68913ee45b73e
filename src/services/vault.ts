import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** What is sealed today: version, key id, IV, tag, body. Version 1 had no key id, and is still opened. */
const VERSION = 2;
const WITHOUT_KEY_ID = 1;
const KEY_ID_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** How many bytes of a sealed secret say which key it was sealed with. */
export const HEAD_BYTES = 1 + KEY_ID_BYTES;

/** Where a secret is kept. It can be opened only there, so that moving a ciphertext to another row gains nothing. */
export interface SecretPlace {
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

/** 32 bytes each. Everything is sealed with the current one; the former ones open what was sealed before. */
export interface VaultKeys {
  readonly current: Buffer;
  readonly former: readonly Buffer[];
}

/** What the first bytes of a sealed secret say of its key. Version 1 does not tell: trying is the only way. */
export type SealedWith = 'CURRENT' | 'FORMER' | 'OTHER_KEY' | 'NOT_TOLD';

export type VaultErrorCode = 'UNKNOWN_FORM' | 'OTHER_KEY' | 'ALTERED';

/** A secret that cannot be opened; `code` says whether the key is missing or the ciphertext is not what was sealed here. */
export class VaultError extends Error {
  override readonly name = 'VaultError';

  constructor(
    readonly code: VaultErrorCode,
    message: string,
    options?: { cause: unknown },
  ) {
    super(message, options);
  }
}

interface Key {
  readonly id: Buffer;
  readonly bytes: Buffer;
}

interface Ring {
  readonly current: Key;
  readonly all: readonly Key[];
}

/**
 * Seals what must not be readable in the database: AES-256-GCM (NIST SP 800-38D), bound to table, column and row. The id of
 * the key stands in front, so that a wrong key is told from a damaged ciphertext.
 */
export class Vault {
  #ring: Ring;

  /**
   * @param changed the keys, when they are others than those it was last asked for: a key that is replaced while this process
   * runs is then taken up. It is asked before anything is sealed, and when a key is missing.
   */
  constructor(
    keys: Buffer | VaultKeys,
    private readonly changed: () => VaultKeys | undefined = () => undefined,
  ) {
    this.#ring = ringOf(Buffer.isBuffer(keys) ? { current: keys, former: [] } : keys);
  }

  /** What everything begins with that is sealed from now on. */
  get head(): Buffer {
    return Buffer.concat([Buffer.from([VERSION]), this.#ring.current.id]);
  }

  seal(secret: Buffer, place: SecretPlace): Buffer {
    this.#follow();
    const { id, bytes } = this.#ring.current;
    const head = Buffer.concat([Buffer.from([VERSION]), id]);
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', bytes, iv).setAAD(boundTo(head, place));
    const body = Buffer.concat([cipher.update(secret), cipher.final()]);
    return Buffer.concat([head, iv, cipher.getAuthTag(), body]);
  }

  /**
   * Tells equal secrets from others, and nothing to whoever has not the key: a plain hash of a PIN is as good as the PIN. Another
   * key, another fingerprint. 64 hexadecimal digits (HMAC-SHA-256).
   */
  fingerprint(secret: string): string {
    this.#follow();
    return createHmac('sha256', this.#ring.current.bytes)
      .update(`fingerprint\0${secret}`, 'utf8')
      .digest('hex');
  }

  /** Throws VaultError: OTHER_KEY, ALTERED (also when it belongs elsewhere), UNKNOWN_FORM. */
  open(sealed: Buffer, place: SecretPlace): Buffer {
    if (sealed[0] === WITHOUT_KEY_ID) return this.#openFirstForm(sealed, place);
    if (sealed[0] !== VERSION || sealed.length < HEAD_BYTES)
      throw new VaultError('UNKNOWN_FORM', 'The sealed secret has an unknown form.');
    const head = sealed.subarray(0, HEAD_BYTES);
    const key = this.#find(head) ?? (this.#follow() ? this.#find(head) : undefined);
    if (key === undefined) throw otherKey(head);
    return decrypt(key.bytes, sealed.subarray(HEAD_BYTES), boundTo(head, place));
  }

  /** Which key a sealed secret was sealed with, by its first `HEAD_BYTES`. */
  sealedWith(head: Buffer): SealedWith {
    if (head[0] === WITHOUT_KEY_ID) return 'NOT_TOLD';
    const key = head[0] === VERSION ? this.#find(head) : undefined;
    if (key === undefined) return 'OTHER_KEY';
    return key === this.#ring.current ? 'CURRENT' : 'FORMER';
  }

  /** Version 1 names no key: each is tried. */
  #openFirstForm(sealed: Buffer, place: SecretPlace): Buffer {
    for (const { bytes } of this.#ring.all) {
      try {
        return decrypt(bytes, sealed.subarray(1), boundTo(Buffer.alloc(0), place));
      } catch (error) {
        if (!(error instanceof VaultError)) throw error;
      }
    }
    throw new VaultError(
      'OTHER_KEY',
      'The secret was sealed with another secret key, or was altered, or belongs to another row.',
    );
  }

  #find(head: Buffer): Key | undefined {
    const id = head.subarray(1, HEAD_BYTES);
    return this.#ring.all.find((key) => key.id.equals(id));
  }

  #follow(): boolean {
    const keys = this.changed();
    if (keys === undefined) return false;
    this.#ring = ringOf(keys);
    return true;
  }
}

/** Names a key without telling anything of it: 8 hexadecimal digits. */
export function keyName(key: Buffer): string {
  return keyId(key).toString('hex');
}

function keyId(key: Buffer): Buffer {
  return createHmac('sha256', key).update('pomona secret key').digest().subarray(0, KEY_ID_BYTES);
}

function ringOf({ current, former }: VaultKeys): Ring {
  const keys = [current, ...former].map((bytes) => {
    if (bytes.length !== KEY_BYTES) throw new Error(`A secret key must be ${KEY_BYTES} bytes.`);
    return { id: keyId(bytes), bytes };
  });
  const all = keys.filter((key, index) => keys.findIndex(({ bytes }) => bytes.equals(key.bytes)) === index);
  if (new Set(all.map(({ id }) => id.toString('hex'))).size < all.length)
    throw new Error('Two of the secret keys have the same id, by chance: make another new one.');
  const [first] = all;
  if (first === undefined) throw new Error('There is no secret key.');
  return { current: first, all };
}

/** The first form bound nothing but the place. */
function boundTo(head: Buffer, { table, column, row }: SecretPlace): Buffer {
  return Buffer.concat([head, Buffer.from(`${table}\0${column}\0${row}`, 'utf8')]);
}

/** @param sealed IV, tag and body */
function decrypt(key: Buffer, sealed: Buffer, aad: Buffer): Buffer {
  const iv = sealed.subarray(0, IV_BYTES);
  const tag = sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(aad).setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new VaultError('ALTERED', 'The sealed secret was altered, or belongs to another row.', { cause });
  }
}

function otherKey(head: Buffer): VaultError {
  const name = head.subarray(1).toString('hex');
  return new VaultError('OTHER_KEY', `The secret was sealed with another secret key (${name}).`);
}
