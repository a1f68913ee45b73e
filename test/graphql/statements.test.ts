import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/index.js';
import { onBothDatabases, freshStore, type Store } from '../support/databases.js';
import { startServer, type TestServer } from '../support/server.js';
import { grow } from './orchard.js';

/** Operations that real screens send, at a page size. The number of statements may not depend on it. */
const OPERATIONS: Record<string, (size: number) => string> = {
  'workflows nested four levels deep, with their effective sets': () => `{
    workflow(by: { name: "Level 0" }) {
      ...Parts
      includedWorkflows(first: 3) { nodes { ...Parts
        includedWorkflows(first: 3) { nodes { ...Parts
          includedWorkflows(first: 3) { nodes { ...Parts
            includedWorkflows(first: 3) { nodes { ...Parts } }
          } }
        } }
      } }
    }
  }
  fragment Parts on Workflow {
    name profiles(first: 2) { nodes { payloadIdentifier } } applications(first: 2) { nodes { name } }
    effectiveProfiles { profile { id } path { name } } effectiveApplications { application { id } }
  }`,
  'devices with workflow, included workflows, profiles and applications': (size) => `{
    devices(first: ${size}) { nodes { name workflow {
      name profiles(first: 3) { nodes { id } } applications(first: 3) { nodes { id } }
      includedWorkflows(first: 3) { nodes { name profiles(first: 3) { nodes { id } } applications(first: 3) { nodes { id } } } }
    } } }
  }`,
  'devices with commands, queue, pushes, deployment and inventory': (size) => `{
    devices(first: ${size}) { nodes {
      lastSeenAt enrollment { tally } push { hasToken } users { uuid }
      commands(first: 3) { totalCount nodes { status } } queue(first: 3) { nodes { status } } pushes(first: 3) { totalCount nodes { status } }
      deployment { status counts { total } workflow { name } items(first: 3) { nodes { status command { status } subject { __typename } } } }
      information { asOf } installedProfiles(first: 3) { nodes { identifier } } installedApplications(first: 3) { nodes { identifier } }
    } }
  }`,
  'commands with device, payload and result': (size) => `{
    commands(first: ${size}) { nodes { status device { name enrollment { status } } request payload result } }
  }`,
  'workflows with rollout and number of devices': (size) => `{
    workflows(first: ${size}) { totalCount nodes { name rollout { total converged } devices(first: 2) { totalCount nodes { name } } } }
  }`,
  'profiles with content and the workflows that use them': (size) => `{
    profiles(first: ${size}) { nodes { content workflows(first: 2) { totalCount nodes { name } } } }
  }`,
  'devices found by text, filtered and ordered, with their number': (size) => `{
    devices(first: ${size}, filter: { search: "de", enrollmentStatus: ENROLLED }, orderBy: { field: NAME, direction: DESC }) {
      totalCount nodes { name lastSeenAt workflow { name } }
    }
  }`,
  'what happened, with devices and subjects': (size) => `{
    events(first: ${size}) { nodes { type data device { name } subject { id __typename } } }
  }`,
  'applications with the workflows that use them': (size) => `{
    applications(first: ${size}) { totalCount nodes { name workflows(first: 2) { totalCount nodes { name } } } }
  }`,
  'nodes of many kinds': (size) => `{
    devices(first: ${size}) { nodes { id commands(first: 1) { edges { cursor node { id device { id workflow { id } } } } } } }
  }`,
};

onBothDatabases('statements of an operation', (name) => {
  const servers: { server: TestServer; store: Store }[] = [];
  const start = async (rows: number): Promise<TestServer> => {
    const store = await freshStore(name);
    const server = await startServer(store);
    servers.push({ server, store });
    await grow(server.app.database, rows);
    return server;
  };
  let few: TestServer;
  let many: TestServer;
  beforeAll(async () => {
    few = await start(10);
    many = await start(1_000);
  });
  afterAll(async () => {
    for (const { server, store } of servers) {
      await server.stop();
      await store.remove();
    }
  });

  it.each(Object.keys(OPERATIONS))('%s', async (title) => {
    const operation = OPERATIONS[title]!;
    const small = await statementsOf(few, operation(10));
    const large = await statementsOf(many, operation(100));
    expect(large).toEqual(small);
    // Compiled by then; the loaders gather all the same.
    for (let use = 0; use < 3; use += 1) await many.data(operation(100));
    expect(await statementsOf(many, operation(100))).toEqual(small);
    expect(small.length).toBeLessThanOrEqual(20);
  });

  it('nested catalogue costs two statements, however deep: the token and the revision of the catalogue', async () => {
    expect(
      await statementsOf(
        many,
        OPERATIONS['workflows nested four levels deep, with their effective sets']!(1),
      ),
    ).toHaveLength(2);
  });

  it('a mutation over 10 devices and one over 500 differ in no statement', async () => {
    const mutation = `mutation ($ids: [ID!]!) {
      commandSend(input: { deviceIds: $ids, requestType: "ProfileList" }) { results { device { name queue(first: 1) { totalCount } } command { status } } }
    }`;
    const idsIn = async (server: TestServer) => {
      const ids: string[] = [];
      for (let after: string | null = null; ;) {
        const { devices } = await server.data(
          'query ($after: String) { devices(first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }',
          { after },
        );
        ids.push(...devices.nodes.map((node: { id: string }) => node.id));
        if (!devices.pageInfo.hasNextPage) return ids;
        after = devices.pageInfo.endCursor;
      }
    };
    const [fewIds, manyIds] = [await idsIn(few), (await idsIn(many)).slice(0, 500)];
    expect([fewIds.length, manyIds.length]).toEqual([10, 500]);
    const small = await statementsOf(few, mutation, { ids: fewIds });
    expect(await statementsOf(many, mutation, { ids: manyIds })).toEqual(small);
  });
});

/** What an operation sends to the database, in order of their first words; what the clock brings about is left out. */
async function statementsOf(server: TestServer, query: string, variables = {}): Promise<string[]> {
  const { database } = server.app as { database: Database };
  await server.data(query, variables);
  const seen: string[] = [];
  database.onStatement = (sql) => {
    if (!BACKGROUND.test(sql)) seen.push(shapeOf(sql));
  };
  await server.data(query, variables);
  database.onStatement = undefined;
  return seen.sort();
}

/** A statement without its columns, its parameters, whose number may differ, and the size of the page. */
function shapeOf(sql: string): string {
  return sql
    .replace(/^SELECT .*? FROM/s, 'SELECT … FROM')
    .replace(/LIMIT \d+/, 'LIMIT …')
    .replaceAll(/\([?, ]+\)(, )?/g, '(…)')
    .replaceAll(/(\(…\))+/g, '(…)');
}

/** The sender, the jobs and the pump, which run beside. */
const BACKGROUND =
  /^BEGIN|^COMMIT|^ROLLBACK|MIN\(due_at\)|FROM pushes WHERE due_at|dirty = 1|queue_expires_at <=|awaiting_until <=|repush_at|UPDATE api_tokens|status = 'RETIRING'|FROM events|UPDATE pushes|FROM channels c|UPDATE channels|SELECT uuid FROM pushes|INTO events|FROM push_certificates WHERE active_slot|renew_at <=|expiry_warnings|FROM dep_/;
