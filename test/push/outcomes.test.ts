import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PushStatus } from '../../src/entities/enums.js';
import { EventType } from '../../src/events/index.js';
import { TOPIC } from '../apns/setup.js';
import { onBothDatabases } from '../support/databases.js';
import { PushKit } from './kit.js';

const HOUR = 3600;

onBothDatabases('A push', (name) => {
  let kit: PushKit;
  beforeAll(async () => {
    kit = await PushKit.create(name);
  });
  afterAll(() => kit.remove());
  beforeEach(() => kit.begin());
  afterEach(() => kit.end());

  it('is sent as MDM wants it, recorded and told of', async () => {
    const workflowUuid = '01890000-0000-7000-8000-000000000001';
    const [device] = await kit.enrol(1, {}, { workflowUuid });
    kit.sender();
    const push = await kit.oweUntil(device!, (row) => row.status === PushStatus.DELIVERED);
    expect(push).toMatchObject({
      apnsId: push.uuid,
      attempts: 1,
      httpStatus: 200,
      reason: null,
      dueAt: null,
    });
    expect(push.settledAt).toBeInstanceOf(Date);
    const { pushMagic } = await kit.channel(device!);
    expect(kit.fake.received).toHaveLength(1);
    expect(kit.fake.received[0]).toMatchObject({
      token: device!.token,
      pushMagic,
      topic: TOPIC,
      apnsId: push.uuid,
    });
    expect(kit.fake.received[0]!.expiration - kit.now() / 1000).toBeGreaterThan(7 * 24 * HOUR - 60);
    const [event] = await kit.events(EventType.PUSH_UPDATED);
    expect(event).toMatchObject({
      deviceUuid: device!.deviceUuid,
      subjectUuid: push.uuid,
      data: {
        status: 'DELIVERED',
        reason: null,
        httpStatus: 200,
        attempts: 1,
        pushUuid: push.uuid,
        workflowUuid,
      },
    });
  });

  it('delivered plans the next, in about a minute, then ever later', async () => {
    kit.sender();
    const expected = [60, 300, 1800, 7200, 21_600, 86_400, 86_400];
    for (const [repushCount, seconds] of expected.entries()) {
      const [device] = await kit.enrol(1, { repushCount });
      await kit.oweUntil(device!, (row) => row.status === PushStatus.DELIVERED);
      const pause = kit.secondsUntil((await kit.channel(device!)).repushAt);
      expect(pause).toBeGreaterThan(seconds * 0.8 - 5);
      expect(pause).toBeLessThan(seconds * 1.2);
    }
  });

  it('delivered plans the next for when a waiting command becomes due, when that is sooner', async () => {
    const [device] = await kit.enrol(1, { repushCount: 5 });
    const notBefore = new Date(kit.now() + 600_000);
    await kit.command(device!, { notBefore });
    kit.sender();
    await kit.oweUntil(device!, (row) => row.status === PushStatus.DELIVERED);
    expect((await kit.channel(device!)).repushAt).toEqual(notBefore);
  });

  it('is one, however many ask while it waits', async () => {
    const [device] = await kit.enrol(1);
    await Promise.all(Array.from({ length: 100 }, () => kit.owe([device!])));
    kit.sender();
    await kit.pushUntil(device!, (row) => row.status === PushStatus.DELIVERED);
    expect(await kit.pushesOf(device!)).toHaveLength(1);
    expect(kit.fake.received).toHaveLength(1);
  });

  it('is a new one for who asks while the last is on its way', async () => {
    const [device] = await kit.enrol(1);
    kit.fake.answer(device!.token, { status: 200, delayMs: 200, times: 1 });
    kit.sender();
    await kit.oweUntil(device!, (row) => row.status === PushStatus.DELIVERED || row.attempts > 0);
    await kit.oweUntil(device!, (row) => row.status === PushStatus.DELIVERED);
    await kit.until(() => kit.fake.received.length === 2);
    expect(await kit.pushesOf(device!)).toHaveLength(2);
  });

  describe('answered 410', () => {
    it('retires the token, does not unenrol, and sends nothing until there is another token', async () => {
      const [device, other] = await kit.enrol(2);
      kit.fake.unregister(device!.token, new Date(kit.now() + 1000));
      kit.sender();
      await kit.owe([other!]);
      const push = await kit.oweUntil(device!, (row) => row.status === PushStatus.TOKEN_RETIRED);
      await kit.pushUntil(other!, (row) => row.status === PushStatus.DELIVERED);
      expect(push).toMatchObject({ httpStatus: 410, reason: 'Unregistered' });
      expect(await kit.channel(device!)).toMatchObject({ enabled: true, tokenRetired: true, repushAt: null });
      expect((await kit.channel(other!)).tokenRetired).toBe(false);
      const next = await kit.oweUntil(device!, (row) => row.uuid !== push.uuid && row.settledAt !== null);
      expect(next).toMatchObject({ status: PushStatus.TOKEN_RETIRED, httpStatus: null });
      expect(kit.fake.received.filter(({ token }) => token === device!.token)).toHaveLength(1);
    });

    it('without a time retires the token as well', async () => {
      const [device] = await kit.enrol(1);
      kit.fake.answer(device!.token, { status: 410, reason: 'ExpiredToken' });
      kit.sender();
      await kit.oweUntil(device!, (row) => row.status === PushStatus.TOKEN_RETIRED);
      expect((await kit.channel(device!)).tokenRetired).toBe(true);
    });

    it('for a time before the device sent the token leaves it', async () => {
      const [device] = await kit.enrol(1);
      kit.fake.unregister(device!.token, new Date(kit.now() - HOUR * 1000));
      kit.sender();
      await kit.oweUntil(device!, (row) => row.status === PushStatus.TOKEN_RETIRED);
      const channel = await kit.channel(device!);
      expect(channel.tokenRetired).toBe(false);
      expect(kit.secondsUntil(channel.repushAt)).toBeGreaterThan(40);
    });

    it('leaves a token that came while the push was on its way, which is pushed at once', async () => {
      const [device] = await kit.enrol(1);
      const renewed = { pushToken: 'ab'.repeat(40) };
      const { client, answered, release } = kit.stalling();
      kit.fake.unregister(device!.token, new Date(kit.now() + 1000));
      kit.sender({ client: () => client });
      await kit.owe([device!]);
      await answered;
      await kit.updateChannel(device!, renewed);
      release();
      await kit.pushUntil(device!, (row) => row.status === PushStatus.TOKEN_RETIRED);
      const channel = await kit.channel(device!);
      expect(channel).toMatchObject({ ...renewed, tokenRetired: false });
      expect(kit.secondsUntil(channel.repushAt)).toBeLessThanOrEqual(0);
    });
  });

  describe('refused', () => {
    it('with 400 fails, keeps the token, and alerts once for each reason in ten minutes', async () => {
      const devices = await kit.enrol(30);
      kit.fake.answer('*', { status: 400, reason: 'DeviceTokenNotForTopic', times: 20 });
      kit.fake.answer('*', { status: 400, reason: 'BadDeviceToken' });
      kit.sender();
      await kit.owe(devices);
      await kit.until(async () => (await kit.events(EventType.PUSH_UPDATED)).length === 30);
      const [push] = await kit.pushesOf(devices[0]!);
      expect(push).toMatchObject({ status: PushStatus.FAILED, httpStatus: 400, attempts: 1 });
      const channel = await kit.channel(devices[0]!);
      expect(channel).toMatchObject({ pushToken: devices[0]!.token, tokenRetired: false, enabled: true });
      expect(kit.secondsUntil(channel.repushAt)).toBeGreaterThan(0.7 * HOUR);
      const alerts = (await kit.events(EventType.ALERT)).map(({ data }) => data);
      expect(alerts.map(({ alert, reason }) => `${String(alert)} ${String(reason)}`).toSorted()).toEqual([
        'APNS_REFUSED BadDeviceToken',
        'APNS_REFUSED DeviceTokenNotForTopic',
      ]);
      for (const { explanation } of alerts) expect(String(explanation).length).toBeGreaterThan(50);
    });

    it('alerts again when ten minutes have passed', async () => {
      const [device] = await kit.enrol(1);
      kit.fake.answer('*', { status: 400, reason: 'BadTopic' });
      kit.sender();
      for (const minutes of [0, 5, 6]) {
        kit.advance(minutes * 60);
        const before = (await kit.pushesOf(device!)).length;
        await kit.owe([device!]);
        await kit.until(
          async () => (await kit.pushesOf(device!)).filter((row) => row.settledAt).length > before,
        );
      }
      expect(await kit.events(EventType.ALERT)).toHaveLength(2);
    });

    it('with 403 alerts about the certificate', async () => {
      const [device] = await kit.enrol(1);
      kit.fake.answer('*', { status: 403, reason: 'BadCertificate' });
      kit.sender();
      await kit.oweUntil(device!, (row) => row.status === PushStatus.FAILED);
      const [alert] = await kit.events(EventType.ALERT);
      expect(alert?.data).toMatchObject({ alert: 'APNS_CERTIFICATE', reason: 'BadCertificate' });
      expect((await kit.channel(device!)).tokenRetired).toBe(false);
    });
  });

  describe('not taken for now', () => {
    it('with 429 is sent again no sooner than Retry-After says, with the same apns-id', async () => {
      const [device] = await kit.enrol(1);
      const headers = { 'retry-after': '300' };
      kit.fake.answer(device!.token, { status: 429, reason: 'TooManyRequests', headers, times: 1 });
      kit.sender();
      const waiting = await kit.oweUntil(
        device!,
        (row) => row.status === PushStatus.QUEUED && row.attempts === 1,
      );
      expect(waiting).toMatchObject({ httpStatus: 429, reason: 'TooManyRequests', settledAt: null });
      expect(kit.secondsUntil(waiting.dueAt)).toBeGreaterThan(290);
      kit.advance(280);
      const [other] = await kit.enrol(1);
      await kit.oweUntil(other!, (row) => row.status === PushStatus.DELIVERED);
      expect(kit.fake.received.filter(({ token }) => token === device!.token)).toHaveLength(1);
      kit.advance(25);
      await kit.pushUntil(device!, (row) => row.status === PushStatus.DELIVERED);
      const sent = kit.fake.received.filter(({ token }) => token === device!.token);
      expect(sent.map(({ apnsId, status }) => [apnsId, status])).toEqual([
        [waiting.uuid, 429],
        [waiting.uuid, 200],
      ]);
    });

    it('with 503 tells of the retry, then of the delivery', async () => {
      const [device] = await kit.enrol(1);
      kit.fake.answer(device!.token, { status: 503, reason: 'ServiceUnavailable', times: 1 });
      kit.sender();
      const waiting = await kit.oweUntil(
        device!,
        (row) => row.status === PushStatus.QUEUED && row.attempts === 1,
      );
      expect(kit.secondsUntil(waiting.dueAt)).toBeLessThan(2.5);
      kit.advance(3);
      await kit.pushUntil(device!, (row) => row.status === PushStatus.DELIVERED);
      const events = await kit.events(EventType.PUSH_UPDATED);
      expect(events.map(({ data }) => [data['status'], data['reason'], data['attempts']])).toEqual([
        ['QUEUED', 'ServiceUnavailable', 1],
        ['DELIVERED', null, 2],
      ]);
    });

    it('six times is given up for an hour', async () => {
      const [device] = await kit.enrol(1);
      kit.fake.answer('*', { status: 500, reason: 'InternalServerError' });
      kit.sender();
      await kit.owe([device!]);
      for (let attempts = 1; attempts < 6; attempts += 1) {
        const row = await kit.pushUntil(
          device!,
          (push) => push.status === PushStatus.QUEUED && push.attempts === attempts,
        );
        const pause = kit.secondsUntil(row.dueAt);
        expect(pause).toBeLessThan(2 * 3 ** (attempts - 1) * 1.2 + 0.1);
        kit.advance(pause + 1);
      }
      const push = await kit.pushUntil(device!, (row) => row.status === PushStatus.FAILED);
      expect(push).toMatchObject({ attempts: 6, httpStatus: 500, reason: 'InternalServerError' });
      expect(kit.secondsUntil((await kit.channel(device!)).repushAt)).toBeGreaterThan(0.7 * HOUR);
      expect(await kit.events(EventType.ALERT)).toEqual([]);
    });

    it('because APNs cannot be reached says so, and is sent once it can', async () => {
      const [device] = await kit.enrol(1);
      await kit.fake.refuseConnections(true);
      kit.sender();
      const waiting = await kit.oweUntil(
        device!,
        (row) => row.status === PushStatus.QUEUED && row.attempts === 1,
      );
      expect(waiting).toMatchObject({ httpStatus: null, reason: `connection refused (${kit.fake.url})` });
      await kit.fake.refuseConnections(false);
      kit.advance(3);
      await kit.pushUntil(device!, (row) => row.status === PushStatus.DELIVERED);
    });
  });

  describe('that cannot be sent', () => {
    const unsent: [string, Parameters<PushKit['enrol']>[1], PushStatus, RegExp][] = [
      ['for a channel that is not enabled', { enabled: false }, PushStatus.FAILED, /^not enrolled$/],
      ['without a token', { pushToken: null }, PushStatus.FAILED, /^no push token$/],
      ['without a magic', { pushMagic: null }, PushStatus.FAILED, /^no push token$/],
      [
        'for another topic',
        { pushTopic: 'com.apple.mgmt.other' },
        PushStatus.NOT_CONFIGURED,
        /com\.apple\.mgmt\.other/,
      ],
      ['without a topic', { pushTopic: null }, PushStatus.NOT_CONFIGURED, /named no push topic/],
    ];
    it.each(unsent)('%s says why', async (_title, channel, status, reason) => {
      const [device] = await kit.enrol(1, channel);
      kit.sender();
      const push = await kit.oweUntil(device!, (row) => row.settledAt !== null);
      expect(push).toMatchObject({ status, reason: expect.stringMatching(reason), httpStatus: null });
      expect(kit.fake.received).toEqual([]);
    });

    it('without a push certificate names the topic, and is looked at again in an hour', async () => {
      const [device] = await kit.enrol(1);
      kit.sender({ client: () => undefined });
      const push = await kit.oweUntil(device!, (row) => row.settledAt !== null);
      expect(push).toMatchObject({
        status: PushStatus.NOT_CONFIGURED,
        reason: expect.stringContaining(TOPIC),
      });
      const pause = kit.secondsUntil((await kit.channel(device!)).repushAt);
      expect(pause).toBeGreaterThan(0.7 * HOUR);
      expect(pause).toBeLessThan(1.3 * HOUR);
    });

    it('because the channel is gone fails', async () => {
      const [device] = await kit.enrol(1);
      await kit.owe([device!]);
      await kit.database.run('DELETE FROM channels');
      kit.sender();
      const push = await kit.pushUntil(device!, (row) => row.settledAt !== null);
      expect(push).toMatchObject({ status: PushStatus.FAILED, reason: 'not enrolled' });
    });
  });
});
