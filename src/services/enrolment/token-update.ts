import type { EnrollmentKey, TokenUpdate } from '../../apple/messages/index.js';
import { buildCommand } from '../../apple/commands/index.js';
import type { Clock } from '../../clock.js';
import { Gather, updateRows, type Database, type Transaction } from '../../database/index.js';
import { Channel } from '../../entities/channel.js';
import type { Device } from '../../entities/device.js';
import { CommandSource, EnrollmentStatus } from '../../entities/enums.js';
import { EventType, type Outbox } from '../../events/index.js';
import { PomonaError } from '../../errors.js';
import type { Alerts } from '../alerts.js';
import { prepareBody } from '../commands/bodies.js';
import type { ConnectFacts, ConnectLookup } from '../commands/lookup.js';
import type { CommandQueue, OwedPushes } from '../commands/queue.js';
import type { Reconciler } from '../deployments/reconcile.js';
import type { Contacts } from '../devices/contacts.js';
import { findDevice, newChannel } from './authenticate.js';
import type { DeviceSecrets } from './device-secrets.js';
import { isOwn, type FirstWorkflow } from './first-workflow.js';
import { voidFormerLife } from './former-life.js';
import { bindIdentity, findIdentity, promoteStaged } from './identities.js';
import type { PresentedIdentity } from './identity-rules.js';

/** Apple promises no length; real tokens have 32 bytes. */
const MOST_TOKEN_BYTES = 256;

/** A channel's new push token. */
interface Refresh {
  readonly channelUuid: string;
  readonly deviceUuid: string;
  readonly message: TokenUpdate;
  /** Commands wait: the former token may have been dead, so the device is woken with the new one. */
  readonly waiting: boolean;
  readonly at: number;
}

export interface TokenUpdateOptions {
  /** How long a device may wait in Setup Assistant for its deployment to settle, in milliseconds. */
  readonly awaitingTimeoutMs: number;
}

/**
 * TokenUpdate: the first since Authenticate is the enrolment; later ones bring a fresh push token. A plain refresh costs two
 * statements, the second shared with the refreshes of other devices.
 */
export class TokenUpdates {
  readonly #refreshes: Gather<Refresh, void>;

  constructor(
    private readonly database: Database,
    private readonly lookup: ConnectLookup,
    private readonly queue: CommandQueue,
    private readonly pushes: OwedPushes,
    private readonly reconciler: Reconciler,
    private readonly firstWorkflow: FirstWorkflow,
    private readonly secrets: DeviceSecrets,
    private readonly contacts: Contacts,
    private readonly outbox: Outbox,
    private readonly alerts: Alerts,
    private readonly options: TokenUpdateOptions,
    private readonly now: Clock,
  ) {
    this.#refreshes = new Gather(database, { most: 200, waitMs: 0 }, (jobs, tx) => this.#refresh(tx, jobs));
  }

