import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { EventType } from '../../src/events/index.js';
import { fingerprint } from '../../src/apple/identity/index.js';
import { Pruning } from '../../src/services/pruning.js';
import { onBothDatabases } from '../support/databases.js';
import { useMdm } from '../mdm/kit.js';
import { certificateOf, newKey, ScepClient, sha256, someKey } from '../scep-door/kit.js';

const HOUR = 3_600;
const BAD_REQUEST = { status: 'FAILURE', failInfo: 2 };

onBothDatabases('A challenge', (name) => {
  const mdm = useMdm(name);
  let scep: ScepClient;
  beforeAll(() => {
    scep = new ScepClient(mdm);
  });
  const reuses = async (): Promise<number> =>
    (await mdm.events(EventType.ALERT)).filter(({ alert }) => alert === 'CHALLENGE_REUSED').length;

  it('has 256 random bits, and only its hash is kept, with what it is for', async () => {
    const expiresAt = new Date(mdm.now() + 5_000);
    const challenge = await scep.mint({ serialNumber: 'C02XYZ', udid: 'udid-1', expiresAt });
    expect(challenge).toMatch(/^[\w-]{43}$/);
    const rows = await mdm.query('SELECT * FROM enrollment_challenges WHERE sha256 = ?', [sha256(challenge)]);
    expect(rows).toMatchObject([{ serial_number: 'C02XYZ', udid: 'udid-1', used_at: null }]);
    expect(JSON.stringify(rows)).not.toContain(challenge);
    await expect(scep.mint({ expiresAt: new Date(mdm.now() - 1) })).rejects.toThrow(/lie in the future/);
    await expect(scep.mint({ expiresAt: new Date(Number.NaN) })).rejects.toThrow(/lie in the future/);
  });

  it('is remembered with the certificate that was issued for it', async () => {
    const challenge = await scep.mint({ serialNumber: 'C02XYZ', udid: 'udid-1' });
    const certificate = certificateOf(await scep.enrol({ challenge }));
    const standing = await mdm.services.authority.standingOf(fingerprint(certificate.raw));
    expect(standing).toMatchObject({
      status: 'ISSUED',
      deviceUuid: null,
      expectedSerialNumber: 'C02XYZ',
      expectedUdid: 'udid-1',
      notAfter: certificate.validToDate,
    });
    const [row] = await mdm.query<{ serial: string; transaction_id: string; subject: string }>(
      'SELECT serial, transaction_id, subject FROM issued_certificates WHERE sha256 = ?',
      [fingerprint(certificate.raw)],
    );
    expect(row?.serial.toUpperCase()).toBe(certificate.serialNumber);
    expect(certificate.subject.split('\n').toSorted().join(', ')).toBe(row?.subject);
  });

  it('is good for one certificate: a second key is refused, and the operator told', async () => {
    const challenge = await scep.mint();
    certificateOf(await scep.enrol({ challenge }));
    const [before, alerts] = [await scep.issuedCount(), await reuses()];
    expect(await scep.enrol({ challenge, key: someKey(1) })).toEqual(BAD_REQUEST);
    expect(await scep.enrol({ challenge, key: someKey() }), 'the same key in another transaction').toEqual(
      BAD_REQUEST,
    );
    expect(await scep.issuedCount()).toBe(before);
    expect(await reuses()).toBe(alerts + 1);
    expect(JSON.stringify(await mdm.events(EventType.ALERT))).not.toContain(challenge);
  });

  it('sent again with the same key and transaction is the same certificate again, also after its end', async () => {
    const o = { challenge: await scep.mint(), transactionId: 'again' };
    const first = await scep.enrol(o);
    expect(await scep.enrol(o, 'get')).toEqual(first);
    mdm.advance(2 * HOUR);
    expect(await scep.enrol(o)).toEqual(first);
    expect(await scep.enrol({ ...o, key: someKey(1) })).toEqual(BAD_REQUEST);
  });

  it('is over after an hour, or when its maker said', async () => {
    const [hour, minute] = [await scep.mint(), await scep.mint({ expiresAt: new Date(mdm.now() + 60_000) })];
    mdm.advance(61);
    expect(await scep.enrol({ challenge: minute })).toEqual(BAD_REQUEST);
    expect((await scep.enrol({ challenge: hour })).status).toBe('SUCCESS');
    const other = await scep.mint();
    mdm.advance(HOUR);
    expect(await scep.enrol({ challenge: other })).toEqual(BAD_REQUEST);
  });

  it('that ten clients use at once makes one certificate; of one client ten times, the same one', async () => {
    const keys = [0, 1, 2, 3].map(someKey);
    const challenge = await scep.mint();
    const before = await scep.issuedCount();
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, index) => scep.enrol({ challenge, key: keys[index % 4]! })),
    );
    expect(replies.filter(({ status }) => status === 'SUCCESS')).toHaveLength(1);
    expect(await scep.issuedCount()).toBe(before + 1);

    const again = { challenge: await scep.mint(), transactionId: 'ten times' };
    const same = await Promise.all(Array.from({ length: 10 }, () => scep.enrol(again)));
    expect(new Set(same.map((reply) => fingerprint(certificateOf(reply).raw))).size).toBe(1);
    expect(await scep.issuedCount()).toBe(before + 2);
  });

  it('two processes of one database use once', async () => {
    if (name === 'sqlite') return;
    const other = await mdm.open();
    const second = new ScepClient(Object.assign(Object.create(mdm) as typeof mdm, { app: other }));
    const challenge = await scep.mint();
    const replies = await Promise.all([
      scep.enrol({ challenge, key: someKey(0) }),
      second.enrol({ challenge, key: someKey(1) }),
    ]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual(['FAILURE', 'SUCCESS']);
    await other.stop();
  });

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['an invented one', 'A'.repeat(43)],
    ['one of 250 characters', 'B'.repeat(250)],
  ])('that is %s is refused', async (_what, challenge) => {
    const before = await scep.issuedCount();
    expect(await scep.enrol(challenge === undefined ? {} : { challenge })).toEqual(BAD_REQUEST);
    expect(await scep.issuedCount()).toBe(before);
  });

  it('does not help a key whose certificate was revoked', async () => {
    const key = newKey();
    const certificate = certificateOf(await scep.enrol({ key, challenge: await scep.mint() }));
    await mdm.services.authority.revoke(fingerprint(certificate.raw));
    expect(await scep.enrol({ key, challenge: await scep.mint() })).toEqual(BAD_REQUEST);
  });

  it('certifies an elliptic key only for a client that could read the answer', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect((await scep.enrol({ key: privateKey, challenge: await scep.mint() })).status).toBe('FAILURE');
  });

  describe('is forgotten', () => {
    it('a month after its end when it was used, and a day when it was not', async () => {
      const [used, unused] = [await scep.mint(), await scep.mint()];
      certificateOf(await scep.enrol({ key: newKey(), challenge: used }));
      const known = async (challenge: string): Promise<boolean> => {
        const sql = 'SELECT 1 FROM enrollment_challenges WHERE sha256 = ?';
        return (await mdm.query(sql, [sha256(challenge)])).length === 1;
      };
      const pruning = new Pruning(mdm.app.database, { historyMs: 1e12, eventsMs: 1e12 }, mdm.now);
      const keptAfter = async (hours: number): Promise<boolean[]> => {
        mdm.advance(hours * HOUR);
        await pruning.run();
        return [await known(used), await known(unused)];
      };
      expect(await keptAfter(24)).toEqual([true, true]);
      expect(await keptAfter(2)).toEqual([true, false]);
      expect(await keptAfter(28 * 24)).toEqual([true, false]);
      expect(await keptAfter(2 * 24)).toEqual([false, false]);
    });
  });
});
