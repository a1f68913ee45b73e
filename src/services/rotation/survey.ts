import { placeholders, type Database } from '../../database/index.js';
import { placeOf, type SealedColumn } from '../sealed-columns.js';
import { HEAD_BYTES, VaultError, type SealedWith, type Vault } from '../vault.js';

/** How many secrets of a column are sealed with which key. `OTHER_KEY`: with none that is configured. */
export type Survey = Record<Exclude<SealedWith, 'NOT_TOLD'>, number>;

/** One column, and what was found in it. */
export interface SurveyedColumn {
  readonly column: SealedColumn;
  readonly found: Survey;
}

interface Head {
  readonly id: string;
  readonly head: Uint8Array;
}

/** Rows a statement reads: on SQLite nothing else runs until it is done. */
const BATCH = 500;

/**
 * Looks at what every sealed column is sealed with, some hundred rows at a time. Reads the first bytes alone, except of what
 * was sealed before these named the key.
 */
export async function survey(
  database: Database,
  vault: Vault,
  columns: readonly SealedColumn[],
): Promise<SurveyedColumn[]> {
  const surveyed: SurveyedColumn[] = [];
  for (const column of columns) surveyed.push({ column, found: await surveyColumn(database, vault, column) });
  return surveyed;
}

async function surveyColumn(database: Database, vault: Vault, column: SealedColumn): Promise<Survey> {
  const found: Survey = { CURRENT: 0, FORMER: 0, OTHER_KEY: 0 };
  for (let after = ''; ;) {
    const heads = await headsAfter(database, column, after);
    const untold: string[] = [];
    for (const { id, head } of heads) {
      const sealedWith = vault.sealedWith(Buffer.from(head));
      if (sealedWith === 'NOT_TOLD') untold.push(id);
      else found[sealedWith] += 1;
    }
    const opened = await countOpened(database, vault, column, untold);
    found.FORMER += opened;
    found.OTHER_KEY += untold.length - opened;
    const last = heads.at(-1);
    if (last === undefined || heads.length < BATCH) return found;
    after = last.id;
  }
}

function headsAfter(
  database: Database,
  { table, column, key }: SealedColumn,
  after: string,
): Promise<Head[]> {
  return database.query<Head>(
    `SELECT ${key} AS id, SUBSTR(${column}, 1, ${HEAD_BYTES}) AS head FROM ${table}
      WHERE ${key} > ? AND ${column} IS NOT NULL ORDER BY ${key} LIMIT ${BATCH}`,
    [after],
  );
}

/** Of these rows, how many a configured key opens. */
async function countOpened(
  database: Database,
  vault: Vault,
  sealed: SealedColumn,
  rows: readonly string[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const { table, column, key } = sealed;
  const secrets = await database.query<{ id: string; secret: Uint8Array }>(
    `SELECT ${key} AS id, ${column} AS secret FROM ${table} WHERE ${key} IN ${placeholders(rows.length)}`,
    rows,
  );
  return secrets.filter(({ id, secret }) => opens(vault, Buffer.from(secret), placeOf(sealed, id))).length;
}

function opens(vault: Vault, secret: Buffer, place: Parameters<Vault['open']>[1]): boolean {
  try {
    vault.open(secret, place);
    return true;
  } catch (error) {
    if (error instanceof VaultError) return false;
    throw error;
  }
}
