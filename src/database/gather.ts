import { apart } from '../deadline.js';
import { isUnavailable } from './faults.js';
import type { Database } from './database.js';
import type { Transaction } from './transaction.js';

interface Waiting<Job, Result> {
  readonly job: Job;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export interface GatherOptions {
  /** Most jobs one transaction carries. */
  readonly most: number;
  /** How long the first job waits for company, in milliseconds; 0 takes who is there at the end of this turn of the event loop. */
  readonly waitMs: number;
  /** The same when the former transaction carried several jobs: under load a little patience lets many more share the next. */
  readonly crowdedMs?: number;
}

/**
 * Gathers small changes of many devices into one transaction: one commit, and one fsync, for all of them. A job's promise
 * settles after the commit that holds it. Jobs are carried out in the order they were given; one transaction runs at a
 * time. When a gathered transaction fails, its jobs are tried one by one, so that one bad job fails alone; without a
 * database they all fail at once.
 */
export class Gather<Job, Result> {
  readonly #waiting: Waiting<Job, Result>[] = [];
  #running = false;
  #crowded = false;

  constructor(
    private readonly database: Database,
    private readonly options: GatherOptions,
    /** Carries out the jobs, in order, and returns their results in the same order. */
    private readonly carryOut: (jobs: readonly Job[], tx: Transaction) => Promise<readonly Result[]>,
  ) {}

  submit(job: Job): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      if (!this.#running) {
        this.#running = true;
        this.#later();
      }
    });
  }

  /** Resolves when everything submitted so far is committed (or has failed). */
  async drain(): Promise<void> {
    while (this.#running) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  #later(): void {
    const next = (): void => void this.#run();
    const { waitMs, crowdedMs = waitMs } = this.options;
    const patience = this.#crowded ? crowdedMs : waitMs;
    apart(() => (patience > 0 ? setTimeout(next, patience) : setImmediate(next)));
  }

  async #run(): Promise<void> {
    const batch = this.#waiting.splice(0, this.options.most);
    this.#crowded = batch.length > 1;
    await this.#commit(batch);
    if (this.#waiting.length === 0) this.#running = false;
    else this.#later();
  }

  async #commit(batch: readonly Waiting<Job, Result>[]): Promise<void> {
    try {
      const results = await this.database.transaction((tx) =>
        this.carryOut(
          batch.map((one) => one.job),
          tx,
        ),
      );
      batch.forEach((one, index) => one.resolve(results[index] as Result));
    } catch (error) {
      if (batch.length === 1 || isUnavailable(error)) for (const one of batch) one.reject(error);
      else for (const one of batch) await this.#commit([one]);
    }
  }
}
