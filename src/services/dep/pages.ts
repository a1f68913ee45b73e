import type { DepDevicePage, DepDeviceRecord } from '../../apple/dep/index.js';
import type { Clock } from '../../clock.js';
import { chunks, isDuplicate, placeholders, type Database, type Transaction } from '../../database/index.js';
import type { DepAccount } from '../../entities/dep-account.js';
import { EventType, type Outbox } from '../../events/index.js';
import { addCounts, type SyncCounts } from './counts.js';
import { latestOf } from './latest.js';
import type { Lease } from './lease.js';
import { recordDevices, removeSomeUnseen, type PageOrigin } from './record-page.js';

/** How far the list of an account's devices is read. */
export type Position = Pick<DepAccount, 'phase' | 'cursor' | 'generation'>;

/** Devices of one transaction: on SQLite everybody who writes waits for it. */
const AT_ONCE = 200;
/** New devices of a page that are told of one by one. Of more, the DEP_SYNC event with their number is all. */
const MOST_TOLD = 100;

/** Writes what Apple told, and where it goes on, under the lease of the account. All throw LeaseLost. */
export class DepPages {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly now: Clock,
  ) {}

  /**
   * Writes a page, and adds to `total` what it came to. A large one takes several transactions, and where it goes on is in the
   * last: a part that is written again after a crash is found as it is.
   */
  async take(lease: Lease, before: Position, page: DepDevicePage, total: SyncCounts): Promise<void> {
    const starts = before.phase === 'FETCH' && before.cursor === '';
    const generation = starts ? before.generation + 1 : before.generation;
    const at = this.now();
    const records = latestOf(page.devices, at);
    const origin = { accountUuid: lease.accountUuid, generation, at, quiet: await this.#areMany(records) };
    for (const part of chunks(records, AT_ONCE))
      addCounts(total, await this.#write(lease, (tx) => recordDevices(tx, this.outbox, part, origin)));
    total.fetched += page.devices.length;
    const fetched = before.phase === 'FETCH' && !page.moreToFollow;
    if (fetched) total.deleted += await this.#removeUnseen(lease, origin);
    const phase = before.phase === 'SYNC' || fetched ? 'SYNC' : 'FETCH';
    await this.#goOn(lease, { phase, cursor: page.cursor, generation }, total);
  }

  /** Apple says that the fetch had told everything: it goes on with what changed since. */
  async endFetch(lease: Lease, { cursor, generation }: Position, total: SyncCounts): Promise<void> {
    const origin = { accountUuid: lease.accountUuid, generation, at: this.now(), quiet: false };
    total.deleted += await this.#removeUnseen(lease, origin);
    await this.#goOn(lease, { phase: 'SYNC', cursor, generation }, total);
  }

  /** All is to be read again. */
  startOver(lease: Lease): Promise<void> {
    return this.#write(lease, async (tx) => {
      await tx.run(`UPDATE dep_accounts SET phase = 'FETCH', list_cursor = '' WHERE uuid = ?`, [
        lease.accountUuid,
      ]);
    });
  }

  #goOn(lease: Lease, { phase, cursor, generation }: Position, total: SyncCounts): Promise<void> {
    return this.#write(lease, async (tx) => {
      await tx.run('UPDATE dep_accounts SET phase = ?, list_cursor = ?, generation = ? WHERE uuid = ?', [
        phase,
        cursor,
        generation,
        lease.accountUuid,
      ]);
      const data = { state: 'RUNNING', ...total };
      this.outbox.emit(tx, {
        type: EventType.DEP_SYNC,
        deviceUuid: null,
        subjectUuid: lease.accountUuid,
        data,
      });
    });
  }

  /** Whatever the full fetch that ends now did not tell is gone. @returns how many */
  async #removeUnseen(lease: Lease, origin: PageOrigin): Promise<number> {
    let removed = 0;
    for (;;) {
      const some = await this.#write(lease, (tx) => removeSomeUnseen(tx, this.outbox, origin, AT_ONCE));
      if (some === 0) return removed;
      removed += some;
    }
  }

  async #areMany(records: readonly DepDeviceRecord[]): Promise<boolean> {
    if (records.length <= MOST_TOLD) return false;
    let known = 0;
    for (const chunk of chunks(records, 500)) {
      const [row] = await this.database.query<{ count: number | string }>(
        `SELECT COUNT(*) AS count FROM dep_devices WHERE serial_number IN ${placeholders(chunk.length)}`,
        chunk.map(({ serialNumber }) => serialNumber),
      );
      known += Number(row?.count ?? 0);
    }
    return records.length - known > MOST_TOLD;
  }

  /** Two accounts that tell the same new device at once are rare: whoever comes second looks again. */
  async #write<T>(lease: Lease, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const once = (): Promise<T> =>
      this.database.transaction(async (tx) => {
        await lease.keep(tx);
        return work(tx);
      });
    return once().catch((error: unknown) => (isDuplicate(error) ? once() : Promise.reject(error)));
  }
}
