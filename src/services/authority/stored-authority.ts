import { createPrivateKey, X509Certificate } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { createAuthority, type Authority } from '../../apple/x509/index.js';
import { insertIgnore, type Database, type Sql } from '../../database/index.js';
import { VaultError, type SecretPlace, type Vault } from '../vault.js';

const COMMON_NAME = 'Pomona Device Authority';
const YEARS = 20;
const KEY_BITS = 2048;
const HOUR_MS = 60 * 60_000;
const SLOT = 'DEVICE_IDENTITY';

const OTHER_KEY =
  'it was sealed with another secret key. Give POMONA_SECRET_KEY, POMONA_SECRET_KEY_FILE, or the file secret.key of the data ' +
  'directory, that this database was last started with; while a key is being replaced, the former one as POMONA_SECRET_KEY_FORMER.';
const ALTERED = 'it was altered, or belongs to another row. Restore the table authorities from a backup.';

interface Row {
  readonly uuid: string;
  readonly certificate: Uint8Array;
  readonly sealedKey: Uint8Array;
}

/**
 * The authority this database has, or had before the operator brought one; undefined when there never was any.
 * Throws a sentence when its key cannot be opened.
 */
export async function findAuthority(sql: Sql, vault: Vault): Promise<Authority | undefined> {
  const [row] = await sql.query<Row>(
    'SELECT uuid, certificate, sealed_key AS sealedKey FROM authorities WHERE slot = ?',
    [SLOT],
  );
  return row === undefined ? undefined : opened(row, vault);
}

/** The same, made when there is none. Of processes that start at once, one makes it, and all have that one. */
export async function findOrCreateAuthority(
  database: Database,
  vault: Vault,
  organization: string,
  now: number,
): Promise<Authority> {
  const known = await findAuthority(database, vault);
  if (known !== undefined) return known;
  const row = newRow(vault, organization, now);
  await database.run(
    `${insertIgnore(database.dialect)} authorities (uuid, slot, certificate, sealed_key, created_at) VALUES (?, ?, ?, ?, ?)`,
    [row.uuid, SLOT, row.certificate, row.sealedKey, now],
  );
  const kept = await findAuthority(database, vault);
  if (kept === undefined) throw new Error('The device authority was not kept.');
  return kept;
}

function newRow(
  vault: Vault,
  organization: string,
  now: number,
): { uuid: string; certificate: Buffer; sealedKey: Buffer } {
  const notBefore = new Date(now - HOUR_MS);
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS);
  const made = createAuthority({
    commonName: COMMON_NAME,
    organization,
    notBefore,
    notAfter,
    keyBits: KEY_BITS,
  });
  const uuid = uuidv7();
  const key = createPrivateKey(made.privateKeyPem).export({ type: 'pkcs8', format: 'der' });
  return {
    uuid,
    certificate: new X509Certificate(made.certificatePem).raw,
    sealedKey: vault.seal(key, sealedAt(uuid)),
  };
}

function opened({ uuid, certificate, sealedKey }: Row, vault: Vault): Authority {
  return {
    certificate: new X509Certificate(certificate),
    privateKey: createPrivateKey({ key: openKey(uuid, sealedKey, vault), format: 'der', type: 'pkcs8' }),
  };
}

function openKey(uuid: string, sealedKey: Uint8Array, vault: Vault): Buffer {
  try {
    return vault.open(Buffer.from(sealedKey), sealedAt(uuid));
  } catch (cause) {
    const altered = cause instanceof VaultError && cause.code === 'ALTERED';
    throw new Error(`The key of the device authority cannot be opened: ${altered ? ALTERED : OTHER_KEY}`, {
      cause,
    });
  }
}

function sealedAt(row: string): SecretPlace {
  return { table: 'authorities', column: 'sealed_key', row };
}
