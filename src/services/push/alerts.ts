import type { Clock } from '../../clock.js';
import type { Transaction } from '../../database/index.js';
import { EventType, type Outbox } from '../../events/index.js';
import type { Logger } from '../../log.js';
import type { PushAlert, Settlement } from './verdict.js';

/** What strikes one device of a topic strikes them all: telling it once in this time is enough. */
const QUIET_MS = 10 * 60_000;

/** Tells the admin what APNs refuses, by an event and in the log. */
export class PushAlerts {
  readonly #raisedAt = new Map<string, number>();

  constructor(
    private readonly outbox: Outbox,
    private readonly log: Logger,
    private readonly now: Clock,
  ) {}

  /** Writes an ALERT event for each new alert among the verdicts; what was raised in the last ten minutes is not new. */
  raise(tx: Transaction, settlements: readonly Settlement[]): void {
    const now = this.now();
    const fresh = new Map<string, { alert: PushAlert; pushUuid: string }>();
    for (const { push, verdict } of settlements) {
      if (verdict.alert === undefined) continue;
      const key = `${verdict.alert.alert} ${verdict.alert.reason}`;
      if (now - (this.#raisedAt.get(key) ?? -Infinity) < QUIET_MS || fresh.has(key)) continue;
      fresh.set(key, { alert: verdict.alert, pushUuid: push.uuid });
    }
    for (const [key, { alert, pushUuid }] of fresh) {
      this.outbox.emit(tx, {
        type: EventType.ALERT,
        deviceUuid: null,
        subjectUuid: pushUuid,
        data: { ...alert },
      });
      tx.afterCommit(() => {
        this.#raisedAt.set(key, now);
        this.log.error({ ...alert, pushUuid }, 'APNs refuses pushes');
      });
    }
  }
}
