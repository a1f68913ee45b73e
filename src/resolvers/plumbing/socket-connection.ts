import type { IncomingMessage } from 'node:http';
import { CloseCode } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import { SocketProtocol } from './socket-protocol.js';
import type { SocketSettings } from './socket-options.js';

/**
 * Ties one WebSocket to the protocol.
 *
 * A client that does not read: a subscription waits for each write, so it takes no further event until the last
 * one left the process; events wait, bounded, in its SubscriptionQueue. What is left are many small answers
 * (refusals, pongs), and those are bounded here: beyond `maxBufferedBytes` the socket is cut.
 * It is terminated, not closed: a close frame would wait behind the very bytes that are not read, and 4429
 * means something else in this protocol, after which clients give up. After a cut (1006) they connect again
 * and catch up by cursor.
 */
export function serveSocket<P extends object>(
  settings: SocketSettings<P>,
  socket: WebSocket,
  request: IncomingMessage,
): void {
  const { log } = settings.live.core;
  socket.on('error', (error) => log.warn({ err: error }, 'A GraphQL socket failed'));
  if (socket.protocol === '')
    return socket.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
  const protocol = new SocketProtocol(
    {
      send: (text) => send(socket, text, settings),
      close: (code, reason) => socket.close(code, reason),
    },
    request,
    settings,
  );
  const stopPings = keepAlive(socket, settings.keepAlive);
  socket.on('message', (data, isBinary) => {
    if (isBinary) return protocol.close(CloseCode.BadRequest, 'Messages are JSON in text frames');
    protocol.receive(textOf(data)).catch((error: unknown) => {
      log.error({ err: error }, 'A message on a GraphQL socket could not be handled');
      protocol.close(1011, 'Internal error');
    });
  });
  socket.once('close', () => {
    stopPings();
    protocol.dispose();
  });
}

function textOf(data: RawData): string {
  return Buffer.isBuffer(data) ? data.toString('utf8') : String(data);
}

/** Settles when the message left the process, or the socket is gone; 'close' does the cleaning up. */
function send<P extends object>(socket: WebSocket, data: string, settings: SocketSettings<P>): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  if (socket.bufferedAmount > settings.maxBufferedBytes) {
    settings.live.core.log.warn(
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
