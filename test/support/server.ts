import { startApp, type App } from '../../src/app.js';
import { loadConfig } from '../../src/config/index.js';
import { createLog } from '../../src/log.js';
import type { Store } from './databases.js';

/** JSON as a test reads it: any property of any depth, to be compared. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

export interface GraphqlAnswer {
  readonly status: number;
  readonly data: Json;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly extensions: Record<string, Json>;
  }[];
}

/** The whole server, as it runs in production, on a free port. */
export interface TestServer {
  readonly app: App;
  readonly url: string;
  /** An admin token. */
  readonly token: string;
  /** One operation over HTTP. `token`: another than the admin's; null sends none. */
  graphql(query: string, variables?: Record<string, unknown>, token?: string | null): Promise<GraphqlAnswer>;
  /** As `graphql`, and fails unless there is data and no error. */
  data(query: string, variables?: Record<string, unknown>): Promise<Json>;
  stop(): Promise<void>;
}

export const ADMIN_TOKEN = 'test-admin-token-0123456789';

/** Starts the server on a test's database. `overrides` are POMONA_ options without the prefix. */
export async function startServer(store: Store, overrides: Record<string, string> = {}): Promise<TestServer> {
  const options: Record<string, string> = {
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: store.dataDir,
    ADMIN_TOKEN,
    LOG_LEVEL: 'silent',
    ...(store.url === undefined ? {} : { DATABASE_URL: store.url }),
    ...overrides,
  };
  const environment = Object.fromEntries(
    Object.entries(options).map(([name, value]) => [`POMONA_${name}`, value]),
  );
  const config = loadConfig(environment, []);
  const app = await startApp(config, createLog(config.LOG_LEVEL));
  const token = options['ADMIN_TOKEN'] ?? ADMIN_TOKEN;
  const graphql: TestServer['graphql'] = (query, variables = {}, as = token) =>
    post(app.url, query, variables, as);
  return {
    app,
    url: app.url,
    token,
    graphql,
    data: async (query, variables) => {
      const answer = await graphql(query, variables);
      if (answer.errors !== undefined || answer.data == null)
        throw new Error(JSON.stringify(answer, null, 2));
      return answer.data;
    },
    stop: () => app.stop(),
  };
}

async function post(
  url: string,
  query: string,
  variables: Record<string, unknown>,
  token: string | null,
): Promise<GraphqlAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as Omit<GraphqlAnswer, 'status'>) };
}
