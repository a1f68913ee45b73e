import { createPublicKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { issueIdentity as issueByAuthority } from '../../src/apple/x509/index.js';
import { fingerprint } from '../../src/apple/identity/index.js';
import { EventType } from '../../src/events/index.js';
import type { SimulatedDevice } from '../../simulator/device/index.js';
import type { Issued } from '../../simulator/pki.js';
import { onBothDatabases } from '../support/databases.js';
import { issueIdentity, useMdm, type Enrolled } from '../mdm/kit.js';
import { issued, newKey, ScepClient, someKey } from '../scep-door/kit.js';

const DAY = 24 * 3_600;
const BAD_CERTIFICATE = { status: 'FAILURE', failInfo: 4 };

onBothDatabases('An identity of our own authority', (name) => {
  const mdm = useMdm(name, { DEVICE_CLOCK_SKEW_SECONDS: '0' });
  let scep: ScepClient;
  beforeAll(() => {
    scep = new ScepClient(mdm);
  });
  const standing = async (identity: Issued) =>
    (await mdm.services.authority.standingOf(fingerprint(identity.certDer)))?.status;
  const bindings = async (uuid: string): Promise<string[]> =>
    (
      await mdm.query<{ status: string }>(
        'SELECT status FROM identities WHERE device_uuid = ? ORDER BY status',
        [uuid],
      )
    ).map(({ status }) => status);

  async function enrolled(key = someKey()): Promise<Enrolled & { identity: Issued }> {
    const identity = await scep.identity(key);
    return { identity, ...(await mdm.enrolled({ identity })) };
  }
  const speakingWith = (device: SimulatedDevice, identity: Issued): SimulatedDevice =>
    mdm.device({ identity, udid: device.facts.udid, serialNumber: device.facts.serialNumber });

  it('enrols a device, and is bound to it', async () => {
    const identity = await scep.identity(someKey());
    expect(await standing(identity)).toBe('ISSUED');
    const { device, uuid } = await mdm.enrolled({ identity });
    expect(await standing(identity)).toBe('BOUND');
    expect((await device.idle()).status).toBe(200);
    expect((await mdm.services.authority.standingOf(fingerprint(identity.certDer)))?.deviceUuid).toBe(uuid);
  });

  it('sends Authenticate many times at once, and is one device', async () => {
    const device = mdm.device({ identity: await scep.identity(someKey()) });
    const answers = await Promise.all(Array.from({ length: 8 }, () => device.authenticate()));
    for (const { status } of answers) expect([200, 503]).toContain(status);
    expect((await device.enroll()).status).toBe(200);
    const { udid } = device.facts;
    expect(await mdm.query('SELECT uuid FROM devices WHERE udid = ?', [udid])).toHaveLength(1);
  });

  it('that bears our signature and was never recorded enrols nothing', async () => {
    const key = newKey();
    const certDer = issueByAuthority({
      authority: mdm.services.authority.current,
      publicKey: createPublicKey(key),
      commonName: 'forged',
      serialNumber: '0a',
      notBefore: new Date(mdm.now() - 60_000),
      notAfter: new Date(mdm.now() + 60_000),
    });
    const identity = issued({ status: 'SUCCESS', certificate: certDer }, key);
    const answer = await mdm.device({ identity }).enroll();
    expect(answer.status).toBe(400);
    expect(answer.body.toString()).toMatch(/not among those we issued/);
  });

  describe('that is revoked', () => {
    it('is refused at once, on every message, in every process', async () => {
      const { device, uuid, identity } = await enrolled(newKey());
      await mdm.services.authority.revoke(fingerprint(identity.certDer));
      expect((await device.idle()).status).toBe(400);
      expect((await device.tokenUpdate()).status).toBe(400);
      expect((await device.enroll()).status).toBe(400);
      expect((await device.checkOut()).status).toBe(400);
      expect(await standing(identity)).toBe('REVOKED');
      const told = (await mdm.events(EventType.DEVICE_CHANGED, uuid)).map(({ change }) => change);
      expect(told).toContain('IDENTITY_REVOKED');
      await mdm.services.authority.revoke(fingerprint(identity.certDer));
      expect(
        (await mdm.events(EventType.DEVICE_CHANGED, uuid)).filter(
          ({ change }) => change === 'IDENTITY_REVOKED',
        ),
      ).toHaveLength(1);
    });

    it('before it was shown enrols nothing', async () => {
      const identity = await scep.identity(newKey());
      await mdm.services.authority.revoke(fingerprint(identity.certDer));
      const answer = await mdm.device({ identity }).enroll();
      expect(answer.status).toBe(400);
      expect(answer.body.toString()).toMatch(/was revoked/);
    });

    it('while it enrols is either bound and archived, or not bound: never good', async () => {
      const key = newKey();
      for (let round = 0; round < 5; round += 1) {
        const identity = await scep.identity(key);
        const device = mdm.device({ identity });
        await Promise.all([device.enroll(), mdm.services.authority.revoke(fingerprint(identity.certDer))]);
        expect((await device.idle()).status).toBe(400);
        // A key whose certificate was revoked gets no other: undo, for the next round.
        await mdm.app.database.run('DELETE FROM issued_certificates WHERE sha256 = ?', [
          fingerprint(identity.certDer),
        ]);
      }
    });

    it('that is not ours is NOT_FOUND', async () => {
      await expect(mdm.services.authority.revoke('00'.repeat(32))).rejects.toThrow(/issued no certificate/);
    });

    it('takes with it what it was renewed by, and cannot be renewed', async () => {
      const keys = [newKey(), newKey(), newKey()] as const;
      const { device, identity } = await enrolled(keys[0]);
      const next = issued(await scep.renew(identity, keys[1]), keys[1]);
      const after = issued(await scep.renew(next, keys[2]), keys[2]);
      await mdm.services.authority.revoke(fingerprint(identity.certDer));
      for (const one of [identity, next, after]) {
        expect(await standing(one)).toBe('REVOKED');
        expect((await speakingWith(device, one).idle()).status).toBe(400);
        expect(await scep.renew(one, someKey())).toEqual(BAD_CERTIFICATE);
      }
    });
  });

  describe('is renewed', () => {
    it('without a challenge, for its device alone: by Authenticate, or just by use', async () => {
      const { device, uuid, identity } = await enrolled();
      const next = issued(await scep.renew(identity, someKey(1)), someKey(1));
      expect(await bindings(uuid)).toEqual(['ACTIVE', 'STAGED']);
      expect(await standing(next)).toBe('BOUND');
      const stranger = await mdm.device({ identity: next }).enroll();
      expect(stranger.status).toBe(400);
      const other = (await enrolled()).device;
      expect((await speakingWith(other, next).idle()).status).toBe(400);

      const renewed = speakingWith(device, next);
      expect((await renewed.idle()).status).toBe(200);
      expect((await device.idle()).status).toBe(200);
      await mdm.send(uuid, 'SecurityInfo');
      expect((await device.renew(next)).status).toBe(200);
      expect(await bindings(uuid)).toEqual(['ACTIVE', 'RETIRING']);
      expect((await device.connect()).commands.map(({ requestType }) => requestType)).toEqual([
        'SecurityInfo',
      ]);
    });

    it('again and again in one transaction: the same certificate; at once: one', async () => {
      const { uuid, identity } = await enrolled();
      const replies = await Promise.all(
        Array.from({ length: 6 }, () => scep.renew(identity, someKey(1), { transactionId: 'one renewal' })),
      );
      expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
      expect(await bindings(uuid)).toEqual(['ACTIVE', 'STAGED']);
    });

    it('ten times a day at most', async () => {
      const { identity } = await enrolled();
      const replies = [];
      for (let times = 0; times < 11; times += 1)
        replies.push((await scep.renew(identity, someKey(1))).status);
      expect(replies).toEqual([...Array.from({ length: 10 }, () => 'SUCCESS'), 'FAILURE']);
      mdm.advance(DAY + 1);
      expect((await scep.renew(identity, someKey(1))).status).toBe('SUCCESS');
    });

    it('not before it speaks for a device, nor when it is another authority’s, nor after the device has left', async () => {
      expect(await scep.renew(await scep.identity(someKey()), someKey(1))).toEqual(BAD_CERTIFICATE);
      const rsa = issueIdentity({ keyType: 'rsa' });
      await mdm.enrolled({ identity: rsa });
      expect(await scep.renew(rsa, someKey(1))).toEqual(BAD_CERTIFICATE);
      const { device, identity } = await enrolled();
      await device.checkOut();
      expect((await scep.renew(identity, someKey(1))).status).toBe('FAILURE');
      expect((await mdm.events(EventType.ALERT)).some(({ message }) => message === 'RenewalReq')).toBe(true);
    });

    it('within the grace after its end, when the device door takes it for that alone', async () => {
      const [early, late] = [await enrolled(), await enrolled()];
      mdm.advance(365 * DAY + 29 * DAY);
      expect((await early.device.tokenUpdate()).status).toBe(400);
      const next = issued(await scep.renew(early.identity, someKey(1)), someKey(1));
      expect((await speakingWith(early.device, next).idle()).status).toBe(200);
      mdm.advance(2 * DAY);
      expect(await scep.renew(late.identity, someKey(1))).toEqual(BAD_CERTIFICATE);
    });

    it('by a challenge for its device, which enrols no other', async () => {
      const { device, uuid } = await enrolled();
      const next = await scep.identity(someKey(1), { renewalOfDeviceUuid: uuid });
      expect(await bindings(uuid)).toEqual(['ACTIVE', 'STAGED']);
      expect((await mdm.device({ identity: next }).enroll()).status).toBe(400);
      expect((await device.renew(next)).status).toBe(200);
      await device.checkOut();
      const late = await scep.mint({ renewalOfDeviceUuid: uuid });
      expect((await scep.enrol({ challenge: late })).status).toBe('FAILURE');
    });
  });
});
