import { mkdirSync } from 'node:fs';
import { Child } from './child.js';
import { Client } from './client.js';
import { Authority } from './fleet.js';
import type { BenchOptions, DatabaseName } from './options.js';
import type { Store, Stores } from './stores.js';

export const ADMIN_TOKEN = 'bench-admin-token-0123456789';

/** One benchmark on one database; it prints its own table. */
export interface Bench {
  readonly name: string;
  run(context: BenchContext): Promise<void>;
}

export interface BenchContext {
  readonly database: DatabaseName;
  readonly options: BenchOptions;
  readonly stores: Stores;
}

/** A server under test, with an empty database, and what is needed to talk to it. */
export interface Stage {
  readonly server: Child;
  readonly client: Client;
  readonly store: Store;
  readonly authority: Authority;
}

/** Starts the product as `npm start` does, on a fresh database, and stops it when `work` is done. */
export async function onStage<T>(
  { database, options, stores }: BenchContext,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const store = await stores.fresh(database);
  const authority = new Authority();
  if (options.profile !== undefined) mkdirSync(options.profile, { recursive: true });
  const server = await Child.start('../src/main.js', environment(store, authority), options.profile);
  const client = new Client(server.url);
  try {
    return await work({ server, client, store, authority });
  } finally {
    client.close();
    await server.stop();
    await store.remove();
  }
}

function environment(store: Store, authority: Authority): Record<string, string> {
  return {
    NODE_ENV: 'production',
    POMONA_PORT: '0',
    POMONA_DATA_DIR: store.dataDir,
    POMONA_DEVICE_CA_FILE: authority.write(store.dataDir),
    POMONA_TRUSTED_PROXIES: '127.0.0.1',
    POMONA_ADMIN_TOKEN: ADMIN_TOKEN,
    // One operator sends more here in a second than people do in an hour.
    POMONA_GRAPHQL_POINTS_PER_MINUTE: '0',
    POMONA_LOG_LEVEL: 'error',
    ...(store.url === undefined ? {} : { POMONA_DATABASE_URL: store.url }),
  };
}
