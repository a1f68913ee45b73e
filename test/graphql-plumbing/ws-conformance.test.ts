import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  closedBy,
  INIT,
  NUMBERS,
  opened,
  ready,
  soFar,
  sourceOf,
  theServer,
  useConformance,
} from './conformance.js';
import { counts } from './schema.js';
import { startServer, type Message } from './server.js';

/**
 * The protocol text of graphql-transport-ws, sentence by sentence, against the server's raw frames. Titles say what
 * the text says.
 */
useConformance();

/** The code in the first frame that the server sends after an upgrade with these subprotocols. */
async function closeCodeAfterUpgrade(protocols: string | undefined): Promise<number> {
  const upgrade = request(`${theServer().url}/graphql`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      ...(protocols === undefined ? {} : { 'sec-websocket-protocol': protocols }),
    },
  }).end();
  const [, socket, head] = (await once(upgrade, 'upgrade')) as [unknown, Socket, Buffer];
  const [frame] = head.length > 0 ? [head] : ((await once(socket, 'data')) as [Buffer]);
  socket.destroy();
  expect(frame[0]).toBe(0x88);
  return frame.readUInt16BE(2);
}

describe('the sub-protocol', () => {
  it('is graphql-transport-ws, and the server says so in its handshake', async () => {
    expect((await ready()).socket.protocol).toBe('graphql-transport-ws');
  });
  it('is chosen among several that a client offers', async () => {
    const socket = new WebSocket(theServer().url.replace('http', 'ws') + '/graphql', [
      'graphql-ws',
      'graphql-transport-ws',
    ]);
    await once(socket, 'open');
    expect(socket.protocol).toBe('graphql-transport-ws');
    socket.terminate();
  });
  it.each([
    ['missing', undefined],
    ['another', 'graphql-ws'],
    ['of another case', 'GraphQL-Transport-WS'],
  ])('%s: 4406 Subprotocol not acceptable', async (_what, protocols) => {
    expect(await closeCodeAfterUpgrade(protocols)).toBe(4406);
  });
});

describe('ConnectionInit', () => {
  it('is answered with ConnectionAck', async () => {
    const client = await opened();
    client.send(INIT);
    expect(await client.next()).toEqual({ type: 'connection_ack' });
  });
  it('not within the wait time-out: 4408 Connection initialisation timeout', async () => {
    const impatient = await startServer({ socket: { connectionInitWaitTimeout: 20 } });
    const client = await opened(impatient);
    expect(await once(client.socket, 'close').then(([code, reason]) => [code, String(reason)])).toEqual([
      4408,
      'Connection initialisation timeout',
    ]);
    await impatient.close();
  });
  it('a second one: 4429 Too many initialisation requests', async () => {
    expect(await closedBy(await ready(), INIT)).toEqual([4429, 'Too many initialisation requests']);
  });
  it('a second one before the first was acknowledged: 4429', async () => {
    const slow = await startServer({ socket: { onConnect: () => new Promise(() => undefined) } });
    const client = await opened(slow);
    client.send(INIT);
    expect(await closedBy(client, INIT)).toEqual([4429, 'Too many initialisation requests']);
    await slow.close();
  });
  it.each([
    ['without payload', { type: 'connection_init' }],
    ['with null for a payload', { type: 'connection_init', payload: null }],
    ['with a wrong payload', { type: 'connection_init', payload: { Authorization: 'Bearer bad' } }],
  ])('%s, where the server needs one: 4403 Forbidden', async (_what, message) => {
    expect(await closedBy(await opened(), message)).toEqual([4403, 'Forbidden']);
  });
  it.each([['text'], [1], [['a']], [true]])(
    'with a payload that is no object (%j): 4400',
    async (payload) => {
      expect((await closedBy(await opened(), { type: 'connection_init', payload }))[0]).toBe(4400);
    },
  );
  it('whose check fails for reasons of the server: 1013, which means try again', async () => {
    const message = { type: 'connection_init', payload: { Authorization: 'Bearer down' } };
    expect(await closedBy(await opened(), message)).toEqual([1013, 'Try again later']);
  });
});

describe('Ping and Pong', () => {
  it('Pong answers Ping, with its payload', async () => {
    const client = await ready();
    client.send({ type: 'ping', payload: { at: 1, deep: { er: ['x'] } } });
    expect(await client.next()).toEqual({ type: 'pong', payload: { at: 1, deep: { er: ['x'] } } });
  });
  it('Pong has no payload when Ping had none', async () => {
    const client = await ready();
    client.send({ type: 'ping' });
    expect(await client.next()).toEqual({ type: 'pong' });
  });
  it('may be sent at any time within the established socket, also before ConnectionInit', async () => {
    const client = await opened();
    client.send({ type: 'ping' });
    expect(await client.next()).toEqual({ type: 'pong' });
    client.send(INIT);
    expect(await client.next()).toEqual({ type: 'connection_ack' });
  });
  it('a Pong that nobody asked for is taken in silence', async () => {
    const client = await ready();
    client.send({ type: 'pong', payload: { unasked: true } });
    expect(await soFar(client)).toEqual([]);
  });
  it('a Ping whose payload is no object: 4400', async () => {
    expect((await closedBy(await ready(), { type: 'ping', payload: 'now' }))[0]).toBe(4400);
  });
  it('the control frame of WebSocket itself is answered as well', async () => {
    const client = await ready();
    client.socket.ping('hello');
    expect(String((await once(client.socket, 'pong'))[0])).toBe('hello');
  });
});

