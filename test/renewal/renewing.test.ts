import { afterAll, expect, it } from 'vitest';
import { EventType } from '../../src/events/index.js';
import type { RenewalHabit } from '../../simulator/device/index.js';
import { readProfile } from '../../simulator/device/profile.js';
import { requestIdentity } from '../../simulator/device/index.js';
import { renewalIn } from '../../simulator/device/renewing.js';
import type { Command } from '../../simulator/device/wire.js';
import { closeDevices, installed, invite } from '../enrollment/kit.js';
import { handedOut, useMdm } from '../mdm/kit.js';
import { newKey, someKey } from '../scep-door/kit.js';
import { profile as configuration } from '../simulator/kit.js';
import { onBothDatabases } from '../support/databases.js';
import {
  ALICE,
  bindings,
  habit,
  hashOf,
  HOUR,
  linked,
  openChallenges,
  OPTIONS,
  renewalsOf,
  speakingWith,
  type Linked,
} from './kit.js';

onBothDatabases('A renewal', (name) => {
  const mdm = useMdm(name, OPTIONS);
  afterAll(closeDevices);

  const renew = async (uuid: string): Promise<string> => {
    const [result] = await mdm.services.renewals.request([uuid]);
    if (result?.commandUuid === undefined) throw result?.problem ?? new Error('Nothing was queued');
    return result.commandUuid;
  };
  const changes = async (uuid: string): Promise<unknown[]> =>
    (await mdm.events(EventType.DEVICE_CHANGED, uuid)).map((data) => data['change']);
  const scepOf = (command: Command | undefined) => {
    const content = command === undefined ? undefined : renewalIn(command);
    if (content === undefined) throw new Error('That is no renewal');
    return content;
  };

  /** A Mac with all that a fresh enrolment would cost it: escrow, a user, a workflow that was carried out, a command that waits. */
  async function withMuchToLose(renewal: RenewalHabit = {}): Promise<Linked & { waiting: string }> {
    const found = await linked(mdm, { platform: 'macOS' });
    const { device, uuid } = found;
    habit(device, renewal);
    await device.tokenUpdate({ unlockToken: Buffer.from('unlock') });
    await device.setBootstrapToken();
    await device.user(ALICE).tokenUpdate();
    const content = configuration(`org.example.${uuid}`);
    const { uuid: profileUuid } = await mdm.services.profiles.create({ content });
    const workflow = await mdm.services.workflows.create({ name: uuid, profileUuids: [profileUuid] });
    await mdm.services.deployments.assign([uuid], workflow.uuid);
    await device.connect();
    device.behave('SecurityInfo', { notNow: true }, 1);
    const waiting = await mdm.send(uuid, 'SecurityInfo', { priority: -10 });
    return { ...found, waiting: waiting.uuid };
  }

  async function expectNothingLost({ device, uuid, waiting }: Linked & { waiting: string }): Promise<void> {
    const secrets = await mdm.query<{ kind: string }>(
      'SELECT kind FROM device_secrets WHERE device_uuid = ? ORDER BY kind',
      [uuid],
    );
    expect(secrets.map(({ kind }) => kind)).toEqual(['BOOTSTRAP_TOKEN', 'UNLOCK_TOKEN']);
    const channels = await mdm.services.devices.channelsOf([uuid]);
    expect(channels.map(({ enabled, pushToken }) => [enabled, pushToken !== null])).toEqual([
      [true, true],
      [true, true],
    ]);
    expect((await mdm.services.deployments.getMany([uuid]))[0]?.status).toBe('CONVERGED');
    expect((await device.connect()).commands.map((command) => command.uuid)).toContain(waiting);
    expect((await device.getBootstrapToken()).token).toEqual(device.state.bootstrapToken);
    expect((await changes(uuid)).filter((change) => change === 'ENROLLED')).toHaveLength(1);
  }

  it.each<[string, RenewalHabit]>([
    ['Authenticate and TokenUpdate, then the acknowledgement', {}],
    ['the acknowledgement, then Authenticate and TokenUpdate', { acknowledges: 'before' }],
    ['the acknowledgement with the former certificate', { speaksWith: 'former' }],
    ['the acknowledgement with the former, first', { acknowledges: 'before', speaksWith: 'former' }],
    ['TokenUpdate without Authenticate', { checkIn: 'tokenUpdate' }],
    [
      'TokenUpdate without Authenticate, after the acknowledgement',
      { checkIn: 'tokenUpdate', acknowledges: 'before' },
    ],
  ])('fact 24: keeps queue, tokens, escrow and deployment: %s', async (_order, order) => {
    const found = await withMuchToLose(order);
    const { device, uuid } = found;
    const former = device.identity;
    const command = await renew(uuid);
    expect(handedOut(await device.connect())).toContain('InstallProfile');
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE', 'RETIRING']);
    expect(await mdm.status({ uuid: command })).toBe('ACKNOWLEDGED');
    expect((await speakingWith(mdm, device, former).idle()).status).toBe(200);
    device.useRenewed();
    expect(hashOf(device.identity)).not.toBe(hashOf(former));
    await expectNothingLost(found);
    expect((await changes(uuid)).filter((change) => change === 'IDENTITY_RENEWED')).toHaveLength(1);
    expect(await mdm.services.authority.standingOf(hashOf(device.identity))).toMatchObject({
      status: 'BOUND',
      deviceUuid: uuid,
      enrollmentProfileUuid: found.profileUuid,
    });
  });

  it('re-sends the profile it enrolled by, with the same identifiers and the authority that issues now', async () => {
    const { device, uuid } = await linked(mdm);
    const [before] = [...device.state.profiles.values()];
    await renew(uuid);
    const { command } = await device.idle();
    const after = readProfile(Buffer.from(command?.body['Payload'] as Uint8Array));
    expect([after.identifier, after.uuid]).toEqual([before?.identifier, before?.uuid]);
    expect(after.payloads.map((one) => [one.identifier, one.uuid])).toEqual(
      before?.payloads.map((one) => [one.identifier, one.uuid]),
    );
    const { fingerprint } = mdm.services.authority.current.certificate;
    expect(
      Buffer.from(scepOf(command)['CAFingerprint'] as Uint8Array)
        .toString('hex')
        .toUpperCase(),
    ).toBe(fingerprint.replaceAll(':', ''));
  });

  it('fact 24: the former certificate is archived an hour later', async () => {
    const { device, uuid } = await linked(mdm);
    const former = speakingWith(mdm, device, device.identity);
    await renew(uuid);
    await device.connect();
    mdm.advance(HOUR + 60);
    await mdm.restart();
    await mdm.until(async () => (await bindings(mdm, uuid)).includes('ARCHIVED'));
    const [before, after] = [former, device].map((one) => speakingWith(mdm, one, one.identity));
    expect([(await before!.idle()).status, (await before!.authenticate()).status]).toEqual([400, 400]);
    expect((await after!.idle()).status).toBe(200);
  });

  it('fact 24: the former one is kept until the command is answered, which it may be with either', async () => {
    const { device, uuid } = await linked(mdm);
    habit(device, { speaksWith: 'former' });
    device.behave('InstallProfile', { late: true }, 1);
    await renew(uuid);
    await device.connect();
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE', 'RETIRING']);
    mdm.advance(3 * HOUR);
    await mdm.restart();
    const late = speakingWith(mdm, device, device.identity);
    const [command] = await renewalsOf(mdm, uuid);
    expect((await late.report('Acknowledged', command!.uuid)).status).toBe(200);
    expect((await renewalsOf(mdm, uuid))[0]?.status).toBe('ACKNOWLEDGED');
    await mdm.restart();
    await mdm.until(async () => (await bindings(mdm, uuid)).includes('ARCHIVED'));
  });

  it('fact 24: a wiped device that uses its renewal in Setup Assistant enrols anew, and is let go', async () => {
    const found = await withMuchToLose();
    const { device, uuid, waiting } = found;
    await renew(uuid);
    const identity = await requestIdentity(scepOf((await device.idle()).command), { key: someKey(6) });
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE', 'STAGED']);
    device.wipe({ identity });
    expect((await device.enroll()).status).toBe(200);
    expect(await mdm.status({ uuid: waiting })).toBe('CANCELLED');
    expect(await mdm.query('SELECT 1 FROM device_secrets WHERE device_uuid = ?', [uuid])).toHaveLength(0);
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE', 'ARCHIVED']);
    expect(handedOut(await device.connect())).toContain('DeviceConfigured');
    expect(device.state.configured).toBe(true);
  });

  it('fact 24: a device that is wiped while its renewal waits enrols by a link as any other; the renewal is void', async () => {
    const { device, uuid } = await linked(mdm);
    const { udid, serialNumber } = device.facts;
    const command = await renew(uuid);
    const renewal = scepOf((await device.idle()).command);
    mdm.advance(1);
    const { link } = await invite(mdm, { allowedSerialNumbers: [serialNumber] });
    const wiped = await installed(link, { udid, serialNumber });
    expect((await wiped.enroll({ awaitingConfiguration: true })).status).toBe(200);
    expect(await mdm.status({ uuid: command })).toBe('CANCELLED');
    expect(handedOut(await wiped.connect())).toEqual(['DeviceConfigured']);
    expect(await openChallenges(mdm, uuid)).toBe(0);
    await expect(requestIdentity(renewal, { key: someKey(6) })).rejects.toThrow('FAILURE');
    expect((await device.idle()).status).toBe(400);
  });

  it('is bound to its challenge: no other certificate of ours renews, and this one renews no other device', async () => {
    const [one, other] = [await linked(mdm), await linked(mdm)];
    await renew(one.uuid);
    const renewal = scepOf((await one.device.idle()).command);
    const { link } = await invite(mdm);
    const { udid, serialNumber } = one.device.facts;
    const thief = await installed(link, { udid, serialNumber });
    expect((await thief.authenticate()).status).toBe(400);
    const identity = await requestIdentity(renewal, { key: someKey(6) });
    const wrong = speakingWith(mdm, other.device, identity);
    expect([(await wrong.authenticate()).status, (await wrong.idle()).status]).toEqual([400, 400]);
    expect((await speakingWith(mdm, one.device, identity).enroll()).status).toBe(200);
  });

  it('handed out again has another challenge, and the former is void', async () => {
    const { device, uuid } = await linked(mdm);
    const command = await renew(uuid);
    const first = (await device.idle()).command;
    await mdm.restart();
    const again = speakingWith(mdm, device, device.identity);
    const second = (await again.idle()).command;
    expect([first?.uuid, second?.uuid]).toEqual([command, command]);
    expect(scepOf(second)['Challenge']).not.toBe(scepOf(first)['Challenge']);
    expect(await openChallenges(mdm, uuid)).toBe(1);
    const here = { URL: `${mdm.app.url}/scep` };
    await expect(requestIdentity({ ...scepOf(first), ...here }, { key: someKey(6) })).rejects.toThrow(
      'FAILURE',
    );
    await requestIdentity({ ...scepOf(second), ...here }, { key: someKey(6) });
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE', 'STAGED']);
  });

  it('asked for twice with one key and transaction is one certificate; with another key it is refused, and told', async () => {
    const { device, uuid } = await linked(mdm);
    await renew(uuid);
    const content = scepOf((await device.idle()).command);
    const same = { key: someKey(6), transactionId: `renewal of ${uuid}` };
    const issued = await Promise.all([requestIdentity(content, same), requestIdentity(content, same)]);
    expect(new Set(issued.map(hashOf)).size).toBe(1);
    await expect(requestIdentity(content, { key: someKey(5) })).rejects.toThrow('FAILURE');
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE', 'STAGED']);
    expect((await mdm.events(EventType.ALERT)).some(({ alert }) => alert === 'CHALLENGE_REUSED')).toBe(true);
  });

  it('that was begun twice leaves one certificate: what was issued in vain retires with the former', async () => {
    const { device, uuid } = await linked(mdm);
    await renew(uuid);
    await requestIdentity(scepOf((await device.idle()).command), { key: someKey(6) });
    await device.connect();
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE', 'RETIRING', 'RETIRING']);
    expect((await device.idle()).status).toBe(200);
  });

  it('keeps the challenge out of the queue, the history and the events', async () => {
    const { device, uuid } = await linked(mdm);
    const command = await renew(uuid);
    const challenge = String(scepOf((await device.idle()).command)['Challenge']);
    await device.connect();
    expect(await mdm.status({ uuid: command })).toBe('ACKNOWLEDGED');
    const bodies = await mdm.query<{ fragment: Buffer }>('SELECT fragment FROM command_bodies');
    const events = await mdm.query<{ data: string }>('SELECT data FROM events');
    const kept = [
      ...bodies.map(({ fragment }) => Buffer.from(fragment).toString()),
      ...events.map(({ data }) => data),
    ];
    expect(challenge).toMatch(/^[\w-]{43}$/);
    expect(kept.join('\n')).not.toContain(challenge);
    const rows = await mdm.query(
      "SELECT 1 FROM command_bodies WHERE request_type = 'InstallProfile' AND uuid IN (SELECT body_uuid FROM commands WHERE dedupe_key = 'IdentityRenewal')",
    );
    expect(rows, 'one body for all').toHaveLength(1);
  });

  it('goes on when the enrolment profile was revoked, also just now', async () => {
    const { device, uuid, profileUuid } = await linked(mdm);
    await renew(uuid);
    const content = scepOf((await device.idle()).command);
    await mdm.services.enrollmentProfiles.revoke(profileUuid);
    await requestIdentity(content, { key: someKey(6) });
    await device.connect();
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE', 'RETIRING', 'RETIRING']);
  });

  it('ends when the certificate is revoked meanwhile: before the new one is issued, and after', async () => {
    const [early, late] = [await linked(mdm), await linked(mdm)];
    for (const { uuid } of [early, late]) await renew(uuid);
    const content = scepOf((await early.device.idle()).command);
    await mdm.services.authority.revoke(hashOf(early.device.identity));
    await expect(requestIdentity(content, { key: newKey() })).rejects.toThrow('FAILURE');
    expect(await bindings(mdm, early.uuid)).toEqual(['ARCHIVED']);

    const renewed = await requestIdentity(scepOf((await late.device.idle()).command), { key: newKey() });
    const revoked = await mdm.services.authority.revoke(hashOf(late.device.identity));
    expect(revoked.toSorted()).toEqual([hashOf(late.device.identity), hashOf(renewed)].toSorted());
    const with2nd = speakingWith(mdm, late.device, renewed);
    expect([(await with2nd.enroll()).status, (await with2nd.idle()).status]).toEqual([400, 400]);
  });

  it('that the device announces with nothing is proven by an hour of use', async () => {
    const { device, uuid } = await linked(mdm);
    habit(device, { checkIn: 'none' });
    await renew(uuid);
    await device.connect();
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE', 'STAGED']);
    const former = hashOf(device.identity);
    mdm.advance(HOUR + 60);
    expect((await device.idle()).status).toBe(200);
    expect(await bindings(mdm, uuid)).toEqual(['ACTIVE', 'RETIRING']);
    const [active] = await mdm.query<{ sha256: string }>(
      "SELECT sha256 FROM identities WHERE device_uuid = ? AND status = 'ACTIVE'",
      [uuid],
    );
    expect(active?.sha256).toBe(former);
    expect(await changes(uuid)).toContain('IDENTITY_RENEWED');
  });

  it('is asked for once, however often; and not for devices it cannot be sent to', async () => {
    const [{ uuid }, left] = [await linked(mdm), await linked(mdm)];
    const foreign = await mdm.enrolled();
    await left.device.checkOut();
    const first = await mdm.services.renewals.request([uuid, left.uuid, foreign.uuid, 'nobody', uuid]);
    expect(first.map(({ problem }) => problem?.code)).toEqual([
      undefined,
      'NOT_ENROLLED',
      'FEATURE_NOT_AVAILABLE',
      'NOT_FOUND',
    ]);
    const answers = await Promise.all(Array.from({ length: 4 }, () => mdm.services.renewals.request([uuid])));
    expect(new Set(answers.map(([one]) => one?.commandUuid))).toEqual(new Set([first[0]?.commandUuid]));
    expect(await renewalsOf(mdm, uuid)).toHaveLength(1);
  });
});
