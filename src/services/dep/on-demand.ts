import { apart } from '../../deadline.js';
import type { DepAccount } from '../../entities/dep-account.js';
import { PomonaError } from '../../errors.js';
import type { Logger } from '../../log.js';
import type { DepAccounts } from './accounts.js';
import type { DepSync, SyncResult } from './sync.js';

/** What the sync of an account came to. */
export interface AccountSynced extends SyncResult {
  readonly account: DepAccount;
}

/** Syncs that somebody asks for. They go on when whoever asked has gone: an organisation may have many devices. */
export class DepOnDemand {
  readonly #running = new Set<Promise<void>>();

  constructor(
    private readonly accounts: DepAccounts,
    private readonly sync: DepSync,
    private readonly log: Logger,
  ) {}

  /**
   * Syncs an account now, whatever the caller's deadline.
   * @param waitMs how long to wait for the end
   * @returns undefined when it goes on
   * @throws PomonaError as DepSync.start; and UPSTREAM_REFUSED, when Apple refused before then
   */
  one(accountUuid: string, anew: boolean, waitMs: number): Promise<SyncResult | undefined> {
    return apart(async () => {
      const { done } = await this.sync.start(accountUuid, anew);
      this.#follow(done);
      return within(done, waitMs);
    });
  }

  /**
   * Syncs every account that has a server token, one after another; one that fails does not stop the others.
   * @throws PomonaError FEATURE_NOT_AVAILABLE when there is none; else what the first that failed says, once all were tried
   */
  all(): Promise<AccountSynced[]> {
    const work = apart(() => this.#all());
    this.#follow(work);
    return work;
  }

  /** Resolves when none is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #all(): Promise<AccountSynced[]> {
    const accounts = await this.accounts.withToken();
    if (accounts.length === 0) throw notConfigured();
    const synced: AccountSynced[] = [];
    const problems: unknown[] = [];
    for (const account of accounts) {
      try {
        synced.push({ account, ...(await this.sync.syncNow(account.uuid)) });
      } catch (error) {
        problems.push(named(error, account));
      }
    }
    if (problems.length > 0) throw problems[0];
    return synced;
  }

  #follow(work: Promise<unknown>): void {
    const settled: Promise<void> = work
      .then(
        () => undefined,
        (error: unknown) => {
          // What Apple refuses is kept with the account, and told.
          if (!(error instanceof PomonaError)) this.log.error({ err: error }, 'A sync with Apple failed');
        },
      )
      .finally(() => this.#running.delete(settled));
    this.#running.add(settled);
  }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** Which account it is about, when there are several. */
function named(error: unknown, { uuid, name }: DepAccount): unknown {
  if (!(error instanceof PomonaError)) return error;
  const details = { ...error.details, accountUuid: uuid, accountName: name };
  return new PomonaError(error.code, error.message, { details, cause: error });
}

function notConfigured(): PomonaError {
  return new PomonaError(
    'FEATURE_NOT_AVAILABLE',
    'Feature not available: DEP (Automated Device Enrollment) is not configured. Make an account with the GraphQL mutation ' +
      'depAccountCreate, upload its certificate in Apple Business Manager, and the server token from there with ' +
      'depAccountTokenUpload.',
  );
}
