import { afterAll, expect, it } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { randomBytes } from 'node:crypto';
import { EventType } from '../../src/events/index.js';
import { identityRenewal } from '../../src/database/migrations/0007-identity-renewal.js';
import { closeDevices } from '../enrollment/kit.js';
import { handedOut, issueIdentity, useMdm } from '../mdm/kit.js';
import { onBothDatabases, onMysql } from '../support/databases.js';
import { bindings, DAY, hashOf, linked, OPTIONS, renewalsOf, type Linked } from './kit.js';

onBothDatabases('The job of renewals', (name) => {
  const mdm = useMdm(name, OPTIONS);
  afterAll(closeDevices);

  const due = (): Promise<void> => mdm.services.renewals.due();
  const renewAt = async (sha256: string): Promise<number | null> => {
    const [row] = await mdm.query<{ at: number | string | null }>(
      'SELECT renew_at AS at FROM identities WHERE sha256 = ?',
      [sha256],
    );
    return row?.at == null ? null : Number(row.at);
  };
  const notAfter = async ({ device }: Linked): Promise<number> =>
    (await mdm.services.authority.standingOf(hashOf(device.identity)))?.notAfter.getTime() ?? 0;
  /** Moves the clock to so many days before a certificate ends. */
  const advanceTo = async (found: Linked, daysLeft: number): Promise<void> =>
    mdm.advance(((await notAfter(found)) - mdm.now()) / 1_000 - daysLeft * DAY);
  const overdue = async (uuid: string) =>
    (await mdm.events(EventType.ALERT, uuid)).filter(({ alert }) => alert === 'RENEWAL_OVERDUE');

  it('has a time for each, chosen when it is bound, in the first third of the last 30 days; none for others', async () => {
    const found = await linked(mdm);
    const end = await notAfter(found);
    const at = await renewAt(hashOf(found.device.identity));
    expect(at).toBeGreaterThanOrEqual(end - 30 * DAY * 1_000);
    expect(at).toBeLessThanOrEqual(end - 20 * DAY * 1_000);
    const foreign = issueIdentity();
    await mdm.enrolled({ identity: foreign });
    expect(await renewAt(hashOf(foreign))).toBeNull();
  });

  it('has times for the identities that were there before it: those of this server alone', async () => {
    const found = await linked(mdm);
    const foreign = issueIdentity();
    await mdm.enrolled({ identity: foreign });
    await mdm.app.database.run('UPDATE identities SET renew_at = NULL');
    const fill = identityRenewal.steps(mdm.app.database.dialect).at(-1);
    await mdm.app.database.transaction((tx) => fill!(tx.manager as never));
    const at = (await renewAt(hashOf(found.device.identity))) ?? 0;
    const end = await notAfter(found);
    expect([at >= end - 30 * DAY * 1_000, at <= end - 20 * DAY * 1_000]).toEqual([true, true]);
    expect(await renewAt(hashOf(foreign))).toBeNull();
  });

  it('sends a renewal when its time has come, and the new certificate has a time of its own', async () => {
    const found = await linked(mdm);
    const { device, uuid } = found;
    await due();
    expect(await renewalsOf(mdm, uuid)).toEqual([]);
    await advanceTo(found, 19);
    await due();
    const [command] = await mdm.queueOf(uuid);
    expect(command).toMatchObject({ requestType: 'InstallProfile', source: 'SYSTEM' });
    const former = await renewAt(hashOf(device.identity));
    expect(handedOut(await device.connect())).toEqual(['InstallProfile']);
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE', 'RETIRING']);
    expect(await renewAt(hashOf(device.identity))).toBeGreaterThan((former ?? 0) + 30 * DAY * 1_000);
    await due();
    expect(await renewalsOf(mdm, uuid)).toHaveLength(1);
    expect(await overdue(uuid)).toEqual([]);
  });

  it('sends it again when it failed, a day or more later, and tells when less than seven days are left', async () => {
    const found = await linked(mdm);
    const { device, uuid } = found;
    device.behave(
      'InstallProfile',
      { error: [{ ErrorCode: 4001, ErrorDomain: 'X', LocalizedDescription: 'no' }] },
      2,
    );
    await advanceTo(found, 19);
    await due();
    await device.connect();
    mdm.advance(DAY - 60);
    await due();
    expect((await renewalsOf(mdm, uuid)).map(({ status }) => status)).toEqual(['ERROR']);
    mdm.advance(DAY / 2 + 120);
    await due();
    await device.connect();
    expect((await renewalsOf(mdm, uuid)).map(({ status }) => status)).toEqual(['ERROR', 'ERROR']);
    expect(await overdue(uuid)).toEqual([]);
    await advanceTo(found, 6);
    await due();
    expect(await overdue(uuid)).toMatchObject([
      { certificate: hashOf(device.identity), notAfter: new Date(await notAfter(found)).toISOString() },
    ]);
    await device.connect();
    expect((await renewalsOf(mdm, uuid)).at(-1)?.status).toBe('ACKNOWLEDGED');
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE', 'RETIRING']);
  });

  it('sends one at a time: a device that stays away has one in its queue, and an operator is told', async () => {
    const found = await linked(mdm);
    for (const left of [19, 10, 5, 3]) {
      await advanceTo(found, left);
      await due();
    }
    expect((await renewalsOf(mdm, found.uuid)).map(({ status }) => status)).toEqual(['QUEUED']);
    expect(await overdue(found.uuid)).toHaveLength(2);
  });

  it('waits for a certificate that was issued and not proven yet', async () => {
    const found = await linked(mdm);
    const { device, uuid } = found;
    device.renewal = { ...device.renewal, checkIn: 'none' };
    await advanceTo(found, 19);
    await due();
    await device.connect();
    await mdm.app.database.run(
      `UPDATE identities SET renew_at = 1 WHERE device_uuid = '${uuid}' AND status = 'ACTIVE'`,
    );
    await due();
    expect(await renewalsOf(mdm, uuid)).toHaveLength(1);
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE', 'STAGED']);
  });

  it('gives up what ended too long ago or has left, and says so once', async () => {
    const [lost, left] = [await linked(mdm), await linked(mdm)];
    await left.device.checkOut();
    await advanceTo(lost, -31);
    await due();
    await due();
    expect(await renewAt(hashOf(lost.device.identity))).toBeNull();
    expect((await overdue(lost.uuid)).map(({ reason }) => reason)).toEqual([
      expect.stringContaining('ended too long ago'),
    ]);
    expect([await renewalsOf(mdm, lost.uuid), await renewalsOf(mdm, left.uuid)]).toEqual([[], []]);
    expect(await renewAt(hashOf(left.device.identity))).toBeNull();
    expect(await overdue(left.uuid)).toEqual([]);
  });

  it('may run in two processes at once: each device is sent one', async () => {
    const found = await Promise.all(Array.from({ length: 6 }, () => linked(mdm)));
    await advanceTo(found[0]!, 19);
    const other = await mdm.open();
    await Promise.all([due(), other.services.renewals.due(), due(), other.services.renewals.due()]);
    for (const { uuid } of found) expect(await renewalsOf(mdm, uuid)).toHaveLength(1);
    await other.stop();
  });

  it('does nothing when IDENTITY_RENEWAL_DAYS is 0', async () => {
    const found = await linked(mdm);
    await advanceTo(found, 19);
    const other = await mdm.open({ IDENTITY_RENEWAL_DAYS: '0' });
    await other.services.renewals.due();
    expect(await renewalsOf(mdm, found.uuid)).toEqual([]);
    await other.stop();
  });
});

