import { afterAll, expect, it } from 'vitest';
import { downloadProfile, installProfile, LinkError } from '../../simulator/device/index.js';
import { AccountDrivenMode } from '../../src/entities/sign-in.js';
import { closeDevices, installed, invite, told } from '../enrollment/kit.js';
import { useMdm } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';

onBothDatabases('Once people have to sign in', (name) => {
  const mdm = useMdm(name);
  afterAll(closeDevices);

  it('nobody enrols any more by what came from the link: page, download or certificate', async () => {
    const { link, profile } = await invite(mdm);
    const [download, device] = [await downloadProfile(link), await installed(link)];
    await mdm.services.enrollmentProfiles.update(profile.uuid, { accountDriven: AccountDrivenMode.ADDE });
    expect((await fetch(link)).status).toBe(404);
    await expect(installProfile(download)).rejects.toThrow(LinkError);
    expect(told(await device.authenticate())).toMatch(/^400 .*sign in/);
    expect((await device.tokenUpdate()).status).toBe(200);
    expect(await mdm.uuidOf(device)).toBe('');
  });

  it('a link that had been closed does not open again because another profile takes the mark', async () => {
    const { link, profile } = await invite(mdm, { name: 'First' });
    const { enrollmentProfiles } = mdm.services;
    await enrollmentProfiles.update(profile.uuid, { accountDriven: AccountDrivenMode.BYOD });
    await enrollmentProfiles.create({ name: 'Second', accountDriven: AccountDrivenMode.BYOD });
    expect(await enrollmentProfiles.get(profile.uuid)).toMatchObject({ accountDriven: null });
    for (const path of ['', '/profile', '/ota']) expect((await fetch(`${link}${path}`)).status).toBe(404);
    const anew = await enrollmentProfiles.update(profile.uuid, { newLink: true });
    expect((await fetch(anew.link ?? '')).status).toBe(200);
  });
});
