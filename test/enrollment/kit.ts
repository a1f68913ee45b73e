import {
  deviceFromLink,
  type LinkedDeviceOptions,
  type SimulatedDevice,
} from '../../simulator/device/index.js';
import type { NewEnrollmentProfile } from '../../src/services/enrolment-profiles/enrolment-profiles.js';
import type { EnrollmentProfile } from '../../src/entities/enrollment-profile.js';
import type { Answer } from '../../simulator/device/wire.js';
import type { Mdm } from '../mdm/kit.js';

export interface Invited {
  readonly profile: EnrollmentProfile;
  readonly link: string;
}

/** An enrolment profile and its link. */
export async function invite(mdm: Mdm, fields: Partial<NewEnrollmentProfile> = {}): Promise<Invited> {
  const { profile, link } = await mdm.services.enrollmentProfiles.create({ name: 'Everyone', ...fields });
  if (link === undefined) throw new Error('No link was made');
  return { profile, link };
}

const devices: SimulatedDevice[] = [];

/** A device that has installed the profile behind a link, and did not check in yet. */
export async function installed(link: string, o: LinkedDeviceOptions = {}): Promise<SimulatedDevice> {
  const device = await deviceFromLink(link, o);
  devices.push(device);
  return device;
}

/** To be called after the tests of a file. */
export function closeDevices(): void {
  for (const device of devices.splice(0)) device.close();
}

/** Status and words of an answer. */
export const told = ({ status, body }: Answer): string => `${status} ${body.toString().trim()}`;
