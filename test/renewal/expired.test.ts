import { afterAll, expect, it } from 'vitest';
import { EventType } from '../../src/events/index.js';
import { requestIdentity } from '../../simulator/device/index.js';
import { renewalIn } from '../../simulator/device/renewing.js';
import { closeDevices } from '../enrollment/kit.js';
import { handedOut, issueIdentity, useMdm } from '../mdm/kit.js';
import { issued, ScepClient, someKey } from '../scep-door/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { ALICE, bindings, DAY, habit, linked, OPTIONS, renewalsOf, speakingWith } from './kit.js';

const GRACE = { ...OPTIONS, IDENTITY_RENEWAL_GRACE_DAYS: '10', DEVICE_CLOCK_SKEW_SECONDS: '0' };

onBothDatabases('An identity that has ended', (name) => {
  const mdm = useMdm(name, GRACE);
  afterAll(closeDevices);

  /** Devices whose identity ended a day ago; the first has its renewal in its queue. */
  async function ended() {
    const found = await linked(mdm, { platform: 'macOS' });
    const { device, uuid } = found;
    await device.setBootstrapToken();
    await device.user(ALICE).tokenUpdate();
    const other = await mdm.send(uuid, 'SecurityInfo', { priority: 50 });
    mdm.advance(71 * DAY);
    await mdm.services.renewals.due();
    mdm.advance(20 * DAY);
    return { ...found, other };
  }

  it('is handed its renewal and nothing else, and is as good as ever once it is renewed', async () => {
    const { device, uuid, other } = await ended();
    const log = await device.connect();
    expect(handedOut(log)).toEqual(['InstallProfile', 'SecurityInfo']);
    expect(log.end).toBe('empty');
    expect((await renewalsOf(mdm, uuid)).map(({ status }) => status)).toEqual(['ACKNOWLEDGED']);
    expect(await mdm.status(other)).toBe('ACKNOWLEDGED');
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE', 'RETIRING']);
    expect((await device.getBootstrapToken()).token).toEqual(device.state.bootstrapToken);
  });

  it('may answer the renewal with the certificate that has ended, and gets nothing more for it', async () => {
    const { device, uuid, other } = await ended();
    habit(device, { speaksWith: 'former' });
    const log = await device.connect();
    expect([handedOut(log), log.end]).toEqual([['InstallProfile'], 'empty']);
    expect((await renewalsOf(mdm, uuid))[0]?.status).toBe('ACKNOWLEDGED');
    expect(await mdm.status(other)).toBe('QUEUED');
    device.useRenewed();
    expect(handedOut(await device.connect())).toEqual(['SecurityInfo']);
  });

  it('is not believed what it reports of anything else, but is not refused for it, or it would never get on', async () => {
    const { device, uuid, other } = await ended();
    const [renewal] = await renewalsOf(mdm, uuid);
    for (const status of ['Acknowledged', 'Error', 'NotNow'] as const) {
      const answer = await device.report(status, other.uuid, { SecurityInfo: { FDE_Enabled: true } });
      expect([answer.status, answer.command?.uuid]).toEqual([200, renewal?.uuid]);
    }
    expect((await device.sendRaw('/mdm/connect', Buffer.from('no report at all'))).status).toBe(200);
    expect(await mdm.status(other)).toBe('QUEUED');
    expect(await mdm.query('SELECT 1 FROM device_inventory WHERE device_uuid = ?', [uuid])).toHaveLength(0);
    expect((await device.report('NotNow', renewal!.uuid)).command).toBeUndefined();
    expect((await renewalsOf(mdm, uuid))[0]?.status).toBe('NOT_NOW');
    expect((await device.idle()).command?.uuid).toBe(renewal?.uuid);
    expect((await device.report('Error', renewal!.uuid)).command).toBeUndefined();
    expect((await renewalsOf(mdm, uuid))[0]?.status).toBe('ERROR');
    expect((await device.idle()).command).toBeUndefined();
  });

  it('checks in for nothing: neither to enrol, nor to escrow, nor to leave; and is never told to go', async () => {
    const { device, uuid } = await ended();
    const channel = async () =>
      mdm.query('SELECT enabled, push_token, tally FROM channels WHERE device_uuid = ? ORDER BY uuid', [
        uuid,
      ]);
    const before = await channel();
    const answers = [
      await device.authenticate(),
      await device.tokenUpdate({ newToken: true }),
      await device.setBootstrapToken(null),
      await device.getBootstrapToken(),
      await device.checkIn('CheckOut', { Topic: device.topic }),
      await device.user(ALICE).tokenUpdate({ newToken: true }),
      await device.user(ALICE).userAuthenticate(),
      await device.checkIn('SomethingNew'),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400));
    expect(answers[0]?.body.toString()).toContain('has expired');
    expect(await channel()).toEqual(before);
    expect((await device.user(ALICE).idle()).command).toBeUndefined();
    const kept = await mdm.query('SELECT 1 FROM device_secrets WHERE device_uuid = ?', [uuid]);
    expect(kept).toHaveLength(1);
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE']);
  });

  it('is renewed by SCEP, too', async () => {
    const { device, uuid } = await ended();
    const scep = new ScepClient(mdm);
    const next = issued(await scep.renew(device.identity, someKey(6)), someKey(6));
    expect((await speakingWith(mdm, device, next).enroll()).status).toBe(200);
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE', 'RETIRING']);
  });

  it('is refused after the grace, as is another device with it, one of another authority, and one that was revoked', async () => {
    const [late, revoked, victim] = [await ended(), await linked(mdm), await linked(mdm)];
    expect((await speakingWith(mdm, victim.device, late.device.identity).idle()).status).toBe(400);
    const foreign = issueIdentity({
      notBefore: new Date(mdm.now() - DAY * 1_000),
      notAfter: new Date(mdm.now() + DAY * 1_000),
    });
    const stranger = await mdm.enrolled({ identity: foreign });
    mdm.advance(2 * DAY);
    const refused = await stranger.device.idle();
    expect([refused.status, refused.body.toString()]).toEqual([400, expect.stringContaining('expired')]);
    expect((await late.device.idle()).status).toBe(200);
    mdm.advance(8 * DAY);
    expect((await late.device.idle()).status).toBe(400);
    mdm.advance(82 * DAY);
    await mdm.services.authority.revoke(
      (
        await mdm.query<{ sha256: string }>('SELECT sha256 FROM identities WHERE device_uuid = ?', [
          revoked.uuid,
        ])
      )[0]!.sha256,
    );
    expect((await revoked.device.idle()).status).toBe(400);
    expect((await mdm.events(EventType.ALERT, revoked.uuid)).length).toBeGreaterThan(0);
  });

  it('whose renewal is sent by an operator gets it, and once it ended too long ago none', async () => {
    const { device, uuid } = await linked(mdm);
    mdm.advance(95 * DAY);
    const [asked] = await mdm.services.renewals.request([uuid]);
    const { command } = await device.idle();
    expect(command?.uuid).toBe(asked?.commandUuid);
    const identity = await requestIdentity(renewalIn(command!)!, { key: someKey(6) });
    expect((await speakingWith(mdm, device, identity).enroll()).status).toBe(200);
    const late = await linked(mdm);
    mdm.advance(101 * DAY);
    const [refused] = await mdm.services.renewals.request([late.uuid]);
    expect(refused?.problem?.message).toContain('ended too long ago');
  });
});
