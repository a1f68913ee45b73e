import { createClient } from 'graphql-sse';
import { expect, it } from 'vitest';
import type { Database } from '../../src/database/index.js';
import { onBothDatabases } from '../support/databases.js';
import type { Json } from '../support/server.js';
import type { Operation, SocketClient } from '../support/socket-client.js';
import { useWorld } from './world.js';

const SOCKETS = 20;
const OPERATIONS = 50;
const WATCH = `subscription ($ids: [ID!], $after: String) {
  commandUpdated(deviceIds: $ids, after: $after) {
    cursor status command { uuid status device { name workflow { name } } } device { id name commands(first: 3) { totalCount } }
  }
}`;

/** What resolvers ask for; and what is asked for beside them. */
const ASKED = /FROM \W?(commands|devices|workflows|catalog_state)/;
const BY_THE_CLOCK = /dirty\W+= 1|queue_expires_at\W+<=|awaiting_until|repush_at|status\W+= 'RETIRING'/;

onBothDatabases('subscriptions to the same', (name) => {
  const world = useWorld(name);
  const now = async (): Promise<string> =>
    (await world.server.data('{ server { eventCursor } }')).server.eventCursor;
  const database = (): Database => world.server.app.database;

  /** A device with a command, and a way to let something happen to it that costs one statement. */
  const subject = async () => {
    const device = await world.enrolled();
    const id = await world.idOf(device);
    const query = `mutation ($ids: [ID!]!) { commandSend(input: { deviceIds: $ids, requestType: "ProfileList" }) { results { command { uuid } } } }`;
    const { commandSend } = await world.server.data(query, { ids: [id] });
    const { uuid } = commandSend.results[0].command as { uuid: string };
    const [row] = await database().query<{ uuid: string }>(
      'SELECT device_uuid AS uuid FROM commands WHERE uuid = ?',
      [uuid],
    );
    const happen = async (status: string) => {
      await database().run(
        `INSERT INTO events (type, device_uuid, subject_uuid, data, created_at) VALUES ('COMMAND_UPDATED', ?, ?, ?, ?)`,
        [row!.uuid, uuid, JSON.stringify({ status, requestType: 'ProfileList' }), Date.now()],
      );
      world.server.app.services.pump.wake();
    };
    return { id, uuid, happen };
  };

  /** Something that concerns none of the watchers. */
  const happenElse = () =>
    database().run(`INSERT INTO events (type, data, created_at) VALUES ('ALERT', '{}', ?)`, [Date.now()]);

  /** What the database is asked from the event until everyone was told of it. */
  const statementsUntilTold = async (happen: () => Promise<void>, operations: readonly Operation[]) => {
    const seen: string[] = [];
    database().onStatement = (sql) => {
      if (ASKED.test(sql) && !BY_THE_CLOCK.test(sql)) seen.push(sql);
    };
    await happen();
    const told: Json[] = await Promise.all(operations.map((operation) => operation.data()));
    database().onStatement = undefined;
    return { statements: seen.sort(), told };
  };

  it('1,000 watchers cost the database what one costs', async () => {
    const { id, uuid, happen } = await subject();
    const first = await world.socket();
    const alone = [first.start(WATCH, { ids: [id], after: await now() })];
    await first.start('{ viewer { name } }').data();
    await statementsUntilTold(() => happen('SENT'), alone);
    const one = await statementsUntilTold(() => happen('NOT_NOW'), alone);

    const sockets: SocketClient[] = await Promise.all(Array.from({ length: SOCKETS }, () => world.socket()));
    // With different cursors, as after a restart of the server: that makes no difference.
    const cursors = [await now()];
    await happenElse();
    cursors.push(await now());
    expect(cursors[0]).not.toBe(cursors[1]);
    const many = sockets.flatMap((socket) =>
      Array.from({ length: OPERATIONS }, (_, n) => socket.start(WATCH, { after: cursors[n % 2], ids: [id] })),
    );
    // Once they were told of one event, all of them have begun.
    await statementsUntilTold(() => happen('SENT'), [...many, ...alone]);
    const thousand = await statementsUntilTold(() => happen('ACKNOWLEDGED'), [...many, ...alone]);

    expect(one.statements.length).toBeGreaterThan(1);
    expect(thousand.statements).toEqual(one.statements);
    expect(thousand.told).toHaveLength(1_001);
    expect(new Set(thousand.told.map((data) => JSON.stringify(data))).size).toBe(1);
    expect(thousand.told[0].commandUpdated).toMatchObject({
      status: 'ACKNOWLEDGED',
      command: { uuid },
      device: { id },
    });
    await Promise.all(sockets.map((socket) => socket.close()));
  });

  it('are not shared by those who may see different things', async () => {
    const device = await world.enrolled();
    const id = await world.idOf(device);
    const query =
      'subscription ($ids: [ID!], $after: String) { commandUpdated(deviceIds: $ids, after: $after) { command { payload } } }';
    const variables = { ids: [id], after: await now() };
    const knowing = (await world.socket()).start(query, variables);
    const blind = (await world.socket(await world.token('VIEWER'))).start(query, variables);
    const alsoBlind = (await world.socket(await world.token('VIEWER'))).start(query, variables);
    await world.server.data(
      `mutation ($ids: [ID!]!) { commandSend(input: { deviceIds: $ids, requestType: "ProfileList" }) { results { command { id } } } }`,
      { ids: [id] },
    );
    expect((await knowing.data()).commandUpdated.command.payload).toContain('ProfileList');
    expect((await blind.data()).commandUpdated.command.payload).toBeNull();
    expect((await alsoBlind.data()).commandUpdated.command.payload).toBeNull();
  });

  it('join what is shared at their cursors, with nothing left out and nothing twice', async () => {
    const { id, happen } = await subject();
    const start = await now();
    const socket = await world.socket();
    const query =
      'subscription ($ids: [ID!], $after: String) { commandUpdated(deviceIds: $ids, after: $after) { cursor status } }';
    const early = socket.start(query, { ids: [id], after: start });
    const total = 60;
    const joined: { operation: Operation; from: number }[] = [];
    const cursors: string[] = [];
    for (let serial = 0; serial < total; serial += 1) {
      await happen(serial % 2 === 0 ? 'SENT' : 'NOT_NOW');
      cursors.push((await early.data()).commandUpdated.cursor);
      // While more happens, some join late, with cursors of long ago.
      if (serial % 10 === 5) {
        const from = Math.floor(serial / 2);
        joined.push({ from, operation: socket.start(query, { ids: [id], after: cursors[from] }) });
      }
    }
    for (const { operation, from } of joined) {
      const told: string[] = [];
      for (let serial = from + 1; serial < total; serial += 1)
        told.push((await operation.data()).commandUpdated.cursor);
      expect(told).toEqual(cursors.slice(from + 1));
    }
  });

  it('ask once whether an event fits their filter', async () => {
    const device = await world.enrolled({ platform: 'macOS' });
    const query =
      'subscription ($after: String) { deviceChanged(filter: { platform: MACOS }, after: $after) { change } }';
    const socket = await world.socket();
    const after = await now();
    const watchers = Array.from({ length: 40 }, () => socket.start(query, { after }));
    await socket.start('{ viewer { name } }').data();
    let asked = 0;
    database().onStatement = (sql) => {
      if (ASKED.test(sql) && /platform\W+= /.test(sql)) asked += 1;
    };
    await device.checkOut();
    const told = await Promise.all(watchers.map((watcher) => watcher.data()));
    database().onStatement = undefined;
    expect(new Set(told.map(({ deviceChanged }) => deviceChanged.change))).toEqual(new Set(['UNENROLLED']));
    expect(asked).toBe(1);
  });

  it('are the same by Server-Sent Events', async () => {
    const { id, happen } = await subject();
    const client = createClient({
      url: `${world.server.url}/graphql/stream`,
      headers: { authorization: `Bearer ${world.server.token}` },
      retryAttempts: 0,
    });
    const variables = { ids: [id], after: await now() };
    const streamed = client.iterate<Json>({ query: WATCH, variables });
    const socketed = (await world.socket()).start(WATCH, variables);
    const first = streamed.next();
    await happen('SENT');
    expect((await first).value.data).toEqual(await socketed.data());
    const second = streamed.next();
    await happen('ACKNOWLEDGED');
    const told = (await second).value.data;
    expect(told).toEqual(await socketed.data());
    expect(told.commandUpdated.status).toBe('ACKNOWLEDGED');
    await streamed.return?.();
    client.dispose();
  });
});
