import type { Clock } from '../clock.js';
import { insertIgnore, type Database, type Transaction } from '../database/index.js';
import { EventType, type Outbox } from '../events/index.js';
import type { Logger } from '../log.js';
import type { AlertKind } from './alerts.js';
import { RENEWAL } from './certificates.js';
import type { CertificateStatus } from './server-status.js';

const DAY_MS = 24 * 60 * 60_000;

/** Days before the end, nearest first; 0 is the end itself. */
const THRESHOLDS = [0, 1, 7, 14, 30] as const;

/** Enough that nobody overlooks it: the first of the thresholds, in days. */
export const NEAR_DAYS = 30;

const ALERT: AlertKind = 'CERTIFICATE_EXPIRING';

/** What the warnings stand on. */
export interface WarningsHouse {
  readonly database: Database;
  readonly outbox: Outbox;
  /** The certificates in use, asked at each turn. */
  readonly certificates: () => readonly CertificateStatus[];
  readonly log: Logger;
  readonly now: Clock;
}

/**
 * Warns 30, 14, 7 and 1 days before a certificate ends, and when it has: an ALERT event and a line in the log, once for each
 * threshold by all processes together. The row that remembers a warning and its event are one transaction.
 */
export class ExpiryWarnings {
  constructor(private readonly house: WarningsHouse) {}

  /** Gives the warnings that are due. One that was not given in time (the server did not run) is not made up for by several. */
  async run(): Promise<void> {
    const { certificates, now } = this.house;
    for (const certificate of certificates()) {
      const threshold = reachedThreshold(certificate.notAfter, now());
      if (threshold !== undefined) await this.#warnOnce(certificate, threshold);
    }
  }

  /** Who inserts the row warns. Another process that tries meanwhile waits for it, and then finds it there. */
  async #warnOnce(certificate: CertificateStatus, threshold: number): Promise<void> {
    const { database, outbox } = this.house;
    if (await this.#wasGiven(certificate, threshold)) return;
    await database.transaction(async (tx) => {
      if (!(await this.#mark(tx, certificate, threshold))) return;
      const data = factsOf(certificate);
      outbox.emit(tx, { type: EventType.ALERT, deviceUuid: null, subjectUuid: null, data });
      tx.afterCommit(() => this.house.log.warn(data, sentenceOf(certificate)));
    });
  }

  async #wasGiven({ purpose, sha256 }: CertificateStatus, threshold: number): Promise<boolean> {
    const rows = await this.house.database.query(
      'SELECT 1 AS one FROM expiry_warnings WHERE purpose = ? AND sha256 = ? AND threshold_days = ?',
      [purpose, sha256, threshold],
    );
    return rows.length > 0;
  }

  async #mark(tx: Transaction, { purpose, sha256 }: CertificateStatus, threshold: number): Promise<boolean> {
    const { affected } = await tx.run(
      `${insertIgnore(tx.dialect)} expiry_warnings (purpose, sha256, threshold_days, warned_at) VALUES (?, ?, ?, ?)`,
      [purpose, sha256, threshold, this.house.now()],
    );
    return affected === 1;
  }
}

/** The nearest threshold that a certificate has come to; undefined while it has longer than all. */
function reachedThreshold(notAfter: Date, now: number): number | undefined {
  const left = notAfter.getTime() - now;
  return THRESHOLDS.find((days) => left <= days * DAY_MS);
}

function factsOf({ purpose, subject, daysLeft, notAfter }: CertificateStatus): Record<string, unknown> {
  return {
    alert: ALERT,
    purpose,
    subject: subject.slice(0, 255),
    daysLeft,
    notAfter: notAfter.toISOString(),
    whatToDo: RENEWAL[purpose],
  };
}

function sentenceOf({ daysLeft }: CertificateStatus): string {
  if (daysLeft < 0) return 'A certificate the server lives on has expired';
  return `A certificate the server lives on expires in ${daysLeft} days`;
}
