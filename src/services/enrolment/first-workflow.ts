import type { Transaction } from '../../database/index.js';
import type { Device } from '../../entities/device.js';
import type { Deployments } from '../deployments/deployments.js';
import type { PresentedIdentity } from './identity-rules.js';

/** A device that enrols by a link is given the workflow of its enrolment profile, unless it has one already. */
export class FirstWorkflow {
  constructor(private readonly deployments: Pick<Deployments, 'assignIn'>) {}

  /** In the transaction of the first TokenUpdate: enrolled and assigned are one step. */
  async assign(tx: Transaction, device: Device, { sha256 }: PresentedIdentity): Promise<void> {
    if (device.workflowUuid !== null) return;
    const [row] = await tx.query<{ workflowUuid: string | null }>(
      `SELECT p.workflow_uuid AS workflowUuid FROM issued_certificates c
         JOIN enrollment_profiles p ON p.uuid = c.enrollment_profile_uuid WHERE c.sha256 = ?`,
      [sha256],
    );
    if (row?.workflowUuid != null) await this.deployments.assignIn(tx, [device.uuid], row.workflowUuid);
  }
}

/** Whether our own authority issued a certificate. */
export async function isOwn(tx: Transaction, { sha256 }: PresentedIdentity): Promise<boolean> {
  return (await tx.query('SELECT 1 AS one FROM issued_certificates WHERE sha256 = ?', [sha256])).length > 0;
}
