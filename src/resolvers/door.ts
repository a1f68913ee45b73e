import type { FastifyInstance } from 'fastify';
import type { Logger } from '../log.js';
import type { Principal } from '../services/access.js';
import type { Services } from '../services/services.js';
import { authenticate, authorizationIn, validityOf } from './authentication.js';
import { contextMaker, type GraphqlContext } from './context.js';
import { EXAMPLES } from './examples.js';
import { LIMITS, MAX_SOCKET_OPERATIONS } from './limits.js';
import { createGraphqlCore } from './plumbing/core.js';
import { createCursorCodec } from './plumbing/cursor.js';
import { mountGraphiql } from './plumbing/graphiql.js';
import { mountGraphql } from './plumbing/http.js';
import { mountSocket } from './plumbing/socket.js';
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
}

/** Serves the GraphQL API: `/graphql` by HTTP and by WebSocket, `/graphiql`, `/schema.graphql`. */
export async function mountGraphqlDoor(http: FastifyInstance, options: GraphqlDoorOptions): Promise<void> {
  const { services, log, cursorKey, production, allowedOrigins } = options;
  const { tokens } = services;
  const core = createGraphqlCore({ schema: buildPomonaSchema(), log, limits: LIMITS, production });
  const contextFor = contextMaker(services, createCursorCodec(cursorKey));
  await mountGraphql<GraphqlContext>(http, {
    core,
    contextOf: async ({ headers }) => contextFor(await authenticate(tokens, headers.authorization)),
  });
  mountSocket<Principal>(http, {
    core,
    allowedOrigins,
    maxOperations: MAX_SOCKET_OPERATIONS,
    onConnect: (params, { headers }) =>
      authenticate(tokens, authorizationIn(params) ?? headers.authorization),
    contextFor: (principal) => contextFor(principal),
    stillAllowed: validityOf(tokens),
  });
  await mountGraphiql(http, { examples: EXAMPLES });
}
