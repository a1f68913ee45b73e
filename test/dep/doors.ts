import type { Database } from '../../src/database/index.js';
import { FakeDep, type DepServer } from '../../simulator/dep/index.js';
import { freshStore, type Store } from '../support/databases.js';
import { startServer, type Json, type TestServer } from '../support/server.js';

/** The whole server, beside a fake Apple with one server for it. */
export interface Doors {
  readonly server: TestServer;
  readonly fake: FakeDep;
  readonly apple: DepServer;
  /** One mutation; fails when it is refused. */
  mutate(field: string, input: Json, selection: string): Promise<Json>;
  /** One mutation that is refused: its userErrors. */
  refused(field: string, input: Json, token?: string): Promise<Json[]>;
  /** An account with its token; its global id. */
  account(name?: string, of?: DepServer): Promise<string>;
  /** A DEP profile with an enrolment profile of its own; its global id. */
  profile(name: string, setup?: Json): Promise<string>;
  /** Syncs, and waits until Apple has been told everything. */
  settle(accountId: string): Promise<void>;
  /** The global ids of devices, by serial number. */
  ids(): Promise<Record<string, string>>;
  token(role: 'ADMIN' | 'OPERATOR' | 'VIEWER', scopes?: ('SECRETS' | 'DESTRUCTIVE')[]): Promise<string>;
  stop(): Promise<void>;
}

export async function openDoors(name: 'sqlite' | 'mysql'): Promise<Doors> {
  const store: Store = await freshStore(name);
  const fake = await FakeDep.start();
  const server = await startServer(store, { DEP_URL: fake.url });
  const apple = fake.addServer('Pomona');
  const send = async (field: string, input: Json, selection: string, token = server.token): Promise<Json> => {
    const Input = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
    const query = `mutation ($input: ${Input}!) { it: ${field}(input: $input) { ${selection} userErrors { code message path } } }`;
    const { data, errors } = await server.graphql(query, { input }, token);
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data.it;
  };
  const mutate: Doors['mutate'] = async (field, input, selection) => {
    const it = await send(field, input, selection);
    if (it.userErrors.length > 0) throw new Error(JSON.stringify(it.userErrors));
    return it;
  };
  return {
    server,
    fake,
    apple,
    mutate,
    refused: async (field, input, token) => (await send(field, input, '__typename', token)).userErrors,
    async account(accountName = 'Orchard', of = apple) {
      const { depAccount } = await mutate(
        'depAccountCreate',
        { name: accountName },
        'depAccount { id certificate }',
      );
      const token = fake.token(of, depAccount.certificate).toString('base64');
      await mutate('depAccountTokenUpload', { id: depAccount.id, token }, '__typename');
      return depAccount.id;
    },
    async profile(profileName, setup = {}) {
      const { enrollmentProfile } = await mutate(
        'enrollmentProfileCreate',
        { name: profileName },
        'enrollmentProfile { id }',
      );
      const input = { name: profileName, enrollmentProfileId: enrollmentProfile.id, setup };
      return (await mutate('depProfileCreate', input, 'depProfile { id }')).depProfile.id;
    },
    async settle(id) {
      await mutate('depAccountSync', { id, waitSeconds: 30 }, 'counts { fetched }');
      await server.app.services.dep.worker.idle();
    },
    async ids() {
      const { depDevices } = await server.data(
        '{ depDevices(first: 100) { nodes { serialNumber device { id } } } }',
      );
      return Object.fromEntries(
        depDevices.nodes.map((node: Json) => [node.serialNumber, node.device.id]),
      ) as Record<string, string>;
    },
    async token(role, scopes = []) {
      return (await mutate('apiTokenCreate', { name: `a ${role}`, role, scopes }, 'token')).token;
    },
    async stop() {
      await server.stop();
      await store.remove();
      await fake.close();
    },
  };
}

/** What an operation sends to the database, by its tables; what the clock brings about is left out. */
export async function statementsOf(server: TestServer, query: string): Promise<string[]> {
  const { database } = server.app as { database: Database };
  await server.data(query);
  const seen: string[] = [];
  database.onStatement = (sql) => {
    if (!BACKGROUND.test(sql))
      seen.push(
        sql
          .replace(/^SELECT .*? FROM/s, 'SELECT … FROM')
          .replace(/IN \([?, ]+\)/g, 'IN (…)')
          .replace(/LIMIT \d+/, 'LIMIT …'),
      );
  };
  await server.data(query);
  database.onStatement = undefined;
  return seen.sort();
}

/** The sender, the jobs and the pump, which run beside. */
const BACKGROUND =
  /^BEGIN|^COMMIT|^ROLLBACK|MIN\(due_at\)|FROM pushes|dirty = 1|queue_expires_at <=|awaiting_until <=|repush_at|UPDATE api_tokens|status = 'RETIRING'|FROM events|UPDATE pushes|FROM channels c|UPDATE channels|INTO events|next_sync_at <=|assign_due_at <=|judged_revision|dep_state|renew|push_certificates/;
