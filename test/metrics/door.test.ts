import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Role } from '../../src/entities/enums.js';
import { VERSION } from '../../src/version.js';
import { freshStore, type Store } from '../support/databases.js';
import { startServer, type TestServer } from '../support/server.js';
import { fetchMetrics, samplesIn, scrape } from './scrape.js';

const stores: Store[] = [];
const servers: TestServer[] = [];

async function start(overrides: Record<string, string> = {}): Promise<TestServer> {
  const store = await freshStore('sqlite');
  stores.push(store);
  const server = await startServer(store, overrides);
  servers.push(server);
  return server;
}

afterAll(async () => {
  for (const server of servers) await server.stop();
  for (const store of stores) await store.remove();
});

describe('GET /metrics', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });

  it.each(['/metrics', '/_metrics'])(
    '%s is a page in Prometheus’ format, for whoever may read',
    async (path) => {
      const { token } = await server.app.services.tokens.create({ name: 'Prometheus', role: Role.VIEWER });
      const response = await fetchMetrics(server, path, token);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-store');
      const samples = samplesIn(await response.text());
      expect(samples.get(`pomona_info{database="sqlite",version="${VERSION}"}`)).toBe(1);
      expect(samples.get('pomona_database_up')).toBe(1);
      expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
    },
  );

  it.each([null, 'not-a-token-that-works'])('refuses the token %s with 401 that says how', async (token) => {
    const response = await fetchMetrics(server, '/metrics', token);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Basic realm="Pomona"');
    expect(await response.json()).toMatchObject({ code: 'UNAUTHENTICATED', error: expect.any(String) });
  });

  it('takes the token as a password too, as Prometheus sends it with basic_auth', async () => {
    const authorization = `Basic ${Buffer.from(`prometheus:${server.token}`).toString('base64')}`;
    const response = await fetch(`${server.url}/metrics`, { headers: { authorization } });
    expect(response.status).toBe(200);
  });

  it('has every metric once, help and type before its samples', async () => {
    const page = await (await fetchMetrics(server)).text();
    const types = [...page.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name);
    expect(types.length).toBeGreaterThan(30);
    expect(types).toEqual([...new Set(types)]);
    const helps = [...page.matchAll(/^# HELP (\w+) .+$/gm)].map(([, name]) => name);
    expect(helps).toEqual(types);
  });

  it('times requests by route and never by address', async () => {
    const route = (path: string, status: string): string =>
      `pomona_http_request_duration_seconds_count{method="GET",route="${path}",status="${status}"}`;
    const before = (await scrape(server)).get(route('/healthz', '2xx')) ?? 0;
    await fetch(`${server.url}/healthz`);
    const headers = { authorization: `Bearer ${server.token}` };
    await fetch(`${server.url}/management/v1/devices/01890000-0000-7000-8000-0000000000aa`, { headers });
    await fetch(`${server.url}/no/such/address`);
    const samples = await scrape(server);
    expect(samples.get(route('/healthz', '2xx'))).toBe(before + 1);
    expect(samples.get(route('/management/v1/devices/:uuid', '4xx'))).toBe(1);
    expect(samples.get(route('none', '4xx'))).toBe(1);
    expect([...samples.keys()].filter((key) => key.includes('0000000000aa'))).toEqual([]);
  });
});

describe('configuration', () => {
  it('METRICS_PUBLIC=true serves it to anyone', async () => {
    expect((await fetchMetrics(await start({ METRICS_PUBLIC: 'true' }), '/metrics', null)).status).toBe(200);
  });

  it('METRICS=off serves nothing', async () => {
    const server = await start({ METRICS: 'off' });
    for (const path of ['/metrics', '/_metrics']) expect((await fetchMetrics(server, path)).status).toBe(404);
  });

  it('two servers in one process have their own numbers', async () => {
    const [one, other] = [await start(), await start()];
    await fetch(`${one.url}/healthz`);
    const health = 'pomona_http_request_duration_seconds_count{method="GET",route="/healthz",status="2xx"}';
    expect((await scrape(one)).get(health)).toBe(1);
    expect((await scrape(other)).get(health)).toBeUndefined();
  });
});
