import { v7 as uuidv7 } from 'uuid';
import { insertIgnore, type Database } from '../database/index.js';

const SLOT = 'THIS';

/**
 * The id of this installation: made at the first start, the same from every process of one database, and no secret. By it the
 * server recognises itself behind its public address.
 */
export async function installationId(database: Database, now: number): Promise<string> {
  const known = await findId(database);
  if (known !== undefined) return known;
  await database.run(
    `${insertIgnore(database.dialect)} installation (slot, uuid, created_at) VALUES (?, ?, ?)`,
    [SLOT, uuidv7(), now],
  );
  const kept = await findId(database);
  if (kept === undefined) throw new Error('The id of the installation was not kept.');
  return kept;
}

async function findId(database: Database): Promise<string | undefined> {
  const rows = await database.query<{ uuid: string }>('SELECT uuid FROM installation WHERE slot = ?', [SLOT]);
  return rows[0]?.uuid;
}
