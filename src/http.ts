import fastify, { LogController, type FastifyInstance, type FastifyReply } from 'fastify';
import type { Logger } from './log.js';
import type { ServerStatus } from './services/server-status.js';

/** The listener of all doors. Slow senders are given up on: headers within 10 s, the whole request within 60 s. */
export function createHttp(log: Logger): FastifyInstance {
  const http = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => crypto.randomUUID(),
    bodyLimit: 12 * 1024 * 1024,
    requestTimeout: 60_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 512 },
    // An address no router can read, for example a lone `%`.
    frameworkErrors: (error, _request, reply) => {
      const plain = reply as unknown as FastifyReply;
      void plain.code(error.statusCode ?? 400).send({ error: error.message, code: 'BAD_USER_INPUT' });
    },
  }) as unknown as FastifyInstance;
  http.server.headersTimeout = 10_000;
  return http;
}

/** Alive: the process answers. Ready: the database does too (and its migrations ran, or the process would not be up). */
export function healthRoutes(http: FastifyInstance, server: ServerStatus): void {
  http.get('/healthz', () => ({ status: 'ok' }));
  http.get('/readyz', async (_request, reply) => {
    try {
      await server.ready();
      return { status: 'ok' };
    } catch {
      return reply.code(503).send({ status: 'unavailable', error: 'The database does not answer.' });
    }
  });
}

/** Where a listening server can be reached on this machine. */
export function addressOf(http: FastifyInstance): string {
  const address = http.server.address();
  if (address === null || typeof address === 'string') return '';
  return address.family === 'IPv6'
    ? `http://[${address.address}]:${address.port}`
    : `http://${address.address}:${address.port}`;
}