/** Statements are round trips. */
onMysql('The job of renewals, counted [mysql]', () => {
  const mdm = useMdm('mysql', OPTIONS);

  /** Devices whose renewal is due, that were only ever written to the database. */
  async function dueDevices(count: number): Promise<void> {
    const now = mdm.now();
    const rows = Array.from({ length: count }, () => ({
      device: uuidv7(),
      channel: uuidv7(),
      sha256: randomBytes(32).toString('hex'),
      serial: randomBytes(16).toString('hex'),
    }));
    for (const { device, channel, sha256, serial } of rows) {
      await mdm.app.database.run(
        `INSERT INTO devices (uuid, udid, enrollment_status, enrollment_kind, awaiting_configuration, created_at, updated_at)
         VALUES (?, ?, 'ENROLLED', 'DEVICE', 0, ?, ?)`,
        [device, device, now, now],
      );
      await mdm.app.database.run(
        `INSERT INTO channels (uuid, device_uuid, kind, enrollment_key, enabled, token_retired, tally, repush_count, created_at)
         VALUES (?, ?, 'DEVICE', ?, 1, 0, 1, 0, ?)`,
        [channel, device, device, now],
      );
      await mdm.app.database.run(
        `INSERT INTO identities (sha256, device_uuid, status, subject, serial, not_before, not_after, bound_at, renew_at)
         VALUES (?, ?, 'ACTIVE', 'x', ?, ?, ?, ?, ?)`,
        [sha256, device, serial, now - 80 * DAY * 1_000, now + 10 * DAY * 1_000, now, now - 1],
      );
      await mdm.app.database.run(
        `INSERT INTO issued_certificates (sha256, serial, purpose, subject, certificate, not_before, not_after,
           enrollment_profile_uuid, transaction_id, public_key_sha256, created_at)
         VALUES (?, ?, 'DEVICE_IDENTITY', 'x', '', 0, ?, ?, 't', ?, ?)`,
        [sha256, serial, now + 10 * DAY * 1_000, device, sha256, now],
      );
    }
  }

  async function counted(work: () => Promise<unknown>): Promise<string[]> {
    const statements: string[] = [];
    // Without those of the pushes, which are sent meanwhile, and of what else is done by the clock.
    mdm.app.database.onStatement = (sql) =>
      /identities|commands|command_bodies|events \(|INTO pushes|COMMIT/.test(sql) && statements.push(sql);
    await work();
    mdm.app.database.onStatement = undefined;
    return statements.filter((sql) => !/FROM pushes|UPDATE (pushes|channels)/.test(sql));
  }

  it('costs as many statements for 200 as for two', async () => {
    await dueDevices(1);
    await mdm.services.renewals.due();
    await dueDevices(2);
    const few = await counted(() => mdm.services.renewals.due());
    await dueDevices(199);
    const many = await counted(() => mdm.services.renewals.due());
    expect(many.length).toBeLessThanOrEqual(few.length + 3);
    const [row] = await mdm.query<{ n: number }>(
      "SELECT COUNT(*) AS n FROM commands WHERE dedupe_key = 'IdentityRenewal'",
    );
    expect(Number(row?.n)).toBe(202);
    expect(await counted(() => mdm.services.renewals.due())).toHaveLength(2);
  });
});
