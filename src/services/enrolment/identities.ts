import { lockClause, type Sql, type Transaction } from '../../database/index.js';
import { Identity, type IdentityStatus } from '../../entities/identity.js';
import type { PresentedIdentity } from './identity-rules.js';

/** Which device a certificate is bound to. The row is locked, so that two devices cannot claim one certificate at once. */
export async function findIdentity(
  tx: Transaction,
  sha256: string,
): Promise<{ deviceUuid: string; status: IdentityStatus } | undefined> {
  const [row] = await tx.query<{ deviceUuid: string; status: IdentityStatus }>(
    `SELECT device_uuid AS deviceUuid, status FROM identities WHERE sha256 = ?${lockClause(tx.dialect)}`,
    [sha256],
  );
  return row;
}

/** Binds a certificate to the device. One that was bound to it before is bound again (a device that starts anew with the same certificate). */
export async function bindIdentity(
  tx: Transaction,
  { sha256, certificate }: PresentedIdentity,
  deviceUuid: string,
  status: IdentityStatus,
  now: number,
): Promise<void> {
  const revived = await tx.run(
    'UPDATE identities SET status = ?, archived_at = NULL WHERE sha256 = ? AND device_uuid = ?',
    [status, sha256, deviceUuid],
  );
  if (revived.affected > 0) return;
  await tx.manager.insert(Identity, {
    sha256,
    deviceUuid,
    status,
    subject: certificate.subject.replaceAll('\n', ', ').slice(0, 1024),
    serial: certificate.serialNumber.slice(0, 128),
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
    boundAt: new Date(now),
    archivedAt: null,
  });
}

/** The device has proven its new certificate: it speaks for the device from now on, and the former one only until it is retired. */
export async function promoteStaged(tx: Transaction, deviceUuid: string, sha256: string): Promise<void> {
  await tx.run(`UPDATE identities SET status = 'RETIRING' WHERE device_uuid = ? AND status = 'ACTIVE'`, [
    deviceUuid,
  ]);
  await tx.run(`UPDATE identities SET status = 'ACTIVE' WHERE device_uuid = ? AND sha256 = ?`, [
    deviceUuid,
    sha256,
  ]);
}

/** Archives what the renewals of these devices have replaced. Returns how many certificates. */
export async function archiveRetiring(sql: Sql, now: number): Promise<number> {
  const done = await sql.run(
    `UPDATE identities SET status = 'ARCHIVED', archived_at = ? WHERE status = 'RETIRING' AND device_uuid IN
       (SELECT uuid FROM devices WHERE renewal_until IS NULL OR renewal_until <= ?)`,
    [now, now],
  );
  return done.affected;
}
