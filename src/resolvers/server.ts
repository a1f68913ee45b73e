import { Ctx, Field, FieldResolver, Int, ObjectType, Query, registerEnumType, Resolver } from 'type-graphql';
import type { CertificatePurpose } from '../services/certificates.js';
import type { CertificateStatus, ServerStatus } from '../services/server-status.js';
import type { GraphqlContext } from './context.js';
import { DoctorReport } from './doctor-types.js';
import {
  LIMITS,
  MAX_BULK,
  MAX_CONNECTIONS,
  MAX_CONNECTIONS_PER_TOKEN,
  MAX_SOCKET_OPERATIONS,
  MAX_SUBSCRIPTIONS,
  type ConfiguredLimits,
} from './limits.js';
import { DEFAULT_PAGE, MAX_PAGE } from './plumbing/connection.js';
import { MAX_DOCUMENT_LENGTH, MAX_TOKENS } from './plumbing/documents.js';
import { ANONYMOUS_PER_MINUTE, MUTATION_FACTOR } from './plumbing/rate-limit.js';
import { Requires } from './requires.js';

const Purposes: { readonly [Purpose in CertificatePurpose]: Purpose } = {
  PUSH: 'PUSH',
  DEVICE_CA: 'DEVICE_CA',
  TLS: 'TLS',
  PROFILE_SIGNING: 'PROFILE_SIGNING',
  DEP_TOKEN: 'DEP_TOKEN',
};
registerEnumType(Purposes, {
  name: 'CertificatePurpose',
  description: 'What a certificate of the server is for.',
  valuesConfig: {
    PUSH: { description: 'The MDM push certificate. When it runs out, no device can be woken.' },
    DEVICE_CA: { description: 'An authority that device identities chain to.' },
    TLS: { description: 'What the server itself answers https with. When it runs out, no device connects.' },
    PROFILE_SIGNING: { description: 'What profiles are signed with.' },
    DEP_TOKEN: {
      description: 'The server token of a DEP account. When it runs out, Apple tells of no new devices.',
    },
  },
});

const ENDING_MS = 30 * 24 * 60 * 60_000;
/** What it costs the database and the network, in points. */
const DOCTOR_COST = 100;

type Feature = 'PUSH' | 'DEVICE_ENROLLMENT';
const Features: Record<Feature, Feature> = { PUSH: 'PUSH', DEVICE_ENROLLMENT: 'DEVICE_ENROLLMENT' };
registerEnumType(Features, {
  name: 'ServerFeature',
  description: 'What a server can do only when it is configured for it.',
  valuesConfig: {
    PUSH: { description: 'Wake devices: there is a push certificate.' },
    DEVICE_ENROLLMENT: {
      description: 'Accept devices: there is an authority to check their identities against.',
    },
  },
});

@ObjectType('ServerCertificate', { description: 'A certificate the server lives on.' })
class ServerCertificateView implements Omit<CertificateStatus, 'sha256'> {
  @Field(() => Purposes, { description: 'What it is for.' })
  purpose: CertificatePurpose;

  @Field(() => String, { description: 'Its subject.' })
  subject: string;

  @Field(() => String, { nullable: true, description: 'The push topic, of a push certificate.' })
  topic: string | null;

  @Field(() => Date, { description: 'Until when it is valid.' })
  notAfter: Date;

  @Field(() => Int, { description: 'Whole days until then; negative when it has run out.' })
  daysLeft: number;
}

@ObjectType({
  description:
    'What one request may ask for. More is refused with QUERY_TOO_COMPLEX, QUERY_TOO_DEEP, BAD_USER_INPUT, RATE_LIMITED or ' +
    'TIMEOUT. Every number, and how cost is counted, is in docs/limits.md.',
})
export class ServerLimits {
  @Field(() => Int, { description: 'Objects a connection returns when neither `first` nor `last` is given.' })
  defaultPageSize: number;

  @Field(() => Int, { description: 'Most objects of one page.' })
  maxPageSize: number;

  @Field(() => Int, {
    description: 'Cost of an operation: a point for each field of each object it may return.',
  })
  maxCost: number;

  @Field(() => Int, { description: 'Nesting of fields.' })
  maxDepth: number;

  @Field(() => Int, { description: 'Nesting of lists.' })
  maxListDepth: number;

  @Field(() => Int, { description: 'Aliases in a document.' })
  maxAliases: number;

  @Field(() => Int, { description: 'Fields of Mutation in one operation.' })
  maxMutations: number;

  @Field(() => Int, { description: 'Devices or commands that one mutation may name.' })
  maxBulk: number;

  @Field(() => Int, { description: 'Characters of a document.' })
  maxDocumentLength: number;

  @Field(() => Int, { description: 'Tokens (names, braces, values…) of a document.' })
  maxTokens: number;

  @Field(() => Int, { description: 'Directives in a document.' })
  maxDirectives: number;

  @Field(() => Int, { description: 'Operations under way on one socket.' })
  maxSocketOperations: number;

