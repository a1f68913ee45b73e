import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../support/server.js';
import type { SocketClient } from '../support/socket-client.js';
import { ABUSES } from './abuse-operations.js';
import { useWorld } from './world.js';

/** Larger than a frame of the socket may be: the WebSocket itself is closed with 1009 (RFC 6455 section 7.4.1). */
const FRAME = 256 * 1024;

/** Slowest first, when asked for with POMONA_SHOW_TIMES=1: how long each refusal took is measured, not tested. */
const took: { name: string; ms: number }[] = [];

/** Told in `errors`, and then nothing was answered; or in `userErrors`, and then nothing was done. */
function refused({ errors = [], data }: Json): void {
  const values = Object.values(data ?? {}) as Json[];
  const userErrors = values.flatMap((value) => value?.userErrors ?? []);
  expect(errors.length + userErrors.length).toBeGreaterThan(0);
  for (const error of errors) {
    expect(error.extensions.code).toMatch(/^[A-Z_]+$/);
    expect(error.extensions.code).not.toBe('INTERNAL');
    expect(error.message.length).toBeLessThan(1_100);
    expect(error.message).not.toMatch(/SELECT |at .*\.[jt]s:\d+/);
  }
  expect(values.map((value) => value?.results ?? null).filter((results) => results !== null)).toEqual([]);
  expect(errors.length === 0 || values.every((value) => value === null)).toBe(true);
}

describe('abuses', () => {
  const world = useWorld('sqlite');
  let socket: SocketClient;
  const post = async (init: RequestInit & { path?: string }): Promise<{ status: number; body: Json }> => {
    const response = await fetch(`${world.server.url}${init.path ?? '/graphql'}`, {
      method: 'POST',
      ...init,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${world.server.token}`,
        ...init.headers,
      },
    });
    return { status: response.status, body: (await response.json()) as Json };
  };
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work();
    took.push({ name, ms: performance.now() - began });
    return result;
  };

  beforeAll(async () => {
    socket = await world.socket();
    await world.workflow('Any');
  });
  afterAll(() => {
    socket.socket.terminate();
    if (process.env['POMONA_SHOW_TIMES'] !== undefined)
      process.stdout.write(`${JSON.stringify(took.toSorted((a, b) => b.ms - a.ms).slice(0, 12), null, 1)}\n`);
  });

  it('are sixty, and each another', () => {
    expect(new Set(ABUSES.map(({ query, variables }) => query + JSON.stringify(variables ?? {}))).size).toBe(
      ABUSES.length,
    );
    expect(ABUSES.length).toBeGreaterThanOrEqual(60);
  });

  it.each(ABUSES)('by HTTP: $name', async ({ name, ...operation }) => {
    const body = JSON.stringify(operation);
    const answer = await timed(`HTTP ${name}`, () => post({ body }));
    expect(answer.status).toBeLessThan(500);
    refused(answer.body);
  });

  it.each(ABUSES.filter((abuse) => JSON.stringify(abuse).length <= FRAME))(
    'by WebSocket: $name',
    async ({ name, query, variables = {}, operationName }) => {
      const operation = socket.start(query, variables, operationName);
      const message = await timed(`WS ${name}`, () => operation.message());
      refused(message.type === 'error' ? { errors: message.payload } : (message.payload as Json));
      expect(socket.socket.readyState).toBe(socket.socket.OPEN);
    },
  );

  it.each(ABUSES.filter((abuse) => JSON.stringify(abuse).length > FRAME))(
    'by WebSocket, as a frame too large: $name',
    async ({ query, variables = {} }) => {
      const own = await world.socket();
      const closed = once(own.socket, 'close');
      own.start(query, variables);
      expect((await closed)[0]).toBe(1009);
    },
  );

  it.each<[string, RequestInit & { path?: string }]>([
    ['a batch', { body: '[{ "query": "{ viewer { name } }" }, { "query": "{ viewer { role } }" }]' }],
    ['an empty batch', { body: '[]' }],
    ['null', { body: 'null' }],
    ['a number', { body: '1' }],
    ['no body', { body: '' }],
    ['half a JSON', { body: '{ "query": "{ viewer' }],
    ['a query that is no text', { body: '{ "query": { "a": 1 } }' }],
    ['variables that are a list', { body: '{ "query": "{ viewer { name } }", "variables": [1] }' }],
    ['variables that are a text', { body: '{ "query": "{ viewer { name } }", "variables": "x" }' }],
    ['extensions that are a text', { body: '{ "query": "{ viewer { name } }", "extensions": "x" }' }],
    [
      'a form',
      { body: 'query={viewer{name}}', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    ['plain text', { body: '{"query":"{ viewer { name } }"}', headers: { 'content-type': 'text/plain' } }],
    [
      'several parts',
      { body: '--x\r\n\r\n--x--', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
    ],
    [
      'a GET of a mutation',
      {
        method: 'GET',
        path: '/graphql?query=mutation{devicePush(input:{deviceIds:[]}){results{deviceId}}}',
        headers: { 'apollo-require-preflight': 'true' },
      },
    ],
    [
      'a GET that a page could make',
      { method: 'GET', path: '/graphql?query={viewer{name}}', headers: { 'content-type': 'text/plain' } },
    ],
    ['a subscription', { body: '{ "query": "subscription { deviceChanged { cursor } }" }' }],
    [
      'a compressed body',
      { body: gzipSync('{"query":"{ viewer { name } }"}'), headers: { 'content-encoding': 'gzip' } },
    ],
    [
      'a deep JSON',
      { body: `{ "query": "{ viewer { name } }", "variables": ${'['.repeat(50_000)}${']'.repeat(50_000)} }` },
    ],
    ['a prototype', { body: '{ "query": "{ viewer { name } }", "__proto__": { "admin": true } }' }],
  ])('HTTP alone: %s', async (name, init) => {
    const answer = await timed(`HTTP ${name}`, () => post(init));
    expect(answer.status).toBeLessThan(500);
    refused(answer.body);
  });

  it('leave the server as it was', async () => {
    const { workflows, commands } = await world.server.data(
      '{ workflows { totalCount } commands { totalCount } viewer { name } }',
    );
    expect([workflows.totalCount, commands.totalCount]).toEqual([1, 0]);
  });
});
