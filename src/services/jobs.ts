import type { Logger } from '../log.js';

export interface Job {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<unknown>;
}

/** Runs jobs by the clock, each one at a time. A job that fails is logged and tried again at its next turn. */
export class Jobs {
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #running = new Map<string, Promise<void>>();
  #stopped = false;

  constructor(
    private readonly jobs: readonly Job[],
    private readonly log: Logger,
  ) {}

  start(): void {
    for (const job of this.jobs)
      this.#timers.push(setInterval(() => this.now(job.name), job.everyMs).unref());
  }

  /** Runs a job at once, unless it is running. */
  now(name: string): void {
    const job = this.jobs.find((one) => one.name === name);
    if (job === undefined || this.#stopped || this.#running.has(name)) return;
    const run = job
      .run()
      .then(() => undefined)
      .catch((error: unknown) => this.log.error({ err: error, job: name }, 'A job failed; it will run again'))
      .finally(() => this.#running.delete(name));
    this.#running.set(name, run);
  }

  /** Starts nothing more, and waits for what is running. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all(this.#running.values());
  }
}
