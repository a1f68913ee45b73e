import type { Clock } from '../clock.js';
import type { Database } from '../database/index.js';
import { attribute, type Remains, type ReportSubject } from './commands/attribution.js';

/** More of them are of no use to anyone, and a broken device can send them for ever. */
const MOST = 1_000;
const MOST_BYTES = 8 * 1024 * 1024;

/** Reports that could not be read and name no command of their device: kept raw, the newest thousand. */
export class UnreadableReports {
  constructor(
    private readonly database: Database,
    private readonly now: Clock,
  ) {}

  /** Whose report it is, and of which command, by what is left of it and by the certificate it came with. */
  subjectOf(certificate: string, remains: Remains): Promise<ReportSubject> {
    return attribute(this.database, certificate, remains);
  }

  /** @param report the body as it came, deflated; one above 8 MiB is not kept */
  async keep(deviceUuid: string, reason: string, report: Buffer): Promise<void> {
    if (report.length > MOST_BYTES) return;
    await this.database.transaction(async (tx) => {
      const { insertId } = await tx.run(
        'INSERT INTO unreadable_reports (device_uuid, reason, report, received_at) VALUES (?, ?, ?, ?)',
        [deviceUuid, reason.slice(0, 1024), report, this.now()],
      );
      await tx.run('DELETE FROM unreadable_reports WHERE seq <= ?', [insertId - MOST]);
    });
  }
}
