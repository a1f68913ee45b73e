import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from './clock.js';
import type { Config } from './config/index.js';
import type { Database } from './database/index.js';
import { openAdminDoors, openDeviceDoors } from './doors.js';
import { EventFeed, EventPump, Outbox } from './events/index.js';
import { healthRoutes } from './http.js';
import { Listeners, openTls } from './listeners/index.js';
import type { Logger } from './log.js';
import { Metrics } from './metrics/index.js';
import { readAnchors, readAppleAuthorities, readText, readTrustedDocuments } from './provided/files.js';
import { generatedKey } from './provided/generated-key.js';
import { readIdentityAuthority, readProfileSigner } from './provided/identities.js';
import { providedPushCertificate, readPushVendor } from './provided/push.js';
import { openVault } from './provided/secret-keys.js';
import { Alerts } from './services/alerts.js';
import { ApiTokens } from './services/api-tokens.js';
import { CertificateAuthority, IdentityCertificates } from './services/authority/index.js';
import { BatchWorker } from './services/batch-worker.js';
import { Applications } from './services/catalog/applications.js';
import { Catalog } from './services/catalog/catalog.js';
import { Profiles } from './services/catalog/profiles.js';
import { Workflows } from './services/catalog/workflows.js';
import { certificateSource, pushSource } from './services/certificates.js';
import { CommandHistory } from './services/commands/history.js';
import { ConnectLookup } from './services/commands/lookup.js';
import { Outcomes } from './services/commands/outcomes.js';
import { CommandQueue } from './services/commands/queue.js';
import { SealedBodies } from './services/commands/sealed-bodies.js';
import { SealedReports } from './services/commands/sealed-reports.js';
import { CommandSending } from './services/commands/sending.js';
import { UnlockTokens } from './services/commands/unlock-token.js';
import { Connect } from './services/connect.js';
import { DeploymentConsequences } from './services/deployments/consequences.js';
import { DepJoining, openDep } from './services/dep/index.js';
import { Deployments } from './services/deployments/deployments.js';
import { Observations } from './services/deployments/observations.js';
import { Reconciler } from './services/deployments/reconcile.js';
import { Settling } from './services/deployments/settling.js';
import { Contacts } from './services/devices/contacts.js';
import { DeviceKeyReading } from './services/devices/device-keys.js';
import { Devices } from './services/devices/devices.js';
import { Inventory } from './services/devices/inventory.js';
import { EnrollmentProfiles } from './services/enrolment-profiles/enrolment-profiles.js';
import { EnrollmentLinks } from './services/enrolment-profiles/links.js';
import { EnrollmentWriter } from './services/enrolment-profiles/writer.js';
import { Authentication } from './services/enrolment/authenticate.js';
import { Checkin } from './services/enrolment/checkin.js';
import { DeviceSecrets } from './services/enrolment/device-secrets.js';
import { ErasedDevices } from './services/enrolment/erased-devices.js';
import { FirstWorkflow } from './services/enrolment/first-workflow.js';
import { ReturnToService } from './services/enrolment/return-to-service.js';
import { TokenUpdates } from './services/enrolment/token-update.js';
import { installationId } from './services/installation.js';
import { RenewalCommands } from './services/renewal/commands.js';
import { Renewals } from './services/renewal/renewals.js';
import { DEFAULT_WINDOW_MS } from './services/renewal/schedule.js';
import { ServerStatus } from './services/server-status.js';
import type { Services } from './services/services.js';
import { AccountEnrolment } from './services/sign-in/account-enrolment.js';
import { UnreadableReports } from './services/unreadable-reports.js';
import { openClockwork } from './wiring/clockwork.js';
import { openDatabase } from './wiring/database.js';
import { openDeviceEnrollment } from './wiring/device-enrolment.js';
import { openDoctor } from './wiring/doctor.js';
import { openPush } from './wiring/push.js';
import { openSignIns, readProvider } from './wiring/sign-ins.js';

const DAY_MS = 24 * 60 * 60_000;

/** A running server. */
export interface App {
  /** Where people and programs reach it. */
  readonly url: string;
  /** Where devices do: the same, unless they have a listener of their own. */
  readonly deviceUrl: string;
  readonly services: Services;
  readonly database: Database;
  /** The admin token, when this start made the first one. Shown once, kept nowhere. */
  readonly firstToken: string | undefined;
  /** Settles when what the server found amiss with itself at the start is in the log. Never rejects. */
  readonly looked: Promise<void>;
  /** Stops taking requests, finishes what is under way, and closes everything. */
  stop(): Promise<void>;
}

