import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../clock.js';
import { Gather, type Database } from '../../database/index.js';
import { PushStatus } from '../../entities/enums.js';
import type { Outbox } from '../../events/index.js';
import type { Logger } from '../../log.js';
import { PushAlerts } from './alerts.js';
import { attempt, type ApnsSender } from './attempt.js';
import { Bell } from './bell.js';
import { claimDue, nextDueAt, type ClaimedPush } from './claim.js';
import type { OwedChannel } from './pushes.js';
import { Settlements } from './settle.js';
import type { Settlement } from './verdict.js';

export interface PushSenderOptions {
  readonly database: Database;
  readonly outbox: Outbox;
  /** The APNs client of the moment: a push certificate may come, or be renewed, while the sender runs. */
  readonly client: () => ApnsSender | undefined;
  readonly now: Clock;
  readonly log: Logger;
  /** Told of each push whose outcome is final and committed. Must not throw. */
  readonly settled: (pushUuid: string) => void;
  /** Told of each push that was recorded NOT_CONFIGURED when the certificate it wants had just come. Must not throw. */
  readonly outrun?: (channel: OwedChannel) => void;
  /** How often to look for pushes that another process left behind, in milliseconds. Default 5 s. */
  readonly pollMs?: number;
  /** How long `stop` waits for pushes in flight, in milliseconds. Default 10 s. */
  readonly stopWithinMs?: number;
}

/** Most pushes claimed at once. */
const BATCH = 200;
/** Most pushes in flight: even if APNs answers none of them in time, all are through within their lease. */
const MAX_IN_FLIGHT = 400;
/** Pushes another sender is claiming this moment are not ours; looking again at once would be spinning. */
const LEAST_PAUSE_MS = 50;
const ERROR_PAUSE_MS = 1000;
/** How long after a claim the next may follow: what comes in meanwhile shares it. A push that comes alone does not wait. */
const BETWEEN_CLAIMS_MS = 50;
/** How long an outcome waits for others to share its commit. */
const GATHER_MS = 5;

/**
 * Sends the pushes that are owed and settles what came of them. Any number of senders, in any number of processes, share
 * the work: each claims rows for the time of a lease. When one dies, its rows are claimed again when the lease ends, and
 * sent with the same apns-id; to push a device twice is safe.
 */
export class PushSender {
  readonly #settling: Gather<Settlement, boolean>;
  readonly #bell = new Bell();
  readonly #inFlight = new Set<Promise<void>>();
  #running: Promise<void> | undefined;
  #stopping = false;

  constructor(private readonly options: PushSenderOptions) {
    const { database, outbox, log, now } = options;
    const settlements = new Settlements(outbox, new PushAlerts(outbox, log, now), now);
    const gathering = { most: BATCH, waitMs: GATHER_MS };
    this.#settling = new Gather(database, gathering, (jobs, tx) => settlements.settle(jobs, tx));
  }

  /** Something is due, or may be sendable now. */
  wake(): void {
    this.#bell.ring();
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Claims no more, and waits a bounded time for the pushes in flight; what is then left is sent when its lease ends. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#running;
    const patience = new Bell();
    void Promise.allSettled(this.#inFlight).then(() => patience.ring());
    await patience.wait(this.options.stopWithinMs ?? 10_000);
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      const pause = await this.#step().catch((error: unknown) => this.#failed(error));
      if (pause > 0 && !this.#stopping) await this.#bell.wait(pause);
    }
  }

  /** Claims a batch and starts sending it. Returns how long to sleep: 0 when there is probably more. */
  async #step(): Promise<number> {
    const { database, now, pollMs = 5000 } = this.options;
    if (this.#inFlight.size > MAX_IN_FLIGHT - BATCH) return pollMs;
    const claimed = await claimDue(database, now(), BATCH);
    for (const push of claimed) this.#track(this.#send(push));
    if (claimed.length === BATCH) return 0;
    if (claimed.length > 0) await sleep(BETWEEN_CLAIMS_MS);
    if (this.#bell.rung) return LEAST_PAUSE_MS;
    const next = await nextDueAt(database);
    return Math.max(LEAST_PAUSE_MS, Math.min(pollMs, (next ?? Infinity) - now()));
  }

  #track(sending: Promise<void>): void {
    const tracked = sending.finally(() => {
      this.#inFlight.delete(tracked);
      if (this.#inFlight.size === MAX_IN_FLIGHT - BATCH) this.wake();
    });
    this.#inFlight.add(tracked);
  }

  /** Never rejects: a push that could not be settled is sent again when its lease ends. */
  async #send(push: ClaimedPush): Promise<void> {
    try {
      const verdict = await attempt(push, this.options.client(), this.options.now());
      const counted = await this.#settling.submit({ push, verdict });
      if (counted && verdict.retryInMs === undefined) this.options.settled(push.uuid);
      if (counted && verdict.retryInMs !== undefined) this.wake();
      if (counted && verdict.status === PushStatus.NOT_CONFIGURED) this.#tellOutrun(push);
    } catch (error) {
      this.options.log.error(
        { err: error, pushUuid: push.uuid },
        'the outcome of a push could not be recorded',
      );
    }
  }

  /** Whoever looked for such pushes when the certificate came did not find this one: it was not recorded yet. */
  #tellOutrun({ channelUuid, deviceUuid, target }: ClaimedPush): void {
    const { client, outrun } = this.options;
    if (target?.topic != null && client()?.topic === target.topic) outrun?.({ channelUuid, deviceUuid });
  }

  #failed(error: unknown): number {
    this.options.log.error({ err: error }, 'owed pushes could not be claimed');
    return ERROR_PAUSE_MS;
  }
}
