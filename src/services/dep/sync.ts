import {
  DepError,
  MOST_DEVICES,
  type DepClient,
  type DepDevicePage,
  type DepFailure,
} from '../../apple/dep/index.js';
import type { Clock } from '../../clock.js';
import type { Database } from '../../database/index.js';
import { DepAccount } from '../../entities/dep-account.js';
import { EventType, type Outbox } from '../../events/index.js';
import { PomonaError } from '../../errors.js';
import type { Logger } from '../../log.js';
import type { DepAccountFailures } from './account-failures.js';
import type { DepClients } from './clients.js';
import { noCounts, type SyncCounts } from './counts.js';
import { jittered, toPomonaError } from './failures.js';
import { joinEnrolled } from './join-enrolled.js';
import type { DepJoining } from './joining.js';
import { Lease, LeaseLost } from './lease.js';
import type { DepPages, Position } from './pages.js';

/** After what nobody foresaw. */
const ODD_PAUSE_MS = 10 * 60_000;

export interface DepSyncOptions {
  /** Time between syncs, in milliseconds. */
  readonly everyMs: number;
}

/** What a sync came to, and how far the account's list is read. */
export interface SyncResult extends SyncCounts {
  readonly cursor: string;
}

/** What is to be done about a cursor that Apple does not take. */
type CursorTrouble = 'START_OVER' | 'GO_ON_WITH_SYNC';

/**
 * Brings the devices of an account in step with Apple: all of them first, what changed from then on. Where a page
 * goes on is committed with the last part of it, so that a process may die anywhere: no page is lost, and one that is read
 * twice changes nothing.
 */
export class DepSync {
  #stopped = false;

  constructor(
    private readonly database: Database,
    private readonly clients: DepClients,
    private readonly outbox: Outbox,
    private readonly pages: DepPages,
    private readonly failures: DepAccountFailures,
    private readonly joining: DepJoining,
    private readonly options: DepSyncOptions,
    private readonly log: Logger,
    private readonly now: Clock,
    /** Called after each page that was written. */
    private readonly written: () => void,
  ) {}

  /**
   * Syncs one account now.
   * @param anew read all devices again, not only what changed
   * @throws PomonaError NOT_FOUND, FEATURE_NOT_AVAILABLE without a token, CONFLICT when it is being synced already,
   * UPSTREAM_REFUSED with Apple's reason
   */
  async syncNow(accountUuid: string, anew = false): Promise<SyncResult> {
    return (await this.start(accountUuid, anew)).done;
  }

  /**
   * The same, for those who do not wait for the end: resolves when it has begun, throws what `syncNow` throws before it begins.
   * Whoever calls has to look after `done`, which may fail.
   */
  async start(accountUuid: string, anew = false): Promise<{ readonly done: Promise<SyncResult> }> {
    this.#mustRun();
    const account = await this.#mustFind(accountUuid);
    const client = this.clients.of(account);
    const lease = await Lease.take(this.database, accountUuid, this.now);
    if (lease === undefined)
      throw new PomonaError('CONFLICT', `The account "${account.name}" is being synced already.`);
    return { done: this.#run(client, lease, anew) };
  }

  /** Syncs that are under way end after their page, and no other begins: the next process goes on from there. */
  stop(): void {
    this.#stopped = true;
  }

  async #run(client: DepClient, lease: Lease, anew: boolean): Promise<SyncResult> {
    try {
      if (anew) await this.pages.startOver(lease);
      return await this.#sync(client, lease);
    } catch (error) {
      throw await this.#failed(lease, error);
    } finally {
      await lease.release(this.database);
    }
  }

  /** Syncs every account that is due, one after another. Failures are kept with their account, and told. */
  async syncDue(): Promise<void> {
    const due = await this.database.query<{ uuid: string }>(
      'SELECT uuid FROM dep_accounts WHERE next_sync_at <= ? AND sealed_token IS NOT NULL ORDER BY next_sync_at LIMIT 50',
      [this.now()],
    );
    for (const { uuid } of due) await this.syncNow(uuid).catch((error: unknown) => this.#odd(uuid, error));
  }

  /** What is not kept with the account, nor another's turn, is told here, and does not keep other accounts waiting. */
  async #odd(uuid: string, error: unknown): Promise<void> {
    if (error instanceof PomonaError) return;
    this.log.error({ err: error, account: uuid }, 'A sync with Apple failed; it is tried again');
    await this.database.run('UPDATE dep_accounts SET next_sync_at = ? WHERE uuid = ?', [
      this.now() + jittered(ODD_PAUSE_MS),
      uuid,
    ]);
  }

