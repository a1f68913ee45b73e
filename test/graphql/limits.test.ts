import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { WebSocket } from 'ws';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { onMysql, freshStore, type Store } from '../support/databases.js';
import { startServer, type TestServer } from '../support/server.js';
import { SocketClient } from '../support/socket-client.js';
import { useWorld } from './world.js';

const ORIGIN = 'https://console.example.org';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('what is told of limits', () => {
  const world = useWorld('sqlite');

  it('is the cost of this operation, and what is left', async () => {
    const { rateLimit } = await world.server.data(
      '{ rateLimit { cost limit remaining resetAt } devices(first: 100) { nodes { id name } } }',
    );
    expect(rateLimit).toMatchObject({ cost: 5 + 1 + 200, limit: 3_000_000 });
    const again = (await world.server.data('{ rateLimit { cost remaining } }')).rateLimit;
    expect(again).toEqual({ cost: 3, remaining: rateLimit.remaining - 3 });
    expect(Date.parse(rateLimit.resetAt) - Date.now()).toBeLessThanOrEqual(60_000);
  });

  it('is ten times the cost for a mutation, and the same account by socket', async () => {
    const query =
      'mutation { workflowCreate(input: { name: "W" }) { query { rateLimit { cost remaining } } } }';
    const { cost, remaining } = (await world.server.data(query)).workflowCreate.query.rateLimit;
    expect(cost % 10).toBe(0);
    const socket = await world.socket();
    const told = await socket.start('{ rateLimit { cost remaining } }').data();
    expect(told.rateLimit).toEqual({ cost: 3, remaining: remaining - 3 });
  });

  it('is every number of the server', async () => {
    const { limits } = (
      await world.server.data(
        '{ server { limits { maxCost maxTokens maxDirectives queryTimeoutMs mutationTimeoutMs eventTimeoutMs pointsPerMinute mutationFactor anonymousPerMinute } } }',
      )
    ).server;
    expect(limits).toEqual({
      maxCost: 20_000,
      maxTokens: 2_000,
      maxDirectives: 50,
      queryTimeoutMs: 15_000,
      mutationTimeoutMs: 60_000,
      eventTimeoutMs: 15_000,
      pointsPerMinute: 3_000_000,
      mutationFactor: 10,
      anonymousPerMinute: 300,
    });
  });
});

