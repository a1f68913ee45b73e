import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { freshStore, type Store } from '../support/databases.js';
import { ADMIN_TOKEN, startServer, type TestServer } from '../support/server.js';
import { PairFiles, request, serverCertificate } from './kit.js';

let store: Store;
let server: TestServer;
let device: string;

beforeAll(async () => {
  store = await freshStore('sqlite');
  server = await startServer(store, { DEVICE_PORT: '0', METRICS_PUBLIC: 'true' });
  device = server.app.deviceUrl;
});
afterAll(async () => {
  await server.stop();
  await store.remove();
});

const DEVICE_DOORS: [string, string][] = [
  ['PUT', '/mdm/checkin'],
  ['PUT', '/mdm/connect'],
  ['GET', '/mdm/connect'],
  ['GET', '/scep?operation=GetCACaps'],
  ['POST', '/scep?operation=PKIOperation'],
  ['GET', `/enroll/${'a'.repeat(43)}`],
  ['GET', `/enroll/${'a'.repeat(43)}/profile`],
  ['GET', '/mdm/enroll'],
  ['POST', '/mdm/enroll/dep'],
  ['POST', `/enroll/${'a'.repeat(43)}/ota`],
  ['GET', '/enroll/setup'],
  ['GET', '/enroll/account/callback'],
  ['GET', '/.well-known/com.apple.remotemanagement'],
];
const ADMIN_DOORS: [string, string][] = [
  ['POST', '/graphql'],
  ['GET', '/graphql'],
  ['POST', '/graphql/stream'],
  ['GET', '/graphiql'],
  ['GET', '/schema.graphql'],
  ['GET', '/management/v1/devices'],
  ['GET', '/management/v1/openapi.json'],
  ['POST', '/mdm/commands/x'],
  ['GET', '/_version'],
  ['GET', '/metrics'],
];

/** What the router says of an address that it does not know; a door that is there may answer 404 in words of its own. */
async function isThere(base: string, [method, path]: [string, string]): Promise<boolean> {
  const answer = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { body: '{}' }),
  });
  const text = await answer.text();
  return !(answer.status === 404 && /^\{"error":"There is no [A-Z]+ \//.test(text));
}

describe('Listeners apart', () => {
  it.each(DEVICE_DOORS)('%s %s is answered to devices alone', async (...door) => {
    expect([await isThere(device, door), await isThere(server.url, door)]).toEqual([true, false]);
  });

  it.each(ADMIN_DOORS)('%s %s is not answered to devices', async (...door) => {
    expect([await isThere(device, door), await isThere(server.url, door)]).toEqual([false, true]);
  });

  it.each(['/healthz', '/readyz'])('%s is answered at both', async (path) => {
    for (const base of [device, server.url]) expect((await fetch(base + path)).status).toBe(200);
  });

  it('the listener for devices does not tell where the others are', async () => {
    const answer = await fetch(`${device}/graphql`, { method: 'POST' });
    expect(await answer.json()).toEqual({
      error: 'There is no POST /graphql here. Devices are answered here, and nobody else.',
      code: 'NOT_FOUND',
    });
  });

  it('opens no socket to GraphQL for devices', async () => {
    const socket = new WebSocket(`${device.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toBe('Unexpected server response: 404');
  });

  it('what devices are told is the address of their listener', async () => {
    expect(new URL(device).port).not.toBe(new URL(server.url).port);
    expect((await server.data('{ server { publicUrl } }')).server.publicUrl).toBe(device);
  });

  it('requests to both are timed', async () => {
    await fetch(`${device}/scep?operation=GetCACaps`);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/http_request_duration_seconds_count\{[^}]*route="\/scep"/);
    expect(metrics).toMatch(/http_request_duration_seconds_count\{[^}]*route="\/_version"/);
  });

  it('a stop waits for no connection that asked nothing, at either', async () => {
    const others = await freshStore('sqlite');
    const stopping = await startServer(others, { DEVICE_PORT: '0' });
    const unused = [stopping.url, stopping.app.deviceUrl].map((url) =>
      connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined),
    );
    await Promise.all(unused.map((socket) => once(socket, 'connect')));
    const gone = Promise.all(unused.map((socket) => once(socket, 'close')));
    await stopping.stop();
    expect(await gone).toHaveLength(2);
    await others.remove();
  });

  it('TLS is for both; PUBLIC_URL is what devices are told', async () => {
    const files = new PairFiles(serverCertificate());
    const others = await freshStore('sqlite');
    const options = { ...files.options, DEVICE_PORT: '0', DEVICE_HOST: '127.0.0.2' };
    const secure = await startServer(others, { ...options, PUBLIC_URL: 'https://mdm.example.org' });
    expect((await request(`${secure.url}/healthz`)).status).toBe(200);
    // 127.0.0.2 is not in the certificate: the URL names what is.
    expect(secure.app.deviceUrl).toMatch(/^https:\/\/localhost:\d+$/);
    const { port } = new URL(secure.app.deviceUrl);
    const direct = await request(`https://127.0.0.2:${port}/healthz`, { servername: 'localhost' });
    expect(direct.status).toBe(200);
    expect(secure.app.services.server.publicUrl).toBe('https://mdm.example.org');
    await secure.stop();
    await others.remove();
    files.remove();
  });

  it('a port that is taken stops the start in words that name its option, and the other one is closed again', async () => {
    const { port } = new URL(device);
    const others = await freshStore('sqlite');
    await expect(startServer(others, { DEVICE_PORT: port })).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is taken already. Give another, as in POMONA_DEVICE_PORT=${Number(port) + 1}.`,
    );
    await others.remove();
  });
});
