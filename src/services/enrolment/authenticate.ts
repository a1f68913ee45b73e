import { v7 as uuidv7 } from 'uuid';
import type { Authenticate, EnrollmentKey } from '../../apple/messages/index.js';
import type { Clock } from '../../clock.js';
import { lockClause, type Database, type Transaction } from '../../database/index.js';
import { Channel } from '../../entities/channel.js';
import { Device } from '../../entities/device.js';
import { ChannelKind, EnrollmentKind, EnrollmentStatus } from '../../entities/enums.js';
import { EventType, type Outbox } from '../../events/index.js';
import { PomonaError } from '../../errors.js';
import type { Alerts } from '../alerts.js';
import type { CertificateAuthority } from '../authority/index.js';
import type { DepJoining } from '../dep/index.js';
import { platformOf } from '../devices/platform.js';
import { sameSerial } from '../enrolment-profiles/standing.js';
import { Announcements } from './announced.js';
import { isEmpty } from './announced-rules.js';
import type { Grant } from './grant-rules.js';
import { voidFormerLife } from './former-life.js';
import { countUse, findOwn } from './grants.js';
import { bindIdentity, findIdentity } from './identities.js';
import {
  judgeAuthenticate,
  type AuthenticateFacts,
  type AuthenticateVerdict,
  type Own,
  type PresentedIdentity,
  type RefusalAlert,
} from './identity-rules.js';

/** Characters of `channels.enrollment_key`. */
const MOST_KEY = 512;

/**
 * Authenticate: the start of an enrolment, not yet the enrolment (Apple: "Don't assume that the device has installed the
 * MDM payload at this time"). The device is disabled until TokenUpdate; what belonged to its former life is void.
 */
export class Authentication {
  readonly #announcements: Announcements;

  constructor(
    private readonly database: Database,
    private readonly authority: Pick<CertificateAuthority, 'mustStand' | 'renewalTime'>,
    private readonly outbox: Outbox,
    private readonly alerts: Alerts,
    joining: DepJoining,
    private readonly now: Clock,
  ) {
    this.#announcements = new Announcements(joining);
  }

  /** Throws IDENTITY_REFUSED (and raises an alert) when this certificate may not enrol this device. */
  async handle(key: EnrollmentKey, message: Authenticate, presented: PresentedIdentity): Promise<void> {
    try {
      const verdict = await this.database.transaction((tx) => this.#decide(tx, key, message, presented));
      if (verdict.kind !== 'REFUSED') return;
      throw new Refused(verdict.alert, verdict.message);
    } catch (error) {
      if (!(error instanceof PomonaError) || error.code !== 'IDENTITY_REFUSED') throw error;
      await this.alerts.raise(error instanceof Refused ? error.alert : 'IDENTITY_REFUSED', null, {
        message: 'Authenticate',
        claimed: key.deviceKey,
        certificate: presented.sha256,
        serialNumber: message.serialNumber ?? '',
        reason: error.message,
      });
      throw error;
    }
  }

  async #decide(
    tx: Transaction,
    key: EnrollmentKey,
    message: Authenticate,
    presented: PresentedIdentity,
  ): Promise<AuthenticateVerdict> {
    const known = await findDevice(tx, key);
    const own = await findOwn(tx, this.authority, presented);
    const identity = await findIdentity(tx, presented.sha256);
    // The same message at the same time may have made the device since we looked.
    const seen = known ?? (identity === undefined ? undefined : await findDevice(tx, key));
    const claim = claimOf(key, message);
    const grant = own?.kind === 'GRANTED' ? own.grant : undefined;
    const announced = await this.#announcements.find(tx, grant, claim, () => findDevice(tx, key), seen);
    const { device } = announced;
    const verdict = judgeAuthenticate({
      device: device === undefined ? undefined : factsOf(device),
      claim,
      identity,
      own,
      now: this.now(),
    });
    if (verdict.kind === 'FRESH') {
      const uuid = await this.#startAnew(tx, key, message, presented, device, own);
      await this.#announcements.settle(tx, announced, uuid);
    }
    if (verdict.kind === 'RENEWAL' && device !== undefined && identity === undefined) {
      await bindIdentity(tx, presented, device.uuid, 'STAGED', this.now());
    }
    if (verdict.kind !== 'REFUSED') await useUp(tx, own);
    return verdict;
  }

  async #startAnew(
    tx: Transaction,
    key: EnrollmentKey,
    message: Authenticate,
    presented: PresentedIdentity,
    known: Device | undefined,
    own: Own,
  ): Promise<string> {
    const { account, signedInAs } = signInOf(own);
    // Also of a row that was made for what Apple announced.
    const firstLife = known === undefined || isEmpty({ status: known.enrollmentStatus, udid: known.udid });
    const device = Object.assign(known ?? newDevice(key, this.now()), deviceFields(message), {
      udid: known?.udid ?? udidOf(key),
      accountDriven: account?.mode ?? null,
      managedAppleId: account?.managedAppleId ?? null,
      signedInAs,
      enrollmentStatus: EnrollmentStatus.AUTHENTICATED,
      awaitingConfiguration: false,
      awaitingUntil: null,
      enrolledAt: null,
      unenrolledAt: null,
      reenrollmentAllowedUntil: null,
      renewalUntil: null,
      updatedAt: new Date(this.now()),
    });
    if (known === undefined) await tx.manager.insert(Device, device);
    else await tx.manager.update(Device, { uuid: device.uuid }, device);
    if (firstLife) await tx.manager.insert(Channel, newChannel(device.uuid, key, this.now()));
    else await voidFormerLife(tx, this.outbox, device.uuid, this.now());
    const renewAt = own === undefined ? null : this.authority.renewalTime(presented.certificate);
    await bindIdentity(tx, presented, device.uuid, 'ACTIVE', this.now(), renewAt);
    this.outbox.emit(tx, {
      type: EventType.DEVICE_CHANGED,
      deviceUuid: device.uuid,
      subjectUuid: device.uuid,
      data: {
        change: 'AUTHENTICATED',
        ...(account === null ? {} : { managedAppleId: account.managedAppleId }),
        ...(signedInAs === null ? {} : { signedInAs }),
      },
    });
    return device.uuid;
  }
}

