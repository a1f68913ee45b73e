import { describe, expect, it } from 'vitest';
import type { PlistDict } from '../../src/apple/plist/index.js';
import type { ConnectionLog } from '../../simulator/device/index.js';
import { profile, useKit } from './kit.js';
import { commandReply } from './recording-server.js';

const kit = useKit();

const messages = (): PlistDict[] => kit.server.on('/mdm/connect').map(({ message }) => message);

describe('a connection', () => {
  it('answers command after command until there is none', async () => {
    const device = await kit.enrolled();
    kit.server.enqueue('RestartDevice');
    kit.server.enqueue('SomethingNew');
    const log = await device.connect();
    expect(kit.server.statuses).toEqual(['Idle', 'Acknowledged 1', 'Acknowledged 2']);
    expect(log.end).toBe('empty');
    expect(log.commands.map(({ requestType }) => requestType)).toEqual(['RestartDevice', 'SomethingNew']);
    expect(log.exchanges.map(({ status, commandUUID }) => [status, commandUUID])).toEqual([
      ['Idle', undefined],
      ['Acknowledged', '1'],
      ['Acknowledged', '2'],
    ]);
    expect(device.state.received.map(({ uuid, answered }) => [uuid, answered])).toEqual([
      ['1', 'Acknowledged'],
      ['2', 'Acknowledged'],
    ]);
    expect(messages().every(({ UDID: udid }) => udid === device.facts.udid)).toBe(true);
  });

  it('is an error of the server when it never ends', async () => {
    const device = await kit.enrolled({ maxExchanges: 3 });
    for (let n = 0; n < 4; n += 1)
      kit.server.replyOnce(commandReply('same', { RequestType: 'RestartDevice' }));
    await expect(device.connect()).rejects.toThrow(/did not end/);
    expect(kit.server.requests).toHaveLength(3);
  });

  it('never runs beside another of the same channel', async () => {
    const device = await kit.enrolled();
    kit.server.enqueue('RestartDevice');
    const logs = await Promise.all([device.connect(), device.connect()]);
    expect(kit.server.statuses).toEqual(['Idle', 'Acknowledged 1', 'Idle']);
    expect(logs.map(({ commands }) => commands.length)).toEqual([1, 0]);
  });
});

describe('pushes', () => {
  it('make the device connect, once for all that arrive meanwhile', async () => {
    const device = await kit.enrolled();
    const magic = device.state.pushMagic!;
    const first = device.onPush(magic);
    await new Promise((resolve) => {
      device.behave('RestartDevice', () => {
        resolve(undefined);
        return { delayMs: 1 };
      });
      kit.server.enqueue('RestartDevice');
    });
    const later = await Promise.all([
      device.onPush(magic),
      device.onPush(magic),
      device.onPush(magic),
      first,
    ]);
    expect(kit.server.statuses).toEqual(['Idle', 'Acknowledged 1', 'Idle']);
    expect(later[0]).toBe(later[2]);
  });

  it('that overtake the answer to the TokenUpdate wait for it', async () => {
    const device = kit.device();
    await device.authenticate();
    let log: Promise<ConnectionLog> | undefined;
    kit.server.replyOnce(({ message }) => {
      log = device.onPush(String(message['PushMagic']));
      return undefined;
    });
    await device.tokenUpdate();
    expect((await log)?.end).toBe('empty');
    expect(kit.server.statuses).toEqual(['Idle']);
  });

  it('with another magic, or for a device that left, are ignored', async () => {
    const device = await kit.enrolled();
    const magic = device.state.pushMagic!;
    expect((await device.onPush('other')).end).toBe('ignored');
    device.wipe();
    expect((await device.onPush(magic)).end).toBe('ignored');
    expect(kit.server.requests).toEqual([]);
  });
});

