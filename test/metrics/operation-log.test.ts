import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type App } from '../../src/app.js';
import { loadConfig } from '../../src/config/index.js';
import { logOperation } from '../../src/resolvers/operation-log.js';
import { freshStore, type Store } from '../support/databases.js';
import type { Json } from '../support/server.js';

const TOKEN = 'test-admin-token-0123456789';
const lines: Json[] = [];
const log = pino({ level: 'debug' }, { write: (line) => lines.push(JSON.parse(line)) });
let store: Store;
let app: App;

beforeAll(async () => {
  store = await freshStore('sqlite');
  const environment = {
    POMONA_PORT: '0',
    POMONA_DATA_DIR: store.dataDir,
    POMONA_ADMIN_TOKEN: TOKEN,
  };
  app = await startApp(loadConfig(environment, []), log);
});
afterAll(async () => {
  await app.stop();
  await store.remove();
});

async function lineOf(body: object, authorization: string | null = `Bearer ${TOKEN}`): Promise<Json> {
  lines.length = 0;
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization === null ? {} : { authorization }) },
    body: JSON.stringify(body),
  });
  await response.text();
  const found = lines.filter((line) => line.msg === 'GraphQL');
  expect(found).toHaveLength(1);
  expect(found[0].requestId).toBe(response.headers.get('x-request-id'));
  return found[0];
}

it('a query is one line at debug: whose, what, how long, at what cost; not its variables', async () => {
  const query = 'query Find($udid: String!) { device(by: { udid: $udid }) { id } }';
  const line = await lineOf({ query, variables: { udid: 'not-for-the-log' } });
  expect(line).toMatchObject({
    level: 20,
    operationName: 'Find',
    type: 'query',
    outcome: 'ok',
    token: 'POMONA_ADMIN_TOKEN',
    ms: expect.any(Number),
    cost: expect.any(Number),
  });
  expect(JSON.stringify(line)).not.toContain('not-for-the-log');
});

it('a mutation is one line at info', async () => {
  const query = 'mutation Make { apiTokenCreate(input: { name: "x", role: VIEWER }) { token } }';
  expect(await lineOf({ query })).toMatchObject({ level: 30, operationName: 'Make', type: 'mutation' });
});

it('what is refused is a line with its codes', async () => {
  expect(await lineOf({ query: '{ nothing }' })).toMatchObject({
    outcome: 'refused',
    codes: ['GRAPHQL_VALIDATION_FAILED'],
  });
  expect(await lineOf({ query: '{ __typename }' }, 'Bearer wrong-token-wrong-token')).toMatchObject({
    outcome: 'refused',
    codes: ['UNAUTHENTICATED'],
  });
});

it('what took longer than a second is a warning, with a name of bounded length', () => {
  lines.length = 0;
  const operation = {
    requestId: 'r',
    operationName: 'x'.repeat(5_000),
    type: 'query',
    outcome: 'ok',
    codes: [],
    ms: 1_000.1,
    spending: undefined,
    contextValue: undefined,
  } as const;
  logOperation(log, operation);
  logOperation(log, { ...operation, ms: 1_000 });
  expect(lines.map((line) => [line.level, line.operationName.length])).toEqual([
    [40, 64],
    [20, 64],
  ]);
});
