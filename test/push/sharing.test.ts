import { setTimeout as sleep } from 'node:timers/promises';
import { IsNull } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { PushStatus } from '../../src/entities/enums.js';
import { Push } from '../../src/entities/push.js';
import { EventType } from '../../src/events/index.js';
import { createLog } from '../../src/log.js';
import type { Database } from '../../src/database/index.js';
import { PushAlerts } from '../../src/services/push/alerts.js';
import { claimDue } from '../../src/services/push/claim.js';
import { Settlements } from '../../src/services/push/settle.js';
import { judge } from '../../src/services/push/verdict.js';
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
    expect(kit.fake.connections).toBeGreaterThanOrEqual(6);
    await expectEachOnce(devices);
  });

  it('are each claimed by one, however many claim at once', async () => {
    await kit.owe(await kit.enrol(600));
    const second = name === 'mysql' ? await kit.store.open() : kit.database;
    const claimed: string[] = [];
    const claimAll = async (database: Database): Promise<void> => {
      while (claimed.length < 600) {
        const rows = await claimDue(database, kit.now(), 40);
        claimed.push(...rows.map((row) => row.uuid));
      }
    };
    await Promise.all([kit.database, second, kit.database, second].map(claimAll));
    expect(claimed).toHaveLength(600);
    expect(new Set(claimed).size).toBe(600);
    if (second !== kit.database) await second.close();
  });

  it('are each sent once by two senders', async () => {
    const devices = await kit.enrol(600);
    await kit.owe(devices);
    const second = name === 'mysql' ? await kit.store.open() : kit.database;
    kit.sender();
    const other = kit.sender({ database: second });
    await settledOf(600);
    await expectEachOnce(devices);
    expect(kit.fake.received).toHaveLength(600);
    await other.stop();
    if (second !== kit.database) await second.close();
  });

  it('that a crashed sender left behind are sent by another when the lease ends, as the same push', async () => {
    const [device, other] = await kit.enrol(2);
    const { client, answered, release } = kit.stalling();
    const first = kit.sender({ client: () => client });
    await kit.owe([device!]);
    await answered;
    const stopped = first.stop();
    kit.sender();
    kit.advance(50);
    await kit.oweUntil(other!, (row) => row.status === PushStatus.DELIVERED);
    expect((await kit.pushesOf(device!))[0]).toMatchObject({ status: PushStatus.SENDING, attempts: 1 });
    kit.advance(11);
    const push = await kit.pushUntil(device!, (row) => row.status === PushStatus.DELIVERED);
    expect(push.attempts).toBe(2);
    const sent = kit.fake.received.filter(({ token }) => token === device!.token);
    expect(sent.map(({ apnsId }) => apnsId)).toEqual([push.uuid, push.uuid]);
    release();
    await stopped;
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

  it('reach every device after the last transaction that owed it one, with many owing at once', async () => {
    const devices = await kit.enrol(60);
    const owedAt = new Map<string, number>();
    const sentAt = new Map<string, number>();
    kit.fake.on('push', ({ token }) => sentAt.set(token, performance.now()));
    kit.sender();
    const oweSome = (some: readonly Enrolled[]): Promise<void> =>
      kit.database.transaction(async (tx) => {
        await kit.pushes.owe(tx, some);
        for (const { token } of some) owedAt.set(token, performance.now());
      });
    const rounds = Array.from({ length: 80 }, (_, round) =>
      devices.filter((__, index) => (index * 7 + round) % 4 > 0),
    );
    const owers = [0, 1, 2, 3, 4, 5, 6, 7].map(async (ower) => {
      for (let round = ower; round < rounds.length; round += 8) await oweSome(rounds[round]!);
    });
    await Promise.all(owers);
    await kit.until(async () => (await kit.database.manager.countBy(Push, { settledAt: IsNull() })) === 0);
    const late = devices.filter(({ token }) => (sentAt.get(token) ?? 0) < (owedAt.get(token) ?? Infinity));
    expect(late).toEqual([]);
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

  it('take a few statements: owing 1000 at most 4, claiming 200 at most 5, settling 200 at most 8', async () => {
    const { database, outbox, now } = kit;
    const devices = await kit.enrol(1000);
    let statements = 0;
    database.onStatement = () => (statements += 1);
    const count = async <T>(work: Promise<T>): Promise<[T, number]> => {
      statements = 0;
      return [await work, statements];
    };
    const [, owing] = await count(kit.owe(devices));
    const [claimed, claiming] = await count(claimDue(database, now(), 200));
    const settlements = new Settlements(outbox, new PushAlerts(outbox, createLog('silent'), now), now);
    const verdicts = claimed.map((push) => ({ push, verdict: judge({ status: 200 }, push.attempts) }));
    const [counted, settling] = await count(database.transaction((tx) => settlements.settle(verdicts, tx)));
    database.onStatement = undefined;
    expect(counted.filter(Boolean)).toHaveLength(200);
    expect(owing).toBeLessThanOrEqual(4);
    expect(claiming).toBeLessThanOrEqual(5);
    expect(settling).toBeLessThanOrEqual(8);
  });

  it('take the first verdict, also when both come at once', async () => {
    const { outbox, now } = kit;
    const [device] = await kit.enrol(1);
    await kit.owe([device!]);
    const [push] = await claimDue(kit.database, now(), 1);
    const settlements = new Settlements(outbox, new PushAlerts(outbox, createLog('silent'), now), now);
    const verdicts = [200, 400].map((status) => ({ push: push!, verdict: judge({ status }, 1) }));
    expect(await kit.database.transaction((tx) => settlements.settle(verdicts, tx))).toEqual([true, false]);
    expect((await kit.pushesOf(device!))[0]).toMatchObject({ status: PushStatus.DELIVERED });
    expect(await kit.events(EventType.ALERT)).toEqual([]);
  });
});
