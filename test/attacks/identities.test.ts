import { afterAll, expect, it } from 'vitest';
import { EventType } from '../../src/events/index.js';
import { deviceAutomatically } from '../../simulator/device/index.js';
import type { Issued } from '../../simulator/pki.js';
import { appleDevice, believing, closeKept, keep, serve } from '../enrollment/apple.js';
import { closeDevices, told } from '../enrollment/kit.js';
import { useMdm } from '../mdm/kit.js';
import { linked } from '../renewal/kit.js';
import { issued, ScepClient, someKey } from '../scep-door/kit.js';
import { onBothDatabases } from '../support/databases.js';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const believed = believing();

onBothDatabases('A certificate', (name) => {
  const mdm = useMdm(name, believed);
  afterAll(closeDevices);
  afterAll(closeKept);

  /** A device with an identity of ours that has just renewed it: its former certificate is good for an hour more. */
  async function justRenewed() {
    const { device, uuid } = await linked(mdm, { platform: 'macOS' });
    await device.setBootstrapToken();
    const key = someKey(2);
    const identity = issued(await new ScepClient(mdm).renew(device.identity, key), key);
    const { udid, serialNumber } = device.facts;
    const renewed = mdm.device({ platform: 'macOS', identity, udid, serialNumber });
    expect((await renewed.tokenUpdate()).status).toBe(200);
    return { device, renewed, uuid };
  }

  it('of another authority takes over no device that has just renewed its own', async () => {
    const { renewed, uuid } = await justRenewed();
    const { udid, serialNumber } = renewed.facts;
    const thief = mdm.device({ platform: 'macOS', udid, serialNumber });
    expect(told(await thief.authenticate())).toMatch(/^400 .*enrolled with another certificate/);
    expect((await thief.getBootstrapToken()).status).toBe(400);
    const alerts = (await mdm.events(EventType.ALERT)).filter((data) => data['claimed'] === udid);
    expect(alerts.map((data) => data['alert'])).toContain('TAKEOVER_REFUSED');
    expect((await renewed.idle()).status).toBe(200);
    expect(await mdm.uuidOf(renewed)).toBe(uuid);
  });

  it('is not renewed without end by renewing what it was renewed to', async () => {
    const { device, uuid } = await linked(mdm);
    const scep = new ScepClient(mdm);
    let current: Issued = device.identity;
    let made = 0;
    for (let times = 0; times < 12; times += 1) {
      const key = someKey(times % 3);
      const reply = await scep.renew(current, key);
      if (reply.status !== 'SUCCESS') break;
      current = issued(reply, key);
      made += 1;
    }
    expect(made).toBe(10);
    const [row] = await mdm.query<{ n: number | string }>(
      'SELECT COUNT(*) AS n FROM identities WHERE device_uuid = ?',
      [uuid],
    );
    expect(Number(row?.n)).toBe(11);
    mdm.advance(DAY + HOUR);
    expect((await scep.renew(current, someKey(1))).status).toBe('SUCCESS');
  });

  it('that was issued for one serial number does not become the certificate of another later', async () => {
    await serve(mdm, { allowedSerialNumbers: ['C02MYSELF'] });
    const device = keep(
      await deviceAutomatically(`${mdm.app.url}/mdm/enroll/dep`, appleDevice, { serialNumber: 'C02MYSELF' }),
    );
    expect((await device.enroll()).status).toBe(200);
    const { identity, facts } = device;
    const renamed = mdm.device({ identity, udid: facts.udid, serialNumber: 'C02CHIEF' });
    expect(told(await renamed.authenticate())).toMatch(/^400 .*another device \(by serial number\)/);
    expect(await mdm.services.devices.find({ udid: facts.udid })).toMatchObject({
      serialNumber: 'C02MYSELF',
    });
    const itself = mdm.device({ identity, udid: facts.udid, serialNumber: 'c02myself' });
    expect((await itself.enroll()).status).toBe(200);
  });

  it('that poses as a thousand devices fills the events with ten alerts a minute', async () => {
    const { device } = await linked(mdm);
    const before = (await mdm.events(EventType.ALERT)).length;
    for (let times = 0; times < 20; times += 1) {
      const impostor = mdm.device({ identity: device.identity, udid: `POSING-AS-${times}` });
      expect((await impostor.authenticate()).status).toBe(400);
      expect((await impostor.tokenUpdate()).status).toBe(400);
      expect((await impostor.idle()).status).toBe(400);
    }
    const raised = (await mdm.events(EventType.ALERT)).slice(before);
    expect(raised).toHaveLength(10);
    mdm.advance(61);
    const impostor = mdm.device({ identity: device.identity, udid: 'POSING-AGAIN' });
    expect((await impostor.authenticate()).status).toBe(400);
    expect((await mdm.events(EventType.ALERT)).slice(before)).toHaveLength(11);
  });
});
