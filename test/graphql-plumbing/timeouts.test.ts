import { GraphQLObjectType, GraphQLSchema, GraphQLString, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/index.js';
import { deadline } from '../../src/deadline.js';
import { freshStore, onBothDatabases, onMysql, type Store } from '../support/databases.js';
import { codesOf, startLimits, type LimitsServer } from './limits-kit.js';
import { SocketClient, startServer, type TestServer } from './server.js';

const SHORT = { query: 150, mutation: 150, subscription: 150 };

function useDatabase(name: 'sqlite' | 'mysql'): {
  readonly database: Database;
  readonly server: LimitsServer;
} {
  let store: Store;
  let database: Database;
  let server: LimitsServer;
  beforeAll(async () => {
    store = await freshStore(name);
    database = await store.open();
    server = await startLimits({ timeLimits: SHORT });
    await database.run('CREATE TABLE notes (text VARCHAR(50) PRIMARY KEY)');
  });
  afterAll(async () => {
    await server.close();
    await database.close();
    await store.remove();
  });
  return {
    get database() {
      return database;
    },
    get server() {
      return server;
    },
  };
}

describe('what takes too long', () => {
  it('is answered TIMEOUT, 503, at once, whatever it is still doing', async () => {
    const server = await startLimits({ timeLimits: SHORT });
    server.work.query = server.work.mutation = () => new Promise(() => undefined);
    for (const query of ['{ hello work }', 'mutation { work }']) {
      const began = performance.now();
      const reply = await server.post({ query });
      expect(performance.now() - began).toBeLessThan(1_000);
      expect(reply.status).toBe(503);
      expect(codesOf(reply)).toEqual(['TIMEOUT']);
      expect(reply.body.errors?.[0]?.message).toContain('longer than 0.15 s');
      expect(reply.body.data).toBeUndefined();
    }
    await server.close();
  });

  it('has times of its own for queries, mutations and events', async () => {
    const server = await startLimits({ timeLimits: { ...SHORT, mutation: 60_000 } });
    const slow = (): Promise<string> => new Promise((resolve) => setTimeout(() => resolve('late'), 300));
    server.work.query = server.work.mutation = slow;
    expect(codesOf(await server.post({ query: '{ work }' }))).toEqual(['TIMEOUT']);
    expect((await server.post({ query: 'mutation { work }' })).body.data).toEqual({ work: 'late' });
    await server.close();
  });

  it('is the same for the socket, which executes through the core', async () => {
    const server = await startLimits({ timeLimits: SHORT });
    server.work.query = () => new Promise(() => undefined);
    const document = parse('{ work }');
    const result = await server.core.executor.execute({ schema: server.core.schema, document });
    expect(result.data).toBeUndefined();
    expect(server.core.format(result.errors?.[0], 'id').extensions).toEqual({
      code: 'TIMEOUT',
      requestId: 'id',
    });
    await server.close();
  });
});

describe('what nobody waits for any more', () => {
  /** Operations under way: each goes on until it is told to stop, or let go. */
  const underWay = { query: 0, mutation: 0 };
  let letGo: () => void;
  const work = (kind: keyof typeof underWay) => ({
    type: GraphQLString,
    resolve: async () => {
      underWay[kind] += 1;
      await new Promise<void>((resolve) => {
        letGo = resolve;
        deadline()?.addEventListener('abort', () => resolve());
      });
      underWay[kind] -= 1;
    },
  });
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { work: work('query') } }),
    mutation: new GraphQLObjectType({ name: 'Mutation', fields: { work: work('mutation') } }),
  });
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ schema, socket: { maxOperations: 2 } });
  });
  afterAll(() => server.close());

  it('is stopped when it is completed: so a socket has no more under way than it may', async () => {
    const client = await SocketClient.connected(server);
    for (let round = 0; round < 10; round += 1) {
      client.subscribe(`q${round}`, '{ work }');
      await expect.poll(() => underWay.query, { interval: 1 }).toBe(1);
      client.send({ id: `q${round}`, type: 'complete' });
      await expect.poll(() => underWay.query, { interval: 1 }).toBe(0);
    }
    client.socket.close();
  });

  it('is stopped when the socket is gone', async () => {
    const client = await SocketClient.connected(server);
    client.subscribe('q', '{ work }');
    await expect.poll(() => underWay.query, { interval: 1 }).toBe(1);
    client.socket.terminate();
    await expect.poll(() => underWay.query, { interval: 1 }).toBe(0);
  });

  it('is stopped when the event stream is gone', async () => {
    const client = new AbortController();
    const response = await fetch(`${server.url}/graphql/stream`, {
      method: 'POST',
      headers: { authorization: 'Bearer good', 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ work }' }),
      signal: client.signal,
    });
    expect(response.status).toBe(200);
    await expect.poll(() => underWay.query, { interval: 1 }).toBe(1);
    client.abort();
    await expect.poll(() => underWay.query, { interval: 1 }).toBe(0);
  });

  it('goes on when it is a mutation: stopping it half way helps nobody', async () => {
    const client = await SocketClient.connected(server);
    client.subscribe('m', 'mutation { work }');
    await expect.poll(() => underWay.mutation, { interval: 1 }).toBe(1);
    client.socket.terminate();
    await expect.poll(() => server.door.size, { interval: 1 }).toBe(0);
    expect(underWay.mutation).toBe(1);
    letGo();
    await expect.poll(() => underWay.mutation, { interval: 1 }).toBe(0);
  });
});

onBothDatabases('a mutation that takes too long', (name) => {
  const world = useDatabase(name);

  it('is not half written, and begins no further statement', async () => {
    let stopped: unknown;
    world.server.work.mutation = () =>
      world.database
        .transaction(async (tx) => {
          await tx.run("INSERT INTO notes VALUES ('first')");
          await new Promise((resolve) => setTimeout(resolve, 300));
          await tx.run("INSERT INTO notes VALUES ('second')");
        })
        .catch((error: unknown) => {
          stopped = error;
          throw error;
        });
    expect(codesOf(await world.server.post({ query: 'mutation { work }' }))).toEqual(['TIMEOUT']);
    await expect.poll(() => stopped).toMatchObject({ code: 'TIMEOUT' });
    expect(await world.database.query('SELECT * FROM notes')).toEqual([]);
  });
});

onMysql('a query that is running in the database', () => {
  const world = useDatabase('mysql');
  const running = async (): Promise<number> => {
    const [row] = await world.database.query<{ n: number | string }>(
      "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE info LIKE '%SLEEP(30)%' AND id <> CONNECTION_ID()",
    );
    return Number(row?.n);
  };

  it('is gone from the server’s process list when its time is over', async () => {
    world.server.work.query = () => world.database.query('SELECT SLEEP(30)');
    const answer = world.server.post({ query: '{ work }' });
    await expect.poll(running).toBe(1);
    expect(codesOf(await answer)).toEqual(['TIMEOUT']);
    await expect.poll(running).toBe(0);
  });

  it('is gone when its client is gone', async () => {
    const patient = await startLimits();
    patient.work.query = () => world.database.query('SELECT SLEEP(30)');
    const client = new AbortController();
    const asked = fetch(`${patient.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ work }' }),
      signal: client.signal,
    }).catch(() => 'left');
    await expect.poll(running).toBe(1);
    client.abort();
    expect(await asked).toBe('left');
    await expect.poll(running).toBe(0);
    await patient.close();
  });
});
