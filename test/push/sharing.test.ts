import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { PushStatus } from '../../src/entities/enums.js';
import { Push } from '../../src/entities/push.js';
import { EventType } from '../../src/events/index.js';
import { claimDue } from '../../src/services/push/claim.js';
import { onBothDatabases } from '../support/databases.js';
import { PushKit, type Enrolled } from './kit.js';

onBothDatabases('Pushes, shared by senders,', (name) => {
  let kit: PushKit;
  beforeAll(async () => {
    kit = await PushKit.create(name);
  });
  afterAll(() => kit.remove());
  beforeEach(() => kit.begin());
  afterEach(() => kit.end());

  const settledOf = async (count: number): Promise<void> =>
    kit.until(async () => (await kit.events(EventType.PUSH_UPDATED)).length >= count);

  /** Every device was delivered one push, told of once. */
  async function expectEachOnce(devices: readonly Enrolled[]): Promise<void> {
    const rows = await kit.database.manager.find(Push);
    expect(rows).toHaveLength(devices.length);
    expect(rows.filter((row) => row.status !== PushStatus.DELIVERED)).toEqual([]);
    const told = (await kit.events(EventType.PUSH_UPDATED)).map((event) => event.subjectUuid);
    expect(told).toHaveLength(devices.length);
    expect(new Set(told)).toEqual(new Set(rows.map((row) => row.uuid)));
    const delivered = kit.fake.received.filter(({ status }) => status === 200).map(({ token }) => token);
    expect(new Set(delivered)).toEqual(new Set(devices.map(({ token }) => token)));
  }

  it('survive GOAWAY every 50 requests: of 300 none is lost and none settled twice', async () => {
    const devices = await kit.enrol(300);
    kit.fake.goAwayAfter(50);
    kit.sender();
    await kit.owe(devices);
    await settledOf(300);
    await expectEachOnce(devices);
  });

  it('are each claimed by one of two', async () => {
    const devices = await kit.enrol(600);
    await kit.owe(devices);
    const second = name === 'mysql' ? await kit.store.open() : kit.database;
    kit.sender();
    kit.sender({ database: second });
    await settledOf(600);
    await expectEachOnce(devices);
    expect(kit.fake.received).toHaveLength(600);
    expect(kit.fake.connections).toBe(2);
    await kit.end();
    if (second !== kit.database) await second.close();
    await kit.begin();
  });

  it('that a crashed sender left behind are sent by another when the lease ends, as the same push', async () => {
    const [device] = await kit.enrol(1);
    kit.fake.hang();
    const crashing = kit.client({ requestTimeoutMs: 1500 });
    const first = kit.sender({ client: () => crashing });
    await kit.owe([device!]);
    while (kit.fake.received.length === 0) await sleep(5);
    kit.fake.hang(false);
    kit.sender();
    kit.advance(50);
    const [other] = await kit.enrol(1);
    await kit.oweUntil(other!, (row) => row.status === PushStatus.DELIVERED);
    expect((await kit.pushesOf(device!))[0]).toMatchObject({ status: PushStatus.SENDING, attempts: 1 });
    kit.advance(11);
    const push = await kit.pushUntil(device!, (row) => row.status === PushStatus.DELIVERED);
    expect(push.attempts).toBe(2);
    const sent = kit.fake.received.filter(({ token }) => token === device!.token);
    expect(sent.map(({ apnsId, status }) => [apnsId, status])).toEqual([
      [push.uuid, 0],
      [push.uuid, 200],
    ]);
    await first.stop();
    expect(await kit.pushesOf(device!)).toEqual([push]);
    expect(await kit.events(EventType.PUSH_UPDATED)).toHaveLength(2);
  });

  it('are not sent before a transaction that relies on them has committed', async () => {
    const [device] = await kit.enrol(1);
    await kit.owe([device!]);
    let claimed = false;
    let claiming: Promise<unknown> = Promise.resolve();
    await kit.database.transaction(async (tx) => {
      await kit.pushes.owe(tx, [device!]);
      claiming = claimDue(kit.database, kit.now(), 10).then((rows) => {
        claimed = true;
        return rows;
      });
      await sleep(150);
      expect(claimed).toBe(false);
    });
    expect(await claiming).toHaveLength(1);
    expect(await kit.pushesOf(device!)).toHaveLength(1);
  });

  it('in flight are settled before stop resolves, and the rest stay owed', async () => {
    const devices = await kit.enrol(20);
    kit.fake.slow(100);
    const sender = kit.sender();
    await kit.owe(devices.slice(0, 10));
    while ((await kit.pushesOf(devices[9]!))[0]?.attempts !== 1) await sleep(5);
    const stopped = sender.stop();
    await kit.owe(devices.slice(10));
    await stopped;
    const rows = await kit.database.manager.find(Push);
    expect(rows.filter((row) => row.status === PushStatus.DELIVERED)).toHaveLength(10);
    expect(rows.filter((row) => row.status === PushStatus.QUEUED)).toHaveLength(10);
  });

  it('are written in a few statements: owing 1000 takes at most 4, settling 200 at most 8', async () => {
    const devices = await kit.enrol(1000);
    const statements: string[] = [];
    kit.database.onStatement = (sql) => statements.push(sql.trim().split(/\s+/).slice(0, 2).join(' '));
    await kit.owe(devices);
    expect(statements.length).toBeLessThanOrEqual(4);
    kit.database.onStatement = undefined;
    await kit.database.run('DELETE FROM pushes');
    await kit.owe(devices.slice(0, 150));
    kit.database.onStatement = (sql) => statements.push(sql);
    statements.length = 0;
    kit.sender();
    await kit.until(
      () =>
        kit.fake.received.length === 150 &&
        statements.filter((sql) => sql.includes('INTO events')).length > 0,
    );
    await kit.end();
    kit.database.onStatement = undefined;
    expect(statements.length).toBeLessThan(80);
    await kit.begin();
  });
});
