import type { X509Certificate } from 'node:crypto';
import type { PushCertificate } from '../apple/apns/index.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/index.js';
import { VERSION } from '../version.js';

const DAY_MS = 24 * 60 * 60_000;

/** A certificate the server lives on, and how long it will. */
export interface CertificateStatus {
  readonly purpose: 'PUSH' | 'DEVICE_CA';
  readonly subject: string;
  readonly topic: string | null;
  readonly notAfter: Date;
  readonly daysLeft: number;
}

/** What the server is, what it can do as configured, and whether it can do it now. */
export class ServerStatus {
  readonly version = VERSION;

  constructor(
    private readonly database: Database,
    private readonly push: () => PushCertificate | undefined,
    private readonly anchors: readonly X509Certificate[],
    private readonly url: () => string,
    private readonly now: Clock,
  ) {}

  get publicUrl(): string {
    return this.url();
  }

  get databaseDialect(): string {
    return this.database.dialect;
  }

  get pushConfigured(): boolean {
    return this.push() !== undefined;
  }

  get deviceAuthorityConfigured(): boolean {
    return this.anchors.length > 0;
  }

  get certificates(): CertificateStatus[] {
    const held = this.push();
    const push = held === undefined ? [] : [this.#status('PUSH', held.subject, held.topic, held.notAfter)];
    const anchors = this.anchors.map((anchor) =>
      this.#status('DEVICE_CA', anchor.subject.replaceAll('\n', ', '), null, anchor.validToDate),
    );
    return [...push, ...anchors];
  }

  /** Asks the database for one row. Throws UNAVAILABLE when it cannot answer. */
  async ready(): Promise<void> {
    await this.database.query('SELECT 1 AS one');
  }

  #status(
    purpose: CertificateStatus['purpose'],
    subject: string,
    topic: string | null,
    notAfter: Date,
  ): CertificateStatus {
    return {
      purpose,
      subject,
      topic,
      notAfter,
      daysLeft: Math.floor((notAfter.getTime() - this.now()) / DAY_MS),
    };
  }
}
