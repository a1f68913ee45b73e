import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { ApnsClient, type PushCertificate } from './apple/apns/index.js';
import type { Clock } from './clock.js';
import type { Config } from './config/index.js';
import { Database } from './database/index.js';
import { EventFeed, EventPump, Outbox } from './events/index.js';
import type { Logger } from './log.js';
import { Metrics } from './metrics/index.js';
import {
  generatedKey,
  readAnchors,
  readIdentityAuthority,
  readPushCertificate,
  readText,
  readTrustedDocuments,
} from './provided-files.js';
import { openAdminDoors, openDeviceDoors } from './doors.js';
import { addressOf, createHttp, healthRoutes, listen } from './http.js';
import { Alerts } from './services/alerts.js';
import { ApiTokens } from './services/api-tokens.js';
import { CertificateAuthority } from './services/authority/index.js';
import { Applications } from './services/catalog/applications.js';
import { Catalog } from './services/catalog/catalog.js';
import { Profiles } from './services/catalog/profiles.js';
import { Workflows } from './services/catalog/workflows.js';
import { CommandHistory } from './services/commands/history.js';
import { ConnectLookup } from './services/commands/lookup.js';
import { Outcomes } from './services/commands/outcomes.js';
import { CommandQueue } from './services/commands/queue.js';
import { CommandSending } from './services/commands/sending.js';
import { UnlockTokens } from './services/commands/unlock-token.js';
import { Connect } from './services/connect.js';
import { DeploymentConsequences } from './services/deployments/consequences.js';
import { Deployments } from './services/deployments/deployments.js';
import { Observations } from './services/deployments/observations.js';
import { Reconciler } from './services/deployments/reconcile.js';
import { Settling } from './services/deployments/settling.js';
import { DeploymentWorker } from './services/deployments/worker.js';
import { Contacts } from './services/devices/contacts.js';
import { DeviceKeyReading } from './services/devices/device-keys.js';
import { Devices } from './services/devices/devices.js';
import { Inventory } from './services/devices/inventory.js';
import { Authentication } from './services/enrolment/authenticate.js';
import { Checkin } from './services/enrolment/checkin.js';
import { EnrollmentLinks } from './services/enrolment-profiles/links.js';
import { EnrollmentProfiles } from './services/enrolment-profiles/enrolment-profiles.js';
import { EnrollmentWriter } from './services/enrolment-profiles/writer.js';
import { DeviceSecrets } from './services/enrolment/device-secrets.js';
import { FirstWorkflow } from './services/enrolment/first-workflow.js';
import { TokenUpdates } from './services/enrolment/token-update.js';
import { Housekeeping } from './services/housekeeping.js';
import { Jobs } from './services/jobs.js';
import { Pruning } from './services/pruning.js';
import { Pushes, PushSender, Repush } from './services/push/index.js';
import { ServerStatus } from './services/server-status.js';
import type { Services } from './services/services.js';
import { UnreadableReports } from './services/unreadable-reports.js';
import { Vault } from './services/vault.js';

const DAY_MS = 24 * 60 * 60_000;

/** A running server. */
export interface App {
  /** Where it can be reached on this machine. */
  readonly url: string;
  readonly services: Services;
  readonly database: Database;
  /** The admin token, when this start made the first one. Shown once, kept nowhere. */
  readonly firstToken: string | undefined;
  /** Stops taking requests, finishes what is under way, and closes everything. */
  stop(): Promise<void>;
}

