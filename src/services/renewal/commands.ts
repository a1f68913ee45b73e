import type { Clock } from '../../clock.js';
import { lockClause, type Database, type Transaction } from '../../database/index.js';
import { EnrollmentProfile } from '../../entities/enrollment-profile.js';
import { EnrollmentStatus, type CommandStatus } from '../../entities/enums.js';
import { EventType, type Outbox } from '../../events/index.js';
import { PomonaError } from '../../errors.js';
import { prepareBody } from '../commands/bodies.js';
import type { NextCommand } from '../commands/lookup.js';
import { findIdentity, promoteStaged } from '../enrolment/identities.js';
import type { EnrollmentWriter } from '../enrolment-profiles/writer.js';
import { voidRenewals } from './challenges.js';
import { isRenewal, RENEWAL, RENEWAL_KEY } from './placeholder.js';

/** A device announces its new certificate at once; one that is still using it after this long will not. */
const SILENT_MS = 60 * 60_000;

interface Renewed {
  readonly udid: string | null;
  readonly serialNumber: string | null;
  readonly enrollmentProfileUuid: string | null;
}

/** What a connection needs of renewals. Connections that have nothing to do with one cost no statement here. */
export class RenewalCommands {
  constructor(
    private readonly database: Database,
    private readonly writer: Pick<EnrollmentWriter, 'write'>,
    private readonly outbox: Outbox,
    private readonly now: Clock,
  ) {}

  /**
   * The command as the device is to have it: a renewal gets its enrolment profile, with a challenge of its own. Handed out again,
   * it gets another, and the former is void.
   */
  async fill(next: NextCommand): Promise<NextCommand> {
    if (!isRenewal(next)) return next;
    const profile = await this.#write(next.deviceUuid);
    // Where there is none any more, the device refuses the command as it is, and its refusal is seen.
    if (profile === undefined) return next;
    return { ...next, fragment: prepareBody({ RequestType: 'InstallProfile', Payload: profile }).fragment };
  }

  /** The renewal that waits on a channel, whatever else waits there. */
  async waiting(deviceUuid: string, channelUuid: string): Promise<NextCommand | undefined> {
    const [row] = await this.database.query<{ seq: number | string; uuid: string; status: CommandStatus }>(
      'SELECT seq, uuid, status FROM commands WHERE queue_channel_uuid = ? AND dedupe_key = ?',
      [channelUuid, RENEWAL_KEY],
    );
    if (row === undefined) return undefined;
    const { requestType, fragment } = RENEWAL;
    return { ...row, seq: Number(row.seq), deviceUuid, requestType, itemUuid: null, fragment };
  }

  /**
   * A device used a certificate that it has not announced. Some do so for good (RFC 8894 renewals tell the server nothing), so
   * after an hour that is proof enough.
   */
  async used(sha256: string, deviceUuid: string): Promise<void> {
    const [row] = await this.database.query<{ boundAt: number | string }>(
      `SELECT bound_at AS boundAt FROM identities WHERE sha256 = ? AND status = 'STAGED'`,
      [sha256],
    );
    if (row === undefined || this.now() - Number(row.boundAt) < SILENT_MS) return;
    await this.database.transaction((tx) => this.#prove(tx, sha256, deviceUuid));
  }

  async #prove(tx: Transaction, sha256: string, deviceUuid: string): Promise<void> {
    const enrolled = await tx.query(
      `SELECT 1 FROM devices WHERE uuid = ? AND enrollment_status = '${EnrollmentStatus.ENROLLED}'${lockClause(tx.dialect)}`,
      [deviceUuid],
    );
    const identity = await findIdentity(tx, sha256);
    if (enrolled.length === 0 || identity?.status !== 'STAGED') return;
    await promoteStaged(tx, deviceUuid, sha256, this.now());
    const data = { change: 'IDENTITY_RENEWED' };
    this.outbox.emit(tx, { type: EventType.DEVICE_CHANGED, deviceUuid, subjectUuid: deviceUuid, data });
  }

  #write(deviceUuid: string): Promise<Buffer | undefined> {
    return this.database
      .transaction((tx) => this.#writeIn(tx, deviceUuid))
      .catch((error: unknown) => {
        if (error instanceof PomonaError && error.code === 'FEATURE_NOT_AVAILABLE') return undefined;
        throw error;
      });
  }

  async #writeIn(tx: Transaction, deviceUuid: string): Promise<Buffer | undefined> {
    const renewed = await findRenewed(tx, deviceUuid);
    if (renewed?.enrollmentProfileUuid == null) return undefined;
    const uuid = renewed.enrollmentProfileUuid;
    const profile = await tx.manager.findOneBy(EnrollmentProfile, { uuid });
    if (profile === null) return undefined;
    await voidRenewals(tx, deviceUuid);
    const { udid, serialNumber } = renewed;
    return this.writer.write(tx, profile, {
      renewalOfDeviceUuid: deviceUuid,
      udid: udid ?? undefined,
      serialNumber: serialNumber ?? undefined,
    });
  }
}

/** What the device enrolled by, which is what it is sent again. */
async function findRenewed(tx: Transaction, deviceUuid: string): Promise<Renewed | undefined> {
  const [row] = await tx.query<Renewed>(
    `SELECT d.udid AS udid, d.serial_number AS serialNumber, c.enrollment_profile_uuid AS enrollmentProfileUuid
       FROM devices d JOIN identities i ON i.device_uuid = d.uuid AND i.status = 'ACTIVE'
       JOIN issued_certificates c ON c.sha256 = i.sha256 WHERE d.uuid = ?`,
    [deviceUuid],
  );
  return row;
}