  /** Throws IDENTITY_REFUSED when the certificate is not the device's. A device never authenticated is answered, and not enrolled. */
  async handle(key: EnrollmentKey, message: TokenUpdate, presented: PresentedIdentity): Promise<void> {
    if (message.token.length > MOST_TOKEN_BYTES) {
      throw new PomonaError('BAD_USER_INPUT', `The push token is longer than ${MOST_TOKEN_BYTES} bytes.`);
    }
    const question = {
      channelKey: key.channelKey,
      certificate: presented.sha256,
      commandUuid: '',
      kind: 'idle',
      now: this.now(),
    } as const;
    const facts = await this.lookup.facts(question);
    if (facts !== undefined && isPlainRefresh(facts, message)) {
      this.contacts.heard(facts.deviceUuid);
      const { channelUuid, deviceUuid } = facts;
      return this.#refreshes.submit({
        channelUuid,
        deviceUuid,
        message,
        waiting: facts.next !== undefined,
        at: this.now(),
      });
    }
    const outcome = await this.database.transaction((tx) =>
      this.#enrol(tx, key, message, presented, facts?.next !== undefined),
    );
    if (outcome === 'done') return;
    await this.alerts.raise(outcome, facts?.deviceUuid ?? null, {
      message: 'TokenUpdate',
      claimed: key.deviceKey,
      certificate: presented.sha256,
    });
    // Restored from a backup, a device may send TokenUpdate alone. Apple: answer 200 or 401; 401 would un-enrol it.
    if (outcome === 'CHECKIN_WITHOUT_AUTHENTICATE') return;
    throw new PomonaError(
      'IDENTITY_REFUSED',
      'The certificate that was presented is not bound to this device.',
    );
  }

  async #enrol(
    tx: Transaction,
    key: EnrollmentKey,
    message: TokenUpdate,
    presented: PresentedIdentity,
    waiting: boolean,
  ): Promise<'done' | 'IDENTITY_REFUSED' | 'CHECKIN_WITHOUT_AUTHENTICATE'> {
    const device = await findDevice(tx, key);
    const identity = await findIdentity(tx, presented.sha256);
    if (identity !== undefined && identity.deviceUuid !== device?.uuid) return 'IDENTITY_REFUSED';
    if (device === undefined) return 'CHECKIN_WITHOUT_AUTHENTICATE';
    if (identity === undefined || identity.status === 'ARCHIVED') return 'IDENTITY_REFUSED';
    if (device.enrollmentStatus === EnrollmentStatus.UNENROLLED && (await isOwn(tx, presented)))
      return 'IDENTITY_REFUSED';
    this.contacts.heard(device.uuid);
    if (key.user !== undefined) await this.#userChannel(tx, device, key, message, waiting);
    else
      await this.#deviceChannel(tx, device, key, message, presented, {
        staged: identity.status === 'STAGED',
        waiting,
      });
    return 'done';
  }

  async #deviceChannel(
    tx: Transaction,
    device: Device,
    key: EnrollmentKey,
    message: TokenUpdate,
    presented: PresentedIdentity,
    { staged, waiting }: { staged: boolean; waiting: boolean },
  ): Promise<void> {
    const anew = this.#startsAnew(device, message, staged);
    if (anew) await this.#startAnew(tx, device, presented);
    else if (staged) await this.#finishRenewal(tx, device, presented);
    const channel = await this.#channel(tx, device, key);
    const first = anew || device.enrollmentStatus !== EnrollmentStatus.ENROLLED;
    await this.#refresh(tx, [
      { channelUuid: channel.uuid, deviceUuid: device.uuid, message, waiting, at: this.now() },
    ]);
    await this.#updateDevice(tx, device, message, first);
    if (message.unlockToken !== undefined)
      await this.secrets.put(tx, device.uuid, 'UNLOCK_TOKEN', message.unlockToken);
    if (first) this.#tell(tx, device.uuid, 'ENROLLED');
    if (first) await this.firstWorkflow.assign(tx, device, presented);
    if (first || message.awaitingConfiguration) await this.reconciler.run(tx, [device.uuid]);
  }

  /**
   * Whether this is a new life although Authenticate was not told so. A device that awaits configuration was wiped while its
   * renewal was under way. One that had checked out comes back without Authenticate, and what it had went with its profile.
   */
  #startsAnew(device: Device, message: TokenUpdate, staged: boolean): boolean {
    if (device.enrollmentStatus === EnrollmentStatus.UNENROLLED) return true;
    const renewing = device.renewalUntil !== null && device.renewalUntil.getTime() > this.now();
    return message.awaitingConfiguration && (staged || (renewing && !device.awaitingConfiguration));
  }

  async #startAnew(tx: Transaction, device: Device, presented: PresentedIdentity): Promise<void> {
    await voidFormerLife(tx, this.outbox, device.uuid, this.now());
    await bindIdentity(tx, presented, device.uuid, 'ACTIVE', this.now());
    await tx.run('UPDATE devices SET renewal_until = NULL WHERE uuid = ?', [device.uuid]);
  }

  /** A renewal ends with the first TokenUpdate of the new certificate. */
  async #finishRenewal(tx: Transaction, device: Device, presented: PresentedIdentity): Promise<void> {
    await promoteStaged(tx, device.uuid, presented.sha256, this.now());
    this.#tell(tx, device.uuid, 'IDENTITY_RENEWED');
  }

  async #updateDevice(tx: Transaction, device: Device, message: TokenUpdate, first: boolean): Promise<void> {
    const awaitingUntil = message.awaitingConfiguration ? this.now() + this.options.awaitingTimeoutMs : null;
    const since = first ? this.now() : (device.enrolledAt?.getTime() ?? this.now());
    await tx.run(
      `UPDATE devices SET enrollment_status = '${EnrollmentStatus.ENROLLED}', topic = ?, awaiting_configuration = ?, awaiting_until = ?,
         enrolled_at = ?, unenrolled_at = NULL, updated_at = ? WHERE uuid = ?`,
      [message.topic, message.awaitingConfiguration, awaitingUntil, since, this.now(), device.uuid],
    );
  }

  /** A user signs in for the first time, or again. On a Shared iPad the user waits until told UserConfigured. */
  async #userChannel(
    tx: Transaction,
    device: Device,
    key: EnrollmentKey,
    message: TokenUpdate,
    waiting: boolean,
  ): Promise<void> {
    const channel = await this.#channel(tx, device, key);
    await this.#refresh(tx, [
      { channelUuid: channel.uuid, deviceUuid: device.uuid, message, waiting, at: this.now() },
    ]);
    if (!channel.enabled) this.#tell(tx, device.uuid, 'USER_ENROLLED');
    if (!message.awaitingConfiguration) return;
    const target = { deviceUuid: device.uuid, channelUuid: channel.uuid };
    const body = prepareBody(buildCommand('UserConfigured', {}));
    await this.queue.enqueue(tx, [
      { ...target, body, source: CommandSource.SYSTEM, dedupeKey: 'UserConfigured' },
    ]);
  }

  async #channel(tx: Transaction, device: Device, key: EnrollmentKey): Promise<Channel> {
    const known = await tx.manager.findOneBy(Channel, { enrollmentKey: key.channelKey });
    if (known !== null) return known;
    const channel = newChannel(device.uuid, key, this.now());
    await tx.manager.insert(Channel, channel);
    return channel;
  }

  /** Tokens of many channels in one statement. A new token may be pushed to again, whatever became of the former. */
  async #refresh(tx: Transaction, jobs: readonly Refresh[]): Promise<void[]> {
    const latest = [...new Map(jobs.map((job) => [job.channelUuid, job])).values()];
    const also = ['enabled = 1', 'token_retired = 0', 'tally = tally + 1'];
    await updateRows(
      tx,
      { table: 'channels', keyColumn: 'uuid', also },
      latest.map(({ channelUuid, message, at }) => ({ key: channelUuid, set: tokenColumns(message, at) })),
    );
    await this.pushes.owe(
      tx,
      latest.filter((job) => job.waiting),
    );
    return jobs.map(() => undefined);
  }

  #tell(tx: Transaction, deviceUuid: string, change: string): void {
    this.outbox.emit(tx, {
      type: EventType.DEVICE_CHANGED,
      deviceUuid,
      subjectUuid: deviceUuid,
      data: { change },
    });
  }
}

/** Nothing about the enrolment changes: only the push token may be new. */
function isPlainRefresh(facts: ConnectFacts, message: TokenUpdate): boolean {
  const itself = facts.identityDeviceUuid === facts.deviceUuid && facts.identityStatus === 'ACTIVE';
  const enrolled = facts.enabled && facts.enrollmentStatus === EnrollmentStatus.ENROLLED;
  const sameSetup =
    facts.awaitingConfiguration === message.awaitingConfiguration && !message.awaitingConfiguration;
  return itself && enrolled && sameSetup && message.unlockToken === undefined;
}

function tokenColumns(message: TokenUpdate, at: number): Record<string, string | number> {
  return {
    push_topic: message.topic,
    push_token: message.token.toString('hex'),
    push_magic: message.pushMagic,
    token_updated_at: at,
  };
}