describe('options', () => {
  let store: Store;
  let server: TestServer | undefined;
  beforeAll(async () => {
    store = await freshStore('sqlite');
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });
  afterAll(() => store.remove());
  const start = async (overrides: Record<string, string>): Promise<TestServer> =>
    (server = await startServer(store, overrides));
  const trusted = (documents: object): string => {
    const path = join(store.dataDir, 'documents.json');
    writeFileSync(path, JSON.stringify(documents));
    return path;
  };

  it('few points: RATE_LIMITED, the same by socket', async () => {
    const { graphql, url, token } = await start({ GRAPHQL_POINTS_PER_MINUTE: '25' });
    expect((await graphql('{ devices { nodes { id } } }')).status).toBe(200);
    const refused = await graphql('{ devices { nodes { id } } }');
    expect([refused.status, refused.errors?.[0]?.extensions['code']]).toEqual([429, 'RATE_LIMITED']);
    const socket = await SocketClient.connect({ url, token });
    const answer = await socket.start('{ devices { nodes { id } } }').message();
    expect([answer.type, answer.payload[0].extensions.code]).toEqual(['error', 'RATE_LIMITED']);
    expect((await socket.start('{ viewer { name } }').message()).type).toBe('next');
    socket.socket.terminate();
  });

  it('production: no introspection without a token, no suggestions on either door', async () => {
    const { graphql, url, token } = await start({ PRODUCTION: 'true' });
    const anonymous = await graphql(getIntrospectionQuery(), {}, null);
    expect([anonymous.status, anonymous.errors?.[0]?.extensions['code']]).toEqual([401, 'UNAUTHENTICATED']);
    expect((await graphql(getIntrospectionQuery())).errors).toBeUndefined();
    expect((await fetch(`${url}/schema.graphql`)).status).toBe(200);
    const socket = await SocketClient.connect({ url, token });
    const bySocket = await socket.start('{ devicez { totalCount } }').message();
    const byHttp = await graphql('{ devicez { totalCount } }');
    for (const error of [bySocket.payload[0], byHttp.errors?.[0]]) {
      expect(error.message).toContain('devicez');
      expect(error.message).not.toMatch(/Did you mean|"devices"/);
    }
    socket.socket.terminate();
  });

  it('trusted documents only: on both doors', async () => {
    const query = '{ viewer { name } }';
    const file = trusted({ [sha256(query)]: query });
    const { graphql, url, token } = await start({
      TRUSTED_DOCUMENTS_FILE: file,
      TRUSTED_DOCUMENTS_ONLY: 'true',
    });
    expect((await graphql(query)).data.viewer.name).toBeDefined();
    expect((await graphql('{ server { version } }')).errors?.[0]?.extensions['code']).toBe(
      'DOCUMENT_NOT_TRUSTED',
    );
    const socket = await SocketClient.connect({ url, token });
    const refused = await socket.start('{ server { version } }').message();
    expect(refused.payload[0].extensions.code).toBe('DOCUMENT_NOT_TRUSTED');
    socket.socket.send(
      JSON.stringify({
        id: 'hash',
        type: 'subscribe',
        payload: { query: '', extensions: { persistedQuery: { version: 1, sha256Hash: sha256(query) } } },
      }),
    );
    const [data] = (await once(socket.socket, 'message')) as [Buffer];
    expect(JSON.parse(String(data))).toMatchObject({
      id: 'hash',
      type: 'next',
      payload: { data: { viewer: {} } },
    });
    socket.socket.terminate();
  });

  it.each([
    ['of another shape', [1], /has to be a JSON object/],
    ['with a wrong hash', { abc: '{ viewer { name } }' }, /it has to be named by that/],
    ['with a number', { [sha256('1')]: 1 }, /is no text/],
    [
      'with a document that does not fit',
      { [sha256('{ nothing }')]: '{ nothing }' },
      /does not fit this server's schema/,
    ],
  ])('a manifest %s stops the start in words', async (_what, documents, words) => {
    await expect(start({ TRUSTED_DOCUMENTS_FILE: trusted(documents) })).rejects.toThrow(words);
  });

  it('CORS: the origins named, for the APIs, and never for devices', async () => {
    const { url, token } = await start({ CORS_ORIGINS: ORIGIN });
    const preflight = (path: string, origin = ORIGIN) =>
      fetch(url + path, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      });
    for (const path of ['/graphql', '/graphql/stream', '/schema.graphql', '/management/v1/devices']) {
      const answer = await preflight(path);
      expect([path, answer.status]).toEqual([path, 204]);
      expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(answer.headers.get('access-control-allow-headers')).toBe('authorization,content-type');
      expect(answer.headers.get('access-control-max-age')).toBe('600');
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
      expect(
        (await preflight(path, 'https://evil.example')).headers.get('access-control-allow-origin'),
      ).toBeNull();
    }
    for (const path of ['/mdm/connect', '/mdm/checkin', '/healthz', '/nowhere']) {
      const answer = await preflight(path);
      expect([path, answer.status >= 400]).toEqual([path, true]);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
    const headers = { origin: ORIGIN, authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ query: '{ viewer { name } }' });
    const asked = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
    expect(asked.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(asked.headers.get('access-control-expose-headers')).toContain('retry-after');
    expect(asked.headers.get('vary')).toContain('Origin');
    const refused = await fetch(`${url}/management/v1/devices`, { headers: { origin: ORIGIN } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, ORIGIN]);
    const plain = await fetch(`${url}/management/v1/devices`, {
      method: 'OPTIONS',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(plain.status).toBe(405);
  });

  it('CORS: the same list for the socket, and no token that a browser adds by itself', async () => {
    const { url, token } = await start({ CORS_ORIGINS: ORIGIN });
    const open = (origin: string | undefined) =>
      new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        headers: { authorization: `Bearer ${token}`, ...(origin === undefined ? {} : { origin }) },
      });
    const refused = open('https://evil.example');
    const [, response] = (await once(refused, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(403);
    refused.on('error', () => undefined).terminate();
    const page = open(ORIGIN);
    await once(page, 'open');
    page.send('{"type":"connection_init"}');
    expect((await once(page, 'close'))[0]).toBe(4403);
    const program = open(undefined);
    await once(program, 'open');
    program.send('{"type":"connection_init"}');
    expect(String((await once(program, 'message'))[0])).toContain('connection_ack');
    program.terminate();
  });

  it('CORS: nobody by default', async () => {
    const { url } = await start({});
    const answer = await fetch(`${url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: ORIGIN, 'access-control-request-method': 'POST' },
    });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

onMysql('a real operation that waits too long', () => {
  let store: Store;
  let server: TestServer;
  beforeAll(async () => {
    store = await freshStore('mysql');
    server = await startServer(store, {
      GRAPHQL_QUERY_TIMEOUT_SECONDS: '1',
      GRAPHQL_MUTATION_TIMEOUT_SECONDS: '1',
    });
  });
  afterAll(async () => {
    await server.stop();
    await store.remove();
  });

  it('is TIMEOUT, its statement is gone, and nothing of it is written', async () => {
    const { database } = server.app;
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let held = (): void => undefined;
    const locked = new Promise<void>((resolve) => (held = resolve));
    const holder = database.transaction(async (tx) => {
      await tx.query('SELECT revision FROM catalog_state WHERE id = 1 FOR UPDATE');
      held();
      await released;
    });
    await locked;
    const answer = await server.graphql(
      'mutation { workflowCreate(input: { name: "Late" }) { workflow { id } } }',
    );
    expect([answer.status, answer.errors?.[0]?.extensions['code']]).toEqual([503, 'TIMEOUT']);
    await expect
      .poll(
        () =>
          database.query(
            "SELECT id, info FROM information_schema.processlist WHERE info LIKE '%catalog_state%FOR UPDATE' AND id <> CONNECTION_ID()",
          ),
        // Sooner than the wait for the lock would end by itself.
        { timeout: 3_000 },
      )
      .toEqual([]);
    release();
    await holder;
    expect((await server.data('{ workflows { totalCount } }')).workflows.totalCount).toBe(0);
    const query =
      'mutation { workflowCreate(input: { name: "Late" }) { workflow { name } userErrors { code } } }';
    expect((await server.data(query)).workflowCreate).toEqual({ workflow: { name: 'Late' }, userErrors: [] });
  });
});
