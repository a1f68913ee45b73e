import type { Clock } from '../clock.js';
import type { Database } from '../database/index.js';
import { VERSION } from '../version.js';
import type { CertificateSource, HeldCertificate } from './certificates.js';

const DAY_MS = 24 * 60 * 60_000;

/** A certificate the server lives on, and how long it will. */
export interface CertificateStatus extends HeldCertificate {
  /** Whole days until it ends; negative when it has. */
  readonly daysLeft: number;
}

/** What the server is, what it can do as configured, and whether it can do it now. */
export class ServerStatus {
  readonly version = VERSION;

  /** @param sources whoever holds a certificate the server lives on, in the order they are listed in */
  constructor(
    private readonly database: Database,
    private readonly sources: readonly CertificateSource[],
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
    return this.certificates.some(({ purpose }) => purpose === 'PUSH');
  }

  get deviceAuthorityConfigured(): boolean {
    return this.certificates.some(({ purpose }) => purpose === 'DEVICE_CA');
  }

  get certificates(): CertificateStatus[] {
    const now = this.now();
    return this.sources.flatMap((source) =>
      source().map((held) => ({
        ...held,
        daysLeft: Math.floor((held.notAfter.getTime() - now) / DAY_MS),
      })),
    );
  }

  /** Asks the database for one row. Throws UNAVAILABLE when it cannot answer. */
  async ready(): Promise<void> {
    await this.database.query('SELECT 1 AS one');
  }
}
