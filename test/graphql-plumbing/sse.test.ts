import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counts } from './schema.js';
import { EVIL_DEPTH, SocketClient, startServer, type Json, type TestServer } from './server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const NUMBERS = 'subscription { numbers { number padding resync } }';
const GOOD = { authorization: 'Bearer good' };

interface Ask {
  readonly to?: TestServer;
  readonly method?: string;
  readonly search?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

function ask(
  body: object | string | undefined,
  { to = server, method, search, headers = GOOD, signal }: Ask = {},
) {
  const address = `${to.url}/graphql/stream${search ? `?${new URLSearchParams(search)}` : ''}`;
  return fetch(address, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      accept: 'text/event-stream',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
}

interface SentEvent {
  readonly event: string;
  readonly data: Json;
}

/** The events of a response, as the HTML standard reads them; comments are events named ":". */
async function* eventsOf(response: Response): AsyncGenerator<SentEvent, undefined> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: ?(.*)/s) as [string, string]));
      const data = fields.get('data');
      yield { event: fields.get('event') ?? ':', data: data ? JSON.parse(data) : undefined };
    }
  }
}

async function all(response: Response): Promise<SentEvent[]> {
  const events: SentEvent[] = [];
  for await (const event of eventsOf(response)) if (event.event !== ':') events.push(event);
  return events;
}

/** Next event that is no comment. */
async function next(events: AsyncGenerator<SentEvent, undefined>): Promise<SentEvent> {
  for (;;) {
    const { value, done } = await events.next();
    if (done === true) throw new Error('the response ended');
    if (value.event !== ':') return value;
  }
}

/** A subscription that began, with its source. */
async function subscribed(to = server) {
  const before = new Set(counts.queues);
  const abort = new AbortController();
  const response = await ask({ query: NUMBERS }, { to, signal: abort.signal });
  const made = () => [...counts.queues].filter((queue) => !before.has(queue));
  await expect.poll(() => made().length, { interval: 1 }).toBe(1);
  return { response, events: eventsOf(response), source: made()[0]!, abort };
}

