import type { Clock } from '../../clock.js';
import type { Database } from '../../database/index.js';
import type { Outbox } from '../../events/index.js';
import type { Logger } from '../../log.js';
import type { Alerts } from '../alerts.js';
import { BatchWorker } from '../batch-worker.js';
import type { Catalog } from '../catalog/catalog.js';
import type { Deployments } from '../deployments/deployments.js';
import type { Vault } from '../vault.js';
import { DepAccountFailures } from './account-failures.js';
import { DepAccountRemoval } from './account-removal.js';
import { DepAccounts } from './accounts.js';
import { DepAssigner } from './assigner.js';
import { DepChoosing } from './choosing.js';
import { DepClients, type DepServiceOptions } from './clients.js';
import { DepDefinitions } from './definitions.js';
import { DepDevices } from './dep-devices.js';
import { DepIrrevocable } from './irrevocable.js';
import { DepJoining } from './joining.js';
import { DepJudging } from './judging.js';
import { DepOnDemand } from './on-demand.js';
import { DepPages } from './pages.js';
import { DepProfiles } from './profiles.js';
import { DepRules } from './rules.js';
import { DepSync, type DepSyncOptions } from './sync.js';
import { DepTokenEnds } from './token-ends.js';

export type { Choices } from './choosing.js';
export { DepJoining, type Holder } from './joining.js';
export type { DepDeviceFilter } from './dep-devices.js';
export type { PatternField, Patterns } from './matching.js';
export type { AccountSynced } from './on-demand.js';
export type { NewDepProfile } from './profiles.js';
export type { SetupFields } from './profile-fields.js';
export type { DepRuleChanges, DepRuleFields } from './rules.js';
export type { DepAccountFailure } from './standing.js';
export type { SyncResult } from './sync.js';

/** What Automated Device Enrollment stands on. */
export interface DepHouse {
  readonly database: Database;
  readonly vault: Vault;
  readonly outbox: Outbox;
  readonly alerts: Alerts;
  readonly catalog: Catalog;
  readonly deployments: Deployments;
  readonly log: Logger;
  readonly now: Clock;
  /** Where devices reach this server. */
  readonly publicUrl: () => string;
}

/** Automated Device Enrollment (Apple Business Manager, DEP), as the doors ask for it. */
export interface Dep {
  readonly accounts: DepAccounts;
  /** When their server tokens end. */
  readonly tokenEnds: DepTokenEnds;
  readonly removal: DepAccountRemoval;
  readonly sync: DepSync;
  /** Syncs that somebody asks for. */
  readonly onDemand: DepOnDemand;
  readonly devices: DepDevices;
  readonly profiles: DepProfiles;
  readonly rules: DepRules;
  readonly choosing: DepChoosing;
  readonly irrevocable: DepIrrevocable;
  /** Judges devices and tells Apple. */
  readonly worker: BatchWorker;
}

/** Wires it: whatever changes what devices shall have wakes the worker. */
export function openDep(house: DepHouse, options: DepServiceOptions & DepSyncOptions): Dep {
  const { database, vault, outbox, alerts, catalog, deployments, log, now } = house;
  const enrollUrl = (): string => `${house.publicUrl().replace(/\/$/, '')}/mdm/enroll/dep`;
  const clients = new DepClients(vault, options, now);
  const failures = new DepAccountFailures(database, outbox, alerts, now);
  const definitions = new DepDefinitions(database, enrollUrl, now);
  const judging = new DepJudging(database, definitions, deployments, now);
  const assigner = new DepAssigner(database, clients, definitions, failures, outbox, log, now);
  const work = {
    batches: [() => judging.judgeBatch(), () => assigner.assignDue()],
    failed: 'Assigning DEP profiles failed; it is tried again',
  };
  const worker = new BatchWorker(work, log);
  const wake = (): void => worker.wake();
  const rules = new DepRules(database, catalog, now);
  const profiles = new DepProfiles(database, now);
  const joining = new DepJoining({ catalog, deployments, outbox, now });
  const choosing = new DepChoosing(database, now);
  rules.onChanged = wake;
  profiles.onChanged = wake;
  choosing.onDue = wake;
  const accounts = new DepAccounts(database, vault, clients, now);
  const tokenEnds = new DepTokenEnds(database);
  accounts.onToken = () => tokenEnds.refresh();
  const pages = new DepPages(database, outbox, now);
  const sync = new DepSync(database, clients, outbox, pages, failures, joining, options, log, now, wake);
  const devices = new DepDevices(database);
  return {
    accounts,
    tokenEnds,
    removal: new DepAccountRemoval(database, devices, outbox, now),
    sync,
    onDemand: new DepOnDemand(accounts, sync, log),
    devices,
    profiles,
    rules,
    choosing,
    irrevocable: new DepIrrevocable(database, clients, outbox, now),
    worker,
  };
}
