import type { IncomingMessage } from 'node:http';
import type { Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Extra } from './socket-protocol.js';
import type { SocketSettings } from './socket-options.js';

/**
 * Ties one WebSocket to the protocol.
 *
 * A client that does not read: graphql-ws waits for each write, so a subscription takes no further event
 * until the last one left the process; events wait, bounded, in its SubscriptionQueue. What is left are many
 * small answers (refusals, pongs), and those are bounded here: beyond `maxBufferedBytes` the socket is cut.
 * It is terminated, not closed: a close frame would wait behind the very bytes that are not read, and 4429
 * means something else in this protocol, after which clients give up. After a cut (1006) they connect again
 * and catch up by cursor.
 */
export function serveSocket<P extends object>(
  protocol: Server<Extra<P>>,
  settings: SocketSettings<P>,
  socket: WebSocket,
  request: IncomingMessage,
): void {
  const { log } = settings.core;
  socket.on('error', (error) => log.warn({ err: error }, 'A GraphQL socket failed'));
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (data) => send(socket, data, settings),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) =>
        socket.on('message', (data) => void handle(String(data)).catch((error: unknown) => fail(error))),
    },
    { socket, request },
  );
  const stopPings = keepAlive(socket, settings.keepAlive);
  socket.once('close', (code, reason) => {
    stopPings();
    closed(code, String(reason)).catch((error: unknown) =>
      log.error({ err: error }, 'A GraphQL socket was not cleaned up'),
    );
  });

  const fail = (error: unknown) => {
    log.error({ err: error }, 'A message on a GraphQL socket could not be handled');
    socket.close(1011, 'Internal error');
  };
}

/** Settles when the message left the process, or the socket is gone; 'close' does the cleaning up. */
function send<P extends object>(socket: WebSocket, data: string, settings: SocketSettings<P>): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  if (socket.bufferedAmount > settings.maxBufferedBytes) {
    settings.core.log.warn(
      { buffered: socket.bufferedAmount },
      'A GraphQL client does not read; its socket was cut',
    );
    socket.terminate();
    return Promise.resolve();
  }
  return new Promise((resolve) => socket.send(data, () => resolve()));
}

/** Pings every `interval` ms and cuts a socket that left the last ping unanswered. @returns how to stop. */
function keepAlive(socket: WebSocket, interval: number): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, interval);
  return () => clearInterval(timer);
}
