import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshStore, type Store } from '../support/databases.js';
import { startServer, type TestServer } from '../support/server.js';
import { SocketClient } from '../support/socket-client.js';
import { scrape, type Samples } from './scrape.js';

let store: Store;
let server: TestServer;
const sockets: SocketClient[] = [];

beforeAll(async () => {
  store = await freshStore('sqlite');
  server = await startServer(store);
});
afterAll(async () => {
  for (const { socket } of sockets) socket.terminate();
  await server.stop();
  await store.remove();
});

async function connect(): Promise<SocketClient> {
  const socket = await SocketClient.connect(server);
  sockets.push(socket);
  return socket;
}

const countOf = (samples: Samples, operation: string, type: string, outcome: string): number =>
  samples.get(
    `pomona_graphql_operation_duration_seconds_count{operation="${operation}",outcome="${outcome}",type="${type}"}`,
  ) ?? 0;
const errorsOf = (samples: Samples, code: string): number =>
  samples.get(`pomona_graphql_errors_total{code="${code}"}`) ?? 0;
const named = (samples: Samples): Set<string> =>
  new Set(
    [...samples.keys()].flatMap((key) =>
      key.startsWith('pomona_graphql_operation') ? (/operation="([^"]*)"/.exec(key)?.[1] ?? []) : [],
    ),
  );

describe('GraphQL operations', () => {
  it('are timed by name, type and outcome, by HTTP and by socket alike', async () => {
    await server.graphql('query Viewer { viewer { name } }');
    await server.graphql('mutation Make { apiTokenCreate(input: { name: "", role: VIEWER }) { token } }');
    await server.graphql('{ server { version } }');
    const socket = await connect();
    await socket.start('query Viewer { viewer { name } }').data();
    const samples = await scrape(server);
    expect(countOf(samples, 'Viewer', 'query', 'ok')).toBe(2);
    expect(countOf(samples, 'Make', 'mutation', 'ok')).toBe(1);
    expect(countOf(samples, 'unnamed', 'query', 'ok')).toBe(1);
  });

  it('that are refused are counted by code, whichever way they came', async () => {
    const before = await scrape(server);
    await server.graphql('query Broken { nothing }');
    await server.graphql('query Broken {');
    await server.graphql('query Viewer { viewer { name } }', {}, 'pomona_a-token-nobody-has');
    const socket = await connect();
    expect((await socket.start('query Broken { nothing }').message()).type).toBe('error');
    const after = await scrape(server);
    expect(errorsOf(after, 'GRAPHQL_VALIDATION_FAILED') - errorsOf(before, 'GRAPHQL_VALIDATION_FAILED')).toBe(
      2,
    );
    expect(errorsOf(after, 'GRAPHQL_PARSE_FAILED') - errorsOf(before, 'GRAPHQL_PARSE_FAILED')).toBe(1);
    expect(errorsOf(after, 'UNAUTHENTICATED') - errorsOf(before, 'UNAUTHENTICATED')).toBe(1);
    expect([...named(after)]).not.toContain('Broken');
  });

  it('that fail beside their data are told from those that do not run', async () => {
    await server.graphql('query Absent { device(by: { id: "bm90OmFuaWQ" }) { id } }');
    const samples = await scrape(server);
    expect(countOf(samples, 'Absent', 'query', 'failed')).toBe(1);
  });

  it('name nothing when nobody with a token is behind them', async () => {
    for (let count = 0; count < 20; count += 1)
      await server.graphql(`query Nobody${count} { __typename }`, {}, null);
    expect([...named(await scrape(server))].filter((name) => name.startsWith('Nobody'))).toEqual([]);
  });

  it('of more names than 200 are “other”', async () => {
    for (let start = 0; start < 260; start += 20) {
      const some = Array.from({ length: 20 }, (_, index) => start + index);
      await Promise.all(some.map((count) => server.graphql(`query Flood${count} { __typename }`)));
    }
    const names = named(await scrape(server));
    expect(names).toContain('other');
    expect(names.size).toBe(201);
    expect(names).toContain('Viewer');
  });

  it('and subscriptions that stay open are counted while they do', async () => {
    const open = async (): Promise<unknown[]> => {
      const samples = await scrape(server);
      return [
        samples.get('pomona_graphql_connections{transport="socket"}'),
        samples.get('pomona_graphql_subscriptions'),
      ];
    };
    for (const { socket } of sockets.splice(0)) socket.terminate();
    await expect.poll(open).toEqual([0, 0]);
    const socket = await connect();
    socket.start('subscription Watch { deviceChanged { cursor } }');
    await expect.poll(open).toEqual([1, 1]);
    expect(countOf(await scrape(server), 'other', 'subscription', 'ok')).toBe(1);
    socket.socket.terminate();
    await expect.poll(open).toEqual([0, 0]);
  });

  it('whose subscriber does not keep up: what was let go is counted', async () => {
    server.app.services.pump.lose(257);
    const samples = await scrape(server);
    expect(samples.get('pomona_graphql_events_dropped_total')).toBe(257);
    expect(samples.get('pomona_graphql_overflows_total')).toBe(1);
    expect((await scrape(server)).get('pomona_graphql_events_dropped_total')).toBe(257);
  });
});
