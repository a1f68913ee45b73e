import type { DepError } from '../../apple/dep/index.js';
import type { Clock } from '../../clock.js';
import { lockClause, type Database, type Transaction } from '../../database/index.js';
import { DepAccount } from '../../entities/dep-account.js';
import { EventType, type Outbox } from '../../events/index.js';
import type { Alerts } from '../alerts.js';
import { failedState, type FailedState } from './failures.js';
import type { Lease } from './lease.js';

/** What goes wrong with an account is kept with it, shown in words, and told once. */
export class DepAccountFailures {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly alerts: Alerts,
    private readonly now: Clock,
  ) {}

  /** A sync failed: the next one is later. Throws LeaseLost, and keeps nothing, when it is another's by now. */
  async ofSync(lease: Lease, error: DepError): Promise<void> {
    await this.#keep(lease.accountUuid, error, async (tx, state) => {
      await lease.keep(tx);
      const { failure, failureMessage, failingSince, failures, blocked, nextSyncAt } = state;
      return { failure, failureMessage, failingSince, failures, blocked, nextSyncAt };
    });
  }

  /**
   * Apple would not be told of assignments. When the next sync is stays as it is: it finds out by itself. Nothing is kept when
   * the account has another token by now.
   * @param asked the account as it was when Apple was asked
   */
  async ofAssignment(asked: DepAccount, error: DepError): Promise<void> {
    await this.#keep(asked.uuid, error, async (_tx, state, held) => {
      if (!sameToken(held.sealedToken, asked.sealedToken)) return undefined;
      const { failure, failureMessage, failingSince, blocked } = state;
      return { failure, failureMessage, failingSince, blocked: held.blocked || blocked };
    });
  }

  async #keep(
    uuid: string,
    error: DepError,
    columnsOf: (
      tx: Transaction,
      state: FailedState,
      held: DepAccount,
    ) => Promise<Partial<DepAccount> | undefined>,
  ): Promise<void> {
    const kept = await this.database.transaction(async (tx) => {
      await tx.query(`SELECT 1 FROM dep_accounts WHERE uuid = ?${lockClause(tx.dialect)}`, [uuid]);
      const account = await tx.manager.findOneBy(DepAccount, { uuid });
      if (account === null) return undefined;
      const state = failedState(error, account, this.now());
      const columns = await columnsOf(tx, state, account);
      if (columns === undefined) return undefined;
      await tx.manager.update(DepAccount, { uuid }, columns);
      const data = { state: 'FAILED', failure: state.failure, message: state.failureMessage };
      this.outbox.emit(tx, { type: EventType.DEP_SYNC, deviceUuid: null, subjectUuid: uuid, data });
      return { account, state };
    });
    if (kept !== undefined) await this.#alarm(kept.account, kept.state);
  }

  async #alarm({ uuid, name }: DepAccount, state: FailedState): Promise<void> {
    if (!state.news || !state.blocked) return;
    await this.alerts.raise('DEP_BLOCKED', null, {
      claimed: uuid,
      account: name,
      failure: state.failure,
      reason: state.failureMessage,
    });
  }
}

function sameToken(one: Buffer | null, other: Buffer | null): boolean {
  return one !== null && other !== null && one.equals(other);
}