/** Wires everything, top to bottom as the system is built: store, decisions, doors, clock. Throws what cannot work, in words. */
export async function startApp(config: Config, log: Logger, now: Clock = Date.now): Promise<App> {
  // What the operator provides. Read first: a bad file stops the start before anything is written.
  const pushCertificate = readPushCertificate(config);
  const push = (): PushCertificate | undefined => pushCertificate;
  const furtherAnchors = readAnchors(config.DEVICE_CA_FILE);
  const broughtAuthority = readIdentityAuthority(config, now());
  const trustedDocuments = readTrustedDocuments(config.TRUSTED_DOCUMENTS_FILE);
  mkdirSync(config.DATA_DIR, { recursive: true, mode: 0o700 });
  const vault = new Vault(config.SECRET_KEY ?? generatedKey(join(config.DATA_DIR, 'secret.key')));
  const cursorKey = generatedKey(join(config.DATA_DIR, 'cursor.key'));
  const failed = (error: unknown): void => log.error({ err: error }, 'Background work failed');

  // The store, and the events written in it.
  const database = await openDatabase(config);
  const feed = new EventFeed(database);
  const pump = new EventPump(feed, { pollMs: database.dialect === 'sqlite' ? 0 : 500, onError: failed });
  const metrics = new Metrics();
  const outbox = new Outbox((events) => {
    pump.wake();
    metrics.happened(events);
  });
  const alerts = new Alerts(database, outbox, now);

  // Who issues the identities of devices, and whose are accepted.
  const authorityHouse = { database, outbox, alerts, vault, now };
  const authority = await CertificateAuthority.open(authorityHouse, broughtAuthority, furtherAnchors, {
    organization: config.ORGANIZATION,
    validityMs: config.IDENTITY_VALIDITY_DAYS * DAY_MS,
    renewalGraceMs: config.IDENTITY_RENEWAL_GRACE_DAYS * DAY_MS,
  }).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const anchors = [...authority.anchors(), ...furtherAnchors];

  // Waking devices.
  const apns =
    pushCertificate === undefined
      ? undefined
      : new ApnsClient({
          url: config.APNS_URL,
          certificate: pushCertificate,
          ca: readText(config.APNS_CA_FILE, 'APNS_CA_FILE'),
        });
  const pushes: Pushes = new Pushes(database, now, () => sender.wake());
  const sender = new PushSender({
    database,
    outbox,
    client: () => apns,
    settled: (uuid) => pushes.settled(uuid),
    now,
    log,
  });
  const repush = new Repush(database, pushes, now);

  // What devices shall have, and the commands that bring it about.
  const catalog = new Catalog(database);
  const queue = new CommandQueue(outbox, pushes, now);
  const settling = new Settling(queue, outbox, now);
  const reconciler = new Reconciler(catalog, queue, settling, outbox, now);
  const deployments = new Deployments(database, catalog, reconciler, outbox, now);
  const worker = new DeploymentWorker(deployments, log);
  const profiles = new Profiles(database, catalog, deployments, now);
  const applications = new Applications(database, catalog, deployments, now);
  const workflows = new Workflows(database, catalog, deployments, now);

  // What devices say, and what follows from it.
  const contacts = new Contacts(database, now, failed);
  const inventory = new Inventory(database, outbox, now);
  const observations = new Observations(reconciler, now);
  const consequences = new DeploymentConsequences(settling, catalog, now);
  const outcomes = new Outcomes(database, outbox, [inventory, consequences, observations], failed);
  const lookup = new ConnectLookup(database);
  const secrets = new DeviceSecrets(database, vault, now);
  const unlockTokens = new UnlockTokens(secrets);
  const connect = new Connect(
    lookup,
    outcomes,
    contacts,
    deployments,
    unlockTokens,
    new UnreadableReports(database, now),
    alerts,
    now,
  );
  const authentication = new Authentication(database, authority, outbox, alerts, now);
  const awaiting = { awaitingTimeoutMs: config.AWAITING_TIMEOUT_SECONDS * 1_000 };
  const tokenUpdates = new TokenUpdates(
    database,
    lookup,
    queue,
    pushes,
    reconciler,
    new FirstWorkflow(deployments),
    secrets,
    contacts,
    outbox,
    alerts,
    awaiting,
    now,
  );
  const checkin = new Checkin(database, lookup, secrets, contacts, outbox, alerts, now);

  // What people ask.
  const tokens = new ApiTokens(database, now);
  const devices = new Devices(database, now);
  const keys = new DeviceKeyReading(database, vault, log);
  const history = new CommandHistory(database, now);
  const commands = new CommandSending(database, queue, history, deployments, unlockTokens, outbox, now);
  const publicUrl = (): string => config.PUBLIC_URL ?? boundUrl(config, http);
  const server = new ServerStatus(database, push, anchors, publicUrl, now);
  const enrollmentProfiles = new EnrollmentProfiles(database, catalog, publicUrl, now);
  const enrollmentWriter = new EnrollmentWriter(authority, { publicUrl, topic: () => push()?.topic }, now);
  const links = new EnrollmentLinks(database, enrollmentProfiles, enrollmentWriter);
  const services: Services = {
    tokens,
    authority,
    enrollmentProfiles,
    catalog,
    profiles,
    applications,
    workflows,
    devices,
    contacts,
    inventory,
    keys,
    deployments,
    commands,
    history,
    pushes,
    feed,
    pump,
    server,
  };

  // What is done by the clock.
  const retention = { historyMs: config.HISTORY_DAYS * DAY_MS, eventsMs: config.EVENTS_DAYS * DAY_MS };
  const pruning = new Pruning(database, retention, now);
  const housekeeping = new Housekeeping(database, commands, settling, now);
  const jobs = new Jobs(
    [
      { name: 'reconcile', everyMs: 5_000, run: async () => worker.wake() },
      { name: 'due', everyMs: 5_000, run: () => housekeeping.due() },
      { name: 'repush', everyMs: 5_000, run: () => repush.run() },
      { name: 'prune', everyMs: 10 * 60_000, run: () => pruning.run() },
    ],
    log,
  );

  // The doors.
  const http = createHttp(log);
  metrics.timeRequests(http);
  const common = { config, services, metrics, log, now };
  await openDeviceDoors(http, {
    ...common,
    anchors,
    authentication,
    tokenUpdates,
    checkin,
    connect,
    links,
  });
  healthRoutes(http, server);
  await openAdminDoors(http, { ...common, database, cursorKey, trustedDocuments });

  const firstToken = await tokens.ensureFirst(config.ADMIN_TOKEN);
  await listen(http, config.HOST, config.PORT);
  sender.start();
  jobs.start();
  jobs.now('due');
  worker.wake();
  warnOfMissing(log, server);

  const stop = async (): Promise<void> => {
    await http.close();
    await jobs.stop();
    await worker.stop();
    await outcomes.drain();
    await sender.stop();
    await apns?.close();
    pump.stop();
    await contacts.flush();
    await database.close();
  };
  return { url: addressOf(http), services, database, firstToken, stop };
}

/** Where it listens; with PORT 0 that is known once it does. */
function boundUrl({ HOST, PORT }: Config, http: FastifyInstance): string {
  return PORT === 0 && http.server.listening ? addressOf(http) : `http://${HOST}:${PORT}`;
}

function openDatabase(config: Config): Promise<Database> {
  if (config.DATABASE_URL !== undefined) return Database.openMysql(config.DATABASE_URL, config.DATABASE_POOL);
  return Database.openSqlite(join(config.DATA_DIR, 'pomona.sqlite'));
}

function warnOfMissing(log: Logger, server: ServerStatus): void {
  if (!server.pushConfigured)
    log.warn('No push certificate is configured (POMONA_APNS_CERT_FILE): pushes end NOT_CONFIGURED');
}
