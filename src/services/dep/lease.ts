import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../clock.js';
import { lockClause, type Database, type Transaction } from '../../database/index.js';

/** How long whoever syncs an account may be silent, in milliseconds: longer than Apple may take for a page and two sessions. */
const LEASE_MS = 5 * 60_000;

/** Somebody else holds the lease now, or the account has another token: what was read from Apple must not be written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** The right to sync one account: one process at a time, also when one dies with it. */
export class Lease {
  private constructor(
    readonly accountUuid: string,
    private readonly holder: string,
    private readonly now: Clock,
  ) {}

  /** @returns undefined when another holds it */
  static async take(database: Database, accountUuid: string, now: Clock): Promise<Lease | undefined> {
    const holder = uuidv7();
    const taken = await database.run(
      'UPDATE dep_accounts SET lease_holder = ?, lease_until = ? WHERE uuid = ? AND (lease_until IS NULL OR lease_until <= ?)',
      [holder, now() + LEASE_MS, accountUuid, now()],
    );
    return taken.affected === 1 ? new Lease(accountUuid, holder, now) : undefined;
  }

  /** In the transaction that writes: holds the account's row until it ends, and the lease a while longer. Throws LeaseLost. */
  async keep(tx: Transaction): Promise<void> {
    const [row] = await tx.query<{ holder: string | null }>(
      `SELECT lease_holder AS holder FROM dep_accounts WHERE uuid = ?${lockClause(tx.dialect)}`,
      [this.accountUuid],
    );
    if (row?.holder !== this.holder)
      throw new LeaseLost('Another process syncs this account, or it was given another token.');
    await tx.run('UPDATE dep_accounts SET lease_until = ? WHERE uuid = ?', [
      this.now() + LEASE_MS,
      this.accountUuid,
    ]);
  }

  async release(database: Database): Promise<void> {
    await database.run(
      'UPDATE dep_accounts SET lease_holder = NULL, lease_until = NULL WHERE uuid = ? AND lease_holder = ?',
      [this.accountUuid, this.holder],
    );
  }
}
