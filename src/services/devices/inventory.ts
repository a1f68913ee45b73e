import type { Clock } from '../../clock.js';
import {
  insertRows,
  onDuplicate,
  updateRows,
  type Database,
  type SqlValue,
  type Transaction,
} from '../../database/index.js';
import { CommandStatus } from '../../entities/enums.js';
import { DeviceInventory, type InventoryKind } from '../../entities/inventory.js';
import { EventType, type Outbox } from '../../events/index.js';
import type { Answer, AnswerConsequence } from '../commands/outcomes.js';
import { readKept, type Finding } from './findings.js';
import { platformOf } from './platform.js';

/** The last answer to one kind of question, and when the device gave it. */
export interface InventoryAnswer<T> {
  readonly asOf: Date;
  readonly content: T;
}

/** Keeps the last answer of each device to each kind of question, and the device's columns in step with it. */
export class Inventory implements AnswerConsequence {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly now: Clock,
  ) {}

  async apply(tx: Transaction, answers: readonly Answer[]): Promise<readonly string[]> {
    const told = answers.filter(
      ({ status, finding }) => status === CommandStatus.ACKNOWLEDGED && finding.kept !== undefined,
    );
    if (told.length === 0) return [];
    const rows = new Map<string, SqlValue[]>();
    for (const { deviceUuid, finding, at } of told) {
      const { kept } = finding;
      if (kept !== undefined)
        rows.set(`${deviceUuid}:${kept.kind}`, [deviceUuid, kept.kind, at, kept.itemCount, kept.content]);
    }
    const columns = ['device_uuid', 'kind', 'as_of', 'item_count', 'content'];
    const tail = onDuplicate(tx.dialect, ['device_uuid', 'kind'], ['as_of', 'item_count', 'content']);
    await insertRows(tx, 'INSERT INTO device_inventory', columns, [...rows.values()], tail);
    await this.#updateColumns(tx, told);
    this.#tell(tx, told);
    return [];
  }

  /** What devices last answered to one kind of question: one statement for all of them. */
  async read<T>(
    deviceUuids: readonly string[],
    kind: InventoryKind,
  ): Promise<Map<string, InventoryAnswer<T>>> {
    const rows = await this.database.manager
      .createQueryBuilder(DeviceInventory, 'row')
      .where('row.kind = :kind AND row.deviceUuid IN (:...deviceUuids)', { kind, deviceUuids })
      .getMany();
    const answers = await Promise.all(
      rows.map(async (row) => ({ asOf: row.asOf, content: (await readKept(row.content)) as T })),
    );
    return new Map(rows.map((row, index) => [row.deviceUuid, answers[index] as InventoryAnswer<T>]));
  }

  async #updateColumns(tx: Transaction, answers: readonly Answer[]): Promise<void> {
    const latest = new Map<string, Record<string, SqlValue>>();
    for (const { deviceUuid, finding } of answers) {
      const set = finding.information === undefined ? {} : knownColumns(finding.information);
      if (Object.keys(set).length > 0) latest.set(deviceUuid, { ...latest.get(deviceUuid), ...set });
    }
    // One statement for all devices that told of the same columns: usually all of them.
    const byColumns = Map.groupBy(latest, ([, set]) => Object.keys(set).sort().join());
    for (const devices of byColumns.values()) {
      const rows = devices.map(([key, set]) => ({ key, set: { ...set, updated_at: this.now() } }));
      await updateRows(tx, { table: 'devices', keyColumn: 'uuid' }, rows);
    }
  }

  #tell(tx: Transaction, answers: readonly Answer[]): void {
    this.outbox.emit(
      tx,
      ...answers.map(({ deviceUuid, command }) => ({
        type: EventType.DEVICE_CHANGED,
        deviceUuid,
        subjectUuid: deviceUuid,
        data: { change: 'INVENTORY', requestType: command.requestType },
      })),
    );
  }
}

/** Columns of `devices` a device has told of. Who it is (UDID, serial number) is Authenticate's to say, not an answer's. */
function knownColumns(information: NonNullable<Finding['information']>): Record<string, SqlValue> {
  const product = information.productName;
  const all: Record<string, SqlValue | undefined> = {
    name: information.deviceName?.slice(0, 255),
    model: information.model?.slice(0, 255),
    model_name: information.modelName?.slice(0, 255),
    product_name: product?.slice(0, 255),
    platform: product === undefined ? undefined : (platformOf(product) ?? undefined),
    os_version: information.osVersion?.slice(0, 64),
    build_version: information.buildVersion?.slice(0, 64),
    imei: information.imei?.slice(0, 64),
    meid: information.meid?.slice(0, 64),
    supervised: information.isSupervised,
  };
  const known = Object.entries(all).filter((entry): entry is [string, SqlValue] => entry[1] !== undefined);
  return Object.fromEntries(known);
}
