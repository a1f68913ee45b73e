import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Instruments } from './instruments.js';

/**
 * Times every request to the routes registered after this. The label is the route, never the address: ids are as many as
 * there are devices. What matches no route is `none`.
 */
export function timeRequests(http: FastifyInstance, { httpDuration }: Instruments): void {
  http.addHook('onResponse', async (request: FastifyRequest, reply: FastifyReply) => {
    const route = request.routeOptions.url ?? 'none';
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    httpDuration.observe({ method: request.method, route, status }, reply.elapsedTime / 1_000);
  });
}
