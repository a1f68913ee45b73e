import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Closes, when the server stops, connections that no request ever came by: browsers and pools open some in advance, Node takes
 * them for neither idle nor expired, and closing would wait for them for ever.
 */
export function closeUnusedOnStop(http: FastifyInstance): void {
  const unused = new Set<Socket>();
  let stopping = false;
  const used = ({ socket }: IncomingMessage): void => void unused.delete(socket);
  http.server.on('connection', (socket: Socket) => {
    if (stopping) return void socket.destroy();
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  http.server.on('request', used);
  http.server.on('upgrade', used);
  http.addHook('preClose', (done) => {
    stopping = true;
    for (const socket of unused) socket.destroy();
    done();
  });
}
