import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { Command } from '../../src/entities/command.js';
import { CommandStatus, PushStatus } from '../../src/entities/enums.js';
import { Push } from '../../src/entities/push.js';
import { onBothDatabases } from '../support/databases.js';
import { PushKit, type Enrolled } from './kit.js';

onBothDatabases('Pushing again', (name) => {
  let kit: PushKit;
  beforeAll(async () => {
    kit = await PushKit.create(name);
  });
  afterAll(() => kit.remove());
  beforeEach(() => kit.begin());
  afterEach(() => kit.end());

  const ago = (seconds: number): Date => new Date(kit.now() - seconds * 1000);
  const inSeconds = (seconds: number): Date => ago(-seconds);
  const delivered = (device: Enrolled, count: number): Promise<void> =>
    kit.until(async () => {
      const rows = await kit.pushesOf(device);
      return rows.filter((row) => row.status === PushStatus.DELIVERED).length === count;
    });

  it('goes on while a command waits, ever later, and stops when it is answered', async () => {
    const [device] = await kit.enrol(1);
    const { uuid } = await kit.command(device!);
    kit.sender();
    await kit.owe([device!]);
    await delivered(device!, 1);
    for (const [index, seconds] of [60, 300, 1800, 7200].entries()) {
      expect((await kit.channel(device!)).repushCount).toBe(index);
      kit.advance(seconds * 0.75);
      expect(await kit.repush.run()).toBe(0);
      kit.advance(seconds * 0.5);
      expect(await kit.repush.run()).toBe(1);
      expect(await kit.repush.run()).toBe(0);
      await delivered(device!, index + 2);
    }
    await kit.database.transaction((tx) =>
      tx.manager.update(Command, { uuid }, { status: CommandStatus.ACKNOWLEDGED, queueChannelUuid: null }),
    );
    kit.advance(100_000);
    expect(await kit.repush.run()).toBe(0);
    expect(await kit.channel(device!)).toMatchObject({ repushAt: null, repushCount: 0 });
    expect(await kit.pushesOf(device!)).toHaveLength(5);
  });

  it('leaves alone whom it cannot help', async () => {
    const repush = { repushAt: ago(1), repushCount: 3 };
    const devices = [
      ...(await kit.enrol(1, repush)),
      ...(await kit.enrol(1, { ...repush, enabled: false })),
      ...(await kit.enrol(1, { ...repush, tokenRetired: true })),
      ...(await kit.enrol(1, repush)),
    ];
    const expiresAt = ago(1);
    for (const device of devices.slice(1, 3)) await kit.command(device);
    await kit.command(devices[3]!, { expiresAt, queueExpiresAt: expiresAt });
    const [later] = await kit.enrol(1, { repushAt: inSeconds(60) });
    await kit.command(later!);
    expect(await kit.repush.run()).toBe(0);
    for (const device of devices) {
      expect(await kit.channel(device)).toMatchObject({ repushAt: null, repushCount: 0 });
    }
    expect((await kit.channel(later!)).repushAt).not.toBeNull();
    expect(await kit.database.manager.count(Push)).toBe(0);
  });

  it('waits for a command that is not to be handed out yet', async () => {
    const [device] = await kit.enrol(1, { repushAt: ago(1), repushCount: 2 });
    const notBefore = inSeconds(900);
    await kit.command(device!, { notBefore });
    await kit.command(device!, { notBefore: inSeconds(1800) });
    expect(await kit.repush.run()).toBe(0);
    expect(await kit.channel(device!)).toMatchObject({ repushAt: notBefore, repushCount: 0 });
    kit.advance(901);
    expect(await kit.repush.run()).toBe(1);
  });

  it('of 1200 devices takes a few statements, and each is pushed once although two processes do it', async () => {
    const devices = await kit.enrol(1200, { repushAt: ago(1) });
    const commands = devices.map((device) => kit.command(device));
    await Promise.all(commands);
    let statements = 0;
    kit.database.onStatement = () => (statements += 1);
    const [one, other] = await Promise.all([kit.repush.run(), kit.repush.run()]);
    kit.database.onStatement = undefined;
    expect(one + other).toBe(1200);
    expect(statements).toBeLessThan(50);
    const rows = await kit.database.manager.find(Push);
    expect(new Set(rows.map((row) => row.channelUuid)).size).toBe(1200);
    expect(rows).toHaveLength(1200);
  });
});
