import type { CheckOut, EnrollmentKey, SetBootstrapToken } from '../../apple/messages/index.js';
import type { Clock } from '../../clock.js';
import type { Database, Transaction } from '../../database/index.js';
import { CommandStatus, EnrollmentStatus } from '../../entities/enums.js';
import { EventType, type Outbox } from '../../events/index.js';
import { PomonaError } from '../../errors.js';
import type { Alerts } from '../alerts.js';
import type { ConnectFacts, ConnectLookup } from '../commands/lookup.js';
import { withdraw } from '../commands/queue.js';
import type { Contacts } from '../devices/contacts.js';
import type { DeviceSecrets } from './device-secrets.js';
import type { PresentedIdentity } from './identity-rules.js';

/** Check-in messages of devices that are known: CheckOut and the bootstrap token. */
export class Checkin {
  constructor(
    private readonly database: Database,
    private readonly lookup: ConnectLookup,
    private readonly secrets: DeviceSecrets,
    private readonly contacts: Contacts,
    private readonly outbox: Outbox,
    private readonly alerts: Alerts,
    private readonly now: Clock,
  ) {}

  /** The profile was removed. A device takes its users along; a user leaves alone. A device that is not known has nothing to leave. */
  async checkOut(key: EnrollmentKey, _message: CheckOut, presented: PresentedIdentity): Promise<void> {
    const facts = await this.known(key.channelKey, 'CheckOut', presented);
    if (facts === undefined) return;
    await this.database.transaction((tx) =>
      key.user === undefined ? this.#deviceLeaves(tx, facts) : this.#userLeaves(tx, facts),
    );
  }

  /** Escrows a Mac's bootstrap token; none, or one of zero bytes, deletes it (Apple: setbootstraptoken). User channels have none. */
  async setBootstrapToken(
    key: EnrollmentKey,
    message: SetBootstrapToken,
    presented: PresentedIdentity,
  ): Promise<void> {
    const facts = await this.known(key.deviceKey, message.messageType, presented);
    if (facts === undefined || key.user !== undefined) return;
    const { bootstrapToken } = message;
    await this.database.transaction((tx) =>
      bootstrapToken === undefined
        ? this.secrets.remove(tx, facts.deviceUuid, 'BOOTSTRAP_TOKEN')
        : this.secrets.put(tx, facts.deviceUuid, 'BOOTSTRAP_TOKEN', bootstrapToken),
    );
  }

  /** The token this very device escrowed; undefined when it has none here. */
  async getBootstrapToken(key: EnrollmentKey, presented: PresentedIdentity): Promise<Buffer | undefined> {
    const facts = await this.known(key.deviceKey, 'GetBootstrapToken', presented);
    return facts === undefined || key.user !== undefined
      ? undefined
      : this.secrets.get(facts.deviceUuid, 'BOOTSTRAP_TOKEN');
  }

  /**
   * What is known of the channel, once the certificate has been found to be its device's. Undefined for a channel never heard
   * of when the certificate is nobody's. Throws IDENTITY_REFUSED.
   */
  async known(
    channelKey: string,
    message: string,
    presented: PresentedIdentity,
  ): Promise<ConnectFacts | undefined> {
    const question = {
      channelKey,
      certificate: presented.sha256,
      commandUuid: '',
      kind: 'idle',
      now: this.now(),
    } as const;
    const facts = await this.lookup.facts(question);
    if (facts === undefined) return undefined;
    if (facts.identityDeviceUuid === facts.deviceUuid && facts.identityStatus !== 'ARCHIVED') {
      this.contacts.heard(facts.deviceUuid);
      return facts;
    }
    await this.alerts.raise('IDENTITY_REFUSED', facts.deviceUuid, {
      message,
      claimed: channelKey,
      certificate: presented.sha256,
    });
    throw new PomonaError(
      'IDENTITY_REFUSED',
      'The certificate that was presented is not bound to this device.',
    );
  }

  async #deviceLeaves(tx: Transaction, { deviceUuid }: ConnectFacts): Promise<void> {
    const now = this.now();
    const left = await tx.run(
      `UPDATE devices SET enrollment_status = '${EnrollmentStatus.UNENROLLED}', unenrolled_at = ?, updated_at = ?, awaiting_configuration = 0,
         awaiting_until = NULL WHERE uuid = ? AND enrollment_status <> '${EnrollmentStatus.UNENROLLED}'`,
      [now, now, deviceUuid],
    );
    if (left.affected === 0) return;
    await tx.run(
      'UPDATE channels SET enabled = 0, push_token = NULL, push_magic = NULL, repush_at = NULL WHERE device_uuid = ?',
      [deviceUuid],
    );
    const why = { status: CommandStatus.CANCELLED, reason: 'The device checked out.' } as const;
    await withdraw(tx, this.outbox, 'device_uuid = ?', [deviceUuid], why, now);
    this.#tell(tx, deviceUuid, 'UNENROLLED');
  }

  async #userLeaves(tx: Transaction, { channelUuid, deviceUuid, enabled }: ConnectFacts): Promise<void> {
    if (!enabled) return;
    await tx.run(
      'UPDATE channels SET enabled = 0, push_token = NULL, push_magic = NULL, repush_at = NULL WHERE uuid = ?',
      [channelUuid],
    );
    const why = { status: CommandStatus.CANCELLED, reason: 'The user checked out.' } as const;
    await withdraw(tx, this.outbox, 'channel_uuid = ?', [channelUuid], why, this.now());
    this.#tell(tx, deviceUuid, 'USER_UNENROLLED');
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
