import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PomonaError } from '../../src/errors.js';
import { createLog } from '../../src/log.js';
import { batches, first, jsonArray } from '../../src/rest/batches.js';
import { serve, type Route } from '../../src/rest/route.js';
import { restRoutes } from '../../src/rest/routes.js';
import { basic, Context } from './kit.js';

const collect = async <T>(source: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
};

describe('lists in pieces', () => {
  test('are JSON, with none, one or several batches', async () => {
    for (const count of [0, 1, 2, 3, 7]) {
      const rows = Array.from({ length: count }, (_, n) => ({ n }));
      const pieces = await collect(jsonArray(batches(rows, 2)));
      expect(JSON.parse(pieces.join(''))).toEqual(rows);
      expect(pieces).toHaveLength(Math.ceil(count / 2) + 1);
    }
  });

  test('batches keep to their weight, and one heavy item is a batch of its own', async () => {
    const weighed = await collect(batches([1, 1, 9, 1, 2, 3], 3, (item) => item));
    expect(weighed).toEqual([[1, 1], [9], [1, 2], [3]]);
  });

  test('no more is asked for than is wanted', async () => {
    let asked = 0;
    function* source(): Generator<number> {
      for (;;) yield (asked += 1);
    }
    expect(await collect(first(source(), 3))).toEqual([1, 2, 3]);
    expect(asked).toBe(3);
    expect(await collect(first(source(), 0))).toEqual([]);
  });
});

/** The door with routes or services of a test's own, on a free port. */
async function open(
  plugin: (app: FastifyInstance) => Promise<void>,
): Promise<{ url: string; close(): Promise<void> }> {
  const app = fastify();
  await app.register(plugin, { prefix: '/management/v1' });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url: `${url}/management/v1`, close: () => app.close() };
}

describe('the door', () => {
  let ctx: Context;
  let authorization: string;
  beforeAll(async () => {
    ctx = await Context.start('sqlite');
    authorization = basic(ctx.server.token);
  });
  afterAll(() => ctx.stop());

  /** Serves `/rows` from a source. */
  const serving = (rows: () => AsyncIterable<object[]>) => {
    const { services } = ctx.server.app;
    const route: Route = {
      method: 'GET',
      path: '/rows',
      permission: 'read',
      handle: async () => ({ status: 200, rows: rows() }),
    };
    return open(async (app) => serve(app, { services, log: createLog('silent') }, [route]));
  };

  test('sends what it has before it has everything, and stops when the client leaves', async () => {
    const ended = Promise.withResolvers<void>();
    async function* endless(): AsyncGenerator<object[]> {
      try {
        for (;;) yield Array.from({ length: 100 }, (_, n) => ({ n, filler: 'x'.repeat(100) }));
      } finally {
        ended.resolve();
      }
    }
    const door = await serving(endless);
    const request = get(`${door.url}/rows`, { headers: { authorization }, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let received = 0;
    for await (const chunk of response) {
      received += (chunk as Buffer).length;
      if (received > 1_000_000) break;
    }
    await ended.promise;
    expect(received).toBeGreaterThan(1_000_000);
    await door.close();
  });

  test('answers 500 when the list fails before its first piece, without saying why', async () => {
    async function* broken(): AsyncGenerator<object[]> {
      yield [];
      throw new Error('the password is hunter2');
    }
    const door = await serving(broken);
    const response = await fetch(`${door.url}/rows`, { headers: { authorization } });
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const id = response.headers.get('x-request-id');
    expect(await response.json()).toEqual({
      error: 'Something went wrong on our side.',
      code: 'INTERNAL',
      request_id: id,
    });
    await door.close();
  });

  test('breaks the connection when the list fails later, so that half a list is not taken for a whole one', async () => {
    async function* broken(): AsyncGenerator<object[]> {
      yield [{ n: 1 }];
      throw new Error('gone');
    }
    const door = await serving(broken);
    const response = await fetch(`${door.url}/rows`, { headers: { authorization } });
    await expect(response.text()).rejects.toThrow('terminated');
    await door.close();
  });

  test('lists thousands of devices page by page, in small pieces', async () => {
    await ctx.stored(5_000);
    const { database, url } = ctx.server.app;
    let statements = 0;
    database.onStatement = () => (statements += 1);
    const request = get(`${url}/management/v1/devices`, { headers: { authorization }, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    database.onStatement = undefined;
    expect(JSON.parse(Buffer.concat(chunks).toString())).toHaveLength(5_000);
    // A page of 100 is about 20 kB.
    expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThan(128 * 1024);
    expect(statements).toBeGreaterThanOrEqual(50);
  });

  test('answers HEAD as GET, without the body', async () => {
    const response = await fetch(`${ctx.server.url}/management/v1/workflows`, {
      method: 'HEAD',
      headers: { authorization },
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  test('answers 503 when a push has no outcome in time, or APNs cannot be reached', async () => {
    const { services } = ctx.server.app;
    const pushes = Object.create(services.pushes, {
      pushAndWait: { value: (uuid: string) => services.pushes.pushAndWait(uuid, 50) },
    }) as typeof services.pushes;
    const door = await open(restRoutes({ services: { ...services, pushes }, log: createLog('silent') }));
    const push = async (): Promise<Response> => {
      const [device] = await ctx.stored(1);
      return fetch(`${door.url}/devices/${device!.udid}/push`, {
        method: 'POST',
        headers: { authorization },
      });
    };
    ctx.apns.hang();
    const late = await push();
    expect(late.status).toBe(503);
    expect(late.headers.get('retry-after')).toBe('5');
    expect(await late.json()).toMatchObject({
      status: 'failure',
      code: 'TIMEOUT',
      details: { push_uuid: expect.any(String) },
    });
    await ctx.apns.refuseConnections(true);
    expect((await push()).status).toBe(503);
    await door.close();
  });

  test('masks a database that cannot serve, and says to come back', async () => {
    const { services } = ctx.server.app;
    const devices = { find: () => Promise.reject(new PomonaError('UNAVAILABLE', 'db7.internal refused us')) };
    const broken = { ...services, devices: devices as unknown as typeof services.devices };
    const door = await open(restRoutes({ services: broken, log: createLog('silent') }));
    const response = await fetch(`${door.url}/devices/x/push`, {
      method: 'POST',
      headers: { authorization },
    });
    expect(response.status).toBe(503);
    const answer = await response.text();
    expect(answer).not.toContain('db7');
    expect(JSON.parse(answer)).toMatchObject({
      status: 'failure',
      code: 'UNAVAILABLE',
      request_id: expect.any(String),
    });
    await door.close();
  });
});
