import type { CertificateStatus, ServerStatus } from '../services/server-status.js';
import { censusGauges, type CensusOptions } from './census.js';
import type { Instruments } from './instruments.js';
import { processMetrics } from './process.js';

export interface PageOptions extends CensusOptions {
  readonly server: ServerStatus;
  /** GraphQL connections of this process, by transport, and subscriptions. */
  readonly live: { readonly connections: Readonly<Record<string, number>>; readonly subscriptions: number };
}

/** Makes the whole page, in Prometheus' text format: what was counted, what is so now, and what Node.js tells of the process. */
export function metricsPage(instruments: Instruments, options: PageOptions): () => Promise<string> {
  const census = censusGauges(instruments, options);
  const { server, live, services } = options;
  instruments.info.set({ version: server.version, database: server.databaseDialect }, 1);
  return async () => {
    await census();
    showCertificates(instruments, server.certificates);
    showLosses(instruments, services.pump.lost);
    instruments.subscriptions.set(live.subscriptions);
    for (const [transport, open] of Object.entries(live.connections))
      instruments.connections.set({ transport }, open);
    return `${await instruments.registry.metrics()}\n${await processMetrics().metrics()}`;
  };
}

/** Counted elsewhere, since the start. */
function showLosses(
  { eventsDropped, overflows }: Instruments,
  { events, times }: { readonly events: number; readonly times: number },
): void {
  eventsDropped.reset();
  eventsDropped.inc(events);
  overflows.reset();
  overflows.inc(times);
}

/** Of two with one subject (one follows the other) the first to run out is shown. */
function showCertificates(
  { certificateDays }: Instruments,
  certificates: readonly CertificateStatus[],
): void {
  certificateDays.reset();
  const lastFirst = certificates.toSorted((a, b) => b.daysLeft - a.daysLeft);
  for (const { purpose, subject, daysLeft } of lastFirst) certificateDays.set({ purpose, subject }, daysLeft);
}
