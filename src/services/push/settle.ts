import type { Clock } from '../../clock.js';
import { lockClause, placeholders, updateRows, type Transaction } from '../../database/index.js';
import { PushStatus } from '../../entities/enums.js';
import { EventType, type Outbox } from '../../events/index.js';
import type { PushAlerts } from './alerts.js';
import { recordOnChannels } from './channels.js';
import type { Settlement } from './verdict.js';

/**
 * Writes verdicts: on the pushes, on their channels, and as events. The first verdict on a push counts: when
 * the lease ran out and another sender took the push over as well, the later of the two changes nothing. Five statements
 * for up to 200 pushes.
 */
export class Settlements {
  constructor(
    private readonly outbox: Outbox,
    private readonly alerts: PushAlerts,
    private readonly now: Clock,
  ) {}

  /** Returns, for each, whether its verdict counted. */
  async settle(settlements: readonly Settlement[], tx: Transaction): Promise<boolean[]> {
    const counts = await this.#firstVerdicts(tx, settlements);
    const counting = settlements.filter((one) => counts.has(one));
    if (counting.length > 0) {
      const now = this.now();
      await recordOnPushes(tx, counting, now);
      await recordOnChannels(tx, counting, now);
      this.outbox.emit(tx, ...counting.map(pushUpdated));
      this.alerts.raise(tx, counting);
    }
    return settlements.map((one) => counts.has(one));
  }

  async #firstVerdicts(tx: Transaction, settlements: readonly Settlement[]): Promise<Set<Settlement>> {
    const rows = await tx.query<{ uuid: string }>(
      `SELECT uuid FROM pushes
        WHERE status = ? AND uuid IN ${placeholders(settlements.length)}${lockClause(tx.dialect)}`,
      [PushStatus.SENDING, ...settlements.map(({ push }) => push.uuid)],
    );
    const open = new Set(rows.map((row) => row.uuid));
    return new Set(settlements.filter(({ push }) => open.delete(push.uuid)));
  }
}

async function recordOnPushes(
  tx: Transaction,
  settlements: readonly Settlement[],
  now: number,
): Promise<void> {
  const rows = settlements.map(({ push, verdict }) => ({
    key: push.uuid,
    set: {
      status: verdict.status,
      reason: verdict.reason,
      http_status: verdict.httpStatus,
      due_at: verdict.retryInMs === undefined ? null : now + verdict.retryInMs,
      settled_at: verdict.retryInMs === undefined ? now : null,
    },
  }));
  await updateRows(tx, { table: 'pushes', keyColumn: 'uuid' }, rows);
}

function pushUpdated({ push, verdict }: Settlement) {
  return {
    type: EventType.PUSH_UPDATED,
    deviceUuid: push.deviceUuid,
    subjectUuid: push.uuid,
    data: {
      status: verdict.status,
      reason: verdict.reason,
      httpStatus: verdict.httpStatus,
      attempts: push.attempts,
      pushUuid: push.uuid,
      workflowUuid: push.target?.workflowUuid ?? null,
    },
  };
}
