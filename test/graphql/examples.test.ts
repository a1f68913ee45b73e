import { readdirSync, readFileSync } from 'node:fs';
import { parse, Source, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../src/resolvers/examples/index.js';
import { referencePage } from '../../src/resolvers/reference-page.js';
import { buildPomonaSchema } from '../../src/resolvers/schema.js';
import type { SimulatedDevice } from '../../simulator/device/index.js';
import type { Json } from '../support/server.js';
import type { SocketClient } from '../support/socket-client.js';
import { mobileconfig, useWorld } from './world.js';

const schema = buildPomonaSchema();
const isSubscription = (query: string): boolean => /^subscription /m.test(query);

describe('the examples', () => {
  it('are the files of docs/examples (npm run docs)', () => {
    const files = readdirSync('docs/examples').filter((name) => name.endsWith('.graphql'));
    expect(files.toSorted()).toEqual(EXAMPLES.map(({ name }) => `${name}.graphql`).toSorted());
    for (const { name, query } of EXAMPLES)
      expect(readFileSync(`docs/examples/${name}.graphql`, 'utf8')).toBe(query);
  });

  it.each(EXAMPLES)('$name fits the schema', ({ name, query }) => {
    expect(validate(schema, parse(new Source(query, name)))).toEqual([]);
  });

  it('docs/reference.html is the page made from the schema (npm run docs)', () => {
    expect(readFileSync('docs/reference.html', 'utf8')).toBe(referencePage(schema));
  });
});

describe('the examples, executed', () => {
  const world = useWorld('sqlite');
  let device: SimulatedDevice;
  let socket: SocketClient;
  let variables: Json;
  let start: string;

  beforeAll(async () => {
    start = (await world.server.data('{ server { eventCursor } }')).server.eventCursor;
    device = await world.enrolled();
    socket = await world.socket();
    const profileId = await world.profile('org.example.wifi');
    const inner = await world.workflow('Inner', { profileIds: [profileId] });
    const deviceIds = [await world.idOf(device)];
    const { commandSend } = await world.server.data(
      'mutation ($deviceIds: [ID!]!) { commandSend(input: { deviceIds: $deviceIds, requestType: "RestartDevice" }) { results { command { id } } } }',
      { deviceIds },
    );
    await world.server.data(
      'mutation ($deviceIds: [ID!]!, $inner: ID!) { deviceAssignWorkflow(input: { deviceIds: $deviceIds, workflowId: $inner }) { results { deviceId } } }',
      { deviceIds, inner },
    );
    const { enrollmentProfileCreate } = await world.server.data(
      'mutation { enrollmentProfileCreate(input: { name: "Any" }) { enrollmentProfile { id } } }',
    );
    const enrollmentProfileId = enrollmentProfileCreate.enrollmentProfile.id;
    const { depProfileCreate } = await world.server.data(
      'mutation ($id: ID!) { depProfileCreate(input: { name: "Any", enrollmentProfileId: $id }) { depProfile { id } } }',
      { id: enrollmentProfileId },
    );
    variables = {
      enrollmentProfileId,
      depProfileId: depProfileCreate.depProfile.id,
      deviceIds,
      serialNumber: device.facts.serialNumber,
      workflowId: inner,
      profileIds: [profileId],
      includedWorkflowIds: [inner],
      commandIds: [commandSend.results[0].command.id],
      content: mobileconfig('org.example.new').toString('base64'),
      plist: Buffer.from(
        '<plist version="1.0"><dict><key>RequestType</key><string>SecurityInfo</string></dict></plist>',
      ).toString('base64'),
    };
  });
  afterAll(() => socket.socket.terminate());

  const given = async (name: string, shown: string | undefined): Promise<Json> => {
    const own: Record<string, () => Promise<Json>> = {
      'replace-profile': async () => ({
        id: variables['profileIds'][0],
        content: mobileconfig('org.example.wifi', crypto.randomUUID()).toString('base64'),
      }),
      'edit-workflow': async () => ({ id: variables['workflowId'] }),
      'plan-assignment': async () => ({}),
    };
    const known = JSON.parse(shown ?? '{}') as Json;
    const filled = Object.fromEntries(
      Object.entries(known).map(([key, value]) => [key, variables[key] ?? value]),
    );
    return { ...filled, ...(await own[name]?.()) };
  };

  it.each(EXAMPLES.filter(({ query }) => !isSubscription(query)))(
    '$name is answered without an error',
    async ({ name, query, variables: shown }) => {
      const { data, errors } = await world.server.graphql(query, await given(name, shown));
      expect(errors).toBeUndefined();
      for (const value of Object.values(data ?? {}) as Json[]) {
        expect(value).not.toBeNull();
        expect(value.userErrors ?? []).toEqual([]);
      }
    },
  );

  it.each(EXAMPLES.filter(({ query }) => isSubscription(query)))(
    '$name tells what happened after a cursor',
    async ({ query }) => {
      const [event] = Object.values(await socket.start(query, { after: start }).data()) as Json[];
      expect(event).toMatchObject({ resync: false, cursor: expect.any(String), device: expect.any(Object) });
    },
  );
});
