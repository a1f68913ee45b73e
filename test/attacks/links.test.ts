import { afterAll, expect, it } from 'vitest';
import { machineInfo, signAttributes } from '../../simulator/device/index.js';
import { factsBefore } from '../../simulator/device/machine-info.js';
import { appleDevice, believing, serve, tokenOf } from '../enrollment/apple.js';
import { closeDevices, invite } from '../enrollment/kit.js';
import { useMdm } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';

const believed = believing();

onBothDatabases('A link', (name) => {
  const mdm = useMdm(name, believed);
  afterAll(closeDevices);

  const open = async (uuid: string): Promise<number> =>
    (await mdm.query('SELECT 1 FROM enrollment_challenges WHERE enrollment_profile_uuid = ?', [uuid])).length;
  const newLink = (uuid: string) => mdm.services.enrollmentProfiles.update(uuid, { newLink: true });

  it('that is replaced while everybody downloads by it leaves no download that is good', async () => {
    const { link, profile } = await invite(mdm);
    const download = (): Promise<Response> => fetch(`${link}/profile`);
    await Promise.all([
      ...Array.from({ length: 15 }, download),
      newLink(profile.uuid),
      ...Array.from({ length: 15 }, download),
    ]);
    expect(await open(profile.uuid)).toBe(0);
    expect((await download()).status).toBe(404);
  });

  it('nor do devices in Setup Assistant that come by its token', async () => {
    const invited = await serve(mdm);
    const { uuid } = invited.profile;
    const body = signAttributes(machineInfo(factsBefore({ serialNumber: 'C02RACE' })), appleDevice);
    const come = (): Promise<Response> =>
      fetch(`${mdm.app.url}/mdm/enroll/dep/${tokenOf(invited)}`, {
        method: 'POST',
        body: new Uint8Array(body),
      });
    const coming = Array.from({ length: 15 }, come);
    await Promise.all([...coming, newLink(uuid), ...Array.from({ length: 15 }, come)]);
    expect(await open(uuid)).toBe(0);
  });
});
