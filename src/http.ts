import type { ServerOptions } from 'node:https';
import cors from '@fastify/cors';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
} from 'fastify';
import { ConfigError } from './config/index.js';
import type { Logger } from './log.js';
import { INSTALLATION_HEADER } from './services/doctor/index.js';
import type { ServerStatus } from './services/server-status.js';
import { closeUnusedOnStop } from './unused-connections.js';

/** The longest part of an address that can stand for an id, in characters. */
const MAX_PARAM = 512;

/** Address and headers of a request: a SCEP message of 64 KiB may come in an address, a signature of as much in a header. */
const MAX_HEADER_BYTES = 96 * 1024;

/** How long a client may take to agree on TLS, in milliseconds. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

const WHERE_THINGS_ARE = 'GraphQL is POST /graphql, REST is /management/v1, and the explorer /graphiql.';

export interface HttpOptions {
  /** Answers over TLS, as this says; plain HTTP without it. */
  readonly tls?: ServerOptions | undefined;
  /** What somebody is told who asks for an address that is not there. */
  readonly whereThingsAre?: string;
}

/** A listener for doors. Slow senders are given up on: headers within 10 s, the whole request within 60 s. */
export function createHttp(log: Logger, options: HttpOptions = {}): FastifyInstance {
  const { tls, whereThingsAre = WHERE_THINGS_ARE } = options;
  const server = { maxHeaderSize: MAX_HEADER_BYTES };
  const http = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => crypto.randomUUID(),
    bodyLimit: 12 * 1024 * 1024,
    requestTimeout: 60_000,
    forceCloseConnections: 'idle',
    ...(tls === undefined
      ? { http: server }
      : { https: { handshakeTimeout: HANDSHAKE_TIMEOUT_MS, ...server, ...tls } }),
    routerOptions: { maxParamLength: MAX_PARAM },
    // An address no router can read, for example a lone `%`, or one with a part that is too long.
    frameworkErrors: (error, _request, reply) => {
      const plain = reply as unknown as FastifyReply;
      const tooLong = `A part of the address is longer than ${MAX_PARAM} characters; no id here is.`;
      const message = error.code === 'FST_ERR_MAX_PARAM_LENGTH' ? tooLong : error.message;
      void plain.code(error.statusCode ?? 400).send({ error: message, code: 'BAD_USER_INPUT' });
    },
  }) as unknown as FastifyInstance;
  http.setNotFoundHandler(({ method, url }, reply) => {
    const [path = ''] = url.split('?');
    const error = `There is no ${method} ${path.slice(0, 200)} here. ${whereThingsAre}`;
    return reply.code(404).send({ error, code: 'NOT_FOUND' });
  });
  http.setErrorHandler((error, request, reply) => tellNothing(error, request.log, reply));
  http.server.headersTimeout = 10_000;
  closeUnusedOnStop(http);
  return http;
}

/** For doors that tell of their failures in no way of their own: what is wrong inside is for the log, and nobody else. */
function tellNothing(error: unknown, log: FastifyBaseLogger, reply: FastifyReply): FastifyReply {
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  if (statusCode >= 400 && statusCode < 500)
    return reply.code(statusCode).send({ error: message, code: 'BAD_USER_INPUT' });
  log.error({ err: error }, 'A request failed');
  return reply
    .code(503)
    .header('retry-after', '30')
    .send({ error: 'Not available now; try again.', code: 'UNAVAILABLE' });
}

/** Begins to answer. Throws ConfigError when the address cannot be listened on; `options` is how its options begin. */
export async function listen(
  http: FastifyInstance,
  host: string,
  port: number,
  options: 'POMONA_' | 'POMONA_DEVICE_' = 'POMONA_',
): Promise<void> {
  try {
    await http.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new ConfigError(
        `Port ${port} of ${host} is taken already. Give another, as in ${options}PORT=${port < 65_535 ? port + 1 : 8081}.`,
      );
    }
    if (code === 'EACCES') throw new ConfigError(`Port ${port} of ${host} may not be used by this user.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new ConfigError(`${options}HOST: "${host}" is no address of this machine.`);
    }
    throw error;
  }
}

export interface CorsOptions {
  /** Origins whose pages may read the answers; `*` alone is any. None: nothing is registered. */
  readonly origins: readonly string[];
  /** Whether they may send cookies and the like. */
  readonly credentials: boolean;
}

/** How long a browser may keep the answer to a preflight request, in seconds. */
const PREFLIGHT_SECONDS = 600;

/**
 * Answers browsers that ask whether a page of another origin may call (Fetch standard, "CORS protocol"), for the addresses
 * of this scope that `covers` names: never for the doors of devices, which no page has business with.
 */
export async function allowOrigins(
  scope: FastifyInstance,
  { origins, credentials }: CorsOptions,
  covers: (path: string) => boolean,
): Promise<void> {
  if (origins.length === 0) return;
  const answer = {
    origin: origins.includes('*') ? '*' : [...origins],
    credentials,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['x-request-id', 'retry-after', 'location', 'allow'],
    maxAge: PREFLIGHT_SECONDS,
  };
  await scope.register(cors, {
    delegator: (request, done) => {
      const { method, headers } = request.raw;
      const preflight = headers.origin !== undefined && 'access-control-request-method' in headers;
      const covered = covers((request.raw.url ?? '').split('?', 1)[0] ?? '');
      done(null, covered && (method !== 'OPTIONS' || preflight) ? answer : { origin: false });
    },
  });
}

/** Alive: the process answers, and says of which installation it is. Ready: the database does too (and its migrations ran, or the process would not be up). */
export function healthRoutes(http: FastifyInstance, server: ServerStatus, installation: string): void {
  http.get('/healthz', (_request, reply) =>
    reply
      .header(INSTALLATION_HEADER, installation)
      .header('cache-control', 'no-store')
      .send({ status: 'ok' }),
  );
  http.get('/readyz', async (_request, reply) => {
    try {
      await server.ready();
      return { status: 'ok' };
    } catch {
      return reply.code(503).send({ status: 'unavailable', error: 'The database does not answer.' });
    }
  });
}
