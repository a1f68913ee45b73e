import { DepError, MOST_DEVICES, type DepClient } from '../../apple/dep/index.js';
import type { Clock } from '../../clock.js';
import { apart } from '../../deadline.js';
import { chunks, placeholders, type Database } from '../../database/index.js';
import { DepAccount } from '../../entities/dep-account.js';
import { DepAssignmentStatus } from '../../entities/dep-enums.js';
import { EventType, type Outbox } from '../../events/index.js';
import { PomonaError } from '../../errors.js';
import { notAtApple, type Choices } from './choosing.js';
import type { DepClients } from './clients.js';
import { toPomonaError } from './failures.js';

interface Held {
  readonly deviceUuid: string;
  readonly serialNumber: string;
  readonly accountUuid: string;
}

/**
 * What is done at Apple at once, and cannot be taken back from here: devices leave the organisation, activation is locked. What
 * Apple has done is written down, also when whoever asked no longer waits.
 */
export class DepIrrevocable {
  constructor(
    private readonly database: Database,
    private readonly clients: DepClients,
    private readonly outbox: Outbox,
    private readonly now: Clock,
  ) {}

  /**
   * Takes devices out of the organisation for good. The caller names the serial numbers once more, exactly those of the devices.
   * @throws PomonaError INVALID when the serial numbers are others
   */
  disown(deviceUuids: readonly string[], serialNumbers: readonly string[]): Promise<Choices> {
    return apart(() => this.#disownAll(deviceUuids, serialNumbers));
  }

  /** Locks a device's activation at Apple. Throws NOT_FOUND, UPSTREAM_REFUSED with Apple's word. */
  lockActivation(deviceUuid: string, lostMessage?: string, escrowKey?: string): Promise<void> {
    return apart(() => this.#lock(deviceUuid, lostMessage, escrowKey));
  }

  async #disownAll(deviceUuids: readonly string[], serialNumbers: readonly string[]): Promise<Choices> {
    const held = await this.#held([...new Set(deviceUuids)]);
    requireSame(held, serialNumbers);
    const problems = new Map<string, PomonaError | undefined>(
      deviceUuids.map((uuid) => [uuid, notAtApple(uuid)]),
    );
    for (const [accountUuid, devices] of Map.groupBy(held, (device) => device.accountUuid)) {
      for (const some of chunks(devices, MOST_DEVICES))
        for (const [uuid, problem] of await this.#disown(accountUuid, some)) problems.set(uuid, problem);
    }
    return problems;
  }

  async #lock(deviceUuid: string, lostMessage?: string, escrowKey?: string): Promise<void> {
    const [device] = await this.#held([deviceUuid]);
    if (device === undefined) throw notAtApple(deviceUuid);
    const client = await this.#client(device.accountUuid);
    const word = await client
      .lockActivation(device.serialNumber, lostMessage, escrowKey)
      .catch((error: unknown) => Promise.reject(toPomonaError(error)));
    if (word !== 'SUCCESS')
      throw new PomonaError(
        'UPSTREAM_REFUSED',
        `Apple did not lock ${device.serialNumber}: ${word.slice(0, 200)}.`,
      );
    await this.database.transaction(async (tx) => {
      await tx.run('UPDATE dep_devices SET activation_locked = 1, updated_at = ? WHERE device_uuid = ?', [
        this.now(),
        deviceUuid,
      ]);
      this.outbox.emit(tx, changed(deviceUuid, 'DEP_ACTIVATION_LOCKED'));
    });
  }

  async #disown(
    accountUuid: string,
    devices: readonly Held[],
  ): Promise<Map<string, PomonaError | undefined>> {
    const serials = devices.map(({ serialNumber }) => serialNumber);
    try {
      const outcomes = await (await this.#client(accountUuid)).disown(serials);
      const gone = devices.filter(({ serialNumber }) => outcomes[serialNumber] === 'SUCCESS');
      await this.#removed(gone.map(({ deviceUuid }) => deviceUuid));
      return new Map(
        devices.map(({ deviceUuid, serialNumber }) => [
          deviceUuid,
          problemOf(serialNumber, outcomes[serialNumber]),
        ]),
      );
    } catch (error) {
      if (!(error instanceof DepError)) throw error;
      const problem = toPomonaError(error) as PomonaError;
      return new Map(devices.map(({ deviceUuid }) => [deviceUuid, problem]));
    }
  }

  async #removed(deviceUuids: readonly string[]): Promise<void> {
    if (deviceUuids.length === 0) return;
    const at = this.now();
    await this.database.transaction(async (tx) => {
      await tx.run(
        `UPDATE dep_devices SET removed_at = ?, assign_due_at = NULL, assignment = '${DepAssignmentStatus.NONE}', updated_at = ?
          WHERE device_uuid IN ${placeholders(deviceUuids.length)}`,
        [at, at, ...deviceUuids],
      );
      this.outbox.emit(tx, ...deviceUuids.map((uuid) => changed(uuid, 'DEP_DISOWNED')));
    });
  }

  async #client(accountUuid: string): Promise<DepClient> {
    const account = await this.database.manager.findOneBy(DepAccount, { uuid: accountUuid });
    if (account === null) throw new PomonaError('NOT_FOUND', `There is no DEP account ${accountUuid}.`);
    return this.clients.of(account);
  }

  async #held(uuids: readonly string[]): Promise<Held[]> {
    const rows: Held[] = [];
    for (const chunk of chunks(uuids, 500))
      rows.push(
        ...(await this.database.query<Held>(
          `SELECT device_uuid AS deviceUuid, serial_number AS serialNumber, account_uuid AS accountUuid FROM dep_devices
            WHERE removed_at IS NULL AND device_uuid IN ${placeholders(chunk.length)}`,
          chunk,
        )),
      );
    return rows;
  }
}

function requireSame(held: readonly Held[], serialNumbers: readonly string[]): void {
  const own = held.map(({ serialNumber }) => serialNumber).sort();
  const named = [...new Set(serialNumbers.map((one) => one.trim().toUpperCase()))].sort();
  if (own.length === named.length && own.every((serial, index) => serial === named[index])) return;
  throw new PomonaError(
    'INVALID',
    `Disowning cannot be undone: name the serial numbers of exactly these devices once more (${own.slice(0, 10).join(', ')}${own.length > 10 ? ', …' : ''}).`,
    { path: ['confirmSerialNumbers'] },
  );
}

function problemOf(serialNumber: string, outcome: string | undefined): PomonaError | undefined {
  if (outcome === 'SUCCESS') return undefined;
  const word = outcome ?? 'nothing';
  return new PomonaError('UPSTREAM_REFUSED', `Apple did not disown ${serialNumber}: it answered ${word}.`);
}

function changed(deviceUuid: string, change: string) {
  return { type: EventType.DEVICE_CHANGED, deviceUuid, subjectUuid: deviceUuid, data: { change } };
}
