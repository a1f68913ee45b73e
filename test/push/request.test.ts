import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { EnrollmentStatus, PushStatus } from '../../src/entities/enums.js';
import type { PushRequest } from '../../src/services/push/index.js';
import { onBothDatabases } from '../support/databases.js';
import { PushKit } from './kit.js';

onBothDatabases('Asking for pushes', (name) => {
  let kit: PushKit;
  beforeAll(async () => {
    kit = await PushKit.create(name);
  });
  afterAll(() => kit.remove());
  beforeEach(() => kit.begin());
  afterEach(() => kit.end());

  it('answers for each device, in order, what it got or why not', async () => {
    const [good, owed] = await kit.enrol(2);
    const [authenticated] = await kit.enrol(
      1,
      { enabled: false },
      { enrollmentStatus: EnrollmentStatus.AUTHENTICATED },
    );
    const [left] = await kit.enrol(1, {}, { enrollmentStatus: EnrollmentStatus.UNENROLLED });
    const [tokenless] = await kit.enrol(1, { pushToken: null });
    const [retired] = await kit.enrol(1, { tokenRetired: true });
    const unknown = randomUUID();
    await kit.owe([owed!]);
    const [already] = await kit.pushesOf(owed!);
    const all = [good, authenticated, left, tokenless, retired, owed].map((device) => device!.deviceUuid);
    const answers = await kit.pushes.request([unknown, ...all, good!.deviceUuid]);
    expect(answers.map(({ deviceUuid }) => deviceUuid)).toEqual([unknown, ...all, good!.deviceUuid]);
    const outcome = ({ push, problem }: PushRequest): string | undefined => push?.status ?? problem?.code;
    expect(answers.map(outcome)).toEqual([
      'NOT_FOUND',
      'QUEUED',
      'NOT_ENROLLED',
      'NOT_ENROLLED',
      'NOT_ENROLLED',
      'NOT_ENROLLED',
      'QUEUED',
      'QUEUED',
    ]);
    expect(answers[4]?.problem?.message).toContain('no push token');
    expect(answers[5]?.problem?.message).toContain('retired');
    expect(answers[6]?.push?.uuid).toBe(already!.uuid);
    expect(answers[7]?.push?.uuid).toBe(answers[1]?.push?.uuid);
  });

  it('for 1200 devices takes statements by 500, not by device', async () => {
    const devices = await kit.enrol(1200);
    let statements = 0;
    kit.database.onStatement = () => (statements += 1);
    const answers = await kit.pushes.request(devices.map(({ deviceUuid }) => deviceUuid));
    kit.database.onStatement = undefined;
    expect(answers.filter(({ push }) => push === undefined)).toEqual([]);
    expect(statements).toBeLessThanOrEqual(3 * 5);
  });

  it('and waiting gives the delivered push', async () => {
    const [device] = await kit.enrol(1);
    kit.sender();
    const push = await kit.pushes.pushAndWait(device!.deviceUuid, 20_000);
    expect(push).toMatchObject({ status: PushStatus.DELIVERED, apnsId: kit.fake.received[0]!.apnsId });
  });

  it('and waiting gives the refused push', async () => {
    const [device] = await kit.enrol(1);
    kit.fake.answer('*', { status: 400, reason: 'BadDeviceToken' });
    kit.sender();
    const push = await kit.pushes.pushAndWait(device!.deviceUuid, 20_000);
    expect(push).toMatchObject({ status: PushStatus.FAILED, httpStatus: 400, reason: 'BadDeviceToken' });
  });

  it('and waiting works when another process sends', async () => {
    const [device] = await kit.enrol(1);
    kit.sender({ settled: () => undefined });
    expect((await kit.pushes.pushAndWait(device!.deviceUuid, 20_000)).status).toBe(PushStatus.DELIVERED);
  });

  it('and waiting ends in time, with what is known', async () => {
    const [device] = await kit.enrol(1);
    kit.fake.answer('*', { status: 503, reason: 'ServiceUnavailable' });
    kit.sender();
    const waiting = kit.pushes.pushAndWait(device!.deviceUuid, 300);
    await expect(waiting).rejects.toMatchObject({
      code: 'TIMEOUT',
      details: { status: PushStatus.QUEUED, attempts: 1, reason: 'ServiceUnavailable' },
    });
  });

  it('and waiting refuses a device that cannot be pushed', async () => {
    await expect(kit.pushes.pushAndWait(randomUUID(), 1000)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const [device] = await kit.enrol(1, { pushToken: null });
    await expect(kit.pushes.pushAndWait(device!.deviceUuid, 1000)).rejects.toMatchObject({
      code: 'NOT_ENROLLED',
    });
    expect(await kit.pushesOf(device!)).toEqual([]);
  });

  it('leaves a history: newest first, by device, in pages', async () => {
    const [one, other] = await kit.enrol(2);
    kit.sender();
    const uuids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      uuids.unshift((await kit.pushes.pushAndWait(one!.deviceUuid, 20_000)).uuid);
      await kit.pushes.pushAndWait(other!.deviceUuid, 20_000);
    }
    const filter = { deviceUuid: one!.deviceUuid };
    const first = await kit.pushes.list(filter, { limit: 2, backward: false });
    expect(first.rows.map(({ uuid }) => uuid)).toEqual(uuids.slice(0, 2));
    expect(first.hasMore).toBe(true);
    const rest = await kit.pushes.list(filter, { limit: 2, backward: false, after: [first.rows[1]!.seq] });
    expect(rest.rows.map(({ uuid }) => uuid)).toEqual(uuids.slice(2));
    expect(await first.total()).toBe(3);
    expect(await (await kit.pushes.list({}, { limit: 1, backward: false })).total()).toBe(6);
    expect((await kit.pushes.get(uuids[0]!))?.deviceUuid).toBe(one!.deviceUuid);
    expect(await kit.pushes.get(randomUUID())).toBeUndefined();
  });
});
