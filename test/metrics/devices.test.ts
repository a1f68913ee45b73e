import { afterAll, beforeAll, expect, it } from 'vitest';
import { Context, type EnrolledDevice } from '../management-v1/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { ADMIN } from '../support/principal.js';
import { scrape, type Samples } from './scrape.js';

onBothDatabases('metrics of devices', (name) => {
  let ctx: Context;
  let enrolled: EnrolledDevice;
  let samples: Samples;
  beforeAll(async () => {
    ctx = await Context.start(name);
    enrolled = await ctx.enrolled();
    const { commands } = ctx.server.app.services;
    await commands.send([enrolled.uuid], { requestType: 'ProfileList' }, ADMIN);
    await enrolled.device.connect();
    const push = await ctx.call('POST', `/devices/${enrolled.udid}/push`);
    if (push.status !== 200) throw new Error(push.text);
    const later = { requestType: 'CertificateList', notBefore: new Date(Date.now() + 3_600_000) };
    await commands.send([enrolled.uuid], later, ADMIN);
    await commands.send([enrolled.uuid], { requestType: 'SecurityInfo' }, ADMIN);
    await fetch(`${ctx.server.url}/mdm/connect`, { method: 'PUT', body: 'nonsense' });
    samples = await scrape(ctx.server);
  });
  afterAll(() => ctx.stop());

  const value = (key: string): number | undefined => samples.get(`pomona_${key}`);

  it('count check-ins by message and answer', () => {
    expect(value('device_checkins_total{message="Authenticate",status="200"}')).toBe(1);
    expect(value('device_checkins_total{message="TokenUpdate",status="200"}')).toBe(1);
  });

  it('count connections by report and answer, and whether a command was handed out', () => {
    expect(value('device_connects_total{command="yes",report="Idle",status="200"}')).toBe(1);
    expect(value('device_connects_total{command="no",report="Acknowledged",status="200"}')).toBe(1);
    expect(value('device_connects_total{command="no",report="unreadable",status="400"}')).toBe(1);
  });

  it('count what commands came to', () => {
    const count = (requestType: string, status: string) =>
      value(`commands_total{request_type="${requestType}",status="${status}"}`);
    expect(count('ProfileList', 'QUEUED')).toBe(1);
    expect(count('ProfileList', 'ACKNOWLEDGED')).toBe(1);
    expect(count('CertificateList', 'QUEUED')).toBe(1);
    expect(count('CertificateList', 'ACKNOWLEDGED')).toBeUndefined();
  });

  it('count pushes by what became of them', () => {
    expect(value('pushes_total{reason="",status="DELIVERED"}')).toBeGreaterThanOrEqual(1);
  });

  it('say how many there are, with 0 where there are none', () => {
    expect(value('devices{enrollment="ENROLLED"}')).toBe(1);
    expect(value('devices{enrollment="UNENROLLED"}')).toBe(0);
    expect(value('commands_waiting{status="QUEUED"}')).toBe(2);
    expect(value('commands_waiting{status="NOT_NOW"}')).toBe(0);
    expect(value('deployments{status="FAILED"}')).toBe(0);
    expect(value('command_oldest_waiting_seconds')).toBeGreaterThan(0);
    expect(value('command_oldest_waiting_seconds')).toBeLessThan(600);
  });

  it('say how far events were written and can be read', () => {
    const written = value('event_position{point="written"}') ?? 0;
    expect(written).toBeGreaterThan(3);
    expect(value('event_position{point="readable"}')).toBeLessThanOrEqual(written);
    expect(value('event_position{point="told"}')).toBeLessThanOrEqual(written);
  });

  it('say how long certificates last', () => {
    const days = [...samples].filter(([key]) => key.startsWith('pomona_certificate_days_left'));
    expect(days.map(([key]) => /purpose="(\w+)"/.exec(key)?.[1]).sort()).toEqual([
      'DEVICE_CA',
      'DEVICE_CA',
      'PUSH',
    ]);
    for (const [, left] of days) expect(left).toBeGreaterThan(0);
  });
});
