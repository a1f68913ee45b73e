import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Closes, when the server stops, connections that no request ever came by: browsers and pools open some in advance, Node takes
 * them for neither idle nor expired, and closing would wait for them for ever.
 */
export function closeUnusedOnStop(http: FastifyInstance): void {
  const unused = new Map<string, Socket>();
  let stopping = false;
  const used = ({ socket }: IncomingMessage): void => void unused.delete(nameOf(socket));
  http.server.on('connection', (socket: Socket) => {
    if (stopping) return void socket.destroy();
    const name = nameOf(socket);
    unused.set(name, socket);
    socket.once('close', () => unused.delete(name));
  });
  http.server.on('request', used);
  // Node leaves a socket to whoever listens for upgrades. Where nobody else does, it answers the request as any other.
  http.addHook('onReady', async () => {
    if (http.server.listenerCount('upgrade') > 0) http.server.on('upgrade', used);
  });
  http.addHook('preClose', (done) => {
    stopping = true;
    for (const socket of unused.values()) socket.destroy();
    done();
  });
}

/** With TLS, requests come by another object than the connection they came by; the addresses at both ends are the same. */
function nameOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}
