import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ConfigError } from '../config/index.js';
import type { Logger } from '../log.js';
import type { Principal } from '../services/access.js';
import type { Services } from '../services/services.js';
import { audienceOf, authenticate, authorizationIn } from './authentication.js';
import { Connected } from './connected.js';
import { contextMaker, type GraphqlContext } from './context.js';
import { EXAMPLES } from './examples/index.js';
import {
  LIMITS,
  MAX_CONNECTIONS,
  MAX_CONNECTIONS_PER_TOKEN,
  MAX_SOCKET_OPERATIONS,
  MAX_SUBSCRIPTIONS,
  type ConfiguredLimits,
} from './limits.js';
import type { Introspection } from './plumbing/admission.js';
import { logOperation, tokenOf } from './operation-log.js';
import { createGraphqlCore, type GraphqlCore } from './plumbing/core.js';
import { createCursorCodec } from './plumbing/cursor.js';
import { mountGraphiql } from './plumbing/graphiql.js';
import { mountGraphql } from './plumbing/http.js';
import type { ObservedOperation } from './plumbing/observe.js';
import type { PersistedOptions } from './plumbing/persisted.js';
import { Live } from './plumbing/live.js';
import { mountSocket } from './plumbing/socket.js';
import { mountSse } from './plumbing/sse.js';
import { buildPomonaSchema } from './schema.js';

export interface GraphqlDoorOptions {
  readonly services: Services;
  readonly log: Logger;
  /** Signs cursors; 32 bytes. */
  readonly cursorKey: Buffer;
  /** Leaves "Did you mean …?" out of errors. */
  readonly production: boolean;
  /** Web origins whose pages may open the socket, besides this server's own. */
  readonly allowedOrigins: readonly string[];
  /** Who may introspect; `auto`: in production those with a token, else everybody. */
  readonly introspection: 'auto' | 'on' | 'off';
  readonly limits: ConfiguredLimits;
  /** Whom operations without a token are counted for. */
  readonly addressOf: (request: FastifyRequest) => string;
  /** Trusted documents. */
  readonly persisted: PersistedOptions;
  /** Told of every operation, with the name of the token it came with. Must not throw. */
  readonly answered: (operation: ObservedOperation & { readonly caller: string | undefined }) => void;
}

/** What goes on at the door now. */
export interface GraphqlDoor {
  /** Connections open, by how they came. */
  readonly connections: { readonly socket: number; readonly stream: number };
  readonly subscriptions: number;
}

/**
 * Serves the GraphQL API: `/graphql` by HTTP and by WebSocket, `/graphql/stream` by Server-Sent Events, `/graphiql`,
 * `/schema.graphql`.
 */
export async function mountGraphqlDoor(
  http: FastifyInstance,
  options: GraphqlDoorOptions,
): Promise<GraphqlDoor> {
  const { services, log, cursorKey, production, allowedOrigins, limits, persisted } = options;
  const { tokens } = services;
  const core = createGraphqlCore({
    schema: buildPomonaSchema(),
    log,
    limits: LIMITS,
    timeLimits: limits.time,
    pointsPerMinute: limits.pointsPerMinute,
    callerOf: (context) => (context as GraphqlContext).caller,
    introspection: introspectionFor(options),
    persisted,
    production,
  });
  checkTrusted(core, persisted);
  const contextFor = contextMaker(services, createCursorCodec(cursorKey), limits);
  const observe = (operation: ObservedOperation): void => {
    logOperation(log, operation);
    options.answered({ ...operation, caller: tokenOf(operation) });
  };
  await mountGraphql<GraphqlContext>(http, {
    core,
    observe,
    contextOf: async (request) =>
      contextFor(await authenticate(tokens, request.headers.authorization), options.addressOf(request)),
  });
  const connected = new Connected(tokens, log);
  http.addHook('onClose', () => connected.stop());
  const live = new Live<Principal>({
    core,
    contextFor: (principal) => contextFor(principal),
    stillAllowed: (principal) => connected.allowed(principal),
    onWithdrawn: (principal, gone) => connected.watch(principal, gone),
    userOf: ({ tokenUuid }) => tokenUuid,
    audienceOf,
    startArguments: ['after'],
    maxSubscriptions: MAX_SUBSCRIPTIONS,
    maxConnectionsPerUser: MAX_CONNECTIONS_PER_TOKEN,
    observe,
  });
  const sockets = mountSocket<Principal>(http, {
    live,
    allowedOrigins,
    maxSockets: MAX_CONNECTIONS,
    maxOperations: MAX_SOCKET_OPERATIONS,
    onConnect: (params, { headers }) =>
      // No page can set this header; when one comes with an origin, the browser added it by itself.
      authenticate(
        tokens,
        authorizationIn(params) ?? (headers.origin === undefined ? headers.authorization : undefined),
      ),
  });
  const streams = await mountSse<Principal>(http, {
    live,
    maxStreams: MAX_CONNECTIONS,
    authenticate: ({ headers }) => authenticate(tokens, headers.authorization),
  });
  await mountGraphiql(http, { examples: EXAMPLES });
  return {
    get connections() {
      return { socket: sockets.size, stream: streams.size };
    },
    get subscriptions() {
      return live.subscriptions;
    },
  };
}

function introspectionFor({ introspection, production }: GraphqlDoorOptions): Introspection {
  if (introspection === 'off') return 'nobody';
  return introspection === 'auto' && production ? 'known' : 'everybody';
}

/** A document that cannot run is better found at the start than by the client that relies on it. */
function checkTrusted(core: GraphqlCore, { manifest = new Map() }: PersistedOptions): void {
  for (const [hash, query] of manifest) {
    const document = core.read({ query });
    if (!('kind' in document))
      throw new ConfigError(
        `POMONA_TRUSTED_DOCUMENTS_FILE: the document ${hash} does not fit this server's schema: ${document[0]?.message}`,
      );
  }
}