  @Field(() => Int, { description: 'Sockets open in the process, and as many event streams.' })
  maxConnections: number;

  @Field(() => Int, { description: 'Sockets and event streams of one token together.' })
  maxConnectionsPerToken: number;

  @Field(() => Int, { description: 'Subscriptions under way in the process.' })
  maxSubscriptions: number;

  @Field(() => Int, { description: 'Milliseconds a query may take. Then it ends with TIMEOUT.' })
  queryTimeoutMs: number;

  @Field(() => Int, { description: 'Milliseconds a mutation may take, all its fields together.' })
  mutationTimeoutMs: number;

  @Field(() => Int, { description: 'Milliseconds that what a subscription tells of one event may take.' })
  eventTimeoutMs: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Points a token may spend in a minute; null when none are counted. See `rateLimit`.',
  })
  pointsPerMinute: number | null;

  @Field(() => Int, { description: 'What a mutation is charged for each point of its cost.' })
  mutationFactor: number;

  @Field(() => Int, { description: 'Operations a minute from one address without a token.' })
  anonymousPerMinute: number;
}

@ObjectType({ description: 'The server itself.' })
export class Server {
  @Field(() => String, { description: 'Version of Pomona.' })
  version: string;

  @Field(() => String, { description: 'Its database: sqlite, mysql or mariadb.' })
  database: string;

  @Field(() => String, { description: 'The address devices and people reach it by.' })
  publicUrl: string;

  @Field(() => Boolean, {
    description: 'Whether there is a push certificate. Without one, pushes end NOT_CONFIGURED.',
  })
  pushConfigured: boolean;

  @Field(() => [Features], { description: 'What it is configured for.' })
  features: Feature[];

  @Field(() => ServerLimits, { description: 'What one request may ask for.' })
  limits: ServerLimits;

  @Field(() => [ServerCertificateView], {
    description: 'The certificates it lives on, and how long they will do.',
  })
  certificates: readonly CertificateStatus[];
}

@Resolver(() => Server)
export class ServerResolver {
  @Requires('read')
  @Query(() => Server, { description: 'The server: version, configuration, limits, certificates.' })
  server(@Ctx() { services: { server }, limits }: GraphqlContext): Server {
    const { version, databaseDialect: database, publicUrl, pushConfigured, certificates } = server;
    return {
      version,
      database,
      publicUrl,
      pushConfigured,
      certificates,
      features: featuresOf(server),
      limits: limitsOf(limits),
    };
  }

  @FieldResolver(() => String, {
    description:
      'The cursor of now: read the state you show after it, then subscribe with `after: eventCursor`, and nothing is missed.',
  })
  async eventCursor(@Ctx() { services, cursors }: GraphqlContext): Promise<string> {
    return cursors.encode('events', [await services.feed.settled()]);
  }

  @FieldResolver(() => Int, { description: 'API tokens that run out within thirty days.' })
  apiTokensExpiring(@Ctx() { services }: GraphqlContext): Promise<number> {
    return services.tokens.countEnding(ENDING_MS);
  }

  @FieldResolver(() => DoctorReport, {
    complexity: DOCTOR_COST,
    description:
      'Looks whether the server can do its work, from the outside too: it calls its own public address, and connects to APNs ' +
      'without sending a push. Takes up to five seconds.',
  })
  doctor(@Ctx() { services }: GraphqlContext): Promise<DoctorReport> {
    return services.doctor.diagnose();
  }
}

function featuresOf(server: ServerStatus): Feature[] {
  return [
    ...(server.pushConfigured ? (['PUSH'] as const) : []),
    ...(server.deviceAuthorityConfigured ? (['DEVICE_ENROLLMENT'] as const) : []),
  ];
}

function limitsOf({ time, pointsPerMinute }: ConfiguredLimits): ServerLimits {
  const { maxCost, maxDepth, maxListDepth, maxAliases, maxMutations, maxDirectives } = LIMITS;
  return {
    defaultPageSize: DEFAULT_PAGE,
    maxPageSize: MAX_PAGE,
    maxCost,
    maxDepth,
    maxListDepth,
    maxAliases,
    maxMutations,
    maxBulk: MAX_BULK,
    maxDocumentLength: MAX_DOCUMENT_LENGTH,
    maxSocketOperations: MAX_SOCKET_OPERATIONS,
    maxConnections: MAX_CONNECTIONS,
    maxConnectionsPerToken: MAX_CONNECTIONS_PER_TOKEN,
    maxSubscriptions: MAX_SUBSCRIPTIONS,
    maxTokens: MAX_TOKENS,
    maxDirectives,
    queryTimeoutMs: time.query,
    mutationTimeoutMs: time.mutation,
    eventTimeoutMs: time.subscription,
    pointsPerMinute: pointsPerMinute === 0 ? null : pointsPerMinute,
    mutationFactor: MUTATION_FACTOR,
    anonymousPerMinute: ANONYMOUS_PER_MINUTE,
  };
}