describe('GraphQL over Server-Sent Events', () => {
  it('gives a query as next and complete, by POST and by GET', async () => {
    const answer = [
      { event: 'next', data: { data: { tree: { name: 'Tree 7' } } } },
      { event: 'complete', data: undefined },
    ];
    const query = 'query Q($n: Int!) { tree(number: $n) { name } }';
    const posted = await ask({ query, variables: { n: 7 }, operationName: 'Q' });
    expect(posted.status).toBe(200);
    expect(posted.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(posted.headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(posted.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await all(posted)).toEqual(answer);
    const got = await ask(undefined, { search: { query, variables: '{"n":7}', operationName: 'Q' } });
    expect(await all(got)).toEqual(answer);
  });

  it('runs a mutation by POST and refuses it by GET', async () => {
    const query = 'mutation { treeFell(number: 3) { tree { name } } }';
    expect((await all(await ask({ query })))[0]?.data.data.treeFell.tree.name).toBe('Tree 3');
    const [refused] = await all(await ask(undefined, { search: { query } }));
    expect(refused?.data).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(refused?.data.data).toBeUndefined();
  });

  it('tells events as they happen, each with a context of its own, and complete at the end', async () => {
    const { events, source } = await subscribed();
    for (const number of [1, 2, 13]) source.push({ number });
    const told = [await next(events), await next(events), await next(events)].map(({ data }) => data);
    expect(told.map(({ data }) => data?.numbers.number)).toEqual([1, 2, undefined]);
    expect(told[0].data.numbers.padding).not.toBe(told[1].data.numbers.padding);
    expect(told[2].errors[0].extensions.code).toBe('INTERNAL');
    expect(JSON.stringify(told)).not.toContain('secret');
    await source.return();
    expect(await next(events)).toEqual({ event: 'complete', data: undefined });
  });

  it('lets go when the client goes', async () => {
    const { source, abort } = await subscribed();
    expect([server.sse.size, server.live.subscriptions]).toEqual([1, 1]);
    abort.abort();
    await expect.poll(() => counts.queues.has(source), { interval: 1 }).toBe(false);
    await expect.poll(() => [server.sse.size, server.live.subscriptions], { interval: 1 }).toEqual([0, 0]);
  });

  it('lets go of what was asked behind it on the same connection, too', async () => {
    const crowded = await startServer({ live: { userOf: ({ name }) => name, maxConnectionsPerUser: 3 } });
    const socket = await rawSubscription(crowded, 3);
    await expect.poll(() => [crowded.sse.size, crowded.live.subscriptions], { interval: 1 }).toEqual([3, 3]);
    socket.destroy();
    await expect.poll(() => [crowded.sse.size, crowded.live.subscriptions], { interval: 1 }).toEqual([0, 0]);
    await SocketClient.connected(crowded);
    await crowded.close();
  });

  it('works with the client that others use', async () => {
    const client = createClient({ url: `${server.url}/graphql/stream`, headers: GOOD, retryAttempts: 0 });
    const before = new Set(counts.queues);
    const results = client.iterate<{ numbers: { number: number } }>({ query: NUMBERS });
    const first = results.next();
    const made = () => [...counts.queues].find((queue) => !before.has(queue));
    await expect.poll(() => made() !== undefined, { interval: 1 }).toBe(true);
    made()!.push({ number: 5 });
    expect((await first).value?.data?.numbers.number).toBe(5);
    const last = results.next();
    await made()!.return();
    expect((await last).done).toBe(true);
    client.dispose();
  });
});

describe('what is refused', () => {
  it.each([
    ['too deep', EVIL_DEPTH, 'QUERY_TOO_DEEP'],
    ['not GraphQL', '{ whoami', 'GRAPHQL_PARSE_FAILED'],
    ['not valid', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['without its variable', 'query ($n: Int!) { tree(number: $n) { id } }', 'BAD_USER_INPUT'],
  ])('%s: in the stream, as the protocol asks', async (_what, query, code) => {
    const response = await ask({ query });
    expect(response.status).toBe(200);
    const [refused, end] = await all(response);
    expect(refused).toMatchObject({ event: 'next', data: { errors: [{ extensions: { code } }] } });
    expect(end?.event).toBe('complete');
  });

  it.each<[string, object | string | undefined, Ask, number, string]>([
    ['no token', { query: '{ whoami }' }, { headers: {} }, 401, 'UNAUTHENTICATED'],
    ['a wrong token', { query: '{ whoami }' }, { headers: { authorization: 'x' } }, 401, 'UNAUTHENTICATED'],
    ['a body that is not JSON', '{"query', {}, 400, 'BAD_USER_INPUT'],
    ['a list of operations', [{ query: '{ whoami }' }], {}, 400, 'BAD_USER_INPUT'],
    ['variables that are no object', { query: '{ whoami }', variables: [1] }, {}, 400, 'BAD_USER_INPUT'],
    [
      'an operationName that is no text',
      { query: '{ whoami }', operationName: 1 },
      {},
      400,
      'BAD_USER_INPUT',
    ],
    [
      'variables in an address that are not JSON',
      undefined,
      { search: { query: '{ whoami }', variables: '{' } },
      400,
      'BAD_USER_INPUT',
    ],
    [
      'a form',
      'query=x',
      { headers: { ...GOOD, 'content-type': 'text/plain' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a body over the limit',
      { query: '{ whoami }', pad: 'x'.repeat(300_000) },
      {},
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    [
      'another format',
      { query: '{ whoami }' },
      { headers: { ...GOOD, accept: 'application/json' } },
      406,
      'BAD_USER_INPUT',
    ],
  ])('%s: by status', async (_what, body, how, status, code) => {
    const response = await ask(body, how);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(response.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
  });

  it('a database that is down: masked', async () => {
    const response = await ask({ query: '{ whoami }' }, { headers: { authorization: 'Bearer down' } });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('database');
  });

  it('the single connection mode', async () => {
    const response = await ask(undefined, { method: 'PUT' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });

  it('one stream too many, of the process and of one user', async () => {
    const full = await startServer({ sse: { maxStreams: 1 } });
    const first = await subscribed(full);
    const refused = await ask({ query: '{ whoami }' }, { to: full });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    await first.source.return();
    expect((await next(first.events)).event).toBe('complete');
    await expect.poll(() => full.sse.size, { interval: 1 }).toBe(0);
    expect((await ask({ query: '{ whoami }' }, { to: full })).status).toBe(200);
    await full.close();

    const crowded = await startServer({ live: { userOf: ({ name }) => name, maxConnectionsPerUser: 2 } });
    await SocketClient.connected(crowded);
    const stream = await subscribed(crowded);
    const tooMany = await ask({ query: '{ whoami }' }, { to: crowded });
    expect(tooMany.status).toBe(429);
    expect(await tooMany.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    const socket = new SocketClient(crowded);
    await socket.opened();
    socket.send({ type: 'connection_init', payload: { Authorization: 'Bearer good' } });
    expect(await socket.closed()).toBe(1013);
    await stream.source.return();
    expect((await next(stream.events)).event).toBe('complete');
    await expect.poll(() => crowded.sse.size, { interval: 1 }).toBe(0);
    await SocketClient.connected(crowded);
    await crowded.close();
  });

  it('one subscription too many in the process, on either transport, and only until one ends', async () => {
    const full = await startServer({ live: { maxSubscriptions: 1 } });
    const { source, events } = await subscribed(full);
    const client = await SocketClient.connected(full);
    const refused = { errors: [{ extensions: { code: 'RATE_LIMITED' } }] };
    expect((await all(await ask({ query: NUMBERS }, { to: full })))[0]?.data).toMatchObject(refused);
    client.subscribe('s', NUMBERS);
    expect(await client.next()).toMatchObject({ type: 'error', payload: refused.errors });
    expect((await client.run('q', '{ whoami }')).type).toBe('next');
    await source.return();
    expect((await next(events)).event).toBe('complete');
    client.subscribe('s', NUMBERS);
    await client.run('q', '{ whoami }');
    expect(full.live.subscriptions).toBe(1);
    await full.close();
  });
});

describe('the connection', () => {
  it('is kept alive by comments', async () => {
    const lively = await startServer({ sse: { heartbeat: 5 } });
    const { events, abort } = await subscribed(lively);
    for (let beats = 0; beats < 4; beats += 1) expect((await events.next()).value?.event).toBe(':');
    abort.abort();
    await lively.close();
  });

  it('ends when permission is withdrawn, and says why', async () => {
    const gone: (() => void)[] = [];
    const strict = await startServer({
      live: { onWithdrawn: (_principal, tell) => (gone.push(tell), () => undefined) },
    });
    const idle = await subscribed(strict);
    gone.at(-1)!();
    expect((await next(idle.events)).data).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect((await next(idle.events)).event).toBe('complete');
    expect(counts.queues.has(idle.source)).toBe(false);

    const busy = await subscribed(strict);
    strict.principals.at(-1)!.revoked = true;
    busy.source.push({ number: 1 });
    expect((await next(busy.events)).data).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect((await next(busy.events)).event).toBe('complete');
    await strict.close();
  });

  it('is broken off when the server stops: clients come back, which they would not after complete', async () => {
    const stopping = await startServer();
    const { events, source } = await subscribed(stopping);
    source.push({ number: 1 });
    await next(events);
    const closed = stopping.close();
    await expect(next(events)).rejects.toThrow('the response ended');
    await closed;
    expect(counts.queues.has(source)).toBe(false);
  });

  it('ends with a masked error, and lets go, when no context can be made', async () => {
    const failing = await startServer({
      live: {
        contextFor: (_principal, use) => {
          if (use === 'event') throw new Error('secret database is down');
          return { who: 'sse', serial: 1 };
        },
      },
    });
    const { events, source } = await subscribed(failing);
    source.push({ number: 1 });
    const { data } = await next(events);
    expect(data.errors[0].extensions.code).toBe('INTERNAL');
    expect(JSON.stringify(data)).not.toContain('secret');
    expect((await next(events)).event).toBe('complete');
    expect(counts.queues.has(source)).toBe(false);
    await failing.close();
  });

  it('costs a bounded amount when its client does not read, which is cut after two heartbeats', async () => {
    const strict = await startServer({ sse: { heartbeat: 50 } });
    const before = new Set(counts.queues);
    const socket = await rawSubscription(strict);
    const made = () => [...counts.queues].find((queue) => !before.has(queue));
    await expect.poll(() => made() !== undefined, { interval: 1 }).toBe(true);
    const source = made()!;
    socket.pause();
    const padding = 'x'.repeat(100_000);
    for (let number = 100; counts.queues.has(source); number += 1) {
      source.push({ number, padding });
      expect(source.size).toBeLessThanOrEqual(64);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(source.dropped).toBeGreaterThan(0);
    expect(strict.logged.map(([, message]) => message)).toContain(
      'A client does not read its events; its connection was cut',
    );
    socket.destroy();
    await strict.close();
  });
});

/** @param times how often it is asked for at once, on the one connection (RFC 9112, section 9.3.2) */
async function rawSubscription(to: TestServer, times = 1): Promise<Socket> {
  const { hostname, port } = new URL(to.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const body = JSON.stringify({ query: NUMBERS });
  const headers = `host: x\r\nauthorization: Bearer good\r\naccept: text/event-stream\r\ncontent-type: application/json`;
  const request = `POST /graphql/stream HTTP/1.1\r\n${headers}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  socket.write(request.repeat(times));
  socket.on('error', () => undefined);
  await once(socket, 'data');
  return socket;
}
