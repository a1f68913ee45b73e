import type { Transaction } from '../../database/index.js';
import { CommandStatus, ItemStatus } from '../../entities/enums.js';
import type { Outbox } from '../../events/index.js';
import { withdraw } from '../commands/queue.js';
import { voidRenewals } from '../renewal/challenges.js';

/**
 * A device starts anew: its queue and its users' are cleared (visibly), tokens and escrow are dropped, what it was believed
 * to have is forgotten, and its former certificates are archived. What it is wanted to have stays wanted.
 */
export async function voidFormerLife(
  tx: Transaction,
  outbox: Outbox,
  deviceUuid: string,
  now: number,
): Promise<void> {
  const why = { status: CommandStatus.CANCELLED, reason: 'The device enrolled anew.' } as const;
  await withdraw(tx, outbox, 'device_uuid = ?', [deviceUuid], why, now);
  await tx.run(
    `UPDATE channels SET enabled = 0, tally = 0, push_token = NULL, push_magic = NULL, token_retired = 0,
       repush_at = NULL, repush_count = 0 WHERE device_uuid = ?`,
    [deviceUuid],
  );
  await tx.run('DELETE FROM device_secrets WHERE device_uuid = ?', [deviceUuid]);
  await tx.run('DELETE FROM device_inventory WHERE device_uuid = ?', [deviceUuid]);
  await tx.run('DELETE FROM deployment_items WHERE device_uuid = ? AND wanted_revision IS NULL', [
    deviceUuid,
  ]);
  await tx.run(
    `UPDATE deployment_items SET status = '${ItemStatus.PENDING}', known_revision = NULL, command_uuid = NULL, reason = NULL,
       corrections = 0, changed_at = ? WHERE device_uuid = ?`,
    [now, deviceUuid],
  );
  await voidRenewals(tx, deviceUuid);
  await tx.run(
    `UPDATE identities SET status = 'ARCHIVED', archived_at = ? WHERE device_uuid = ? AND status <> 'ARCHIVED'`,
    [now, deviceUuid],
  );
}
