import type { Logger } from '../../log.js';
import type { Deployments } from './deployments.js';

/** Reconciles marked devices, a batch at a time, whenever some were marked here, and now and then for those marked elsewhere. */
export class DeploymentWorker {
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(
    private readonly deployments: Deployments,
    private readonly log: Logger,
  ) {
    deployments.onMarked = () => this.wake();
  }

  wake(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when nothing is marked any more (as far as this process knows). */
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
        while (!this.#stopped && (await this.deployments.reconcileMarked()) > 0);
      } catch (error) {
        this.log.error({ err: error }, 'Reconciling failed; the devices stay marked and are tried again');
      }
    }
  }
}
