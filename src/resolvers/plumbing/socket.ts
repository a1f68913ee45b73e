import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { once } from 'node:events';
import type { FastifyInstance } from 'fastify';
import { handleProtocols } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { serveSocket } from './socket-connection.js';
import { withDefaults, type SocketDoorOptions, type SocketSettings } from './socket-options.js';

export interface SocketDoor {
  /** Sockets open now. */
  readonly size: number;
  /**
   * Refuses new sockets, tells the open ones 1001 "Going away", and cuts those that linger. Runs by itself
   * when fastify closes.
   */
  dispose(): Promise<void>;
}

const LINGER = 3_000;

/**
 * Serves GraphQL by WebSocket (graphql-transport-ws) on fastify's server. It answers every upgrade request of
 * that server.
 */
export function mountSocket<P extends object>(
  fastify: FastifyInstance,
  options: SocketDoorOptions<P>,
): SocketDoor {
  const settings = withDefaults(options);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: settings.maxPayload,
    perMessageDeflate: false,
    handleProtocols,
  });
  const onUpgrade = (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    const refusal = refusalOf(request, sockets.clients.size, settings);
    if (refusal) return refuse(connection, refusal);
    sockets.handleUpgrade(request, connection, head, (socket) => serveSocket(settings, socket, request));
  };
  fastify.server.on('upgrade', onUpgrade);

  const door = {
    get size() {
      return sockets.clients.size;
    },
    async dispose() {
      fastify.server.off('upgrade', onUpgrade);
      await closeAll(sockets);
    },
  };
  fastify.addHook('preClose', () => door.dispose());
  return door;
}

/** The status line to refuse with, or undefined. */
function refusalOf<P extends object>(
  request: IncomingMessage,
  open: number,
  settings: SocketSettings<P>,
): string | undefined {
  if (request.url?.split('?', 1)[0] !== settings.path) return '404 Not Found';
  if (!originAllowed(request, settings.allowedOrigins)) return '403 Forbidden';
  return open >= settings.maxSockets ? '503 Service Unavailable' : undefined;
}

/**
 * Neither CORS nor CSRF protection covers sockets: a page of any origin could connect with whatever the
 * browser sends along.
 */
function originAllowed({ headers }: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowed.includes(origin) || allowed.includes('*')) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

function refuse(connection: Duplex, status: string): void {
  connection.on('error', () => connection.destroy());
  connection.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function closeAll(sockets: WebSocketServer): Promise<void> {
  const clients = [...sockets.clients];
  const gone = Promise.all(clients.map((client) => once(client, 'close')));
  for (const client of clients) client.close(1001, 'Going away');
  const timer = setTimeout(() => clients.forEach((client) => client.terminate()), LINGER);
  await gone;
  clearTimeout(timer);
  sockets.close();
}
