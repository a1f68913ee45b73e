import type { Database } from '../../database/index.js';
import { SEALED_COLUMNS, nameOf, type SealedColumn } from '../sealed-columns.js';
import type { Vault } from '../vault.js';
import { resealColumn } from './reseal.js';
import { survey } from './survey.js';

/** What a rotation did, and what there is after it. */
export interface RotationResult {
  /** Secrets sealed anew by this run, by `table.column`. */
  readonly resealed: ReadonlyMap<string, number>;
  /** Rows whose secret no configured key opens, as `table.column row`. */
  readonly unopened: readonly string[];
  /** Secrets that are sealed with a former key still: someone seals with it now. */
  readonly left: number;
}

/** Servers that know the new key seal nothing with a former one; those that were cut short are caught by another round. */
const MOST_ROUNDS = 5;

/**
 * Seals everything anew that a former key sealed. May run while servers do that have both keys, be killed at any point, and be
 * run again: what is done is not done twice.
 * @param progress told after every batch which column it was of, and how many it sealed
 */
export async function rotate(
  database: Database,
  vault: Vault,
  progress: (column: string, resealed: number) => void,
  columns: readonly SealedColumn[] = SEALED_COLUMNS,
): Promise<RotationResult> {
  const resealed = new Map(columns.map((column) => [nameOf(column), 0]));
  for (let round = 1; ; round += 1) {
    const unopened: string[] = [];
    for (const column of columns) {
      const name = nameOf(column);
      const done = await resealColumn(database, vault, column, (count) => progress(name, count));
      resealed.set(name, (resealed.get(name) ?? 0) + done.resealed);
      unopened.push(...done.unopened.map((row) => `${name} ${row}`));
    }
    const left = await leftWithFormer(database, vault, columns);
    if (left === 0 || unopened.length > 0 || round === MOST_ROUNDS) return { resealed, unopened, left };
  }
}

async function leftWithFormer(
  database: Database,
  vault: Vault,
  columns: readonly SealedColumn[],
): Promise<number> {
  const surveyed = await survey(database, vault, columns);
  return surveyed.reduce((sum, { found }) => sum + found.FORMER, 0);
}