/** Wires everything, top to bottom as the system is built: store, decisions, doors, clock. Throws what cannot work, in words. */
export async function startApp(config: Config, log: Logger, now: Clock = Date.now): Promise<App> {
  // What the operator provides. Read first: a bad file stops the start before anything is written.
  const providedPush = providedPushCertificate(config);
  const vendor = readPushVendor(config, now());
  const apnsCa = readText(config.APNS_CA_FILE, 'APNS_CA_FILE');
  const furtherAnchors = readAnchors(config.DEVICE_CA_FILE);
  const appleAuthorities = readAppleAuthorities(config.APPLE_DEVICE_CA_FILE);
  const broughtAuthority = readIdentityAuthority(config, now());
  const signer = readProfileSigner(config);
  const trustedDocuments = readTrustedDocuments(config.TRUSTED_DOCUMENTS_FILE);
  const provider = readProvider(config);
  const tls = openTls(config, log, now);
  mkdirSync(config.DATA_DIR, { recursive: true, mode: 0o700 });
  const vault = openVault(config);
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
  const closeAndThrow = async (error: unknown): Promise<never> => {
    await database.close();
    throw error;
  };

  const installation = await installationId(database, now()).catch(closeAndThrow);

  // Who issues the identities of devices, and whose are accepted.
  const authorityHouse = { database, outbox, alerts, vault, now };
  const renewal = {
    windowMs: config.IDENTITY_RENEWAL_DAYS * DAY_MS,
    graceMs: config.IDENTITY_RENEWAL_GRACE_DAYS * DAY_MS,
  };
  const authority = await CertificateAuthority.open(authorityHouse, broughtAuthority, furtherAnchors, {
    organization: config.ORGANIZATION,
    validityMs: config.IDENTITY_VALIDITY_DAYS * DAY_MS,
    renewalGraceMs: renewal.graceMs,
    // Also when nothing is renewed now: each identity is told its time once, when it is issued.
    renewalWindowMs: renewal.windowMs || DEFAULT_WINDOW_MS,
  }).catch(closeAndThrow);
  const anchors = [...authority.anchors(), ...furtherAnchors];

  // Waking devices.
  const works = await openPush({
    database,
    vault,
    outbox,
    provided: providedPush,
    vendor,
    apns: { url: config.APNS_URL, ca: apnsCa },
    failed,
    log,
    now,
  }).catch(closeAndThrow);
  const { pushCertificates, push, pushes, sender, repush, apns } = works;

  // What devices shall have, and the commands that bring it about.
  const catalog = new Catalog(database);
  const queue = new CommandQueue(outbox, pushes, vault, now);
  const settling = new Settling(queue, outbox, now);
  const reconciler = new Reconciler(catalog, queue, settling, outbox, now);
  const deployments = new Deployments(database, catalog, reconciler, outbox, now);
  const reconciling = {
    batches: [() => deployments.reconcileMarked()],
    failed: 'Reconciling failed; the devices stay marked and are tried again',
  };
  const worker = new BatchWorker(reconciling, log);
  deployments.onMarked = () => worker.wake();
  const profiles = new Profiles(database, catalog, deployments, now);
  const applications = new Applications(database, catalog, deployments, now);
  const workflows = new Workflows(database, catalog, deployments, now);

  // What devices say, and what follows from it.
  const contacts = new Contacts(database, now, failed);
  const inventory = new Inventory(database, outbox, now);
  const observations = new Observations(reconciler, now);
  const consequences = new DeploymentConsequences(settling, catalog, now);
  const sealedBodies = new SealedBodies(database, vault, log);
  const sealedReports = new SealedReports(database, vault, log);
  const outcomes = new Outcomes(
    database,
    outbox,
    [inventory, consequences, observations, new ErasedDevices()],
    sealedReports,
    failed,
  );
  const lookup = new ConnectLookup(database);
  const secrets = new DeviceSecrets(database, vault, now);
  const unlockTokens = new UnlockTokens(secrets);
  const publicUrl = (): string => config.PUBLIC_URL ?? listeners.deviceUrl;
  const enrollmentWriter = new EnrollmentWriter(
    authority,
    { publicUrl, topic: () => push()?.topic, signer },
    now,
  );
  const connect = new Connect(
    lookup,
    outcomes,
    contacts,
    deployments,
    sealedBodies,
    unlockTokens,
    new RenewalCommands(database, enrollmentWriter, outbox, now),
    new UnreadableReports(database, now),
    alerts,
    now,
  );
  const joining = new DepJoining({ catalog, deployments, outbox, now });
  const authentication = new Authentication(database, authority, outbox, alerts, joining, now);
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
  const history = new CommandHistory(database, sealedBodies, sealedReports, now);
  const commands = new CommandSending(database, queue, history, deployments, unlockTokens, outbox, now);
  const sources = [
    pushSource(push),
    certificateSource('DEVICE_CA', () => anchors),
    certificateSource('PROFILE_SIGNING', () => (signer === undefined ? [] : [signer.certificate])),
    certificateSource('TLS', () => (tls === undefined ? [] : [tls.certificate])),
    () => dep.tokenEnds.source(),
  ];
  const server = new ServerStatus(database, sources, publicUrl, now);
  const doctor = openDoctor({
    config,
    database,
    vault,
    server,
    tokens,
    installation,
    push,
    apnsCa,
    log,
    now,
  });
  const enrollmentProfiles = new EnrollmentProfiles(database, catalog, publicUrl, now);
  const renewals = new Renewals(database, queue, authority, enrollmentWriter, alerts, renewal, now);
  const links = new EnrollmentLinks(database, enrollmentProfiles, enrollmentWriter, {
    signInInSetup: config.OIDC_REQUIRED_IN_SETUP,
  });
  const signIns =
    provider === undefined
      ? undefined
      : openSignIns(provider, config, { database, alerts, publicUrl, log, now });
  const deviceEnrollment = openDeviceEnrollment({
    database,
    profiles: enrollmentProfiles,
    writer: enrollmentWriter,
    alerts,
    appleAuthorities,
    authority,
    skewMs: config.DEVICE_CLOCK_SKEW_SECONDS * 1_000,
    setupSignIns: config.OIDC_REQUIRED_IN_SETUP ? signIns : undefined,
    now,
  });
  const accounts = new AccountEnrolment(
    database,
    enrollmentProfiles,
    enrollmentWriter,
    signIns,
    alerts,
    publicUrl,
  );
  const dep = openDep(
    { database, vault, outbox, alerts, catalog, deployments, log, now, publicUrl },
    {
      baseUrl: config.DEP_URL,
      userAgent: `Pomona/${server.version}`,
      protocolVersion: config.DEP_PROTOCOL_VERSION,
      everyMs: config.DEP_SYNC_MINUTES * 60_000,
    },
  );
  await dep.tokenEnds.refresh().catch(closeAndThrow);
  const returns = new ReturnToService(database, checkin, secrets, enrollmentWriter, outbox, now);
  const services: Services = {
    tokens,
    authority,
    identityCertificates: new IdentityCertificates(database, now),
    renewals,
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
    dep,
    commands,
    history,
    pushes,
    pushCertificates,
    feed,
    pump,
    server,
    doctor,
  };

  // What is done by the clock.
  const jobs = openClockwork({
    config,
    database,
    outbox,
    vault,
    services,
    settling,
    worker,
    repush,
    tls,
    log,
    now,
  });

  // The doors.
  const listeners = new Listeners({ config, log, tls, anchors });
  for (const http of listeners.all) {
    metrics.timeRequests(http);
    healthRoutes(http, server, installation);
  }
  const common = { config, services, metrics, log, now };
  await openDeviceDoors(listeners.device, {
    ...common,
    anchors,
    authentication,
    tokenUpdates,
    checkin,
    returns,
    connect,
    links,
    deviceEnrollment,
    accounts,
  });
  await openAdminDoors(listeners.admin, { ...common, database, cursorKey, trustedDocuments });

  const firstToken = await tokens.ensureFirst(config.ADMIN_TOKEN);
  await listeners.listen();
  sender.start();
  jobs.start();
  jobs.now('due');
  jobs.now('expiry');
  jobs.now('sealed');
  jobs.now('dep sync');
  jobs.now('dep assign');
  worker.wake();
  const looked = doctor.selfLook();
  warnOfMissing(log, server);

  const stop = async (): Promise<void> => {
    dep.sync.stop();
    await listeners.close();
    await jobs.stop();
    await worker.stop();
    await looked;
    await dep.onDemand.idle();
    await dep.worker.stop();
    await outcomes.drain();
    await sender.stop();
    await apns.close();
    pump.stop();
    await contacts.flush();
    await database.close();
  };
  const { adminUrl: url, deviceUrl } = listeners;
  return { url, deviceUrl, services, database, firstToken, looked, stop };
}

function warnOfMissing(log: Logger, server: ServerStatus): void {
  if (!server.pushConfigured)
    log.warn(
      'There is no push certificate: pushes end NOT_CONFIGURED until one is uploaded (docs/push-certificate.md)',
    );
}
