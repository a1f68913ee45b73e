import { claimClause, placeholders, type Sql, type Transaction } from '../../database/index.js';
import { EnrollmentStatus } from '../../entities/enums.js';

/** A device and the certificate that speaks for it, as a renewal sees them. */
export interface Candidate {
  readonly deviceUuid: string;
  readonly enrollmentStatus: EnrollmentStatus;
  readonly awaitingConfiguration: boolean;
  /** Its own channel; null before its first check-in. */
  readonly channelUuid: string | null;
  /** Null: no certificate speaks for it. */
  readonly identity: Renewable | null;
  /** When a certificate was issued last that is to take the place of this one; null when none waits to be proven. */
  readonly stagedAt: number | null;
}

export interface Renewable {
  readonly sha256: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** Null: no enrolment profile is known that could be sent again, because another authority issued it, say. */
  readonly enrollmentProfileUuid: string | null;
}

interface Row {
  readonly deviceUuid: string;
  readonly enrollmentStatus: EnrollmentStatus;
  readonly awaiting: number;
  readonly channelUuid: string | null;
  readonly sha256: string | null;
  readonly notBefore: number | string;
  readonly notAfter: number | string;
  readonly enrollmentProfileUuid: string | null;
  readonly stagedAt: number | string | null;
}

/** A certificate whose renewal is due. */
export interface Due {
  readonly sha256: string;
  readonly deviceUuid: string;
}

/** The certificates whose renewal is due, longest first: nobody else is given them until the transaction ends. */
export function claimDue(tx: Transaction, now: number, most: number): Promise<Due[]> {
  return tx.query<Due>(
    `SELECT sha256, device_uuid AS deviceUuid FROM identities WHERE status = 'ACTIVE' AND renew_at <= ?
       ORDER BY renew_at LIMIT ${most}${claimClause(tx.dialect)}`,
    [now],
  );
}

/** What a renewal has to know of these devices, in one statement. Those that are not known are not there. */
export async function loadCandidates(sql: Sql, deviceUuids: readonly string[]): Promise<Candidate[]> {
  if (deviceUuids.length === 0) return [];
  const rows = await sql.query<Row>(
    `SELECT d.uuid AS deviceUuid, d.enrollment_status AS enrollmentStatus, d.awaiting_configuration AS awaiting, ch.uuid AS channelUuid,
       i.sha256 AS sha256, i.not_before AS notBefore, i.not_after AS notAfter, c.enrollment_profile_uuid AS enrollmentProfileUuid,
       (SELECT MAX(s.bound_at) FROM identities s WHERE s.device_uuid = d.uuid AND s.status = 'STAGED') AS stagedAt
     FROM devices d
       LEFT JOIN channels ch ON ch.device_uuid = d.uuid AND ch.kind = 'DEVICE'
       LEFT JOIN identities i ON i.device_uuid = d.uuid AND i.status = 'ACTIVE'
       LEFT JOIN issued_certificates c ON c.sha256 = i.sha256
     WHERE d.uuid IN ${placeholders(deviceUuids.length)} ORDER BY d.uuid`,
    deviceUuids,
  );
  return rows.map(toCandidate);
}

function toCandidate({
  sha256,
  notBefore,
  notAfter,
  enrollmentProfileUuid,
  stagedAt,
  ...row
}: Row): Candidate {
  const { deviceUuid, enrollmentStatus, awaiting, channelUuid } = row;
  const dates = { notBefore: Number(notBefore), notAfter: Number(notAfter) };
  return {
    deviceUuid,
    enrollmentStatus,
    awaitingConfiguration: awaiting === 1,
    channelUuid,
    identity: sha256 === null ? null : { sha256, ...dates, enrollmentProfileUuid },
    stagedAt: stagedAt === null ? null : Number(stagedAt),
  };
}
