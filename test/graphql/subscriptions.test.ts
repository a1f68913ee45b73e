import { expect, it } from 'vitest';
import type { Json } from '../support/server.js';
import { onBothDatabases } from '../support/databases.js';
import { useWorld } from './world.js';

const SEND = `mutation ($ids: [ID!]!, $type: String!) {
  commandSend(input: { deviceIds: $ids, requestType: $type }) { results { command { id uuid } } userErrors { message } }
}`;
const ASSIGN = `mutation ($ids: [ID!]!, $workflow: ID) {
  deviceAssignWorkflow(input: { deviceIds: $ids, workflowId: $workflow }) { userErrors { message } }
}`;

onBothDatabases('subscriptions', (name) => {
  const world = useWorld(name);
  const now = async (): Promise<string> =>
    (await world.server.data('{ server { eventCursor } }')).server.eventCursor;

  it('tell what becomes of a command, with its status then and its answer', async () => {
    const [device, other] = [await world.enrolled(), await world.enrolled()];
    const [id, otherId] = [await world.idOf(device), await world.idOf(other)];
    const socket = await world.socket();
    const watching = socket.start(
      `subscription ($ids: [ID!], $after: String) {
        commandUpdated(deviceIds: $ids, after: $after) { cursor at resync status requestType device { id } command { uuid status result } }
      }`,
      { ids: [id], after: await now() },
    );
    await world.server.data(SEND, { ids: [otherId], type: 'ProfileList' });
    const { commandSend } = await world.server.data(SEND, { ids: [id], type: 'SecurityInfo' });
    const { uuid } = commandSend.results[0].command;
    await other.connect();
    await device.connect();
    const events = (
      await watching.until(({ commandUpdated }) => commandUpdated.status === 'ACKNOWLEDGED')
    ).map((data) => data.commandUpdated);
    expect(events.map((event) => event.status)).toEqual(['QUEUED', 'SENT', 'ACKNOWLEDGED']);
    expect(events).toMatchObject(
      events.map(() => ({ resync: false, requestType: 'SecurityInfo', device: { id }, command: { uuid } })),
    );
    expect(events.at(-1).command).toMatchObject({
      status: 'ACKNOWLEDGED',
      result: { Status: 'Acknowledged' },
    });

    const missed = await world.server.data(
      `query ($after: String!, $ids: [ID!]) {
        events(after: $after, filter: { types: [COMMAND_UPDATED], deviceIds: $ids }) { resync nodes { cursor type data device { id } subject { ... on Command { uuid } } } pageInfo { hasNextPage } }
      }`,
      { after: events[0].cursor, ids: [id] },
    );
    expect(missed.events).toEqual({
      resync: false,
      nodes: events.slice(1).map((event) => ({
        cursor: event.cursor,
        type: 'COMMAND_UPDATED',
        data: { status: event.status, requestType: 'SecurityInfo' },
        device: { id },
        subject: { uuid },
      })),
      pageInfo: { hasNextPage: false },
    });

    const resumed = socket.start(
      'subscription ($after: String) { commandUpdated(after: $after) { status command { uuid } } }',
      {
        after: events[1].cursor,
      },
    );
    expect(await resumed.until(({ commandUpdated }) => commandUpdated.command.uuid === uuid)).toContainEqual({
      commandUpdated: { status: 'ACKNOWLEDGED', command: { uuid } },
    });
  });

  it('tell how a deployment goes', async () => {
    const device = await world.enrolled();
    const id = await world.idOf(device);
    const workflow = await world.workflow('Watched', {
      profileIds: [await world.profile('org.example.watched')],
    });
    const socket = await world.socket();
    const watching = socket.start(
      `subscription ($workflow: ID, $after: String) {
        deploymentProgress(workflowId: $workflow, after: $after) { status counts { total pending sent installed } device { id } workflow { name } deployment { status } }
      }`,
      { workflow, after: await now() },
    );
    await world.server.data(ASSIGN, { ids: [id], workflow });
    await device.connect();
    const events = (
      await watching.until(({ deploymentProgress }) => deploymentProgress.status === 'CONVERGED')
    ).map((data) => data.deploymentProgress);
    expect(events[0]).toMatchObject({
      status: 'PENDING',
      counts: { total: 1 },
      device: { id },
      workflow: { name: 'Watched' },
    });
    expect(events.at(-1)).toMatchObject({
      counts: { total: 1, installed: 1 },
      deployment: { status: 'CONVERGED' },
    });
  });

  it('tell what changes about devices that fit', async () => {
    const after = await now();
    const socket = await world.socket();
    const mac = await world.enrolled({ platform: 'macOS' });
    const phone = await world.enrolled();
    const watching = socket.start(
      'subscription ($after: String) { deviceChanged(filter: { platform: MACOS }, after: $after) { change device { udid platform } } }',
      { after },
    );
    const everyone = socket.start(
      'subscription ($ids: [ID!], $after: String) { deviceChanged(filter: { ids: $ids }, after: $after) { change } }',
      {
        ids: [await world.idOf(phone)],
        after,
      },
    );
    await mac.checkOut();
    const events = (await watching.until(({ deviceChanged }) => deviceChanged.change === 'UNENROLLED')).map(
      (data) => data.deviceChanged,
    );
    expect(events.map((event) => event.change)).toEqual(['AUTHENTICATED', 'ENROLLED', 'UNENROLLED']);
    expect(new Set(events.map((event) => event.device.udid))).toEqual(new Set([mac.facts.udid]));
    expect(
      [await everyone.data(), await everyone.data()].map(({ deviceChanged }) => deviceChanged.change),
    ).toEqual(['AUTHENTICATED', 'ENROLLED']);
  });

  it('tell what becomes of pushes', async () => {
    const device = await world.enrolled();
    const id = await world.idOf(device);
    const socket = await world.socket();
    const watching = socket.start(
      'subscription ($ids: [ID!], $after: String) { pushResult(deviceIds: $ids, after: $after) { status reason attempts push { id status } device { id } } }',
      { ids: [id], after: await now() },
    );
    await world.server.data(
      'mutation ($ids: [ID!]!) { devicePush(input: { deviceIds: $ids }) { results { push { id } } } }',
      { ids: [id] },
    );
    const { pushResult } = await watching.data();
    expect(pushResult).toMatchObject({
      status: 'NOT_CONFIGURED',
      push: { status: 'NOT_CONFIGURED' },
      device: { id },
    });
  });

  it('end when they are told to, and refuse cursors that are not theirs', async () => {
    const socket = await world.socket();
    const refused = await socket
      .start('subscription { commandUpdated(after: "rubbish") { status } }')
      .message();
    expect(refused).toMatchObject({ payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] } });
    const wrong = await socket
      .start('subscription { deploymentProgress(workflowId: "rubbish") { status } }')
      .message();
    expect(wrong).toMatchObject({
      payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT', inputPath: ['workflowId'] } }] },
    });
    const overHttp = await world.server.graphql('subscription { commandUpdated { status } }');
    expect(overHttp.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });

  it('keep a subscriber that does not read from costing more than a bounded amount, and tell it to catch up', async () => {
    const devices = await Promise.all(Array.from({ length: 40 }, () => world.enrolled()));
    const ids = await Promise.all(devices.map((device) => world.idOf(device)));
    const [paused, other] = [await world.socket(), await world.socket()];
    const after = await now();
    const query =
      'subscription ($after: String) { commandUpdated(after: $after) { cursor resync status command { uuid payload } } }';
    const slow = paused.start(query, { after });
    const quick = other.start(
      'subscription ($after: String) { commandUpdated(after: $after) { cursor resync status } }',
      { after },
    );
    paused.socket.pause();
    // 15 × 5 commands for 40 devices: each is told when it is queued. Their payloads fill what the operating system buffers.
    const body = { Message: 'x'.repeat(8_000) };
    const fields = Array.from(
      { length: 5 },
      (_, index) =>
        `c${index}: commandSend(input: { deviceIds: $ids, requestType: "DeviceLock", parameters: $body }) { userErrors { message } }`,
    ).join(' ');
    const mutation = `mutation ($ids: [ID!]!, $body: JSON) { ${fields} }`;
    let told: Json;
    let count = 0;
    for (let round = 0; round < 15; round += 1) {
      await world.server.data(mutation, { ids, body });
      for (let index = 0; index < 200; index += 1) {
        told = (await quick.data()).commandUpdated;
        count += told.resync ? 0 : 1;
      }
    }
    expect(count).toBe(3_000);
    paused.socket.resume();
    const seen = (await slow.until(({ commandUpdated }) => commandUpdated.resync)).map(
      (data) => data.commandUpdated,
    );
    expect(seen.length).toBeLessThan(3_000);
    expect(seen.at(-1)).toMatchObject({ resync: true, status: null, command: null });
    let cursor = seen.at(-1).cursor;
    const caughtUp: string[] = [];
    for (let more = true; more;) {
      const { events } = await world.server.data(
        'query ($after: String) { events(after: $after, first: 100, filter: { types: [COMMAND_UPDATED] }) { nodes { cursor } pageInfo { hasNextPage endCursor } } }',
        { after: cursor },
      );
      caughtUp.push(...events.nodes.map((node: { cursor: string }) => node.cursor));
      cursor = events.pageInfo.endCursor;
      more = events.pageInfo.hasNextPage;
    }
    // What was read before and what is caught up with afterwards are all there was, and nothing twice.
    expect(seen.length - 1 + caughtUp.length).toBe(3_000);
    expect(caughtUp.at(-1)).toBe(told.cursor);
  });
});
