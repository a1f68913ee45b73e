import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { counts } from './schema.js';
import { SocketClient, startServer, type Message, type TestServer } from './server.js';

/**
 * What the conformance tests of graphql-transport-ws talk with: `ws` for framing alone, and nothing of graphql-ws.
 */
let server: TestServer;

/** One server for the tests of a file. */
export function useConformance(): void {
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());
  afterEach(() => {
    for (const client of clients.splice(0)) client.socket.terminate();
  });
}

export const theServer = (): TestServer => server;

const clients: SocketClient[] = [];
export const NUMBERS = 'subscription { numbers { number } }';
export const INIT = { type: 'connection_init', payload: { Authorization: 'Bearer good' } };

export async function opened(to = server): Promise<SocketClient> {
  const client = new SocketClient(to);
  clients.push(client);
  await client.opened();
  return client;
}

export async function ready(to = server): Promise<SocketClient> {
  const client = await opened(to);
  client.send(INIT);
  expect(await client.next()).toEqual({ type: 'connection_ack' });
  return client;
}

/** Close code and reason, once `frame` was sent. */
export async function closedBy(
  client: SocketClient,
  frame: string | Buffer | object,
): Promise<[number, string]> {
  const closed = once(client.socket, 'close') as Promise<[number, Buffer]>;
  client.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  const [code, reason] = await closed;
  return [code, String(reason)];
}

/** All messages up to the answer to a ping sent now: what the server had to say so far. */
export async function soFar(client: SocketClient): Promise<Message[]> {
  const mark = { mark: randomBytes(4).toString('hex') };
  client.send({ type: 'ping', payload: mark });
  const messages: Message[] = [];
  for (;;) {
    const message = await client.next();
    if (message.type === 'pong' && message.payload?.mark === mark.mark) return messages;
    messages.push(message);
  }
}

/** The source of a subscription that was just asked for. */
export async function sourceOf(client: SocketClient, id: string, query = NUMBERS) {
  const before = new Set(counts.queues);
  client.subscribe(id, query);
  const made = () => [...counts.queues].filter((queue) => !before.has(queue)).length;
  await expect.poll(made, { interval: 1 }).toBe(1);
  return [...counts.queues].find((queue) => !before.has(queue))!;
}
