import { once } from 'node:events';
import https, { type RequestOptions } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it, describe } from 'vitest';
import { WebSocket } from 'ws';
import { freshStore, type Store } from '../support/databases.js';
import { startServer, type TestServer } from '../support/server.js';
import { PairFiles, request, serverCertificate, webCa } from './kit.js';

const files = new PairFiles(serverCertificate());
let store: Store;
let server: TestServer;
let port: number;

beforeAll(async () => {
  store = await freshStore('sqlite');
  server = await startServer(store, files.options);
  port = Number(new URL(server.url).port);
});
afterAll(async () => {
  await server.stop();
  await store.remove();
  files.remove();
});

const asked = (query: string): RequestOptions & { body: string } => ({
  method: 'POST',
  headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
  body: JSON.stringify({ query }),
});

async function secure(options: object): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', ca: webCa.certPem, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

/** A GraphQL socket, acknowledged. */
async function openSocket(): Promise<WebSocket> {
  const socket = new WebSocket(`wss://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', {
    ca: webCa.certPem,
    origin: server.url,
  });
  await once(socket, 'open');
  const acknowledged = once(socket, 'message');
  socket.send(
    JSON.stringify({ type: 'connection_init', payload: { Authorization: `Bearer ${server.token}` } }),
  );
  expect(JSON.parse(String((await acknowledged)[0]))).toMatchObject({ type: 'connection_ack' });
  return socket;
}

/** An event stream of a subscription that has begun. */
async function openStream(): Promise<NodeJS.ReadableStream> {
  const { body, headers, ...options } = asked('subscription { deviceChanged { device { id } } }');
  const sent = https.request(`${server.url}/graphql/stream`, {
    ...options,
    headers: { ...headers, accept: 'text/event-stream' },
    ca: webCa.certPem,
    agent: false,
  });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
  expect(answer.statusCode).toBe(200);
  return answer;
}

describe('TLS of our own', () => {
  it('says https wherever it says its address', async () => {
    expect(server.url).toBe(`https://127.0.0.1:${port}`);
    expect(server.app.deviceUrl).toBe(server.url);
    const { body } = await request(`${server.url}/graphql`, asked('{ server { publicUrl } }'));
    expect(JSON.parse(body).data.server.publicUrl).toBe(server.url);
  });

  it('counts its certificate among those the server lives on', async () => {
    const query = '{ server { certificates { purpose subject } } }';
    const { body } = await request(`${server.url}/graphql`, asked(query));
    expect(JSON.parse(body).data.server.certificates).toContainEqual({
      purpose: 'TLS',
      subject: 'CN=localhost',
    });
  });

  it('serves subscriptions by wss and as event streams', async () => {
    const socket = await openSocket();
    const message = once(socket, 'message');
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ server { version } }' } }));
    expect(JSON.parse(String((await message)[0]))).toMatchObject({ id: '1', type: 'next' });
    socket.close();
    await once(socket, 'close');
    ((await openStream()) as unknown as { destroy(): void }).destroy();
  });

  it.each([
    ['TLSv1.1', 'TLSv1.1'],
    ['TLSv1', 'TLSv1.1'],
  ])('does not speak %s', async (minVersion, maxVersion) => {
    const refused = secure({ minVersion, maxVersion, ciphers: 'DEFAULT:@SECLEVEL=0' });
    await expect(refused).rejects.toThrow(/protocol version|alert/i);
  });

  it.each(['TLSv1.2', 'TLSv1.3'])('speaks %s, and HTTP/1.1 in it', async (version) => {
    const socket = await secure({
      minVersion: version,
      maxVersion: version,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    expect([socket.getProtocol(), socket.alpnProtocol]).toEqual([version, 'http/1.1']);
    socket.destroy();
  });

  it('plain HTTP on its port is no answer, and does no harm', async () => {
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow('fetch failed');
    expect((await request(`${server.url}/healthz`)).status).toBe(200);
  });

  it('stops without waiting for connections that asked nothing, shook no hands, or were idle; what is under way is finished', async () => {
    const others = await freshStore('sqlite');
    const stopping = await startServer(others, files.options);
    const { port: its } = new URL(stopping.url);
    const mute = connectTcp(Number(its), '127.0.0.1').on('error', () => undefined);
    await once(mute, 'connect');
    const unused = (await secure({ port: Number(its) })).on('error', () => undefined);
    const agent = new https.Agent({ keepAlive: true });
    await request(`${stopping.url}/healthz`, { agent });
    const late = https.request(`${stopping.url}/graphql`, {
      ca: webCa.certPem,
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', expect: '100-continue' },
    });
    late.flushHeaders();
    await once(late, 'continue');
    const began = performance.now();
    const stopped = stopping.stop();
    late.end(JSON.stringify({ query: '{ __typename }' }));
    const [answer] = await once(late, 'response');
    expect(answer.statusCode).toBe(200);
    answer.resume();
    await stopped;
    expect(performance.now() - began).toBeLessThan(2_500);
    agent.destroy();
    mute.destroy();
    unused.destroy();
    await others.remove();
  });
});
