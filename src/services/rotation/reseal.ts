import type { Database, Transaction } from '../../database/index.js';
import { placeOf, type SealedColumn } from '../sealed-columns.js';
import { HEAD_BYTES, VaultError, type Vault } from '../vault.js';

/** What became of a column's secrets. */
export interface Resealed {
  readonly resealed: number;
  /** Keys of rows whose secret could not be opened. They were left as they are. */
  readonly unopened: readonly string[];
}

interface Row {
  readonly id: string;
  readonly secret: Uint8Array;
}

/** Rows one transaction seals anew: no writer waits for long. */
const BATCH = 200;

/**
 * Seals every secret of a column with the current key that is sealed with another. A transaction for each batch: whoever is
 * killed on the way starts again, and finds the rest. A secret that somebody replaces meanwhile is left to them.
 * @param progress told after every batch how many it sealed
 */
export async function resealColumn(
  database: Database,
  vault: Vault,
  column: SealedColumn,
  progress: (resealed: number) => void,
): Promise<Resealed> {
  const unopened: string[] = [];
  let resealed = 0;
  for (let after = ''; ;) {
    const batch = await database.transaction((tx) => resealBatch(tx, vault, column, after));
    resealed += batch.resealed;
    unopened.push(...batch.unopened);
    if (batch.resealed > 0) progress(batch.resealed);
    if (batch.last === undefined) return { resealed, unopened };
    after = batch.last;
  }
}

/** `last`: the key of the last row looked at; undefined when there are no more. */
async function resealBatch(
  tx: Transaction,
  vault: Vault,
  sealed: SealedColumn,
  after: string,
): Promise<Resealed & { readonly last: string | undefined }> {
  const { table, column, key } = sealed;
  const rows = await tx.query<Row>(
    `SELECT ${key} AS id, ${column} AS secret FROM ${table}
      WHERE ${key} > ? AND ${column} IS NOT NULL AND SUBSTR(${column}, 1, ${HEAD_BYTES}) <> ? ORDER BY ${key} LIMIT ${BATCH}`,
    [after, vault.head],
  );
  const unopened: string[] = [];
  let resealed = 0;
  for (const { id, secret } of rows) {
    const before = Buffer.from(secret);
    const anew = sealedAnew(vault, before, placeOf(sealed, id));
    if (anew === undefined) unopened.push(id);
    else resealed += await replace(tx, sealed, id, before, anew);
  }
  return { resealed, unopened, last: rows.length < BATCH ? undefined : rows.at(-1)?.id };
}

function sealedAnew(vault: Vault, secret: Buffer, place: ReturnType<typeof placeOf>): Buffer | undefined {
  try {
    return vault.seal(vault.open(secret, place), place);
  } catch (error) {
    if (error instanceof VaultError) return undefined;
    throw error;
  }
}

async function replace(
  tx: Transaction,
  { table, column, key }: SealedColumn,
  id: string,
  before: Buffer,
  anew: Buffer,
): Promise<number> {
  const { affected } = await tx.run(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ? AND ${column} = ?`, [
    anew,
    id,
    before,
  ]);
  return affected;
}
