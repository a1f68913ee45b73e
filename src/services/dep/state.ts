import { insertIgnore, lockClause, type Database, type Transaction } from '../../database/index.js';

const SLOT = 'rules';

/** The revision of all rules and profiles: whoever edits one moves it, and devices that were judged by an older one are judged anew. */
export async function currentRevision(sql: Pick<Database, 'query'>, lock = ''): Promise<number> {
  const [row] = await sql.query<{ revision: number | string }>(
    `SELECT revision FROM dep_state WHERE slot = '${SLOT}'${lock}`,
  );
  return Number(row?.revision ?? 1);
}

/** Takes the lock of all rules and profiles: one editor at a time. */
export async function lockRules(tx: Transaction): Promise<number> {
  await tx.run(`${insertIgnore(tx.dialect)} dep_state (slot, revision) VALUES ('${SLOT}', 1)`);
  return currentRevision(tx, lockClause(tx.dialect));
}

/** In the transaction of an edit, under its lock. */
export async function moveRevision(tx: Transaction): Promise<void> {
  await tx.run(`UPDATE dep_state SET revision = revision + 1 WHERE slot = '${SLOT}'`);
}
