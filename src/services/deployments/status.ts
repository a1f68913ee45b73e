import { DeploymentStatus, ItemStatus } from '../../entities/enums.js';

const UNDER_WAY: ReadonlySet<ItemStatus> = new Set([
  ItemStatus.PENDING,
  ItemStatus.SENT,
  ItemStatus.REMOVING,
]);

/** What the statuses of a device's items come down to. */
export function statusOf(
  workflowUuid: string | null,
  items: readonly { status: ItemStatus }[],
): DeploymentStatus {
  if (items.some((item) => UNDER_WAY.has(item.status))) return DeploymentStatus.PENDING;
  if (items.some((item) => item.status === ItemStatus.FAILED)) return DeploymentStatus.FAILED;
  return workflowUuid === null ? DeploymentStatus.UNASSIGNED : DeploymentStatus.CONVERGED;
}

/** Nothing is on its way any more: a device in Setup Assistant need not wait longer. */
export function isSettled(status: DeploymentStatus): boolean {
  return status !== DeploymentStatus.PENDING;
}