  async #sync(client: DepClient, lease: Lease): Promise<SyncResult> {
    const total = noCounts();
    // The same trouble twice in one run is no way forward, nor is a cursor that leads back.
    const met = new Set<string>();
    const cursors = new Set<string>();
    for (;;) {
      this.#mustRun();
      const before = await this.#position(lease);
      const page = await this.#ask(client, before, met);
      if (typeof page === 'string') {
        await this.#mend(lease, before, page, total);
        cursors.clear();
        continue;
      }
      if (page.moreToFollow && (page.cursor === before.cursor || cursors.has(page.cursor)))
        throw new DepError('UNREADABLE', 'Apple says that more follows, and does not move on.', 200);
      cursors.add(page.cursor);
      await this.pages.take(lease, before, page, total);
      this.written();
      if (page.moreToFollow || before.phase !== 'SYNC') continue;
      await this.#join(lease);
      return this.#finish(lease, page.cursor, total);
    }
  }

  #mustRun(): void {
    if (this.#stopped) throw new PomonaError('UNAVAILABLE', 'The server is being stopped.');
  }

  async #ask(
    client: DepClient,
    { phase, cursor }: Position,
    met: Set<string>,
  ): Promise<DepDevicePage | CursorTrouble> {
    try {
      if (phase === 'SYNC') return await client.syncDevices(cursor, MOST_DEVICES);
      return await client.fetchDevices(cursor === '' ? undefined : cursor, MOST_DEVICES);
    } catch (error) {
      if (!(error instanceof DepError)) throw error;
      const trouble = troubleOf(error, phase).find((one) => !met.has(`${error.failure} ${phase} ${one}`));
      if (trouble === undefined) throw error;
      met.add(`${error.failure} ${phase} ${trouble}`);
      return trouble;
    }
  }

  async #mend(lease: Lease, before: Position, trouble: CursorTrouble, total: SyncCounts): Promise<void> {
    if (trouble === 'START_OVER') await this.pages.startOver(lease);
    else await this.pages.endFetch(lease, before, total);
  }

  async #position({ accountUuid }: Lease): Promise<Position> {
    const { phase, cursor, generation } = await this.#mustFind(accountUuid);
    return { phase, cursor, generation };
  }

  async #join(lease: Lease): Promise<void> {
    await joinEnrolled(this.database, this.joining, lease.accountUuid, (work) =>
      this.database.transaction(async (tx) => {
        await lease.keep(tx);
        await work(tx);
      }),
    );
    this.written();
  }

  async #finish(lease: Lease, cursor: string, counts: SyncCounts): Promise<SyncResult> {
    await this.database.transaction(async (tx) => {
      await lease.keep(tx);
      await tx.run(
        `UPDATE dep_accounts SET synced_at = ?, next_sync_at = ?, failure = NULL, failure_message = NULL, failing_since = NULL,
           failures = 0, blocked = 0 WHERE uuid = ?`,
        [this.now(), this.now() + jittered(this.options.everyMs), lease.accountUuid],
      );
      this.outbox.emit(tx, {
        type: EventType.DEP_SYNC,
        deviceUuid: null,
        subjectUuid: lease.accountUuid,
        data: { state: 'DONE', ...counts },
      });
    });
    return { ...counts, cursor };
  }

  /** Keeps what went wrong, and tells it once. @returns what the caller is told */
  async #failed(lease: Lease, error: unknown): Promise<unknown> {
    if (error instanceof LeaseLost) return new PomonaError('CONFLICT', error.message, { cause: error });
    if (!(error instanceof DepError)) return error;
    try {
      await this.failures.ofSync(lease, error);
    } catch (other) {
      if (!(other instanceof LeaseLost)) throw other;
    }
    return toPomonaError(error);
  }

  async #mustFind(uuid: string): Promise<DepAccount> {
    const account = await this.database.manager.findOneBy(DepAccount, { uuid });
    if (account === null) throw new PomonaError('NOT_FOUND', `There is no DEP account ${uuid}.`);
    return account;
  }
}

/**
 * What helps, one after the other (Apple: fetch-devices and sync-devices, error codes). A fetch that Apple calls exhausted had
 * more to tell when it was last asked, so all is read once more; when Apple says so again, it is at its end.
 */
function troubleOf({ failure }: DepError, phase: Position['phase']): readonly CursorTrouble[] {
  if (failure === 'EXHAUSTED_CURSOR' && phase === 'FETCH') return ['START_OVER', 'GO_ON_WITH_SYNC'];
  return CURSOR_FAILURES.has(failure) ? ['START_OVER'] : [];
}

const CURSOR_FAILURES: ReadonlySet<DepFailure> = new Set([
  'EXHAUSTED_CURSOR',
  'EXPIRED_CURSOR',
  'INVALID_CURSOR',
  'CURSOR_REQUIRED',
]);
