import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { counts } from './schema.js';
import { EVIL_DEPTH, post, SocketClient, startServer, type TestServer } from './server.js';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

/** The queue of a subscription that was just asked for. */
async function queueAfter(
  client: SocketClient,
  id: string,
  query = 'subscription { numbers { number padding } }',
) {
  const before = new Set(counts.queues);
  client.subscribe(id, query);
  await client.run('ping', '{ whoami }');
  const queue = [...counts.queues].find((candidate) => !before.has(candidate));
  if (!queue) throw new Error('no subscription was made');
  return queue;
}

describe('getting in', () => {
  it.each([
    ['a wrong token', { type: 'connection_init', payload: { Authorization: 'Bearer bad' } }, 4403],
    ['no token', { type: 'connection_init' }, 4403],
    [
      'a database that is down, so that clients try again',
      { type: 'connection_init', payload: { Authorization: 'Bearer down' } },
      1013,
    ],
    [
      'an operation before connection_init',
      { type: 'subscribe', id: '1', payload: { query: '{ whoami }' } },
      4401,
    ],
    ['what is not this protocol', { type: 'nonsense' }, 4400],
  ])('%s', async (_what, message, code) => {
    const client = new SocketClient(server);
    await client.opened();
    client.send(message);
    expect(await client.closed()).toBe(code);
  });

  it('a second connection_init', async () => {
    const client = await SocketClient.connected(server);
    client.send({ type: 'connection_init', payload: { Authorization: 'Bearer good' } });
    expect(await client.closed()).toBe(4429);
  });

  it('silence', async () => {
    const impatient = await startServer({ socket: { connectionInitWaitTimeout: 20 } });
    expect(await new SocketClient(impatient).closed()).toBe(4408);
    await impatient.close();
  });

  it('an unknown subprotocol', async () => {
    expect(
      await new SocketClient(server, { protocol: 'graphql-ws' })
        .closed()
        .catch((error: Error) => error.message),
    ).toMatch(/4406|subprotocol/);
  });

  it('another path, a foreign origin, one socket too many', async () => {
    const full = await startServer({
      socket: { maxSockets: 1, allowedOrigins: ['https://console.example.org'] },
    });
    const refused = async (client: SocketClient) => {
      const [, response] = (await once(client.socket, 'unexpected-response')) as [
        unknown,
        { statusCode: number },
      ];
      client.socket.on('error', () => undefined).terminate();
      return response.statusCode;
    };
    expect(await refused(new SocketClient(full, { path: '/other' }))).toBe(404);
    expect(await refused(new SocketClient(full, { origin: 'https://evil.example' }))).toBe(403);
    expect(await refused(new SocketClient(full, { origin: 'null' }))).toBe(403);
    await new SocketClient(full, { origin: 'https://console.example.org' }).opened();
    expect(await refused(new SocketClient(full, { origin: full.url }))).toBe(503);
    await full.close();
  });

  it('a message over the size limit', async () => {
    const client = await SocketClient.connected(server);
    client.subscribe('1', '{ whoami }', { a: 'x'.repeat(300_000) });
    expect(await client.closed()).toBe(1009);
  });
});

