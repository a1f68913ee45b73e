import { afterAll, expect, it } from 'vitest';
import { machineInfo, signAttributes } from '../../simulator/device/index.js';
import { factsBefore } from '../../simulator/device/machine-info.js';
import { appleDevice, believing, closeKept, serve, tokenOf } from '../enrollment/apple.js';
import { useMdm } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';

const believed = believing();

onBothDatabases('A visit from Setup Assistant', (name) => {
  const mdm = useMdm(name, believed);
  afterAll(closeKept);

  const post = (visit: string): Promise<Response> =>
    fetch(`${mdm.app.url}/enroll/setup/profile`, { method: 'POST', body: new URLSearchParams({ visit }) });

  it('ends with the link it came by', async () => {
    const invited = await serve(mdm);
    const header = signAttributes(machineInfo(factsBefore({ serialNumber: 'C02VISIT' })), appleDevice);
    const begin = async (token: string): Promise<string> => {
      const headers = { 'x-apple-aspen-deviceinfo': header.toString('base64') };
      const page = await fetch(`${mdm.app.url}/enroll/setup/${token}`, { headers });
      expect(page.status).toBe(200);
      return /name="visit" value="([\w-]+)"/.exec(await page.text())?.[1] ?? '';
    };
    const visit = await begin(tokenOf(invited));
    mdm.advance(1);
    const { link = '' } = await mdm.services.enrollmentProfiles.update(invited.profile.uuid, {
      newLink: true,
    });
    expect((await post(visit)).status).toBe(403);
    expect(await mdm.query('SELECT 1 FROM enrollment_challenges')).toEqual([]);
    mdm.advance(1);
    const another = await begin(link.split('/').at(-1) ?? '');
    expect((await post(another)).status).toBe(200);
    expect((await post(another)).status).toBe(403);
  });
});
