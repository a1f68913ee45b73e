import type { Logger } from '../log.js';

/** Does one batch of work; resolves with how much it did, 0 when there is nothing left. */
export type Batch = () => Promise<number>;

/** What a worker does, and the words for when that fails. */
export interface BatchWork {
  /** Each is emptied before the next begins. */
  readonly batches: readonly Batch[];
  readonly failed: string;
}

/**
 * Works off what is marked in the database, a batch at a time, whenever it is woken: because something was marked here, and
 * now and then for what was marked elsewhere. What fails stays marked, and is tried again at the next waking.
 */
export class BatchWorker {
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(
    private readonly work: BatchWork,
    private readonly log: Logger,
  ) {}

  wake(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when nothing is left to do (as far as this process knows). */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** Ends after the batch that is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.idle();
  }

  async #drain(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        for (const batch of this.work.batches) while (!this.#stopped && (await batch()) > 0);
      } catch (error) {
        this.log.error({ err: error }, this.work.failed);
      }
    }
  }
}
