import { chunks, type Sql } from '../../database/index.js';
import type { DeploymentStatus, EnrollmentStatus, ItemStatus, SubjectKind } from '../../entities/enums.js';
import type { CurrentItem } from './plan.js';

/** A device as reconciling sees it. */
export interface TargetDevice {
  readonly deviceUuid: string;
  readonly workflowUuid: string | null;
  readonly enrollmentStatus: EnrollmentStatus;
  readonly awaitingConfiguration: boolean;
  readonly channelUuid: string | null;
  readonly status: DeploymentStatus | null;
}

/** An item with its device. */
export interface DeviceItem extends CurrentItem {
  readonly deviceUuid: string;
  readonly corrections: number;
  readonly changedAt: number;
}

interface TargetRow extends Omit<TargetDevice, 'awaitingConfiguration'> {
  readonly awaiting: number;
}

/** Loads devices with their deployment and device channel: one statement per 500. Locks the deployments when `lock` is given. */
export async function loadTargets(
  sql: Sql,
  deviceUuids: readonly string[],
  lock = '',
): Promise<TargetDevice[]> {
  const targets: TargetDevice[] = [];
  for (const chunk of chunks([...deviceUuids].sort(), 500)) {
    const rows = await sql.query<TargetRow>(
      `SELECT d.uuid AS deviceUuid, d.workflow_uuid AS workflowUuid, d.enrollment_status AS enrollmentStatus,
              d.awaiting_configuration AS awaiting, ch.uuid AS channelUuid, dp.status AS status
         FROM devices d
         LEFT JOIN channels ch ON ch.device_uuid = d.uuid AND ch.kind = 'DEVICE'
         LEFT JOIN deployments dp ON dp.device_uuid = d.uuid
        WHERE d.uuid IN (${chunk.map(() => '?').join(', ')}) ORDER BY d.uuid${lock}`,
      chunk,
    );
    for (const { awaiting, ...row } of rows) targets.push({ ...row, awaitingConfiguration: awaiting === 1 });
  }
  return targets;
}

interface ItemRow {
  uuid: string;
  deviceUuid: string;
  kind: SubjectKind;
  subjectUuid: string;
  identifier: string | null;
  position: number;
  wantedRevision: string | null;
  knownRevision: string | null;
  status: ItemStatus;
  commandUuid: string | null;
  corrections: number;
  changedAt: number | string;
}

/** All items of the devices, by device: one statement per 500 devices. */
export async function loadItems(
  sql: Sql,
  deviceUuids: readonly string[],
  lock = '',
): Promise<Map<string, DeviceItem[]>> {
  const items = new Map<string, DeviceItem[]>(deviceUuids.map((uuid) => [uuid, []]));
  for (const chunk of chunks(deviceUuids, 500)) {
    const rows = await sql.query<ItemRow>(
      `SELECT uuid, device_uuid AS deviceUuid, kind, subject_uuid AS subjectUuid, identifier, position,
              wanted_revision AS wantedRevision, known_revision AS knownRevision, status, command_uuid AS commandUuid,
              corrections, changed_at AS changedAt
         FROM deployment_items WHERE device_uuid IN (${chunk.map(() => '?').join(', ')})
        ORDER BY device_uuid, position, uuid${lock}`,
      chunk,
    );
    for (const row of rows) items.get(row.deviceUuid)?.push({ ...row, changedAt: Number(row.changedAt) });
  }
  return items;
}