/** A refusal, and what an operator is told of it. */
class Refused extends PomonaError {
  constructor(
    readonly alert: RefusalAlert,
    message: string,
  ) {
    super('IDENTITY_REFUSED', message);
  }
}

/** A certificate that is bound now for the first time was an enrolment by its link. */
async function useUp(tx: Transaction, own: Own): Promise<void> {
  if (own?.kind === 'GRANTED' && own.grant.link !== null) await countUse(tx, own.grant.link);
}

/** Who signed in for this enrolment, if anyone did. */
function signInOf(own: Own): Pick<Grant, 'account' | 'signedInAs'> {
  return own?.kind === 'GRANTED' ? own.grant : { account: null, signedInAs: null };
}

function claimOf(key: EnrollmentKey, { serialNumber }: Authenticate): AuthenticateFacts['claim'] {
  return {
    udid: udidOf(key) ?? undefined,
    serialNumber: serialNumber === undefined ? undefined : sameSerial(serialNumber),
  };
}

/** The device a key names, locked until the transaction ends. */
export async function findDevice(tx: Transaction, key: EnrollmentKey): Promise<Device | undefined> {
  const column = key.kind === 'device' ? 'udid' : 'enrollment_id';
  const [row] = await tx.query<{ uuid: string }>(
    `SELECT uuid FROM devices WHERE ${column} = ?${lockClause(tx.dialect)}`,
    [key.deviceKey],
  );
  if (row === undefined) return undefined;
  return (await tx.manager.findOneBy(Device, { uuid: row.uuid })) ?? undefined;
}

function factsOf(device: Device): NonNullable<Parameters<typeof judgeAuthenticate>[0]['device']> {
  return {
    uuid: device.uuid,
    status: device.enrollmentStatus,
    reenrollmentAllowedUntil: device.reenrollmentAllowedUntil?.getTime() ?? null,
    renewalUntil: device.renewalUntil?.getTime() ?? null,
    enrolledAt: device.enrolledAt?.getTime() ?? null,
    serialNumber: device.serialNumber,
  };
}

function udidOf(key: EnrollmentKey): string | null {
  return key.kind === 'device' ? key.deviceKey : null;
}

function newDevice(key: EnrollmentKey, now: number): Device {
  return Object.assign(new Device(), {
    uuid: uuidv7(),
    enrollmentId: key.kind === 'userEnrollment' ? key.deviceKey : null,
    enrollmentKind: key.kind === 'device' ? EnrollmentKind.DEVICE : EnrollmentKind.USER_ENROLLMENT,
    supervised: null,
    workflowUuid: null,
    createdAt: new Date(now),
  });
}

/** A channel that was not heard of before: not enabled until it sends TokenUpdate. Throws BAD_USER_INPUT for ids nobody can keep. */
export function newChannel(deviceUuid: string, key: EnrollmentKey, now: number): Channel {
  if (key.channelKey.length > MOST_KEY)
    throw new PomonaError('BAD_USER_INPUT', 'The identifiers of the device and its user are too long.');
  return Object.assign(new Channel(), {
    uuid: uuidv7(),
    deviceUuid,
    kind: key.user === undefined ? ChannelKind.DEVICE : ChannelKind.USER,
    enrollmentKey: key.channelKey,
    userId: key.user?.userId ?? key.user?.key ?? null,
    userShortName: key.user?.shortName ?? null,
    userLongName: cut(key.user?.longName, 255),
    enabled: false,
    pushTopic: null,
    pushToken: null,
    pushMagic: null,
    tokenUpdatedAt: null,
    tokenRetired: false,
    tally: 0,
    repushAt: null,
    repushCount: 0,
    createdAt: new Date(now),
  });
}

/** Names are for people: one that is too long for its column is cut, so that nobody is kept out by a name. */
function cut(text: string | undefined, most: number): string | null {
  return text === undefined ? null : text.slice(0, most).toWellFormed();
}

/** A device tells its facts with Authenticate; iOS leaves some out. */
function deviceFields(message: Authenticate): Partial<Device> {
  return {
    topic: message.topic,
    serialNumber: message.serialNumber ?? null,
    name: cut(message.deviceName, 255),
    model: cut(message.model, 255),
    modelName: cut(message.modelName, 255),
    productName: cut(message.productName, 255),
    platform: platformOf(message.productName ?? message.modelName),
    osVersion: cut(message.osVersion, 64),
    buildVersion: cut(message.buildVersion, 64),
    imei: cut(message.imei, 64),
    meid: cut(message.meid, 64),
  };
}