describe('behaviours', () => {
  it('puts a command off, goes on, and asks again by itself only when that was its last word', async () => {
    const device = await kit.enrolled();
    device.behave('InstallProfile', { notNow: true }, 2);
    kit.server.enqueue('InstallProfile', { Payload: profile('a') });
    kit.server.enqueue('RestartDevice');
    await device.connect();
    expect(kit.server.statuses).toEqual(['Idle', 'NotNow 1', 'Acknowledged 2']);
    expect(await device.poll()).toBeUndefined();
    await device.connect();
    expect(kit.server.statuses.slice(3)).toEqual(['Idle', 'NotNow 1']);
    expect(device.state.profiles.size).toBe(0);
    expect((await device.poll())?.commands).toHaveLength(1);
    expect(device.state.profiles.size).toBe(1);
    expect(await device.poll()).toBeUndefined();
  });

  it('does not put off by `*` what Apple never puts off', async () => {
    const device = await kit.enrolled();
    device.behave('*', { notNow: true });
    kit.server.enqueue('InstallProfile', { Payload: profile('a') });
    kit.server.enqueue('DeviceLock');
    await device.connect();
    expect(kit.server.statuses).toEqual(['Idle', 'NotNow 1', 'Acknowledged 2']);
    device.behave('DeviceLock', { notNow: true });
    kit.server.enqueue('DeviceLock');
    await device.connect();
    expect(kit.server.statuses.at(-1)).toBe('NotNow 3');
  });

  it('fails, and misreads, as told, without doing it', async () => {
    const device = await kit.enrolled();
    const error = [{ ErrorCode: 4, ErrorDomain: 'D', LocalizedDescription: 'no' }];
    device.behave('RestartDevice', { error }, 1);
    device.behave('RestartDevice', { formatError: true }, 1);
    for (let n = 0; n < 3; n += 1) kit.server.enqueue('RestartDevice');
    await device.connect();
    expect(kit.server.statuses).toEqual(['Idle', 'Error 1', 'CommandFormatError 2', 'Acknowledged 3']);
    expect(messages()[1]!['ErrorChain']).toEqual(error);
    expect(device.state.restarts).toBe(1);
  });

  it('drops the connection without an answer; the command comes again', async () => {
    const device = await kit.enrolled();
    device.behave('RestartDevice', { drop: true }, 1);
    kit.server.enqueue('RestartDevice');
    expect((await device.connect()).end).toBe('dropped');
    expect(device.state.restarts).toBe(0);
    expect((await device.connect()).end).toBe('empty');
    expect(kit.server.statuses).toEqual(['Idle', 'Idle', 'Acknowledged 1']);
    expect(device.state.received.map(({ answered }) => answered)).toEqual([undefined, 'Acknowledged']);
  });

  it('sends a report several times, byte for byte', async () => {
    const device = await kit.enrolled();
    device.behave('RestartDevice', { duplicate: 3 });
    kit.server.enqueue('RestartDevice');
    await device.connect();
    expect(kit.server.statuses).toEqual(['Idle', 'Acknowledged 1', 'Acknowledged 1', 'Acknowledged 1']);
    const bodies = kit.server.requests.slice(1).map(({ body }) => body);
    expect(bodies.every((body) => body.equals(bodies[0]!))).toBe(true);
    expect(device.state.restarts).toBe(1);
  });

  it('holds a report until it is let go', async () => {
    const device = await kit.enrolled();
    device.behave('RestartDevice', { late: true }, 2);
    kit.server.enqueue('RestartDevice');
    expect((await device.connect()).end).toBe('held');
    expect((await device.connect()).end).toBe('held');
    kit.server.enqueue('DeviceLock');
    expect(device.state.restarts).toBe(2);
    expect((await device.sendLate()).end).toBe('empty');
    expect(kit.server.statuses).toEqual([
      'Idle',
      'Idle',
      'Acknowledged 1',
      'Acknowledged 2',
      'Acknowledged 1',
    ]);
    await expect(device.sendLate()).rejects.toThrow(/held/);
  });

  it('sends bytes that are no report', async () => {
    const device = await kit.enrolled();
    device.behave('RestartDevice', { undecodable: Buffer.from('<plist') }, 1);
    kit.server.enqueue('RestartDevice');
    kit.server.replyOnce(() => undefined);
    kit.server.replyOnce({ status: 400 });
    const log = await device.connect();
    expect(log.end).toBe('refused');
    expect(kit.server.requests[1]!.body).toEqual(Buffer.from('<plist'));
    await device.connect();
    expect(kit.server.statuses).toEqual(['Idle', '', 'Idle', 'Acknowledged 1']);
  });

  it('thinks for a while, then does as it would', async () => {
    const device = await kit.enrolled();
    device.behave('RestartDevice', { delayMs: 20, afterwards: { notNow: true } });
    kit.server.enqueue('RestartDevice');
    const before = performance.now();
    await device.connect();
    expect(performance.now() - before).toBeGreaterThanOrEqual(19);
    expect(kit.server.statuses).toEqual(['Idle', 'NotNow 1']);
  });

  it('lays keys over the answer, and decides by the command', async () => {
    const device = await kit.enrolled();
    device.behave('*', ({ uuid }) => (uuid === '2' ? { acknowledge: { Odd: true } } : 'acknowledge'));
    kit.server.enqueue('RestartDevice');
    kit.server.enqueue('RestartDevice');
    await device.connect();
    expect(messages().map(({ Odd: odd }) => odd)).toEqual([undefined, undefined, true]);
  });

  it('takes rules of a number in turn, then the endless one last given', async () => {
    const device = await kit.enrolled();
    device.behave('RestartDevice', { formatError: true });
    device.behave('RestartDevice', { error: [] });
    device.behave('RestartDevice', { notNow: true }, 1);
    for (let n = 0; n < 3; n += 1) kit.server.enqueue('RestartDevice');
    await device.connect();
    expect(kit.server.statuses).toEqual(['Idle', 'NotNow 1', 'Error 2', 'Error 3']);
  });
});

describe('a result that the server did not take', () => {
  it.each([
    ['a refusal', { status: 500 }],
    ['a broken socket', { hangUp: true }],
  ])('is kept after %s and opens the next connection', async (_name, reply) => {
    const device = await kit.enrolled();
    kit.server.enqueue('RestartDevice');
    kit.server.enqueue('DeviceLock');
    kit.server.replyOnce(() => undefined);
    kit.server.replyOnce(reply);
    // A kept socket that breaks is tried once more.
    if ('hangUp' in reply) kit.server.replyOnce(reply);
    const outcome = await device.connect().then(
      ({ end }) => end,
      () => 'failed',
    );
    expect(outcome).toBe('hangUp' in reply ? 'failed' : 'refused');
    const refused = kit.server.requests.at(-1)!;
    kit.server.requests.length = 0;
    expect((await device.connect()).end).toBe('empty');
    expect(kit.server.statuses).toEqual(['Acknowledged 1', 'Acknowledged 2']);
    expect(kit.server.requests[0]!.body).toEqual(refused.body);
    expect(device.state.restarts).toBe(1);
    kit.server.requests.length = 0;
    await device.connect();
    expect(kit.server.statuses).toEqual(['Idle']);
  });

  it('is forgotten by a wipe', async () => {
    const device = await kit.enrolled();
    kit.server.enqueue('RestartDevice');
    kit.server.replyOnce(() => undefined);
    kit.server.replyOnce({ status: 500 });
    await device.connect();
    device.wipe();
    await device.enroll();
    kit.server.requests.length = 0;
    await device.connect();
    expect(kit.server.statuses[0]).toBe('Idle');
  });
});
