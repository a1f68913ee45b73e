import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from '../../src/app.js';
import { Channel } from '../../src/entities/channel.js';
import { Device } from '../../src/entities/device.js';
import { issuePushCertificate } from '../../simulator/pki.js';
import { authority } from '../apns/setup.js';
import { onBothDatabases, onMysql } from '../support/databases.js';
import type { Mdm } from '../mdm/kit.js';
import { enrolment } from '../push/kit.js';
import { ask, inUse, renew, TOPIC, upload, useServerWithoutCertificate, wake } from './kit.js';

/** Rows of devices that can be pushed, without their devices. */
async function enrol(mdm: Mdm, count: number): Promise<{ uuids: string[]; tokens: Set<string | null> }> {
  const rows = Array.from({ length: count }, () => enrolment(Date.now(), { pushTopic: TOPIC }));
  await mdm.app.database.transaction(async (tx) => {
    await tx.manager.insert(
      Device,
      rows.map(({ device }) => device),
    );
    await tx.manager.insert(
      Channel,
      rows.map(({ channel }) => channel),
    );
  });
  return {
    uuids: rows.map(({ device }) => device.uuid),
    tokens: new Set(rows.map(({ channel }) => channel.pushToken)),
  };
}

const countOf = async (mdm: Mdm, status: string): Promise<number> =>
  (await mdm.query('SELECT uuid FROM pushes WHERE status = ?', [status])).length;

onBothDatabases('Exchanging the push certificate under load', (name) => {
  const mdm = useServerWithoutCertificate(name);

  it('loses no push', async () => {
    await renew(mdm.app);
    const { uuids, tokens } = await enrol(mdm, 600);
    mdm.apns.slow(20);
    for (let at = 0; at < uuids.length; at += 100) {
      await wake(mdm.app, uuids.slice(at, at + 100));
      await renew(mdm.app);
    }
    await mdm.until(async () => (await countOf(mdm, 'DELIVERED')) >= uuids.length);
    const delivered = mdm.apns.received.filter(({ status }) => status === 200);
    expect(new Set(delivered.map(({ token }) => token))).toEqual(tokens);
    expect(new Set(delivered.map(({ certificateSha256 }) => certificateSha256)).size).toBeGreaterThan(1);
    expect(await mdm.query("SELECT uuid FROM pushes WHERE status <> 'DELIVERED'")).toEqual([]);
    mdm.apns.slow(0);
    // The former connections end once what they carried is answered.
    await mdm.until(async () => mdm.apns.open <= 1);
  });

  it('ends with one certificate when several are uploaded at once', async () => {
    const made = Array.from({ length: 5 }, () => issuePushCertificate(authority, TOPIC, { keyType: 'ec' }));
    const answers = await Promise.all(
      made.map(({ certPem, keyPem }) => upload(mdm.app, { certificate: certPem + keyPem })),
    );
    expect(answers.map(({ userErrors }) => userErrors)).toEqual(answers.map(() => []));
    const active = await mdm.query<{ sha256: string }>(
      "SELECT sha256 FROM push_certificates WHERE status = 'ACTIVE'",
    );
    expect(active).toEqual([{ sha256: (await inUse(mdm.app)).sha256 }]);
  });
});

onMysql('Two processes [mysql]', () => {
  const mdm = useServerWithoutCertificate('mysql');
  let second: App;
  beforeAll(async () => {
    second = await mdm.open();
  });
  afterAll(() => second.stop());

  it('both have within seconds what was uploaded to one, and lose no push on the way', async () => {
    const { uuids, tokens } = await enrol(mdm, 200);
    await wake(second, uuids);
    await mdm.until(async () => (await countOf(mdm, 'NOT_CONFIGURED')) === uuids.length);
    const record = await renew(mdm.app);
    expect((await inUse(mdm.app)).sha256).toBe(record.sha256);
    await mdm.until(async () => (await inUse(second))?.sha256 === record.sha256);
    // Whichever process claimed a push before it had the certificate has owed it anew by now.
    await mdm.until(async () => new Set(mdm.apns.received.map(({ token }) => token)).size === tokens.size);
    expect(mdm.apns.received.every(({ status }) => status === 200)).toBe(true);
    const { server } = await ask(second, '{ server { certificates { purpose topic } } }');
    expect(server.certificates).toContainEqual({ purpose: 'PUSH', topic: TOPIC });
  });
});
