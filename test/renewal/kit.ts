import { fingerprint } from '../../src/apple/identity/index.js';
import type { SimulatedDevice, LinkedDeviceOptions, RenewalHabit } from '../../simulator/device/index.js';
import type { Issued } from '../../simulator/pki.js';
import { installed, invite } from '../enrollment/kit.js';
import type { Mdm } from '../mdm/kit.js';
import { someKey } from '../scep-door/kit.js';

export const HOUR = 3_600;
export const DAY = 24 * HOUR;
/** 90 days and a renewal in the last 30: between the 60th and the 70th day. */
export const OPTIONS = { IDENTITY_VALIDITY_DAYS: '90', IDENTITY_RENEWAL_DAYS: '30' };
export const ALICE = { userId: 'alice-id', shortName: 'alice', longName: 'Alice' };

export interface Linked {
  readonly device: SimulatedDevice;
  readonly uuid: string;
  /** The enrolment profile that it came by. */
  readonly profileUuid: string;
}

/** A device that enrolled by a link, with an identity of this server. Its renewals take keys that were made before. */
export async function linked(mdm: Mdm, o: LinkedDeviceOptions = {}): Promise<Linked> {
  const { link, profile } = await invite(mdm);
  const device = await installed(link, { renewal: { scep: { key: someKey(7) } }, ...o });
  const answer = await device.enroll();
  if (answer.status !== 200) throw new Error(`Not enrolled: ${answer.status} ${answer.body.toString()}`);
  return { device, uuid: await mdm.uuidOf(device), profileUuid: profile.uuid };
}

/** What it does differently, with a key that was made before. */
export function habit(device: SimulatedDevice, renewal: RenewalHabit): void {
  device.renewal = { ...device.renewal, ...renewal };
}

/** The same device, speaking with another of its certificates. */
export function speakingWith(mdm: Mdm, device: SimulatedDevice, identity: Issued): SimulatedDevice {
  return mdm.device({ identity, udid: device.facts.udid, serialNumber: device.facts.serialNumber });
}

export const hashOf = ({ certDer }: Issued): string => fingerprint(certDer);

/** Where the certificates of a device stand, in alphabetical order. */
export async function bindings(mdm: Mdm, uuid: string): Promise<string[]> {
  const rows = await mdm.query<{ status: string }>(
    'SELECT status FROM identities WHERE device_uuid = ? ORDER BY status',
    [uuid],
  );
  return rows.map(({ status }) => status);
}

/** The renewals that a device was ever sent, oldest first. */
export async function renewalsOf(mdm: Mdm, uuid: string): Promise<{ uuid: string; status: string }[]> {
  return mdm.query<{ uuid: string; status: string }>(
    `SELECT uuid, status FROM commands WHERE device_uuid = ? AND dedupe_key = 'IdentityRenewal' ORDER BY seq`,
    [uuid],
  );
}

/** The challenges for renewals of a device that were not used. */
export async function openChallenges(mdm: Mdm, uuid: string): Promise<number> {
  const rows = await mdm.query(
    'SELECT 1 FROM enrollment_challenges WHERE renewal_of_device_uuid = ? AND used_at IS NULL',
    [uuid],
  );
  return rows.length;
}
