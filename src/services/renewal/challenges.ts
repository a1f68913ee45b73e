import type { Transaction } from '../../database/index.js';

/** What was handed to a device to renew its certificate, and was not used, gets no certificate any more. */
export async function voidRenewals(tx: Transaction, deviceUuid: string): Promise<void> {
  await tx.run('DELETE FROM enrollment_challenges WHERE renewal_of_device_uuid = ? AND used_at IS NULL', [
    deviceUuid,
  ]);
}
