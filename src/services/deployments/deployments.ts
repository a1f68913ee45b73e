import type { Clock } from '../../clock.js';
import {
  chunks,
  claimClause,
  insertRows,
  onDuplicate,
  type Database,
  type Transaction,
} from '../../database/index.js';
import { Deployment, DeploymentItem, Rollout } from '../../entities/deployment.js';
import { DeploymentStatus, EnrollmentStatus, ItemStatus } from '../../entities/enums.js';
import { EventType, type Outbox } from '../../events/index.js';
import { PomonaError } from '../../errors.js';
import type { Catalog } from '../catalog/catalog.js';
import { once, type KeyedCall } from '../idempotency.js';
import type { AffectedDevices } from '../catalog/profiles.js';
import { plan, type Change } from './plan.js';
import { wantedBy, type Reconciler } from './reconcile.js';
import { loadItems, loadTargets } from './records.js';

/** Devices that one transaction reconciles; more are marked and left to the worker. */
const AT_ONCE = 200;

/** What an assignment would do, or did, to one device. */
export interface DevicePlan {
  readonly deviceUuid: string;
  readonly enrolled: boolean;
  readonly changes: readonly Change[];
}

/** Which devices have which workflow, and how far they are. */
export class Deployments implements AffectedDevices {
  /** Told when devices were marked for the reconciler. */
  onMarked: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly catalog: Catalog,
    private readonly reconciler: Reconciler,
    private readonly outbox: Outbox,
    private readonly now: Clock,
  ) {}

  /**
   * Gives devices a workflow, or takes it away (null). Idempotent. Unknown devices are reported, and do not stop the others.
   * Up to 200 devices are brought on their way in the same transaction; with more, the worker follows.
   * Throws INVALID when there is no such workflow. A call with a key is carried out once (see `once`): sent again after another
   * assignment, it does not undo that.
   */
  assign(
    deviceUuids: readonly string[],
    workflowUuid: string | null,
    call?: KeyedCall,
  ): Promise<{ unknown: string[] }> {
    return this.database.transaction((tx) =>
      once(tx, call, this.now(), () => this.#assign(tx, [...new Set(deviceUuids)], workflowUuid)),
    );
  }

  /** Gives devices a workflow in a transaction of the caller's. A workflow that is gone by now is none: false. */
  async assignIn(tx: Transaction, deviceUuids: readonly string[], workflowUuid: string): Promise<boolean> {
    const { workflows } = await this.catalog.during(tx);
    if (!workflows.has(workflowUuid)) return false;
    await this.#assign(tx, deviceUuids, workflowUuid);
    return true;
  }

  /** What `assign` would do to these devices now, without writing anything. Throws INVALID when there is no such workflow. */
  async plan(deviceUuids: readonly string[], workflowUuid: string | null): Promise<DevicePlan[]> {
    const catalog = await this.catalog.current();
    if (workflowUuid !== null && !catalog.workflows.has(workflowUuid)) throw noWorkflow(workflowUuid);
    const targets = await loadTargets(this.database, [...new Set(deviceUuids)]);
    const items = await loadItems(
      this.database,
      targets.map((target) => target.deviceUuid),
    );
    const wanted = wantedBy(catalog, workflowUuid);
    return targets.map((target) => ({
      deviceUuid: target.deviceUuid,
      enrolled: target.enrollmentStatus === EnrollmentStatus.ENROLLED,
      changes: plan(wanted, items.get(target.deviceUuid) ?? []),
    }));
  }

  /**
   * Asks devices again for what failed. Returns the devices that had something to ask again, and those that are unknown. A call
   * with a key is carried out once (see `once`).
   */
  retry(deviceUuids: readonly string[], call?: KeyedCall): Promise<{ retried: string[]; unknown: string[] }> {
    return this.database.transaction((tx) =>
      once(tx, call, this.now(), async () => {
        const known = new Set((await loadTargets(tx, deviceUuids)).map(({ deviceUuid }) => deviceUuid));
        const retried = await this.#retryFailed(tx, [...known]);
        await this.#reconcileOrMark(tx, retried);
        return { retried, unknown: deviceUuids.filter((uuid) => !known.has(uuid)) };
      }),
    );
  }

  /** Marks every device that has one of these workflows; the worker brings them up to date in batches. */
  async mark(tx: Transaction, workflowUuids: Iterable<string>): Promise<void> {
    for (const chunk of chunks([...workflowUuids], 500)) {
      await tx.run(
        `UPDATE deployments SET dirty = 1 WHERE workflow_uuid IN (${chunk.map(() => '?').join(', ')})`,
        chunk,
      );
    }
    tx.afterCommit(() => this.onMarked());
  }

  async markDevices(tx: Transaction, deviceUuids: readonly string[]): Promise<void> {
    for (const chunk of chunks(deviceUuids, 500)) {
      await tx.run(
        `UPDATE deployments SET dirty = 1 WHERE device_uuid IN (${chunk.map(() => '?').join(', ')})`,
        chunk,
      );
    }
    tx.afterCommit(() => this.onMarked());
  }

  /** Reconciles one batch of marked devices. Several processes may do so at once: each takes devices no other has. Returns how many it took. */
  reconcileMarked(): Promise<number> {
    return this.database.transaction(async (tx) => {
      await this.catalog.during(tx);
      const rows = await tx.query<{ deviceUuid: string }>(
        `SELECT device_uuid AS deviceUuid FROM deployments WHERE dirty = 1 ORDER BY device_uuid LIMIT ${AT_ONCE}${claimClause(tx.dialect)}`,
      );
      const uuids = rows.map((row) => row.deviceUuid);
      if (uuids.length === 0) return 0;
      await tx.run(
        `UPDATE deployments SET dirty = 0 WHERE device_uuid IN (${uuids.map(() => '?').join(', ')})`,
        uuids,
      );
      await this.reconciler.run(tx, uuids);
      return uuids.length;
    });
  }

  /**
   * A command that had been withdrawn was carried out all the same, because the device already had it. So the device may
   * have what is no longer wanted, or may have lost what is: believe that, and look at it again.
   */
  async lateAnswer(deviceUuid: string, itemUuid: string, requestType: string): Promise<void> {
    const installed = requestType.startsWith('Install');
    await this.database.transaction(async (tx) => {
      const set = installed
        ? `known_revision = COALESCE(known_revision, 'unknown')`
        : 'known_revision = NULL';
      const again = installed
        ? `status IN ('${ItemStatus.REMOVED}', '${ItemStatus.FAILED}')`
        : `status = '${ItemStatus.INSTALLED}' AND wanted_revision IS NOT NULL`;
      const after = installed ? '' : `, status = '${ItemStatus.PENDING}', command_uuid = NULL`;
      await tx.run(`UPDATE deployment_items SET ${set}${after}, changed_at = ? WHERE uuid = ? AND ${again}`, [
        this.now(),
        itemUuid,
      ]);
      await this.markDevices(tx, [deviceUuid]);
    });
  }

  getMany(deviceUuids: readonly string[]): Promise<Deployment[]> {
    return this.database.manager
      .createQueryBuilder(Deployment, 'row')
      .where('row.deviceUuid IN (:...deviceUuids)', { deviceUuids })
      .getMany();
  }

  itemsOf(deviceUuids: readonly string[]): Promise<DeploymentItem[]> {
    return this.database.manager
      .createQueryBuilder(DeploymentItem, 'row')
      .where('row.deviceUuid IN (:...deviceUuids)', { deviceUuids })
      .orderBy('row.deviceUuid')
      .addOrderBy('row.position')
      .addOrderBy('row.uuid')
      .getMany();
  }

  /** How far each workflow's own devices are: one statement for all workflows asked about. */
  async rollouts(workflowUuids: readonly string[]): Promise<Map<string, Rollout>> {
    const rollouts = new Map(
      workflowUuids.map((uuid) => [
        uuid,
        Object.assign(new Rollout(), { total: 0, converged: 0, pending: 0, failed: 0 }),
      ]),
    );
    const rows = await this.database.query<{
      workflowUuid: string;
      status: DeploymentStatus;
      count: number | string;
    }>(
      `SELECT workflow_uuid AS workflowUuid, status, COUNT(*) AS count FROM deployments
        WHERE workflow_uuid IN (${workflowUuids.map(() => '?').join(', ')}) GROUP BY workflow_uuid, status`,
      workflowUuids,
    );
    for (const row of rows) {
      const rollout = rollouts.get(row.workflowUuid);
      if (rollout === undefined) continue;
      rollout.total += Number(row.count);
      if (row.status === DeploymentStatus.CONVERGED) rollout.converged += Number(row.count);
      else if (row.status === DeploymentStatus.FAILED) rollout.failed += Number(row.count);
      else rollout.pending += Number(row.count);
    }
    return rollouts;
  }

  async #assign(
    tx: Transaction,
    uuids: readonly string[],
    workflowUuid: string | null,
  ): Promise<{ unknown: string[] }> {
    const catalog = await this.catalog.during(tx);
    if (workflowUuid !== null && !catalog.workflows.has(workflowUuid)) throw noWorkflow(workflowUuid);
    const known = await loadTargets(tx, uuids);
    const changing = known
      .filter((device) => device.workflowUuid !== workflowUuid)
      .map((device) => device.deviceUuid);
    await this.#record(tx, changing, workflowUuid);
    if (changing.length <= AT_ONCE) await this.reconciler.run(tx, changing);
    const found = new Set(known.map((device) => device.deviceUuid));
    return { unknown: uuids.filter((uuid) => !found.has(uuid)) };
  }

  /** Puts what failed back to where it began. @returns the devices that had any */
  async #retryFailed(tx: Transaction, deviceUuids: readonly string[]): Promise<string[]> {
    const retried: string[] = [];
    for (const chunk of chunks(deviceUuids, 500)) {
      const list = chunk.map(() => '?').join(', ');
      const rows = await tx.query<{ deviceUuid: string }>(
        `SELECT DISTINCT device_uuid AS deviceUuid FROM deployment_items WHERE status = '${ItemStatus.FAILED}' AND device_uuid IN (${list})`,
        chunk,
      );
      retried.push(...rows.map(({ deviceUuid }) => deviceUuid));
      await tx.run(
        `UPDATE deployment_items SET command_uuid = NULL, corrections = 0, reason = NULL, changed_at = ?,
           status = CASE WHEN wanted_revision IS NULL THEN '${ItemStatus.REMOVING}' ELSE '${ItemStatus.PENDING}' END
         WHERE status = '${ItemStatus.FAILED}' AND device_uuid IN (${list})`,
        [this.now(), ...chunk],
      );
    }
    return retried;
  }

  async #reconcileOrMark(tx: Transaction, deviceUuids: readonly string[]): Promise<void> {
    if (deviceUuids.length <= AT_ONCE) await this.reconciler.run(tx, deviceUuids);
    else await this.markDevices(tx, deviceUuids);
  }

  async #record(tx: Transaction, deviceUuids: readonly string[], workflowUuid: string | null): Promise<void> {
    const dirty = deviceUuids.length > AT_ONCE ? 1 : 0;
    for (const chunk of chunks(deviceUuids, 500)) {
      const list = chunk.map(() => '?').join(', ');
      await tx.run(`UPDATE devices SET workflow_uuid = ?, updated_at = ? WHERE uuid IN (${list})`, [
        workflowUuid,
        this.now(),
        ...chunk,
      ]);
      await insertRows(
        tx,
        'INSERT INTO deployments',
        ['device_uuid', 'workflow_uuid', 'status', 'converged_at', 'changed_at', 'dirty'],
        chunk.map((uuid) => [uuid, workflowUuid, DeploymentStatus.PENDING, null, this.now(), dirty]),
        onDuplicate(
          tx.dialect,
          ['device_uuid'],
          ['workflow_uuid', 'status', 'converged_at', 'changed_at', 'dirty'],
        ),
      );
    }
    this.outbox.emit(
      tx,
      ...deviceUuids.map((uuid) => ({
        type: EventType.DEVICE_CHANGED,
        deviceUuid: uuid,
        subjectUuid: uuid,
        data: { change: 'WORKFLOW_ASSIGNED', workflowUuid },
      })),
    );
    if (dirty === 1) tx.afterCommit(() => this.onMarked());
  }
}

function noWorkflow(uuid: string): PomonaError {
  return new PomonaError('INVALID', `There is no workflow ${uuid}.`, { path: ['workflowId'] });
}
