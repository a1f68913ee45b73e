import { join } from 'node:path';
import { reachApns, type PushCertificate } from '../apple/apns/index.js';
import type { Clock } from '../clock.js';
import { isLoopback, type Config } from '../config/index.js';
import type { Database } from '../database/index.js';
import type { Logger } from '../log.js';
import type { ApiTokens } from '../services/api-tokens.js';
import { findAuthority } from '../services/authority/stored-authority.js';
import { Doctor, standardChecks, type ReachPushService } from '../services/doctor/index.js';
import type { ServerStatus } from '../services/server-status.js';
import type { Vault } from '../services/vault.js';

/** What the doctor is shown of the house. */
export interface DoctorHouse {
  readonly config: Config;
  readonly database: Database;
  readonly vault: Vault;
  readonly server: ServerStatus;
  readonly tokens: ApiTokens;
  /** The id of this installation. */
  readonly installation: string;
  /** The push certificate in use. */
  readonly push: () => PushCertificate | undefined;
  /** PEM of the only authority APNs is checked against; undefined for the system's. */
  readonly apnsCa: string | undefined;
  readonly log: Logger;
  readonly now: Clock;
}

/** Keys that are generated when none are given. */
const KEY_FILES = ['secret.key', 'cursor.key'];

/** The doctor, with all that he looks at. */
export function openDoctor(house: DoctorHouse): Doctor {
  const { config, database, vault, server, tokens, installation, push, log, now } = house;
  const checks = standardChecks({
    database,
    server,
    installation,
    devicesApart: config.DEVICE_PORT !== undefined,
    isLoopback,
    dataDirectory: config.DATA_DIR,
    keyFiles: KEY_FILES.map((name) => join(config.DATA_DIR, name)),
    openAuthority: () => findAuthority(database, vault),
    topic: () => push()?.topic,
    reachPushService: () => reachWith(house),
    endingTokens: (withinMs) => tokens.countEnding(withinMs),
    depSyncMs: config.DEP_SYNC_MINUTES * 60_000,
    now,
  });
  return new Doctor({ checks, log, now });
}

function reachWith({ config, push, apnsCa }: DoctorHouse): ReachPushService | undefined {
  const certificate = push();
  if (certificate === undefined) return undefined;
  return (signal) => reachApns({ url: config.APNS_URL, certificate, ca: apnsCa }, signal);
}
