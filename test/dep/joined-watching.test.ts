import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeDep } from '../../simulator/dep/index.js';
import { Census } from '../../src/services/census.js';
import { RENEWAL } from '../../src/services/certificates.js';
import { dep as depCheck } from '../../src/services/doctor/checks/dep.js';
import { ExpiryWarnings } from '../../src/services/expiry-warnings.js';
import { EventType, Outbox } from '../../src/events/index.js';
import { createLog } from '../../src/log.js';
import { useMdm } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { Joined } from './joined-kit.js';

const DAY = 24 * 3_600;
const EVERY_MS = 30 * 60_000;

let clock = Date.now;
const fake = await FakeDep.start({ now: () => clock() });
afterAll(() => fake.close());

onBothDatabases('What an operator watches of DEP', (name) => {
  const mdm = useMdm(name, { DEP_URL: fake.url, DEP_SYNC_MINUTES: '1440' });
  let world: Joined;
  beforeAll(() => {
    clock = mdm.now;
    world = new Joined(mdm, fake);
  });

  const tokens = () => mdm.services.server.certificates.filter(({ purpose }) => purpose === 'DEP_TOKEN');
  const check = () => depCheck(mdm.app.database, EVERY_MS, mdm.now).run(new AbortController().signal);
  const warnings = async () => {
    const { database, services } = mdm.app;
    const certificates = () => services.server.certificates;
    const house = { database, outbox: new Outbox(() => undefined), certificates, log: createLog('silent') };
    await new ExpiryWarnings({ ...house, now: mdm.now }).run();
    const alerts = await mdm.events(EventType.ALERT);
    return alerts.filter(({ purpose }) => purpose === 'DEP_TOKEN');
  };

  it('nothing, while there is no account; and all numbers are there', async () => {
    expect(tokens()).toEqual([]);
    expect(await check()).toMatchObject({ status: 'SKIPPED' });
    const page = await metrics();
    expect(page).toContain('pomona_dep_accounts{status="READY"} 0');
    expect(page).toContain('pomona_dep_devices{assignment="ASSIGNED"} 0');
    expect(page).toContain('pomona_dep_seconds_since_sync 0');
  });

  const metrics = async (): Promise<string> => {
    const { token } = await mdm.services.tokens.create({
      name: `Metrics ${mdm.now()}`,
      role: 'ADMIN' as never,
    });
    const authorization = `Bearer ${token}`;
    return (await fetch(`${mdm.app.url}/metrics`, { headers: { authorization } })).text();
  };

  it('a token is among the certificates as soon as it is uploaded', async () => {
    const account = await world.account();
    expect(tokens()).toEqual([
      expect.objectContaining({
        subject: 'The server token of the DEP account "Example"',
        notAfter: account.tokenExpiresAt,
        daysLeft: 364,
        topic: null,
      }),
    ]);
    expect(
      (await mdm.services.server.certificates).filter(({ purpose }) => purpose !== 'DEP_TOKEN'),
    ).not.toEqual([]);
  });

  it('another process knows it by the clock', async () => {
    const other = await mdm.open();
    await other.services.dep.accounts.uploadToken(
      (await world.account()).uuid,
      fake.token(world.server, (await world.account()).certificate, 100),
    );
    expect(tokens()[0]?.daysLeft).toBe(364);
    await mdm.services.dep.tokenEnds.refresh();
    expect(tokens()[0]?.daysLeft).toBe(99);
    await other.stop();
  });

  it('is warned once at each threshold, and anew for the token that takes its place', async () => {
    const { uuid, certificate } = await world.account();
    const upload = (days: number) =>
      mdm.services.dep.accounts.uploadToken(uuid, fake.token(world.server, certificate, days));
    await upload(29);
    expect(await warnings()).toMatchObject([{ alert: 'CERTIFICATE_EXPIRING', whatToDo: RENEWAL.DEP_TOKEN }]);
    expect(await warnings()).toHaveLength(1);
    mdm.advance(1);
    await upload(28);
    expect(await warnings()).toHaveLength(2);
    expect(RENEWAL.DEP_TOKEN).toContain('depAccountTokenUpload');
    mdm.advance(1);
    await upload(365);
    expect(await warnings()).toHaveLength(2);
  });

  it('devices and accounts are counted, and how long ago the last sync was', async () => {
    await world.rule('WATCHED*');
    await world.announce('WATCHED1', 'WATCHED2', 'OTHER');
    world.server.devices.remove('WATCHED2');
    await world.sync();
    mdm.advance(90);
    const { dep } = await new Census(mdm.app.database, mdm.now).take();
    expect(Object.fromEntries(dep.accounts)).toEqual({ READY: 1 });
    expect(Object.fromEntries(dep.devices)).toEqual({ ASSIGNED: 1, NONE: 1 });
    expect(Math.round((mdm.now() - (dep.oldestSync?.getTime() ?? 0)) / 1_000)).toBeGreaterThanOrEqual(90);
    const page = await metrics();
    expect(page).toContain('pomona_dep_accounts{status="READY"} 1');
    expect(page).toContain('pomona_dep_devices{assignment="ASSIGNED"} 1');
    expect(page).toMatch(
      /pomona_certificate_days_left\{purpose="DEP_TOKEN",subject="The server token of [^}]+\} 364/,
    );
    expect(Number(/^pomona_dep_seconds_since_sync (\S+)/m.exec(page)?.[1])).toBeGreaterThanOrEqual(90);
  });

  it('the doctor sees an account that fell behind, and one that waits for somebody', async () => {
    expect(await check()).toMatchObject({ status: 'OK' });
    mdm.advance((3 * EVERY_MS) / 1_000);
    const late = await check();
    expect(late).toMatchObject({
      status: 'WARNING',
      message: expect.stringContaining('"Example" was last in step'),
    });
    world.server.termsUnsigned = true;
    await expect(world.sync()).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
    const blocked = await check();
    expect(blocked).toMatchObject({ status: 'FAILED', fix: expect.stringContaining('depAccountSync') });
    expect(blocked.message).toMatch(/terms/i);
    expect((await new Census(mdm.app.database, mdm.now).take()).dep.accounts.get('BLOCKED' as never)).toBe(1);
    world.server.termsUnsigned = false;
    await world.sync();
    expect(await check()).toMatchObject({ status: 'OK' });
    mdm.advance(DAY);
  });
});
