import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../clock.js';
import {
  insertRows,
  lockClause,
  updateRows,
  type RowUpdate,
  type SqlValue,
  type Transaction,
} from '../../database/index.js';
import { CommandSource, CommandStatus, EnrollmentStatus, ItemStatus } from '../../entities/enums.js';
import type { Outbox } from '../../events/index.js';
import type { Catalog } from '../catalog/catalog.js';
import { effectiveSet, type EffectiveItem } from '../catalog/effective-set.js';
import type { CatalogSnapshot } from '../catalog/snapshot.js';
import { withdraw, type CommandQueue, type NewCommand } from '../commands/queue.js';
import { Payloads } from './payloads.js';
import { plan, type Change } from './plan.js';
import { loadItems, loadTargets, type DeviceItem, type TargetDevice } from './records.js';
import type { Settling } from './settling.js';

interface Step {
  readonly device: TargetDevice;
  readonly change: Change;
  readonly itemUuid: string;
  readonly command: NewCommand | undefined;
  readonly impossible: string | undefined;
}

const ITEM_COLUMNS = [
  'uuid',
  'device_uuid',
  'kind',
  'subject_uuid',
  'identifier',
  'position',
  'wanted_revision',
  'known_revision',
  'status',
  'command_uuid',
  'reason',
  'corrections',
  'changed_at',
] as const;

/** Turns the difference between what devices shall have and what they have into rows and commands, for many devices at once. */
export class Reconciler {
  constructor(
    private readonly catalog: Catalog,
    private readonly queue: CommandQueue,
    private readonly settling: Settling,
    private readonly outbox: Outbox,
    private readonly now: Clock,
  ) {}

  /**
   * Brings devices on their way to what their workflow comes down to now. Devices that are not enrolled are left for their
   * enrolment. The number of statements does not depend on how many items or commands there are, but by the five hundred.
   * @param wake false when the one device is connected right now
   */
  async run(tx: Transaction, deviceUuids: readonly string[], wake = true): Promise<void> {
    const catalog = await this.catalog.during(tx);
    const targets = await loadTargets(tx, deviceUuids);
    const enrolled = targets.filter(
      (target) => target.enrollmentStatus === EnrollmentStatus.ENROLLED && target.channelUuid !== null,
    );
    const items = await loadItems(
      tx,
      enrolled.map((target) => target.deviceUuid),
      lockClause(tx.dialect),
    );
    const changes = changesOf(catalog, enrolled, items);
    const steps = await this.#steps(tx, catalog, changes);
    await this.#withdrawReplaced(tx, steps);
    const commands = steps.flatMap((step) => step.command ?? []);
    const queued = await this.queue.enqueue(tx, commands, wake);
    const commandOf = new Map(queued.map((command) => [command.itemUuid, command.uuid]));
    await this.#write(tx, steps, commandOf);
    await this.settling.refresh(tx, targets, wake);
  }

  async #steps(
    tx: Transaction,
    catalog: CatalogSnapshot,
    changes: readonly { device: TargetDevice; change: Change }[],
  ): Promise<Step[]> {
    const payloads = await Payloads.forChanges(
      tx,
      catalog,
      changes.map(({ change }) => change),
    );
    return changes.map(({ device, change }) => {
      const itemUuid = change.current?.uuid ?? uuidv7();
      const base = { device, change, itemUuid, command: undefined, impossible: undefined };
      if (change.action !== 'INSTALL' && change.action !== 'REMOVE') return base;
      const payload = payloads.for(change);
      if ('impossible' in payload) return { ...base, impossible: payload.impossible };
      const command: NewCommand = {
        deviceUuid: device.deviceUuid,
        channelUuid: device.channelUuid ?? '',
        body: payload.body,
        source: CommandSource.DEPLOYMENT,
        itemUuid,
      };
      return { ...base, command };
    });
  }

  /** A command that carried an older wish is not worth sending any more. */
  async #withdrawReplaced(tx: Transaction, steps: readonly Step[]): Promise<void> {
    const old = steps.flatMap(({ change }) => change.current?.commandUuid ?? []);
    for (let start = 0; start < old.length; start += 500) {
      const chunk = old.slice(start, start + 500);
      const why = {
        status: CommandStatus.CANCELLED,
        reason: 'The device is wanted to have something else now.',
      } as const;
      await withdraw(tx, this.outbox, `uuid IN (${chunk.map(() => '?').join(', ')})`, chunk, why, this.now());
    }
  }

  async #write(
    tx: Transaction,
    steps: readonly Step[],
    commandOf: ReadonlyMap<string | null, string>,
  ): Promise<void> {
    const fresh = steps.filter((step) => step.change.current === undefined);
    await insertRows(
      tx,
      'INSERT INTO deployment_items',
      ITEM_COLUMNS,
      fresh.map((step) => this.#freshRow(step, commandOf)),
    );
    const changed = steps.filter((step) => step.change.current !== undefined);
    const rows: RowUpdate[] = changed.map((step) => ({
      key: step.itemUuid,
      set: this.#newState(step, commandOf),
    }));
    await updateRows(tx, { table: 'deployment_items', keyColumn: 'uuid' }, rows);
  }

  #freshRow(step: Step, commandOf: ReadonlyMap<string | null, string>): SqlValue[] {
    const { wanted } = step.change;
    const state = this.#newState(step, commandOf);
    return [
      step.itemUuid,
      step.device.deviceUuid,
      wanted?.kind ?? '',
      wanted?.subjectUuid ?? '',
      state['identifier'] ?? null,
      state['position'] ?? 0,
      state['wanted_revision'] ?? null,
      null,
      state['status'] ?? '',
      state['command_uuid'] ?? null,
      state['reason'] ?? null,
      0,
      this.now(),
    ];
  }

  #newState(step: Step, commandOf: ReadonlyMap<string | null, string>): Record<string, SqlValue> {
    const { change, impossible } = step;
    return {
      identifier: change.wanted?.identifier ?? change.current?.identifier ?? null,
      position: change.position,
      wanted_revision: change.wanted?.revision ?? null,
      status: impossible === undefined ? STATUS_AFTER[change.action] : ItemStatus.FAILED,
      command_uuid: commandOf.get(step.itemUuid) ?? null,
      reason: impossible ?? null,
      changed_at: this.now(),
    };
  }
}

const STATUS_AFTER: Record<Change['action'], ItemStatus> = {
  INSTALL: ItemStatus.PENDING,
  REMOVE: ItemStatus.REMOVING,
  KEEP: ItemStatus.INSTALLED,
  FORGET: ItemStatus.REMOVED,
};

function changesOf(
  catalog: CatalogSnapshot,
  devices: readonly TargetDevice[],
  items: ReadonlyMap<string, DeviceItem[]>,
): { device: TargetDevice; change: Change }[] {
  const sets = new Map<string, readonly EffectiveItem[]>();
  return devices.flatMap((device) =>
    plan(wantedBy(catalog, device.workflowUuid, sets), items.get(device.deviceUuid) ?? []).map((change) => ({
      device,
      change,
    })),
  );
}

/** What a workflow comes down to, as one list; computed once a workflow, however many devices have it. */
export function wantedBy(
  catalog: CatalogSnapshot,
  workflowUuid: string | null,
  known: Map<string, readonly EffectiveItem[]> = new Map(),
): readonly EffectiveItem[] {
  if (workflowUuid === null) return [];
  const found = known.get(workflowUuid);
  if (found !== undefined) return found;
  const set = effectiveSet(catalog, workflowUuid);
  const wanted = [...set.profiles, ...set.applications];
  known.set(workflowUuid, wanted);
  return wanted;
}
