import { buildCommand } from '../../apple/commands/index.js';
import type { Clock } from '../../clock.js';
import { insertRows, onDuplicate, chunks, type Transaction } from '../../database/index.js';
import { CommandSource, DeploymentStatus, EnrollmentStatus } from '../../entities/enums.js';
import { EventType, type Outbox } from '../../events/index.js';
import { prepareBody } from '../commands/bodies.js';
import type { CommandQueue } from '../commands/queue.js';
import { loadItems, type TargetDevice } from './records.js';
import { isSettled, statusOf } from './status.js';

/** Should DeviceConfigured get lost or refused, it is sent again after this. */
const CONFIGURED_RETRY_MS = 5 * 60_000;

/**
 * Keeps the status of deployments in step with their items, tells of progress, and lets a device out of Setup Assistant
 * once nothing is on its way any more (or at once, when nothing is wanted of it).
 */
export class Settling {
  constructor(
    private readonly queue: CommandQueue,
    private readonly outbox: Outbox,
    private readonly now: Clock,
  ) {}

  /** @returns channels that were queued DeviceConfigured */
  async refresh(tx: Transaction, targets: readonly TargetDevice[], wake: boolean): Promise<string[]> {
    const items = await loadItems(
      tx,
      targets.map((target) => target.deviceUuid),
    );
    const settled: TargetDevice[] = [];
    const rows: (string | number | null)[][] = [];
    for (const target of targets) {
      const own = items.get(target.deviceUuid) ?? [];
      const enrolled = target.enrollmentStatus === EnrollmentStatus.ENROLLED;
      const unreached = !enrolled && target.workflowUuid !== null;
      const status = unreached ? DeploymentStatus.PENDING : statusOf(target.workflowUuid, own);
      if (enrolled && isSettled(status) && target.awaitingConfiguration) settled.push(target);
      if (target.workflowUuid === null && target.status === null && own.length === 0) continue;
      if (status !== target.status) rows.push(this.#row(target, status));
      this.#tell(tx, target, status, own);
    }
    await this.#writeStatuses(tx, rows);
    return this.configure(tx, settled, wake);
  }

  /** Queues DeviceConfigured, unless it already is; asked again later should it get lost. */
  async configure(tx: Transaction, targets: readonly TargetDevice[], wake: boolean): Promise<string[]> {
    const reachable = targets.filter((target) => target.channelUuid !== null);
    if (reachable.length === 0) return [];
    const body = prepareBody(buildCommand('DeviceConfigured', {}));
    const queued = await this.queue.enqueue(
      tx,
      reachable.map((target) => ({
        deviceUuid: target.deviceUuid,
        channelUuid: target.channelUuid ?? '',
        body,
        source: CommandSource.SYSTEM,
        dedupeKey: 'DeviceConfigured',
      })),
      wake,
    );
    for (const chunk of chunks(reachable, 500)) {
      await tx.run(
        `UPDATE devices SET awaiting_until = ? WHERE uuid IN (${chunk.map(() => '?').join(', ')})`,
        [this.now() + CONFIGURED_RETRY_MS, ...chunk.map((target) => target.deviceUuid)],
      );
    }
    return queued.map((command) => command.channelUuid);
  }

  #row(target: TargetDevice, status: DeploymentStatus): (string | number | null)[] {
    const converged = status === DeploymentStatus.CONVERGED ? this.now() : null;
    return [target.deviceUuid, target.workflowUuid, status, converged, this.now(), 0];
  }

  async #writeStatuses(tx: Transaction, rows: (string | number | null)[][]): Promise<void> {
    const columns = ['device_uuid', 'workflow_uuid', 'status', 'converged_at', 'changed_at', 'dirty'];
    const tail = onDuplicate(tx.dialect, ['device_uuid'], ['status', 'converged_at', 'changed_at']);
    await insertRows(tx, 'INSERT INTO deployments', columns, rows, tail);
  }

  #tell(
    tx: Transaction,
    target: TargetDevice,
    status: DeploymentStatus,
    items: readonly { status: string }[],
  ): void {
    const counts: Record<string, number> = {};
    for (const item of items) counts[item.status] = (counts[item.status] ?? 0) + 1;
    this.outbox.emit(tx, {
      type: EventType.DEPLOYMENT_CHANGED,
      deviceUuid: target.deviceUuid,
      subjectUuid: target.deviceUuid,
      data: { status, workflowUuid: target.workflowUuid, counts },
    });
  }
}
