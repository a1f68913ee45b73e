import type { Logger } from '../../log.js';
import type { DepAssigner } from './assigner.js';
import type { DepJudging } from './judging.js';

/** Judges devices and tells Apple, one batch after another, whenever something changed here, and now and then. */
export class DepWorker {
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(
    private readonly judging: DepJudging,
    private readonly assigner: DepAssigner,
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

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.idle();
  }

  async #drain(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        while (!this.#stopped && (await this.judging.judgeBatch()) > 0);
        while (!this.#stopped && (await this.assigner.assignDue()) > 0);
      } catch (error) {
        this.log.error({ err: error }, 'Assigning DEP profiles failed; it is tried again');
      }
    }
  }
}
