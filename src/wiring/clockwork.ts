import type { Clock } from '../clock.js';
import type { Config } from '../config/index.js';
import type { Database } from '../database/index.js';
import type { Outbox } from '../events/index.js';
import type { Tls } from '../listeners/tls.js';
import type { Logger } from '../log.js';
import type { BatchWorker } from '../services/batch-worker.js';
import type { Settling } from '../services/deployments/settling.js';
import { ExpiryWarnings } from '../services/expiry-warnings.js';
import { Housekeeping } from '../services/housekeeping.js';
import { Jobs } from '../services/jobs.js';
import { Pruning } from '../services/pruning.js';
import type { Repush } from '../services/push/index.js';
import { SealedCheck } from '../services/rotation/index.js';
import type { Services } from '../services/services.js';
import type { Vault } from '../services/vault.js';

const DAY_MS = 24 * 60 * 60_000;

/** What work by the clock stands on. */
export interface ClockworkHouse {
  readonly config: Config;
  readonly database: Database;
  readonly outbox: Outbox;
  readonly vault: Vault;
  readonly services: Services;
  readonly settling: Settling;
  /** Reconciles devices. */
  readonly worker: BatchWorker;
  readonly repush: Repush;
  readonly tls: Tls | undefined;
  readonly log: Logger;
  readonly now: Clock;
}

/** What is done by the clock: how often, and in what words it is told of when it fails. */
export function openClockwork(house: ClockworkHouse): Jobs {
  const { config, database, outbox, services, log, now } = house;
  const retention = { historyMs: config.HISTORY_DAYS * DAY_MS, eventsMs: config.EVENTS_DAYS * DAY_MS };
  const pruning = new Pruning(database, retention, now);
  const housekeeping = new Housekeeping(database, services.commands, house.settling, now);
  const certificates = () => services.server.certificates;
  const expiryWarnings = new ExpiryWarnings({ database, outbox, certificates, log, now });
  const sealedCheck = new SealedCheck(database, house.vault, log);
  return new Jobs(
    [
      { name: 'reconcile', everyMs: 5_000, run: async () => house.worker.wake() },
      { name: 'tls', everyMs: 2_000, run: async () => house.tls?.reload() },
      { name: 'due', everyMs: 5_000, run: () => housekeeping.due() },
      { name: 'repush', everyMs: 5_000, run: () => house.repush.run() },
      { name: 'renewals', everyMs: 60_000, run: () => services.renewals.due() },
      { name: 'push certificate', everyMs: 2_000, run: () => services.pushCertificates.refresh() },
      { name: 'dep sync', everyMs: 30_000, run: () => services.dep.sync.syncDue() },
      { name: 'dep tokens', everyMs: 60_000, run: () => services.dep.tokenEnds.refresh() },
      { name: 'dep assign', everyMs: 15_000, run: async () => services.dep.worker.wake() },
      { name: 'prune', everyMs: 10 * 60_000, run: () => pruning.run() },
      { name: 'expiry', everyMs: 60 * 60_000, run: () => expiryWarnings.run() },
      { name: 'sealed', everyMs: DAY_MS, run: () => sealedCheck.run() },
    ],
    log,
  );
}
