import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { Database } from '../../src/database/index.js';
import { DepDevice } from '../../src/entities/dep-device.js';
import { EventFeed, Outbox } from '../../src/events/index.js';
import { Alerts } from '../../src/services/alerts.js';
import { Catalog } from '../../src/services/catalog/catalog.js';
import { CommandQueue } from '../../src/services/commands/queue.js';
import { Deployments } from '../../src/services/deployments/deployments.js';
import { Reconciler } from '../../src/services/deployments/reconcile.js';
import { Settling } from '../../src/services/deployments/settling.js';
import { openDep, type Dep } from '../../src/services/dep/index.js';
import { EnrollmentProfiles } from '../../src/services/enrolment-profiles/enrolment-profiles.js';
import { Vault } from '../../src/services/vault.js';
import type { DepAccount } from '../../src/entities/dep-account.js';
import { FakeDep, type DepServer } from '../../simulator/dep/index.js';
import { freshStore, type Store } from '../support/databases.js';

/** One process beside a fake Apple, with a clock of its own. */
export interface DepWorld {
  readonly store: Store;
  readonly database: Database;
  readonly fake: FakeDep;
  readonly server: DepServer;
  readonly dep: Dep;
  readonly catalog: Catalog;
  readonly deployments: Deployments;
  readonly feed: EventFeed;
  readonly enrollmentProfiles: EnrollmentProfiles;
  /** What the clock says. */
  now(): number;
  /** Moves the clock, in milliseconds. */
  pass(ms: number): void;
  /** Another process on the same database. */
  another(): Promise<{ dep: Dep; close(): Promise<void> }>;
  /** An account with its token. */
  account(name?: string, server?: DepServer): Promise<DepAccount>;
  devices(): Promise<DepDevice[]>;
  close(): Promise<void>;
}

const SILENT = pino({ level: 'silent' });

/** @param secretKey what seals its secrets */
export async function depWorld(name: 'sqlite' | 'mysql', secretKey = randomBytes(32)): Promise<DepWorld> {
  let at = Date.now();
  const now = (): number => at;
  const store = await freshStore(name);
  const database = await store.open();
  const fake = await FakeDep.start({ now });
  const server = fake.addServer('Pomona');
  const vault = new Vault(secretKey);
  const process = (own: Database) => {
    const outbox = new Outbox(() => undefined);
    const alerts = new Alerts(own, outbox, now);
    const catalog = new Catalog(own);
    const queue = new CommandQueue(outbox, { owe: async () => undefined }, vault, now);
    const reconciler = new Reconciler(catalog, queue, new Settling(queue, outbox, now), outbox, now);
    const deployments = new Deployments(own, catalog, reconciler, outbox, now);
    const publicUrl = (): string => 'https://mdm.example.org';
    const house = { database: own, vault, outbox, alerts, catalog, deployments, log: SILENT, now, publicUrl };
    const options = {
      baseUrl: fake.url,
      userAgent: 'Pomona/test',
      protocolVersion: 10,
      everyMs: 30 * 60_000,
    };
    return { dep: openDep(house, options), catalog, deployments };
  };
  const first = process(database);
  return {
    store,
    database,
    fake,
    server,
    ...first,
    feed: new EventFeed(database),
    enrollmentProfiles: new EnrollmentProfiles(database, first.catalog, () => 'https://mdm.example.org', now),
    now,
    pass: (ms) => (at += ms),
    async another() {
      const own = await store.open();
      const { dep } = process(own);
      return { dep, close: () => dep.worker.stop().then(() => own.close()) };
    },
    async account(accountName = 'Example', of = server) {
      const made = await first.dep.accounts.create(accountName);
      return first.dep.accounts.uploadToken(made.uuid, fake.token(of, made.certificate));
    },
    devices: () => database.manager.find(DepDevice, { order: { serialNumber: 'ASC' } }),
    async close() {
      await first.dep.worker.stop();
      await database.close();
      await store.remove();
      await fake.close();
    },
  };
}
