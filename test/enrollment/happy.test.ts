import { X509Certificate } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { readConfigurationProfile } from '../../src/apple/mobileconfig/index.js';
import { downloadProfile } from '../../simulator/device/index.js';
import { readProfile } from '../../simulator/device/profile.js';
import { TOPIC } from '../apns/setup.js';
import { handedOut, useMdm } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { closeDevices, installed, invite } from './kit.js';

onBothDatabases('A device enrols by a link', (name) => {
  const mdm = useMdm(name);
  afterAll(closeDevices);

  it('from the link to a command that was carried out', async () => {
    const { link, profile } = await invite(mdm, { usesLeft: 2 });
    const device = await installed(link, { serialNumber: 'C02HAPPY' });
    expect((await device.enroll()).status).toBe(200);
    const uuid = await mdm.uuidOf(device);
    await mdm.send(uuid, 'SecurityInfo');
    expect(handedOut(await device.connect())).toContain('SecurityInfo');
    expect(await mdm.services.enrollmentProfiles.get(profile.uuid)).toMatchObject({
      usesLeft: 1,
      usedCount: 1,
    });
    const sha256 = new X509Certificate(device.identity.certDer).fingerprint256
      .replaceAll(':', '')
      .toLowerCase();
    expect(await mdm.services.authority.standingOf(sha256)).toMatchObject({
      status: 'BOUND',
      deviceUuid: uuid,
      enrollmentProfileUuid: profile.uuid,
    });
  });

  it('a retried Authenticate counts one use', async () => {
    const { link, profile } = await invite(mdm, { usesLeft: 1 });
    const device = await installed(link);
    expect((await device.authenticate()).status).toBe(200);
    expect((await device.authenticate()).status).toBe(200);
    expect((await device.enroll()).status).toBe(200);
    expect(await mdm.services.enrollmentProfiles.get(profile.uuid)).toMatchObject({
      usesLeft: 0,
      usedCount: 1,
    });
  });

  it('the profile says what Apple asks of it, with a challenge of its own each time', async () => {
    const { link } = await invite(mdm, {
      organization: 'Orchard & Sons',
      accessRights: 3,
      includesAuthority: true,
    });
    const [one, two] = [readProfile(await downloadProfile(link)), readProfile(await downloadProfile(link))];
    expect(readConfigurationProfile(one.raw)).toMatchObject({
      organization: 'Orchard & Sons',
      payloadTypes: ['com.apple.security.root', 'com.apple.security.scep', 'com.apple.mdm'],
    });
    expect([two.uuid, two.identifier]).toEqual([one.uuid, one.identifier]);
    const [root, scep, management] = one.payloads;
    const authority = mdm.services.authority.current.certificate;
    expect(root?.raw['PayloadContent']).toEqual(authority.raw);
    const content = scep?.raw['PayloadContent'] as Record<string, unknown>;
    expect(content).toMatchObject({
      URL: `${mdm.app.url}/scep`,
      Keysize: 2048,
      'Key Type': 'RSA',
      'Key Usage': 5,
      CAFingerprint: Buffer.from(authority.fingerprint.replaceAll(':', ''), 'hex'),
    });
    const other = two.payloads[1]?.raw['PayloadContent'] as Record<string, unknown>;
    expect(content['Challenge']).toMatch(/^[\w-]{43}$/);
    expect(other['Challenge']).not.toBe(content['Challenge']);
    expect(management?.raw).toMatchObject({
      ServerURL: `${mdm.app.url}/mdm/connect`,
      CheckInURL: `${mdm.app.url}/mdm/checkin`,
      Topic: TOPIC,
      AccessRights: 3,
      CheckOutWhenRemoved: true,
      SignMessage: true,
      ServerCapabilities: ['com.apple.mdm.per-user-connections', 'com.apple.mdm.bootstraptoken'],
      IdentityCertificateUUID: scep?.uuid,
    });
  });
});
