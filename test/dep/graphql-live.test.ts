import { afterAll, beforeAll, expect, it } from 'vitest';
import { onBothDatabases } from '../support/databases.js';
import type { Json } from '../support/server.js';
import { SocketClient } from '../support/socket-client.js';
import { openDoors, type Doors } from './doors.js';

onBothDatabases('syncs and devices of Apple, live', (name) => {
  let doors: Doors;
  let accountId: string;
  let socket: SocketClient;
  beforeAll(async () => {
    doors = await openDoors(name);
    accountId = await doors.account();
    socket = await SocketClient.connect(doors.server);
  });
  afterAll(async () => {
    socket.socket.terminate();
    await doors.stop();
  });

  const cursor = async (): Promise<string> =>
    (await doors.server.data('{ server { eventCursor } }')).server.eventCursor;
  const progress = (after: string, account = accountId) =>
    socket.start(
      `subscription ($account: ID, $after: String) { depSyncProgress(accountId: $account, after: $after) {
         cursor resync state fetched added failure message account { name status } } }`,
      { account, after },
    );

  it('a sync that takes longer than one waits for goes on, and is told page by page', async () => {
    const after = await cursor();
    const watching = progress(after);
    doors.apple.pageSize = 2;
    for (let n = 0; n < 5; n += 1) doors.apple.devices.add(`S${n}`);
    const { promise: until, resolve: goOn } = Promise.withResolvers<void>();
    doors.fake.mishap({ path: '/server/devices', until });
    const begun = await doors.mutate(
      'depAccountSync',
      { id: accountId, waitSeconds: 0 },
      'started counts { fetched } depAccount { syncing }',
    );
    expect(begun).toMatchObject({ started: true, counts: null, depAccount: { syncing: true } });
    expect(await doors.refused('depAccountSync', { id: accountId })).toMatchObject([{ code: 'CONFLICT' }]);
    goOn();
    const told = (await watching.until((data) => data.depSyncProgress.state === 'DONE')).map(
      (data: Json) => data.depSyncProgress,
    );
    expect(told.at(-1)).toMatchObject({ fetched: 5, added: 5, resync: false, account: { name: 'Orchard' } });
    expect(told.filter(({ state }: Json) => state === 'RUNNING').map(({ fetched }: Json) => fetched)).toEqual(
      expect.arrayContaining([2, 4, 5]),
    );
    await doors.server.app.services.dep.onDemand.idle();
  });

  it('a sync that fails is told with its reason, also to who comes later', async () => {
    const after = await cursor();
    doors.apple.termsUnsigned = true;
    await doors.refused('depAccountSync', { id: accountId });
    doors.apple.termsUnsigned = false;
    const [{ depSyncProgress }] = (await progress(after).until(
      (data) => data.depSyncProgress.state === 'FAILED',
    )) as [Json];
    expect(depSyncProgress).toMatchObject({
      failure: 'TERMS_NOT_SIGNED',
      message: expect.stringContaining('terms'),
      account: { status: 'BLOCKED' },
    });
    const { events } = await doors.server.data(
      `query ($after: String) { events(after: $after, filter: { types: [DEP_SYNC, ALERT] }) { nodes { type data subject { id } } } }`,
      { after },
    );
    expect(events.nodes).toMatchObject([
      { type: 'DEP_SYNC', data: { state: 'FAILED' }, subject: { id: accountId } },
      { type: 'ALERT', data: { alert: 'DEP_BLOCKED', account: 'Orchard' }, subject: null },
    ]);
  });

  it('tells of one account alone when that is asked for', async () => {
    const after = await cursor();
    const other = await doors.account('Other', doors.fake.addServer('Other'));
    await doors.settle(accountId);
    await doors.settle(other);
    const told = await progress(after, other).data();
    expect(told.depSyncProgress.account.name).toBe('Other');
  });

  it('devices say what Apple was told of them', async () => {
    const after = await cursor();
    const watching = socket.start(
      'subscription ($after: String) { deviceChanged(after: $after) { change device { serialNumber dep { assignment } } } }',
      { after },
    );
    doors.apple.devices.add('NEW1');
    const profileId = await doors.profile('Standard');
    await doors.mutate(
      'depRuleCreate',
      { name: 'New', profileId, patterns: { serialNumber: 'NEW*' } },
      'depRule { id }',
    );
    await doors.settle(accountId);
    const told = await watching.until(
      ({ deviceChanged: { change, device } }) => device.serialNumber === 'NEW1' && change === 'DEP_ASSIGNED',
    );
    expect(told.map(({ deviceChanged: { change } }: Json) => change)).toEqual(
      expect.arrayContaining(['DEP_ADDED', 'DEP_ASSIGNED']),
    );
  });
});
