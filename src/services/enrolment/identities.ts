import { lockClause, type Sql, type Transaction } from '../../database/index.js';
import { Identity, type IdentityStatus } from '../../entities/identity.js';
import { RENEWAL_KEY } from '../renewal/placeholder.js';
import { RETIRING_MS, type PresentedIdentity } from './identity-rules.js';

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

/**
 * Binds a certificate to the device. One that was bound to it before is bound again (a device that starts anew with the same certificate).
 * @param renewAt when it is to be renewed; null for one that is not ours to renew
 */
export async function bindIdentity(
  tx: Transaction,
  { sha256, certificate }: PresentedIdentity,
  deviceUuid: string,
  status: IdentityStatus,
  now: number,
  renewAt: number | null = null,
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
    renewAt: renewAt === null ? null : new Date(renewAt),
  });
}

/** The certificate that speaks for a device, locked: nobody revokes it until the transaction ends. */
export async function lockActive(tx: Transaction, deviceUuid: string): Promise<string | undefined> {
  const [row] = await tx.query<{ sha256: string }>(
    `SELECT sha256 FROM identities WHERE device_uuid = ? AND status = 'ACTIVE'${lockClause(tx.dialect)}`,
    [deviceUuid],
  );
  return row?.sha256;
}

/**
 * The device has proven its new certificate: it speaks for the device from now on, and the former one, with what was issued in
 * vain meanwhile, only until it is retired. One that was issued after it may be proven yet.
 */
export async function promoteStaged(
  tx: Transaction,
  deviceUuid: string,
  sha256: string,
  now: number,
): Promise<void> {
  const [proven] = await tx.query<{ boundAt: number | string }>(
    'SELECT bound_at AS boundAt FROM identities WHERE sha256 = ?',
    [sha256],
  );
  await tx.run(
    `UPDATE identities SET status = 'RETIRING' WHERE device_uuid = ? AND sha256 <> ?
       AND (status = 'ACTIVE' OR (status = 'STAGED' AND bound_at <= ?))`,
    [deviceUuid, sha256, Number(proven?.boundAt ?? now)],
  );
  await tx.run(`UPDATE identities SET status = 'ACTIVE' WHERE device_uuid = ? AND sha256 = ?`, [
    deviceUuid,
    sha256,
  ]);
  await tx.run('UPDATE devices SET renewal_until = ? WHERE uuid = ?', [now + RETIRING_MS, deviceUuid]);
}

/**
 * Archives what renewals have replaced: an hour after the device has proven the new certificate, and not before it has answered
 * the command that brought it, which it may do with either. Returns how many certificates.
 */
export async function archiveRetiring(sql: Sql, now: number): Promise<number> {
  const done = await sql.run(
    `UPDATE identities SET status = 'ARCHIVED', archived_at = ? WHERE status = 'RETIRING' AND device_uuid IN
       (SELECT uuid FROM devices WHERE renewal_until IS NULL OR renewal_until <= ?)
       AND NOT EXISTS (SELECT 1 FROM channels ch JOIN commands c ON c.queue_channel_uuid = ch.uuid
         WHERE ch.device_uuid = identities.device_uuid AND c.dedupe_key = ? AND c.sent_at IS NOT NULL)`,
    [now, now, RENEWAL_KEY],
  );
  return done.affected;
}
