import type { Clock } from '../../clock.js';
import { lockClause, type Transaction } from '../../database/index.js';
import { EnrollmentStatus } from '../../entities/enums.js';
import { EventType, type Outbox } from '../../events/index.js';
import type { Catalog } from '../catalog/catalog.js';
import type { Deployments } from '../deployments/deployments.js';

/** The device row that Apple's record of a serial number is with. */
export interface Holder {
  readonly uuid: string;
  readonly udid: string | null;
  readonly status: EnrollmentStatus;
  readonly workflowUuid: string | null;
  /** The workflow that a rule gave it. */
  readonly givenWorkflowUuid: string | null;
}

/** What a join stands on. */
export interface JoiningHouse {
  readonly catalog: Pick<Catalog, 'lock'>;
  readonly deployments: Pick<Deployments, 'assignIn'>;
  readonly outbox: Outbox;
  readonly now: Clock;
}

/** Keeps what Apple says of a device with the row of the device that has enrolled: one row before and after enrolment. */
export class DepJoining {
  constructor(private readonly house: JoiningHouse) {}

  /**
   * The row that has Apple's record of a serial number, both locked until the transaction ends; undefined when Apple told
   * nothing of it.
   * @param serialNumber in capitals
   */
  async lockHolder(tx: Transaction, serialNumber: string): Promise<Holder | undefined> {
    const lock = lockClause(tx.dialect);
    const [record] = await tx.query<Pick<Holder, 'uuid' | 'givenWorkflowUuid'>>(
      `SELECT device_uuid AS uuid, given_workflow_uuid AS givenWorkflowUuid FROM dep_devices WHERE serial_number = ?${lock}`,
      [serialNumber],
    );
    if (record === undefined) return undefined;
    const [device] = await tx.query<Omit<Holder, 'givenWorkflowUuid'>>(
      `SELECT uuid, udid, enrollment_status AS status, workflow_uuid AS workflowUuid FROM devices WHERE uuid = ?${lock}`,
      [record.uuid],
    );
    return device === undefined ? undefined : { ...device, givenWorkflowUuid: record.givenWorkflowUuid };
  }

  /**
   * Moves Apple's record to another row. One that has no workflow is given the one that waited for it. A row that was made
   * for the record and never enrolled goes; any other stays as it is, with its history.
   * @param holder as `lockHolder` found it
   * @param empty whether that row never was a device
   * @returns false when the other row has a record of its own, which stays
   */
  async move(tx: Transaction, holder: Holder, toUuid: string, empty: boolean): Promise<boolean> {
    // Whoever assigns a workflow holds this lock: nobody gives one to a row that goes.
    if (empty) await this.house.catalog.lock(tx);
    const target = await lockTarget(tx, toUuid);
    if (target === undefined || target.hasRecord) return false;
    const workflowUuid = await this.#handOver(tx, holder, { uuid: toUuid, ...target }, empty);
    const given = empty || workflowUuid === holder.givenWorkflowUuid ? holder.givenWorkflowUuid : null;
    await tx.run(
      'UPDATE dep_devices SET device_uuid = ?, given_workflow_uuid = ?, judged_revision = 0, updated_at = ? WHERE device_uuid = ?',
      [toUuid, given, this.house.now(), holder.uuid],
    );
    if (empty) await deleteEmpty(tx, holder.uuid);
    this.house.outbox.emit(tx, {
      type: EventType.DEVICE_CHANGED,
      deviceUuid: toUuid,
      subjectUuid: toUuid,
      data: { change: 'DEP_JOINED', formerDeviceUuid: holder.uuid },
    });
    return true;
  }

  /** @returns the workflow that the other row has then */
  async #handOver(
    tx: Transaction,
    holder: Holder,
    target: { readonly uuid: string; readonly workflowUuid: string | null },
    empty: boolean,
  ): Promise<string | null> {
    const ofRecord = empty || holder.workflowUuid === holder.givenWorkflowUuid;
    if (target.workflowUuid !== null || !ofRecord || holder.workflowUuid === null) return target.workflowUuid;
    const assigned = await this.house.deployments.assignIn(tx, [target.uuid], holder.workflowUuid);
    return assigned ? holder.workflowUuid : null;
  }
}

async function lockTarget(
  tx: Transaction,
  uuid: string,
): Promise<{ workflowUuid: string | null; hasRecord: boolean } | undefined> {
  const [row] = await tx.query<{ workflowUuid: string | null }>(
    `SELECT workflow_uuid AS workflowUuid FROM devices WHERE uuid = ?${lockClause(tx.dialect)}`,
    [uuid],
  );
  if (row === undefined) return undefined;
  const records = await tx.query('SELECT 1 AS one FROM dep_devices WHERE device_uuid = ?', [uuid]);
  return { ...row, hasRecord: records.length > 0 };
}

/** It never was a device, so that it has a deployment at most, and nothing was ever queued for it. */
async function deleteEmpty(tx: Transaction, uuid: string): Promise<void> {
  await tx.run('DELETE FROM deployments WHERE device_uuid = ?', [uuid]);
  await tx.run('DELETE FROM devices WHERE uuid = ?', [uuid]);
}
