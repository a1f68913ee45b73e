import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Registry } from 'prom-client';
import { PomonaError } from '../errors.js';
import { requirePermission, type Principal } from '../services/access.js';
import type { Instruments } from './instruments.js';
import { metricsPage, type PageOptions } from './page.js';

export interface MetricsDoor extends PageOptions {
  /** Who calls, by the `Authorization` header; throws UNAUTHENTICATED. Undefined: metrics are for anyone. */
  readonly authenticate: ((authorization: string | undefined) => Promise<Principal>) | undefined;
}

/** `GET /metrics`, and `/_metrics` as it was called in 2016: in Prometheus' text format, for those who may read. */
export function metricsRoutes(http: FastifyInstance, instruments: Instruments, door: MetricsDoor): void {
  const page = metricsPage(instruments, door);
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    try {
      const caller = await door.authenticate?.(request.headers.authorization);
      if (door.authenticate !== undefined) requirePermission(caller, 'read');
    } catch (error) {
      return refuse(error, reply);
    }
    return reply
      .header('cache-control', 'no-store')
      .type(Registry.PROMETHEUS_CONTENT_TYPE)
      .send(await page());
  };
  for (const url of ['/metrics', '/_metrics']) http.get(url, handler);
}

function refuse(error: unknown, reply: FastifyReply): FastifyReply {
  if (!(error instanceof PomonaError)) throw error;
  const { code, face, message } = error;
  if (code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Basic realm="Pomona"');
  return reply.code(face.http).send({ error: face.expose ? message : 'Try again shortly.', code });
}
