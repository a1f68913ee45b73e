import type { Clock } from '../clock.js';
import type { Database } from '../database/index.js';
import type { CommandSending } from './commands/sending.js';
import type { Settling } from './deployments/settling.js';
import { loadTargets } from './deployments/records.js';
import { archiveRetiring } from './enrolment/identities.js';

/** What has to be done by the clock. Every job may run in several processes at once, and be cut off anywhere. */
export class Housekeeping {
  constructor(
    private readonly database: Database,
    private readonly sending: CommandSending,
    private readonly settling: Settling,
    private readonly now: Clock,
  ) {}

  /** Expires commands, and lets devices out of Setup Assistant that waited long enough. */
  async due(): Promise<void> {
    while ((await this.sending.expire()) === 500);
    await this.configureWaiting();
    await archiveRetiring(this.database, this.now());
  }

  /** Devices that awaited configuration for too long are let go, settled or not: nobody shall be stuck in Setup Assistant. */
  async configureWaiting(): Promise<void> {
    const rows = await this.database.query<{ uuid: string }>(
      'SELECT uuid FROM devices WHERE awaiting_until <= ? ORDER BY awaiting_until LIMIT 200',
      [this.now()],
    );
    if (rows.length === 0) return;
    await this.database.transaction(async (tx) => {
      const targets = await loadTargets(
        tx,
        rows.map((row) => row.uuid),
      );
      await this.settling.configure(
        tx,
        targets.filter((target) => target.awaitingConfiguration),
        true,
      );
    });
  }
}
