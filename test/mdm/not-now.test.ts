import { expect, it } from 'vitest';
import { CommandStatus } from '../../src/entities/enums.js';
import { EventType } from '../../src/events/index.js';
import { onBothDatabases } from '../support/databases.js';
import { handedOut, useMdm } from './kit.js';

onBothDatabases('NotNow and other statuses', (name) => {
  const mdm = useMdm(name);

  it('fact 6: a connection ends with the NotNow command last, so that the device polls by itself', async () => {
    const { device, uuid } = await mdm.enrolled();
    device.behave('CertificateList', { notNow: true });
    for (const type of ['CertificateList', 'SecurityInfo', 'RestartDevice']) await mdm.send(uuid, type);
    const log = await device.connect();
    expect(handedOut(log)).toEqual(['CertificateList', 'SecurityInfo', 'RestartDevice', 'CertificateList']);
    expect(log.exchanges.at(-1)?.status).toBe('NotNow');
    expect(device.state.wantsToPoll).toBe(true);
  });

  it('fact 6: Idle after NotNow means that conditions changed: the command is handed out again at once', async () => {
    const { device, uuid } = await mdm.enrolled();
    device.behave('CertificateList', { notNow: true }, 2);
    const command = await mdm.send(uuid, 'CertificateList');
    expect(handedOut(await device.connect())).toEqual(['CertificateList']);
    expect((await device.poll())?.commands[0]?.uuid).toBe(command.uuid);
    expect((await device.poll())?.commands[0]?.uuid).toBe(command.uuid);
    expect(await device.poll()).toBeUndefined();
    expect(await mdm.command(command)).toMatchObject({ status: CommandStatus.ACKNOWLEDGED, notNowCount: 2 });
  });

  it('fact 6: a device that puts everything off is asked each thing once in a connection, not for ever', async () => {
    const { device, uuid } = await mdm.enrolled();
    device.behave('*', { notNow: true });
    const types = ['CertificateList', 'SecurityInfo', 'RestartDevice'];
    for (const type of types) await mdm.send(uuid, type);
    expect(handedOut(await device.connect())).toEqual(types);
    expect(handedOut(await device.connect())).toEqual(types);
    expect(device.state.wantsToPoll).toBe(true);
  });

  it('fact 6: a command that is put off for ever does not keep those behind it from being tried again', async () => {
    const { device, uuid } = await mdm.enrolled();
    device.behave('CertificateList', { notNow: true });
    for (const type of ['SecurityInfo', 'RestartDevice', 'Restrictions'])
      device.behave(type, { notNow: true }, 1);
    const types = ['CertificateList', 'SecurityInfo', 'RestartDevice', 'Restrictions'];
    for (const type of types) await mdm.send(uuid, type);
    expect(handedOut(await device.connect())).toEqual(types);
    expect(handedOut((await device.poll())!)).toEqual([...types, 'CertificateList']);
    expect(device.state.wantsToPoll).toBe(true);
    expect(await mdm.queueOf(uuid)).toHaveLength(1);
  });

  it('fact 6: a command queued while others are put off is handed out, and a put-off one is still last', async () => {
    const { device, uuid } = await mdm.enrolled();
    device.behave('CertificateList', { notNow: true });
    device.behave('SecurityInfo', { notNow: true });
    await mdm.send(uuid, 'CertificateList');
    await mdm.send(uuid, 'SecurityInfo');
    await device.connect();
    await mdm.send(uuid, 'RestartDevice');
    const log = await device.connect();
    expect(handedOut(log)).toContain('RestartDevice');
    expect(log.exchanges.at(-1)?.status).toBe('NotNow');
  });

  it('fact 6: while a put-off command waits, the device is owed another push', async () => {
    const { device, uuid } = await mdm.enrolled();
    device.behave('CertificateList', { notNow: true });
    await mdm.send(uuid, 'CertificateList');
    await device.connect();
    await expect(mdm.untilPushed(uuid)).resolves.toBeUndefined();
  });

  it('fact 7: an urgent command overtakes a NotNow head', async () => {
    const { device, uuid } = await mdm.enrolled();
    device.behave('CertificateList', { notNow: true });
    await mdm.send(uuid, 'CertificateList');
    await device.connect();
    await mdm.send(uuid, 'DeviceLock', { priority: 50 });
    expect(handedOut(await device.connect())).toEqual(['DeviceLock', 'CertificateList']);
    expect(device.state.locks).toBe(1);
  });

  it('fact 7: a Mac in Power Nap, which puts off nearly all, still does what it never puts off', async () => {
    const { device, uuid } = await mdm.enrolled({ platform: 'macOS' });
    device.behave('*', { notNow: true });
    for (const type of ['SecurityInfo', 'CertificateList', 'ProfileList', 'DeviceLock']) {
      await mdm.send(uuid, type, type === 'DeviceLock' ? { parameters: { PIN: '123456' } } : {});
    }
    const log = await device.connect();
    const answers = log.exchanges.slice(1).map(({ status }) => status);
    expect(answers).toEqual(['NotNow', 'NotNow', 'Acknowledged', 'Acknowledged', 'NotNow']);
  });

  it('fact 8: Error is final and keeps the whole ErrorChain, its first item on top', async () => {
    const { device, uuid } = await mdm.enrolled();
    const link = (code: number, text: string) => ({
      ErrorCode: code,
      ErrorDomain: `Domain${code}`,
      LocalizedDescription: `${text} (fr)`,
      USEnglishDescription: text,
    });
    device.behave('RestartDevice', { error: [link(1, 'outer'), link(2, 'inner')] });
    const command = await mdm.send(uuid, 'RestartDevice');
    await device.connect();
    expect(await mdm.command(command)).toMatchObject({
      status: CommandStatus.ERROR,
      errors: [
        { code: 1, domain: 'Domain1', usEnglishDescription: 'outer', localizedDescription: 'outer (fr)' },
        { code: 2, domain: 'Domain2', usEnglishDescription: 'inner', localizedDescription: 'inner (fr)' },
      ],
    });
    expect(handedOut(await device.connect())).toEqual([]);
  });

  it('fact 8: CommandFormatError is final, and the queue goes on', async () => {
    const { device, uuid } = await mdm.enrolled();
    device.behave('RestartDevice', { formatError: true });
    const command = await mdm.send(uuid, 'RestartDevice');
    await mdm.send(uuid, 'SecurityInfo');
    expect(handedOut(await device.connect())).toEqual(['RestartDevice', 'SecurityInfo']);
    expect(await mdm.status(command)).toBe(CommandStatus.FORMAT_ERROR);
  });

  it('fact 8: NotNow is told as it happens: sent, put off, sent, done', async () => {
    const { device, uuid } = await mdm.enrolled();
    device.behave('CertificateList', { notNow: true }, 1);
    const command = await mdm.send(uuid, 'CertificateList');
    await device.connect();
    expect(await mdm.status(command)).toBe(CommandStatus.NOT_NOW);
    await device.poll();
    const told = await mdm.events(EventType.COMMAND_UPDATED, command.uuid);
    const statuses = told.map((data) => data['status']);
    expect(statuses).toEqual(['QUEUED', 'SENT', 'NOT_NOW', 'SENT', 'ACKNOWLEDGED']);
  });
});
