import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { CommandStatus } from '../../src/entities/enums.js';
import { EventType } from '../../src/events/index.js';
import type { ReportStatus } from '../../simulator/device/index.js';
import { onBothDatabases, onMysql } from '../support/databases.js';
import { ADMIN } from '../support/principal.js';
import { handedOut, useMdm } from './kit.js';

const FINAL: Partial<Record<ReportStatus, CommandStatus>> = {
  Acknowledged: CommandStatus.ACKNOWLEDGED,
  Error: CommandStatus.ERROR,
  CommandFormatError: CommandStatus.FORMAT_ERROR,
};

const SECOND = 1_000;

onBothDatabases('The command queue', (name) => {
  const mdm = useMdm(name);
  const inSeconds = (seconds: number): Date => new Date(mdm.now() + seconds * SECOND);

  it('fact 9: one request to many devices is a command with a CommandUUID of its own for each', async () => {
    const [a, b] = [await mdm.enrolled(), await mdm.enrolled()];
    const sent = await mdm.services.commands.send(
      [a.uuid, b.uuid, a.uuid],
      { requestType: 'RestartDevice' },
      ADMIN,
    );
    const uuids = sent.map(({ commandUuid }) => commandUuid);
    expect(new Set(uuids).size).toBe(2);
    expect((await a.device.connect()).commands.map(({ uuid }) => uuid)).toEqual([uuids[0]]);
    expect((await b.device.connect()).commands.map(({ uuid }) => uuid)).toEqual([uuids[1]]);
  });

  it('a command that is cancelled right after it was handed out is told of as cancelled last', async () => {
    const { device, uuid } = await mdm.enrolled();
    const command = await mdm.send(uuid, 'RestartDevice');
    expect((await device.idle()).command?.uuid).toBe(command.uuid);
    await mdm.services.commands.cancel([command.uuid]);
    // Stopping writes what still waits to be written.
    await mdm.restart();
    const told = await mdm.query<{ data: string }>(
      'SELECT data FROM events WHERE subject_uuid = ? ORDER BY seq',
      [command.uuid],
    );
    expect(told.map(({ data }) => (JSON.parse(data) as { status: string }).status).at(-1)).toBe('CANCELLED');
  });

  it('fact 9: a report for another device’s command, or for none, is answered 200, told of, and believed of nothing', async () => {
    const [a, b] = [await mdm.enrolled(), await mdm.enrolled()];
    const command = await mdm.send(a.uuid, 'RestartDevice');
    const before = await mdm.command(command);
    for (const uuid of [command.uuid, crypto.randomUUID(), 'no uuid at all', '%', "'; --"]) {
      expect((await b.device.report('Acknowledged', uuid)).status).toBe(200);
    }
    expect(await mdm.command(command)).toEqual(before);
    const alerts = await mdm.events(EventType.ALERT, b.uuid);
    expect(alerts).toMatchObject([{ alert: 'UNKNOWN_COMMAND_REPORTED', commandUuid: command.uuid }]);
    expect(handedOut(await a.device.connect())).toEqual(['RestartDevice']);
  });

  it('fact 10: commands queued within the same millisecond keep their order', async () => {
    const { device, uuid } = await mdm.enrolled();
    const queued: string[] = [];
    for (let n = 0; n < 40; n += 1) queued.push((await mdm.send(uuid, 'RestartDevice')).uuid);
    expect((await device.connect()).commands.map((command) => command.uuid)).toEqual(queued);
  });

  it('states only move forward, whatever is reported in whatever order', async () => {
    const { device, uuid } = await mdm.enrolled();
    const reports = fc.array(
      fc.constantFrom<ReportStatus>('Idle', 'NotNow', 'Acknowledged', 'Error', 'CommandFormatError'),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    await fc.assert(
      fc.asyncProperty(reports, async (statuses) => {
        const command = await mdm.send(uuid, 'RestartDevice');
        for (const status of statuses) {
          const answer = status === 'Idle' ? await device.idle() : await device.report(status, command.uuid);
          expect(answer.status).toBe(200);
        }
        const first = statuses.find((status) => FINAL[status] !== undefined);
        const expected = first && FINAL[first];
        const { status } = await mdm.command(command);
        expect(status).toBeOneOf(expected === undefined ? ACTIVE : [expected]);
        await mdm.services.commands.cancel([command.uuid]);
      }),
      { numRuns: 15 },
    );
  });

  it('reports of one command that arrive at the same moment finish it once', async () => {
    const { device, uuid } = await mdm.enrolled();
    const command = await mdm.send(uuid, 'RestartDevice');
    await device.idle();
    const statuses: ReportStatus[] = [
      'Acknowledged',
      'Error',
      'CommandFormatError',
      'NotNow',
      'Acknowledged',
    ];
    const answers = await Promise.all(statuses.map((status) => device.report(status, command.uuid)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const told = (await mdm.events(EventType.COMMAND_UPDATED, command.uuid)).map((data) => data['status']);
    expect(told.filter((status) => FINALS.has(status as CommandStatus))).toEqual([await mdm.status(command)]);
  });

  it('a late report, sent after the connection and after other commands, still finishes its command', async () => {
    const { device, uuid } = await mdm.enrolled();
    device.behave('RestartDevice', { late: true }, 1);
    const command = await mdm.send(uuid, 'RestartDevice');
    expect((await device.connect()).end).toBe('held');
    await mdm.send(uuid, 'SecurityInfo', { priority: 5 });
    device.behave('RestartDevice', { drop: true }, 1);
    await device.connect();
    await device.sendLate();
    expect(await mdm.status(command)).toBe(CommandStatus.ACKNOWLEDGED);
    expect(handedOut(await device.connect())).toEqual([]);
  });

  it('redelivery keeps the CommandUUID, counts, and outlives a restart of the server', async () => {
    const { device, uuid } = await mdm.enrolled();
    const command = await mdm.send(uuid, 'RestartDevice');
    expect((await device.idle()).command?.uuid).toBe(command.uuid);
    await mdm.until(async () => (await mdm.status(command)) === CommandStatus.SENT);
    const second = await mdm.open();
    const elsewhere = mdm.device({
      serverUrl: second.url,
      identity: device.identity,
      udid: device.facts.udid,
    });
    expect((await elsewhere.idle()).command?.uuid).toBe(command.uuid);
    await second.stop();
    expect((await device.connect()).commands.map((one) => one.uuid)).toEqual([command.uuid]);
    expect(await mdm.command(command)).toMatchObject({
      status: CommandStatus.ACKNOWLEDGED,
      deliveryCount: 3,
    });
  });

  it('every delivery counts, also of one command to many connections at the same moment', async () => {
    const { device, uuid } = await mdm.enrolled();
    const command = await mdm.send(uuid, 'RestartDevice');
    const answers = await Promise.all(Array.from({ length: 10 }, () => device.idle()));
    expect(new Set(answers.map((answer) => answer.command?.uuid))).toEqual(new Set([command.uuid]));
    await expect.poll(async () => (await mdm.command(command)).deliveryCount, { interval: 10 }).toBe(10);
  });

  it('a higher priority overtakes a lower one; equals keep their order', async () => {
    const { device, uuid } = await mdm.enrolled();
    await mdm.send(uuid, 'SecurityInfo', { priority: -5 });
    await mdm.send(uuid, 'RestartDevice');
    await mdm.send(uuid, 'CertificateList', { priority: 7 });
    await mdm.send(uuid, 'ProfileList', { priority: 7 });
    expect(handedOut(await device.connect())).toEqual([
      'CertificateList',
      'ProfileList',
      'RestartDevice',
      'SecurityInfo',
    ]);
  });

  it('a command is not handed out before its time, and does not hold up others', async () => {
    const { device, uuid } = await mdm.enrolled();
    await mdm.send(uuid, 'RestartDevice', { notBefore: inSeconds(60), priority: 100 });
    await mdm.send(uuid, 'SecurityInfo');
    expect(handedOut(await device.connect())).toEqual(['SecurityInfo']);
    mdm.advance(61);
    expect(handedOut(await device.connect())).toEqual(['RestartDevice']);
  });

  it('an expired command is never handed out, ends EXPIRED with a reason, and a late answer does not revive it', async () => {
    const { device, uuid } = await mdm.enrolled();
    const [waiting, sent] = [
      await mdm.send(uuid, 'RestartDevice', { expiresAt: inSeconds(60) }),
      await mdm.send(uuid, 'SecurityInfo', { expiresAt: inSeconds(60), priority: 1 }),
    ];
    expect((await device.idle()).command?.uuid).toBe(sent.uuid);
    mdm.advance(61);
    expect(handedOut(await device.connect())).toEqual([]);
    await mdm.services.commands.expire();
    expect((await device.report('Acknowledged', sent.uuid)).status).toBe(200);
    for (const command of [waiting, sent]) {
      const { status, errors } = await mdm.command(command);
      expect([status, errors?.[0]?.usEnglishDescription]).toEqual([
        CommandStatus.EXPIRED,
        'The device did not answer before the command expired.',
      ]);
    }
  });

  it('expiry happens by the clock, without anyone asking', async () => {
    const { uuid } = await mdm.enrolled();
    const command = await mdm.send(uuid, 'RestartDevice', { expiresAt: inSeconds(60) });
    mdm.advance(61);
    await mdm.restart();
    await expect
      .poll(() => mdm.status(command), { interval: 10, timeout: 10_000 })
      .toBe(CommandStatus.EXPIRED);
  });

  it('a cancelled command is not handed out; one that was handed out already stays cancelled when it is answered', async () => {
    const { device, uuid } = await mdm.enrolled();
    const commands = [await mdm.send(uuid, 'RestartDevice'), await mdm.send(uuid, 'SecurityInfo')];
    await device.idle();
    const uuids = commands.map((command) => command.uuid);
    expect((await mdm.services.commands.cancel(uuids)).map(({ status }) => status)).toEqual([
      'CANCELLED',
      'CANCELLED',
    ]);
    expect(await mdm.services.commands.cancel(uuids)).toEqual([]);
    expect(handedOut(await device.connect())).toEqual([]);
    expect((await device.report('Acknowledged', commands[0]?.uuid ?? '')).status).toBe(200);
    for (const command of commands) expect(await mdm.status(command)).toBe(CommandStatus.CANCELLED);
  });

  it('a command of which one is enough is queued once, however often it is asked for', async () => {
    const { device, uuid } = await mdm.enrolled();
    await Promise.all(Array.from({ length: 8 }, () => device.tokenUpdate({ awaitingConfiguration: true })));
    expect((await mdm.queueOf(uuid)).map(({ requestType }) => requestType)).toEqual(['DeviceConfigured']);
    await device.connect();
    await device.tokenUpdate({ awaitingConfiguration: true });
    expect(await mdm.queueOf(uuid)).toHaveLength(1);
    await device.connect();
  });

  it('100 parallel enqueues lose nothing, while the device connects all the time', async () => {
    const { device, uuid } = await mdm.enrolled();
    const queueing = Promise.all(Array.from({ length: 100 }, () => mdm.send(uuid, 'RestartDevice')));
    const queued = queueing.then(() => 'queued');
    while ((await Promise.race([queued, device.connect()])) !== 'queued');
    const commands = await queueing;
    await device.connect();
    const received = device.state.received.map((command) => command.uuid);
    expect(received.toSorted()).toEqual(commands.map((command) => command.uuid).toSorted());
    const after = await mdm.services.history.byUuids(received);
    expect(new Set(after.map(({ status }) => status))).toEqual(new Set([CommandStatus.ACKNOWLEDGED]));
  });

  it('unknown and unenrolled devices are named, and do not stop the others', async () => {
    const { uuid } = await mdm.enrolled();
    const gone = await mdm.enrolled();
    await gone.device.checkOut();
    const unknown = crypto.randomUUID();
    const sent = await mdm.services.commands.send(
      [unknown, gone.uuid, uuid],
      { requestType: 'RestartDevice' },
      ADMIN,
    );
    expect(sent.map(({ problem }) => problem?.code)).toEqual(['NOT_FOUND', 'NOT_ENROLLED', undefined]);
    expect(await mdm.status({ uuid: sent[2]?.commandUuid ?? '' })).toBe(CommandStatus.QUEUED);
  });
});

onMysql('The queue of two processes (SQLite serves one) [mysql]', () => {
  const mdm = useMdm('mysql');

  it('two processes that are told the same at once record it once', async () => {
    const other = await mdm.open();
    const { device, uuid } = await mdm.enrolled();
    const twin = mdm.device({ serverUrl: other.url, identity: device.identity, udid: device.facts.udid });
    for (let round = 0; round < 10; round += 1) {
      const command = await mdm.send(uuid, 'RestartDevice');
      const answers = await Promise.all(
        [device, twin].map((one) => one.report('Acknowledged', command.uuid)),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      const told = (await mdm.events(EventType.COMMAND_UPDATED, command.uuid)).map((data) => data['status']);
      expect(told).toEqual(['QUEUED', 'ACKNOWLEDGED']);
    }
    await other.stop();
  });
});

const ACTIVE = [CommandStatus.QUEUED, CommandStatus.SENT, CommandStatus.NOT_NOW];
const FINALS = new Set(Object.values(FINAL));
