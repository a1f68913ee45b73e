import type { Clock } from '../../clock.js';
import { under } from '../../deadline.js';
import type { Logger } from '../../log.js';
import { failed, type Check, type Finding } from './check.js';

/** What one check found, and how long it took. */
export interface CheckResult extends Finding {
  readonly name: string;
  readonly durationMs: number;
}

/** What all checks found. */
export interface Diagnosis {
  /** No check failed; there may be warnings. */
  readonly healthy: boolean;
  readonly checkedAt: Date;
  readonly checks: readonly CheckResult[];
}

/** Most a check may take. */
const PATIENCE_MS = 5_000;
/** So long a diagnosis is good: however many ask, nobody is hammered. */
const FRESH_MS = 10_000;

export interface DoctorOptions {
  readonly checks: readonly Check[];
  readonly log: Logger;
  readonly now: Clock;
  readonly patienceMs?: number;
}

/** Looks whether the server can do its work, and says what to do where it cannot. */
export class Doctor {
  readonly #patienceMs: number;
  #looking: Promise<Diagnosis> | undefined;
  #last: Diagnosis | undefined;

  constructor(private readonly options: DoctorOptions) {
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS;
  }

  /** All checks at once, each for five seconds at most; the last diagnosis while it is not older than ten. Never throws. */
  async diagnose(): Promise<Diagnosis> {
    const last = this.#last;
    if (last !== undefined && this.#ageOf(last) < FRESH_MS) return last;
    this.#looking ??= this.#look(this.options.checks).then((diagnosis) => {
      this.#looking = undefined;
      return (this.#last = diagnosis);
    });
    return this.#looking;
  }

  /** The checks that are for the start: what they find that is not right goes to the log. Never throws. */
  async selfLook(): Promise<void> {
    const { checks, log } = this.options;
    const found = await this.#look(checks.filter(({ atStart }) => atStart));
    for (const { name, status, message, fix } of found.checks)
      if (status === 'WARNING' || status === 'FAILED') log.warn({ check: name, status, fix }, message);
  }

  async #look(checks: readonly Check[]): Promise<Diagnosis> {
    const results = await Promise.all(checks.map((check) => this.#result(check)));
    return {
      healthy: results.every(({ status }) => status !== 'FAILED'),
      checkedAt: new Date(this.options.now()),
      checks: results,
    };
  }

  async #result(check: Check): Promise<CheckResult> {
    const begun = performance.now();
    const finding = await this.#findingOf(check);
    return { name: check.name, ...finding, durationMs: Math.round(performance.now() - begun) };
  }

  /** Does not rely on the check to mind the signal, and does not let the deadline of who asked first be that of all who share it. */
  async #findingOf(check: Check): Promise<Finding> {
    const giveUp = new AbortController();
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      giveUp.abort(new TookTooLong());
      reject(new TookTooLong());
    }, this.#patienceMs);
    try {
      return await Promise.race([under(giveUp.signal, () => check.run(giveUp.signal)), late]);
    } catch (error) {
      return giveUp.signal.aborted ? this.#tooLong() : broken(error);
    } finally {
      clearTimeout(timer);
    }
  }

  #tooLong(): Finding {
    return failed(
      `This was not known after ${this.#patienceMs / 1_000} seconds.`,
      'Look whether the network, the proxy or the database is overloaded or drops packets, then ask again.',
    );
  }

  #ageOf({ checkedAt }: Diagnosis): number {
    return Math.abs(this.options.now() - checkedAt.getTime());
  }
}

class TookTooLong extends Error {}

function broken(error: unknown): Finding {
  return failed(
    `This could not be looked at: ${error instanceof Error ? error.message : String(error)}`,
    'Mend what the message says, then ask again; the log of the server may say more.',
  );
}
