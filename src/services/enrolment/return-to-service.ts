import type { EnrollmentKey } from '../../apple/messages/index.js';
import type { Clock } from '../../clock.js';
import type { Database, Transaction } from '../../database/index.js';
import type { Device } from '../../entities/device.js';
import { EnrollmentProfile, EnrollmentProfileState } from '../../entities/enrollment-profile.js';
import { EnrollmentStatus } from '../../entities/enums.js';
import { EventType, type Outbox } from '../../events/index.js';
import { REENROLLMENT_WINDOW_MS } from '../devices/devices.js';
import { sameSerial, stateOf } from '../enrolment-profiles/standing.js';
import type { EnrollmentWriter } from '../enrolment-profiles/writer.js';
import { findDevice } from './authenticate.js';
import type { Checkin } from './checkin.js';
import type { DeviceSecrets } from './device-secrets.js';
import type { PresentedIdentity } from './identity-rules.js';

/** What a device needs to erase itself and come back without anybody's help (Apple schema, mdm/checkin/returntoservice.yaml). */
export interface Returning {
  /** The profile of the Wi-Fi that it joins; undefined: it has Ethernet. */
  readonly wifiProfile: Buffer | undefined;
  /** What it enrols with; undefined: it fetches that as Automated Device Enrollment tells it. */
  readonly enrollmentProfile: Buffer | undefined;
  /** Keeps its applications, which a device without it loses. */
  readonly bootstrapToken: Buffer | undefined;
}

/** Whether a device whose user hands it back may erase itself: when the enrolment profile that it came by says so. */
export class ReturnToService {
  constructor(
    private readonly database: Database,
    private readonly checkin: Pick<Checkin, 'known'>,
    private readonly secrets: Pick<DeviceSecrets, 'get'>,
    private readonly writer: Pick<EnrollmentWriter, 'write' | 'pushConfigured'>,
    private readonly outbox: Outbox,
    private readonly now: Clock,
  ) {}

  /** Undefined: it may not. Throws IDENTITY_REFUSED when the certificate is not the device's. */
  async answer(key: EnrollmentKey, presented: PresentedIdentity): Promise<Returning | undefined> {
    const facts = await this.checkin.known(key.deviceKey, 'ReturnToService', presented);
    if (facts === undefined || key.user !== undefined) return undefined;
    const returning = await this.database.transaction((tx) => this.#prepare(tx, key, presented));
    if (returning === undefined) return undefined;
    return { ...returning, bootstrapToken: await this.secrets.get(facts.deviceUuid, 'BOOTSTRAP_TOKEN') };
  }

  /** A device that was erased comes with a fresh certificate: it is let in, or it could never come back. */
  async #prepare(
    tx: Transaction,
    key: EnrollmentKey,
    presented: PresentedIdentity,
  ): Promise<Omit<Returning, 'bootstrapToken'> | undefined> {
    const device = await findDevice(tx, key);
    if (device?.enrollmentStatus !== EnrollmentStatus.ENROLLED) return undefined;
    const profile = await findProfile(tx, presented);
    if (profile?.returnToService !== true || profile.revokedAt !== null) return undefined;
    await tx.run('UPDATE devices SET reenrollment_allowed_until = ? WHERE uuid = ?', [
      this.now() + REENROLLMENT_WINDOW_MS,
      device.uuid,
    ]);
    this.outbox.emit(tx, {
      type: EventType.DEVICE_CHANGED,
      deviceUuid: device.uuid,
      subjectUuid: device.uuid,
      data: { change: 'RETURNING_TO_SERVICE' },
    });
    return {
      wifiProfile: await readProfile(tx, profile.wifiProfileUuid),
      enrollmentProfile: await this.#write(tx, profile, device),
    };
  }

  /** For this device alone; none when it could not enrol by it. */
  async #write(tx: Transaction, profile: EnrollmentProfile, device: Device): Promise<Buffer | undefined> {
    const serialNumber = device.serialNumber === null ? undefined : sameSerial(device.serialNumber);
    const allowed = profile.allowedSerialNumbers;
    const included = allowed.length === 0 || (serialNumber !== undefined && allowed.includes(serialNumber));
    const usable = stateOf(profile, this.now()) === EnrollmentProfileState.USABLE;
    if (!included || !usable || !this.writer.pushConfigured) return undefined;
    return this.writer.write(tx, profile, { serialNumber, udid: device.udid ?? undefined });
  }
}

/** The enrolment profile that a certificate, or the one it renews, came by; null for those of other authorities. */
async function findProfile(
  tx: Transaction,
  { sha256 }: PresentedIdentity,
): Promise<EnrollmentProfile | null> {
  const [row] = await tx.query<{ uuid: string | null }>(
    'SELECT enrollment_profile_uuid AS uuid FROM issued_certificates WHERE sha256 = ?',
    [sha256],
  );
  return row?.uuid == null ? null : tx.manager.findOneBy(EnrollmentProfile, { uuid: row.uuid });
}

/** The bytes of a profile as it is now. */
async function readProfile(tx: Transaction, uuid: string | null): Promise<Buffer | undefined> {
  if (uuid === null) return undefined;
  const [row] = await tx.query<{ content: Uint8Array }>(
    'SELECT r.content AS content FROM profiles p JOIN profile_revisions r ON r.uuid = p.current_revision_uuid WHERE p.uuid = ?',
    [uuid],
  );
  return row === undefined ? undefined : Buffer.from(row.content);
}