describe('one bad operation leaves the socket open', () => {
  it.each([
    ['too deep', EVIL_DEPTH, 'QUERY_TOO_DEEP'],
    [
      'too many aliases',
      `{ ${Array.from({ length: 100 }, (_, n) => `a${n}: whoami`).join(' ')} }`,
      'QUERY_TOO_COMPLEX',
    ],
    [
      'too dear',
      '{ trees(first: 100) { nodes { grafts(first: 100) { nodes { id name } } } } }',
      'QUERY_TOO_COMPLEX',
    ],
    ['not GraphQL', '{ whoami', 'GRAPHQL_PARSE_FAILED'],
    ['too many tokens', `{ ${'whoami '.repeat(3000)} }`, 'GRAPHQL_PARSE_FAILED'],
    ['too long', `{ whoami }${' '.repeat(70_000)}`, 'PAYLOAD_TOO_LARGE'],
    ['not valid', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['without its variable', 'query ($n: Int!) { tree(number: $n) { id } }', 'BAD_USER_INPUT'],
  ])('%s', async (_what, query, code) => {
    const client = await SocketClient.connected(server);
    const began = performance.now();
    const refused = await client.run('1', query);
    expect(performance.now() - began).toBeLessThan(500);
    expect(refused.type).toBe('error');
    expect(refused.payload[0].extensions.code).toBe(code);
    expect(refused.payload[0].extensions.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect((await client.run('2', '{ whoami }')).payload).toEqual({ data: { whoami: 'socket' } });
  });

  it('one operation too many', async () => {
    const small = await startServer({ socket: { maxOperations: 2 } });
    const client = await SocketClient.connected(small);
    for (const id of ['a', 'b', 'c']) client.subscribe(id, 'subscription { numbers { number } }');
    expect(await client.next()).toMatchObject({
      id: 'c',
      type: 'error',
      payload: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    client.send({ id: 'a', type: 'complete' });
    expect((await client.run('d', '{ whoami }')).type).toBe('next');
    await small.close();
  });
});

describe('masking', () => {
  it.each(['secret', 'string', 'unavailable'])(
    'an internal error (%s) on both doors and in compiled code',
    async (how) => {
      const query = `{ fail(how: "${how}") }`;
      const client = await SocketClient.connected(server);
      for (let use = 1; use <= 5; use += 1) {
        const byHttp = (await post(server, { query })).body.errors?.[0];
        const bySocket = (await client.run(`s${use}`, query)).payload.errors[0];
        for (const error of [byHttp, bySocket]) {
          expect(JSON.stringify(error)).not.toMatch(/secret|10\.0\.0\.1|stack/i);
          expect(error.message).toContain(`Quote this id: ${error.extensions.requestId}`);
          expect(error.extensions.code).toBe(how === 'unavailable' ? 'UNAVAILABLE' : 'INTERNAL');
          const [facts] =
            server.logged.find(([entry]) => entry['requestId'] === error.extensions.requestId) ?? [];
          expect(String((facts?.['err'] as Error | undefined)?.message)).toMatch(/10\.0\.0\.1|secret/);
        }
      }
    },
  );
  it('a value that a type cannot hold', async () => {
    for (let use = 1; use <= 4; use += 1) {
      const { body } = await post(server, { query: '{ broken }' });
      expect(body.data).toEqual({ broken: null });
      expect(body.errors?.[0]?.extensions['code']).toBe('INTERNAL');
      expect(JSON.stringify(body)).not.toContain('secret');
    }
  });
});

describe('subscriptions', () => {
  it('give every event a context of its own, and mask what fails', async () => {
    const client = await SocketClient.connected(server);
    const queue = await queueAfter(client, 's');
    for (const number of [1, 2, 13, 3]) queue.push({ number });
    const results = [await client.next(), await client.next(), await client.next(), await client.next()].map(
      (message) => message.payload,
    );
    expect(results.map((result) => result.data?.numbers.number)).toEqual([1, 2, undefined, 3]);
    expect(new Set(results.map((result) => result.data?.numbers.padding)).size).toBe(4);
    expect(results[2].errors[0].extensions.code).toBe('INTERNAL');
    expect(JSON.stringify(results)).not.toContain('secret');
  });

  it('are released by complete and by closing, also while nothing happens', async () => {
    const client = await SocketClient.connected(server);
    await queueAfter(client, 'a');
    await queueAfter(client, 'b');
    const before = counts.queues.size;
    client.send({ id: 'a', type: 'complete' });
    await client.run('ping', '{ whoami }');
    expect(counts.queues.size).toBe(before - 1);
    client.socket.close();
    await client.closed();
    await expect.poll(() => counts.queues.size).toBe(before - 2);
  });

  it('end, with the socket, when permission is withdrawn', async () => {
    const client = await SocketClient.connected(server);
    const queue = await queueAfter(client, 's');
    queue.push({ number: 1 });
    expect((await client.next()).payload.data.numbers.number).toBe(1);
    server.principals[0]!.revoked = true;
    queue.push({ number: 2 });
    expect(await client.closed()).toBe(4403);
  });

  it('end with a masked error, and let go, when no context can be made', async () => {
    const failing = await startServer({
      live: {
        contextFor: (_principal, use) => {
          if (use === 'event') throw new Error('secret database is down');
          return { who: 'socket', serial: 1 };
        },
      },
    });
    const client = await SocketClient.connected(failing);
    const queue = await queueAfter(client, 's');
    queue.push({ number: 1 });
    const message = await client.next();
    expect(message).toMatchObject({
      id: 's',
      type: 'error',
      payload: [{ extensions: { code: 'INTERNAL' } }],
    });
    expect(JSON.stringify(message)).not.toContain('secret');
    expect(counts.queues.has(queue)).toBe(false);
    expect((await client.run('2', '{ whoami }')).type).toBe('next');
    await failing.close();
  });

  it('end with permission withdrawn before another operation', async () => {
    const client = await SocketClient.connected(server);
    server.principals[0]!.revoked = true;
    client.subscribe('1', '{ whoami }');
    expect(await client.closed()).toBe(4403);
  });

  it('cost little for a client that stopped reading, and it is told to catch up', async () => {
    const client = await SocketClient.connected(server);
    const queue = await queueAfter(client, 's', 'subscription { numbers { number resync padding } }');
    const padding = 'x'.repeat(10_000);
    client.socket.pause();
    // Pushed while the server writes: what does not fit into the kernel's buffers must wait in the queue, or be dropped.
    for (let number = 100; number < 20_100; number += 1) {
      queue.push({ number, padding });
      if (number % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(queue.size).toBeLessThanOrEqual(64);
    expect(queue.dropped).toBeGreaterThan(10_000);
    client.socket.resume();
    let event = (await client.next()).payload.data.numbers;
    while (!event.resync) event = (await client.next()).payload.data.numbers;
    expect(event.resync).toBe(true);
  });

  it('a client that only asks and never reads is cut', async () => {
    const strict = await startServer({ socket: { maxBufferedBytes: 100_000, maxOperations: 1 } });
    const client = await SocketClient.connected(strict);
    client.socket.pause();
    const gone = once(client.socket, 'close');
    const flood = JSON.stringify({ id: 'x', type: 'ping', payload: { pad: 'x'.repeat(100_000) } });
    let open = true;
    void gone.then(() => (open = false));
    for (let sent = 0; strict.door.size > 0 && sent < 2_000; sent += 1) {
      await new Promise((resolve) => client.socket.send(flood, resolve));
    }
    expect(strict.door.size).toBe(0);
    expect(strict.logged.map(([, message]) => message)).toContain(
      'A GraphQL client does not read; its socket was cut',
    );
    client.socket.terminate();
    await gone;
    expect(open).toBe(false);
    await strict.close();
  });
});

describe('keep-alive and shutdown', () => {
  it('cuts a client that does not answer pings', async () => {
    const lively = await startServer({ socket: { keepAlive: 20 } });
    const client = await SocketClient.connected(lively);
    client.socket.pause();
    await expect.poll(() => lively.door.size).toBe(0);
    client.socket.terminate();
    await lively.close();
  });

  it('keeps a client that does', async () => {
    const lively = await startServer({ socket: { keepAlive: 10 } });
    const client = await SocketClient.connected(lively);
    for (let pings = 0; pings < 5; pings += 1) await once(client.socket, 'ping');
    expect((await client.run('1', '{ whoami }')).type).toBe('next');
    await lively.close();
  });

  it('says "going away" and lets the server stop', async () => {
    const stopping = await startServer();
    const client = await SocketClient.connected(stopping);
    const queue = await queueAfter(client, 's');
    const closed = client.closed();
    await stopping.close();
    expect(await closed).toBe(1001);
    expect(counts.queues.has(queue)).toBe(false);
  });
});
