import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createAppleDeviceAuthority, issueAppleDevice, type Issued } from '../../simulator/pki.js';
import type { SimulatedDevice } from '../../simulator/device/index.js';
import { EventType } from '../../src/events/index.js';
import type { NewEnrollmentProfile } from '../../src/services/enrolment-profiles/enrolment-profiles.js';
import type { Mdm } from '../mdm/kit.js';
import { invite, type Invited } from './kit.js';

/** Stands for Apple, as the authority that gives devices their certificates. */
export const apple = createAppleDeviceAuthority();
/** What Apple gave a device: the same for all that do not care. */
export const appleDevice: Issued = issueAppleDevice(apple);

/** The options of a server that believes this Apple. To be called at the top of a file. */
export function believing(authority: Issued = apple): Readonly<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'pomona-apple-'));
  const path = join(folder, 'apple.pem');
  writeFileSync(path, authority.certPem);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return { APPLE_DEVICE_CA_FILE: path };
}

/** An enrolment profile that serves Setup Assistant. */
export function serve(mdm: Mdm, fields: Partial<NewEnrollmentProfile> = {}): Promise<Invited> {
  return invite(mdm, { name: 'Classroom', servesAutomatedEnrollment: true, ...fields });
}

/** The token of a link. */
export const tokenOf = ({ link }: Invited): string => link.split('/').at(-1) ?? '';

/** The reasons of the alerts that were raised for a serial number, or for nobody in particular. */
export async function refusals(mdm: Mdm, serialNumber?: string): Promise<string[]> {
  return (await mdm.events(EventType.ALERT))
    .filter((data) => data['alert'] === 'ENROLLMENT_REFUSED' && data['serialNumber'] === serialNumber)
    .map((data) => String(data['reason']));
}

const devices: SimulatedDevice[] = [];

/** Closes it after the tests of the file. */
export function keep(device: SimulatedDevice): SimulatedDevice {
  devices.push(device);
  return device;
}

export function closeKept(): void {
  for (const device of devices.splice(0)) device.close();
}
