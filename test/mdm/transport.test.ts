import { expect, it } from 'vitest';
import { CommandStatus } from '../../src/entities/enums.js';
import { EventType } from '../../src/events/index.js';
import { buildPlist } from '../../src/apple/plist/index.js';
import { signDetached } from '../../simulator/cms-sign.js';
import { issueServerCertificate } from '../../simulator/pki.js';
import { onBothDatabases } from '../support/databases.js';
import { deviceCa, handedOut, useMdm } from './kit.js';

const CHECK_IN = 'application/x-apple-aspen-mdm-checkin';
const CONNECT = 'application/x-apple-aspen-mdm; charset=UTF-8';

onBothDatabases('MDM transport', (name) => {
  const mdm = useMdm(name);

  it('fact 1: check-in and connect share both URLs; only the content type tells them apart', async () => {
    const { device } = await mdm.enrolled({ checkInPath: '/mdm/connect' });
    const idle = device.prepareIdle().body;
    expect((await device.sendRaw('/mdm/checkin', idle, { 'content-type': CONNECT })).status).toBe(200);
    const [checkIn] = [buildPlist({ MessageType: 'GetBootstrapToken', UDID: device.facts.udid })];
    for (const type of [CHECK_IN, `${CHECK_IN}; charset=UTF-8`]) {
      const answer = await device.sendRaw('/mdm/connect', checkIn, { 'content-type': type });
      expect([type, answer.status]).toEqual([type, 200]);
    }
  });

  it('fact 1: PUT and POST are taken; anything that is not a check-in is a connect', async () => {
    const { device, uuid } = await mdm.enrolled();
    await mdm.send(uuid, 'ProfileList');
    const { body, headers } = device.prepareIdle();
    for (const type of ['text/xml', 'application/xml', 'application/octet-stream', '', 'xml', 'a b/c;;=']) {
      const signed = headers as Record<string, string>;
      const response = await fetch(`${mdm.app.url}/mdm/connect`, {
        method: 'POST',
        headers: { ...signed, 'content-type': type },
        body: Uint8Array.from(body),
      });
      expect([type, response.status]).toEqual([type, 200]);
      expect(await response.text()).toContain('<string>ProfileList</string>');
    }
  });

  it('fact 1: without a content type the URL decides', async () => {
    const { device } = await mdm.enrolled();
    const checkIn = buildPlist({ MessageType: 'GetBootstrapToken', UDID: device.facts.udid });
    const idle = device.prepareIdle().body;
    expect((await device.sendRaw('/mdm/checkin', checkIn)).status).toBe(200);
    expect((await device.sendRaw('/mdm/connect', idle)).status).toBe(200);
  });

  it('fact 2: a command is a property list with Command and CommandUUID; nothing to do is zero bytes', async () => {
    const { device, uuid } = await mdm.enrolled();
    const nothing = await device.idle();
    expect([nothing.status, nothing.body.length, nothing.headers['content-length']]).toEqual([200, 0, '0']);
    const command = await mdm.send(uuid, 'DeviceInformation', { parameters: { Queries: ['OSVersion'] } });
    const answer = await device.idle();
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/xml; charset=UTF-8');
    expect(answer.command).toEqual({
      uuid: command.uuid,
      requestType: 'DeviceInformation',
      body: { RequestType: 'DeviceInformation', Queries: ['OSVersion'] },
    });
  });

  it('fact 3: a duplicate report is answered 200 and changes nothing', async () => {
    const { device, uuid } = await mdm.enrolled();
    const command = await mdm.send(uuid, 'RestartDevice');
    device.behave('RestartDevice', { duplicate: 5 });
    const log = await device.connect();
    expect(log.exchanges.map(({ answer }) => answer.status)).toEqual([200, 200, 200, 200, 200, 200]);
    const after = await mdm.command(command);
    expect((await device.report('Error', command.uuid)).status).toBe(200);
    expect((await device.report('NotNow', command.uuid)).status).toBe(200);
    expect((await device.report('CommandFormatError', command.uuid)).status).toBe(200);
    expect(await mdm.command(command)).toEqual(after);
    const told = await mdm.events(EventType.COMMAND_UPDATED, command.uuid);
    expect(told.map((data) => data['status'])).toEqual(['QUEUED', 'SENT', 'ACKNOWLEDGED']);
  });

  it('fact 3: a command stays queued until it is answered, and keeps its CommandUUID', async () => {
    const { device, uuid } = await mdm.enrolled();
    const command = await mdm.send(uuid, 'RestartDevice');
    device.behave('RestartDevice', { drop: true }, 2);
    const uuids = [];
    for (let connection = 0; connection < 3; connection += 1) {
      uuids.push(...(await device.connect()).commands.map((handed) => handed.uuid));
    }
    expect(uuids).toEqual([command.uuid, command.uuid, command.uuid]);
    await mdm.until(async () => (await mdm.command(command)).deliveryCount === 3);
    expect(await mdm.status(command)).toBe(CommandStatus.ACKNOWLEDGED);
  });

  it('fact 4: nothing that is wrong with a request is answered 401 or 403', async () => {
    const { device } = await mdm.enrolled();
    const server = issueServerCertificate(deviceCa);
    const bodies = [
      Buffer.alloc(0),
      Buffer.from('hello'),
      Buffer.from('<plist>'),
      buildPlist(['a']),
      buildPlist({}),
    ];
    const paths = ['/mdm/checkin', '/mdm/connect'];
    const identities = [undefined, 'x', '!', 'AAAA', server.certDer.toString('base64'), 'A'.repeat(10_000)];
    for (const path of paths) {
      for (const body of bodies) {
        for (const signature of identities) {
          const headers = {
            'content-type': path === '/mdm/checkin' ? CHECK_IN : CONNECT,
            'mdm-signature': signature,
          };
          expect((await device.sendRaw(path, body, headers)).status).toBe(400);
        }
        expect((await device.sendRaw(path, body, { 'content-type': CHECK_IN })).status).toBe(400);
      }
    }
  });

  it('fact 4: other methods, other paths, and headers beyond all bounds are not answered 401 or 403 either', async () => {
    const statuses: number[] = [];
    for (const method of ['GET', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']) {
      for (const path of ['/mdm/checkin', '/mdm/connect', '/mdm', '/mdm/', '/mdm/nothing']) {
        statuses.push((await fetch(mdm.app.url + path, { method })).status);
      }
    }
    const { device } = await mdm.enrolled();
    const huge = { 'mdm-signature': 'A'.repeat(200_000) };
    statuses.push((await device.sendRaw('/mdm/connect', Buffer.from('x'), huge)).status);
    expect(new Set(statuses)).toEqual(new Set([405, 404, 431]));
  });

  it('fact 5: the addresses answer themselves, so that no device depends on a redirect', async () => {
    const { device } = await mdm.enrolled();
    const answer = await device.idle();
    expect([answer.status, answer.headers.location]).toEqual([200, undefined]);
  });

  it.each(['GetToken', 'DeclarativeManagement', 'SomethingNew', 'toString', '__proto__'])(
    'refuses the message type %s with 400, in words, and lives on',
    async (messageType) => {
      const { device, uuid } = await mdm.enrolled();
      const keys = { TokenServiceType: 'com.apple.maid', Endpoint: 'tokens' };
      const answer = await device.checkIn(messageType, keys);
      expect(answer.status).toBe(400);
      expect(answer.body.toString()).toBe(`The message type ${messageType} is not handled by this server.\n`);
      await mdm.send(uuid, 'RestartDevice');
      expect(handedOut(await device.connect())).toEqual(['RestartDevice']);
    },
  );

  it('a message without a type, or with one that is no string, is refused in words', async () => {
    const { device } = await mdm.enrolled();
    for (const message of [{}, { MessageType: 7 }, { MessageType: ['Authenticate'] }, { MessageType: '' }]) {
      const body = buildPlist({ UDID: device.facts.udid, ...message });
      const answer = await device.sendRaw('/mdm/checkin', body, { 'content-type': CHECK_IN });
      expect([answer.status, answer.body.toString()]).toEqual([400, expect.stringMatching(/MessageType/)]);
    }
  });

  it('a message above 32 MiB is refused before it is read', async () => {
    const { device } = await mdm.enrolled();
    const signature = signDetached(Buffer.from('the beginning of it'), device.identity).toString('base64');
    const response = await fetch(`${mdm.app.url}/mdm/connect`, {
      method: 'PUT',
      headers: { 'content-type': CONNECT, 'mdm-signature': signature },
      body: Buffer.alloc(33 * 1024 * 1024),
    }).catch(() => undefined);
    // The server may close the socket on someone who goes on sending.
    expect(response?.status ?? 413).toBe(413);
    expect((await device.idle()).status).toBe(200);
  });
});