describe('a message of a type or format that the text does not have: 4400, at once', () => {
  it.each<[string, string]>([
    ['nothing', ''],
    ['not JSON', '{"type":'],
    ['JSON that is no object: null', 'null'],
    ['JSON that is no object: a list', '[{"type":"ping"}]'],
    ['JSON that is no object: text', '"ping"'],
    ['no type', '{"id":"1"}'],
    ['a type that is no text', '{"type":1}'],
    ['an unknown type', '{"type":"start","id":"1","payload":{"query":"{ whoami }"}}'],
    ['Subscribe without id', '{"type":"subscribe","payload":{"query":"{ whoami }"}}'],
    ['Subscribe with an empty id', '{"type":"subscribe","id":"","payload":{"query":"{ whoami }"}}'],
    ['Subscribe with a number for an id', '{"type":"subscribe","id":1,"payload":{"query":"{ whoami }"}}'],
    ['Subscribe without payload', '{"type":"subscribe","id":"1"}'],
    ['Subscribe without query', '{"type":"subscribe","id":"1","payload":{}}'],
    [
      'Subscribe with variables that are no object',
      '{"type":"subscribe","id":"1","payload":{"query":"{ whoami }","variables":[1]}}',
    ],
    [
      'Subscribe with an operationName that is no text',
      '{"type":"subscribe","id":"1","payload":{"query":"{ whoami }","operationName":1}}',
    ],
    [
      'Subscribe with extensions that are no object',
      '{"type":"subscribe","id":"1","payload":{"query":"{ whoami }","extensions":"x"}}',
    ],
    ['Complete without id', '{"type":"complete"}'],
    ['ConnectionAck, which only the server sends', '{"type":"connection_ack"}'],
    ['Next, which only the server sends', '{"type":"next","id":"1","payload":{"data":{}}}'],
    ['Error, which only the server sends', '{"type":"error","id":"1","payload":[{"message":"x"}]}'],
  ])('%s', async (_what, frame) => {
    expect((await closedBy(await ready(), frame))[0]).toBe(4400);
  });
  it('a binary frame', async () => {
    expect((await closedBy(await ready(), Buffer.from('{"type":"ping"}')))[0]).toBe(4400);
  });
  it('also before ConnectionInit', async () => {
    expect((await closedBy(await opened(), '{"type":"nonsense"}'))[0]).toBe(4400);
  });
});

describe('frames', () => {
  it('a message in many fragments is one message', async () => {
    const client = await ready();
    const text = JSON.stringify({ type: 'ping', payload: { text: 'ü🍏' } });
    const bytes = Buffer.from(text);
    for (const [index, byte] of bytes.entries()) {
      client.socket.send(Buffer.from([byte]), { binary: false, fin: index === bytes.length - 1 });
    }
    expect(await client.next()).toEqual({ type: 'pong', payload: { text: 'ü🍏' } });
  });
  it('many messages in one segment are many messages, answered in order', async () => {
    const client = await ready();
    for (let serial = 0; serial < 100; serial += 1) client.send({ type: 'ping', payload: { serial } });
    for (let serial = 0; serial < 100; serial += 1)
      expect(await client.next()).toEqual({ type: 'pong', payload: { serial } });
  });
  it('a message over the size limit: 1009 (RFC 6455)', async () => {
    const frame = JSON.stringify({ type: 'ping', payload: { pad: 'x'.repeat(300_000) } });
    expect((await closedBy(await ready(), frame))[0]).toBe(1009);
  });
  it('a fragmented message over the size limit: 1009', async () => {
    const client = await ready();
    const closed = once(client.socket, 'close');
    for (let part = 0; part < 10; part += 1) client.socket.send('x'.repeat(40_000), { fin: false });
    expect((await closed)[0]).toBe(1009);
  });
  it('text that is not UTF-8: 1007 (RFC 6455)', async () => {
    const client = await ready();
    const closed = once(client.socket, 'close');
    client.socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
    expect((await closed)[0]).toBe(1007);
  });
});

describe('the end', () => {
  it('messages behind the one that closed the socket are not acted upon', async () => {
    const client = await ready();
    const before = counts.queues.size;
    const received: Message[] = [];
    client.socket.on('message', (data) => received.push(JSON.parse(String(data)) as Message));
    client.socket.send('nonsense');
    client.subscribe('late', NUMBERS);
    client.send({ type: 'ping' });
    expect(await client.closed()).toBe(4400);
    expect(received).toEqual([]);
    expect(counts.queues.size).toBe(before);
  });
  it('closing the socket ends all its operations', async () => {
    const client = await ready();
    const sources = [await sourceOf(client, 'a'), await sourceOf(client, 'b')];
    client.socket.close(1000);
    await client.closed();
    await expect.poll(() => sources.some((source) => counts.queues.has(source))).toBe(false);
  });
  it('the server that stops says 1001 Going away', async () => {
    const stopping = await startServer();
    const client = await ready(stopping);
    const closed = once(client.socket, 'close');
    await stopping.close();
    const [code, reason] = await closed;
    expect([code, String(reason)]).toEqual([1001, 'Going away']);
  });
});
