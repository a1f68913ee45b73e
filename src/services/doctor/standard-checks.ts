import type { Clock } from '../../clock.js';
import { databaseClock, type Database } from '../../database/index.js';
import type { ServerStatus } from '../server-status.js';
import type { Check } from './check.js';
import { apiTokens } from './checks/api-tokens.js';
import { certificates } from './checks/certificates.js';
import { clockCheck } from './checks/clock.js';
import { commands } from './checks/commands.js';
import { databaseSettingsCheck } from './checks/database-settings.js';
import { databaseWrite } from './checks/database-write.js';
import { databaseKind } from './checks/database.js';
import { deviceDoor, largeHeader } from './checks/device-door.js';
import { dep } from './checks/dep.js';
import { devices } from './checks/devices.js';
import { diskSpace } from './checks/disk-space.js';
import { keyFiles } from './checks/key-files.js';
import { migrations } from './checks/migrations.js';
import { publicTls } from './checks/public-tls.js';
import { publicUrlKind, publicUrlReach } from './checks/public-url.js';
import { pushService, type ReachPushService } from './checks/push-service.js';
import { pushes } from './checks/pushes.js';
import { scepDoor } from './checks/scep.js';
import { secretKey } from './checks/secret-key.js';
import { subscriptions } from './checks/subscriptions.js';
import { topic } from './checks/topic.js';
import { PublicProbe } from './probe.js';

/** What the checks look at. */
export interface CheckedHouse {
  readonly database: Database;
  readonly server: ServerStatus;
  /** How the server knows itself again behind its public address. */
  readonly installation: string;
  /** Whether devices have a listener of their own. */
  readonly devicesApart: boolean;
  readonly isLoopback: (host: string) => boolean;
  readonly dataDirectory: string;
  /** Files of generated keys; those that are not there were given as options. */
  readonly keyFiles: readonly string[];
  /** Opens the key of the device authority. Throws a sentence. */
  readonly openAuthority: () => Promise<unknown>;
  /** The topic of the push certificate, if there is one. */
  readonly topic: () => string | undefined;
  /** Tries APNs; undefined without a push certificate. */
  readonly reachPushService: () => ReachPushService | undefined;
  readonly endingTokens: (withinMs: number) => Promise<number>;
  /** Time between syncs with Apple's device assignment, in milliseconds. */
  readonly depSyncMs: number;
  readonly now: Clock;
}

/** Every check there is, in the order in which to read them: what devices need first. */
export function standardChecks(house: CheckedHouse): Check[] {
  const { database, server, now } = house;
  const probe = new PublicProbe(() => server.publicUrl);
  return [
    publicUrlKind(probe, house.isLoopback),
    publicUrlReach(probe, house.installation),
    publicTls(probe, now),
    deviceDoor(probe),
    largeHeader(probe),
    scepDoor(probe),
    subscriptions(probe, house.devicesApart),
    pushService(house.reachPushService),
    topic(database, house.topic),
    certificates(() => server.certificates),
    apiTokens(house.endingTokens),
    clockCheck(probe, () => databaseClock(database), now),
    databaseKind(database),
    databaseSettingsCheck(database),
    databaseWrite(database),
    migrations(database),
    diskSpace(house.dataDirectory),
    keyFiles(house.keyFiles),
    secretKey(house.openAuthority),
    pushes(database, now),
    commands(database, now),
    devices(database, now),
    dep(database, house.depSyncMs, now),
  ];
}
