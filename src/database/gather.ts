import { apart, deadline } from '../deadline.js';
import { isUnavailable } from './faults.js';
import type { Database } from './database.js';
import type { Transaction } from './transaction.js';

interface Waiting<Job, Result> {
  readonly job: Job;
  /** Aborted when whoever gave the job was told that it took too long. */
  readonly until: AbortSignal | undefined;
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
 * database they all fail at once. A job whose caller's time is over (../deadline.ts) before its turn comes is not done.
 */
export class Gather<Job, Result> {
  readonly #waiting: Waiting<Job, Result>[] = [];
  #running = false;
  #planned = false;
  #crowded = false;

  constructor(
    private readonly database: Database,
    private readonly options: GatherOptions,
    /** Carries out the jobs, in order, and returns their results in the same order. */
    private readonly carryOut: (jobs: readonly Job[], tx: Transaction) => Promise<readonly Result[]>,
  ) {}

  submit(job: Job): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ job, until: deadline(), resolve, reject });
      if (!this.#running) this.#plan();
    });
  }

  /** Resolves when everything submitted so far is committed (or has failed). */
  async drain(): Promise<void> {
    while (this.#running || this.#waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    const { waitMs, crowdedMs = waitMs } = this.options;
    const ms = this.#crowded ? crowdedMs : waitMs;
    apart(() => (ms > 0 ? setTimeout(() => void this.#run(), ms) : setImmediate(() => void this.#run())));
  }

  async #run(): Promise<void> {
    this.#planned = false;
    this.#running = true;
    const batch = this.#waiting.splice(0, this.options.most);
    this.#crowded = batch.length > 1;
    await this.#commit(batch);
    this.#running = false;
    if (this.#waiting.length > 0) this.#plan();
  }

  async #commit(batch: readonly Waiting<Job, Result>[]): Promise<void> {
    try {
      const { timely, results } = await this.database.transaction((tx) => this.#carryOut(batch, tx));
      timely.forEach((one, index) => one.resolve(results[index] as Result));
      for (const { until, reject } of batch) if (until?.aborted === true) reject(until.reason);
    } catch (error) {
      if (batch.length === 1 || isUnavailable(error)) for (const one of batch) one.reject(error);
      else for (const one of batch) await this.#commit([one]);
    }
  }

  /** Who is too late is looked at here, for the turn at the database may be long in coming. */
  async #carryOut(batch: readonly Waiting<Job, Result>[], tx: Transaction) {
    const timely = batch.filter(({ until }) => until?.aborted !== true);
    const jobs = timely.map(({ job }) => job);
    return { timely, results: jobs.length === 0 ? [] : await this.carryOut(jobs, tx) };
  }
}
