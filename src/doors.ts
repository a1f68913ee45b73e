import type { X509Certificate } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { clientAddress, trustedProxies } from './client-address.js';
import type { Clock } from './clock.js';
import type { Config } from './config/index.js';
import type { Database } from './database/index.js';
import { accountRoutes } from './enroll/account.js';
import { automatedRoutes } from './enroll/automated.js';
import { limitEnrollment } from './enroll/limit.js';
import { overTheAirRoutes } from './enroll/ota.js';
import { enrollRoutes } from './enroll/routes.js';
import { setupRoutes } from './enroll/setup.js';
import { allowOrigins } from './http.js';
import type { Logger } from './log.js';
import { CheckinDoor } from './mdm/checkin.js';
import { ConnectDoor } from './mdm/connect.js';
import { deviceRoutes } from './mdm/routes.js';
import { metricsRoutes, type Metrics } from './metrics/index.js';
import type { DeviceEnrollment } from './wiring/device-enrolment.js';
import { mountGraphqlDoor } from './resolvers/door.js';
import type { ConfiguredLimits } from './resolvers/limits.js';
import { authenticate } from './rest/authentication.js';
import { commandRoutes, versionRoute } from './rest/neighbours/routes.js';
import { restRoutes } from './rest/routes.js';
import { scepRoutes } from './scep/routes.js';
import { Census } from './services/census.js';
import type { Connect } from './services/connect.js';
import type { Authentication } from './services/enrolment/authenticate.js';
import type { Checkin } from './services/enrolment/checkin.js';
import type { ReturnToService } from './services/enrolment/return-to-service.js';
import type { TokenUpdates } from './services/enrolment/token-update.js';
import type { EnrollmentLinks } from './services/enrolment-profiles/links.js';
import type { AccountEnrolment } from './services/sign-in/account-enrolment.js';
import type { Services } from './services/services.js';

const DAY_MS = 24 * 60 * 60_000;

/** What every door is given. */
interface Common {
  readonly config: Config;
  readonly services: Services;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: Clock;
}

/** What devices, and people who enrol them, are answered by. */
export interface DeviceHouse extends Common {
  /** What device identities must chain to. */
  readonly anchors: readonly X509Certificate[];
  readonly authentication: Authentication;
  readonly tokenUpdates: TokenUpdates;
  readonly checkin: Checkin;
  readonly returns: ReturnToService;
  readonly connect: Connect;
  readonly links: EnrollmentLinks;
  readonly deviceEnrollment: DeviceEnrollment;
  readonly accounts: AccountEnrolment;
}

/** What people and programs are answered by. */
export interface AdminHouse extends Common {
  readonly database: Database;
  /** Signs the cursors of lists. */
  readonly cursorKey: Buffer;
  readonly trustedDocuments: ReadonlyMap<string, string> | undefined;
}

/** Opens the doors that devices call: MDM, SCEP and enrolment. */
export async function openDeviceDoors(http: FastifyInstance, house: DeviceHouse): Promise<void> {
  const { config, services, metrics, now } = house;
  const isTrustedProxy = trustedProxies(config.TRUSTED_PROXIES);
  await http.register(
    deviceRoutes({
      checkin: new CheckinDoor(house.authentication, house.tokenUpdates, house.checkin, house.returns, {
        manageNetworkUsers: config.MANAGE_NETWORK_USERS,
      }),
      connect: new ConnectDoor(house.connect),
      trust: {
        anchors: house.anchors,
        renewable: {
          anchors: services.authority.anchors(),
          graceMs: config.IDENTITY_RENEWAL_GRACE_DAYS * DAY_MS,
        },
        skewMs: config.DEVICE_CLOCK_SKEW_SECONDS * 1_000,
        certificateHeader: config.CLIENT_CERT_HEADER,
      },
      isTrustedProxy,
      now,
      answered: metrics.device,
    }),
  );
  await http.register(scepRoutes({ authority: services.authority, now, isTrustedProxy }));
  limitEnrollment(http, { isTrustedProxy });
  await http.register(enrollRoutes(house.links));
  const { automated, visits, overTheAir, appleAuthorities } = house.deviceEnrollment;
  await http.register(automatedRoutes(automated));
  const { accounts } = house;
  const signInUrl = (): string => accounts.signInUrl('SETUP');
  await http.register(setupRoutes({ automated, visits, signInUrl }));
  await http.register(overTheAirRoutes(house.links, overTheAir));
  await http.register(accountRoutes({ accounts, visits, appleDevices: appleAuthorities, isTrustedProxy }));
}

/** Opens the doors that people and programs call: REST, GraphQL and metrics. */
export async function openAdminDoors(http: FastifyInstance, house: AdminHouse): Promise<void> {
  const { config, services, log } = house;
  const cors = { origins: config.CORS_ORIGINS, credentials: config.CORS_CREDENTIALS };
  const rest = async (scope: FastifyInstance): Promise<void> => {
    await allowOrigins(scope, cors, () => true);
    await restRoutes({ services, log })(scope);
  };
  await http.register(rest, { prefix: '/management/v1' });
  await http.register(commandRoutes({ services, log }), { prefix: '/mdm/commands' });
  versionRoute(http, services.server);
  await http.register(async (scope) => {
    await allowOrigins(scope, cors, (path) => /^\/(graphql(\/stream)?|schema\.graphql)$/.test(path));
    await openGraphql(scope, house);
  });
}

/** GraphQL, and the metrics, which count what it has open. */
async function openGraphql(scope: FastifyInstance, house: AdminHouse): Promise<void> {
  const { config, services, metrics, log, now } = house;
  const isTrustedProxy = trustedProxies(config.TRUSTED_PROXIES);
  const live = await mountGraphqlDoor(scope, {
    services,
    log,
    cursorKey: house.cursorKey,
    production: config.PRODUCTION,
    allowedOrigins: config.CORS_ORIGINS,
    introspection: config.GRAPHQL_INTROSPECTION,
    limits: configuredLimits(config),
    addressOf: (request) => clientAddress(request, isTrustedProxy),
    persisted: { manifest: house.trustedDocuments, trustedOnly: config.TRUSTED_DOCUMENTS_ONLY },
    answered: metrics.operation,
  });
  if (config.METRICS === 'off') return;
  const { server, tokens } = services;
  const census = new Census(house.database, now);
  const reader = (authorization: string | undefined) => authenticate(tokens, authorization);
  metricsRoutes(scope, metrics.instruments, {
    census,
    services,
    server,
    live,
    log,
    now,
    authenticate: config.METRICS_PUBLIC ? undefined : reader,
  });
}

function configuredLimits(config: Config): ConfiguredLimits {
  const query = config.GRAPHQL_QUERY_TIMEOUT_SECONDS * 1_000;
  const mutation = config.GRAPHQL_MUTATION_TIMEOUT_SECONDS * 1_000;
  return {
    time: { query, mutation, subscription: query },
    pointsPerMinute: config.GRAPHQL_POINTS_PER_MINUTE,
  };
}
