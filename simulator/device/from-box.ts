import type { AppleDevice, AssignedProfile } from '../dep/index.js';
import type { Issued } from '../pki.js';
import { deviceAutomatically, deviceByWebView } from './automated.js';
import type { SimulatedDevice } from './device.js';
import { LinkError } from './link.js';
import type { UnenrolledOptions } from './machine-info.js';
import type { DevicePlatform } from './options.js';

/** Whom a device asks when it is switched on for the first time: Apple, for one of its servers. */
export interface AppleService {
  readonly devices: { get(serial: string): AppleDevice | undefined };
  profileOf(serial: string): AssignedProfile | undefined;
}

export interface UnboxedDevice {
  /** Has its enrolment profile and is ready to check in: `enroll(checkIn)` is the next step. */
  readonly device: SimulatedDevice;
  readonly checkIn: { readonly awaitingConfiguration: boolean };
  readonly profile: AssignedProfile;
}

interface Kind {
  readonly platform: DevicePlatform;
  readonly productName: string;
  readonly modelName: string;
}

const KINDS: Readonly<Record<string, Kind>> = {
  iPhone: { platform: 'iOS', productName: 'iPhone15,2', modelName: 'iPhone' },
  iPad: { platform: 'iOS', productName: 'iPad14,3', modelName: 'iPad' },
  Mac: { platform: 'macOS', productName: 'Mac15,3', modelName: 'MacBook Pro' },
};

/**
 * Takes a device from its box, as far as Setup Assistant: it asks Apple for the profile that is assigned to it, and does what
 * that says.
 * @param identity what Apple gave the device, which it signs with
 * @throws {LinkError} when no profile is assigned, or the server refuses
 */
export async function deviceFromBox(
  apple: AppleService,
  serialNumber: string,
  identity: Issued,
  o: UnenrolledOptions = {},
): Promise<UnboxedDevice> {
  const bought = apple.devices.get(serialNumber);
  if (bought === undefined) throw new LinkError(`${serialNumber} is none of Apple's for this server`);
  const profile = apple.profileOf(serialNumber);
  if (profile === undefined) throw new LinkError("Apple has no profile for it, so it is set up as anybody's");
  const options = { ...KINDS[bought.device_family], ...o, serialNumber, supervised: profile.supervised };
  const { configurationWebUrl, url } = profile;
  const device =
    configurationWebUrl === undefined
      ? await deviceAutomatically(url, identity, options)
      : await deviceByWebView(configurationWebUrl, identity, options);
  return { device, checkIn: { awaitingConfiguration: profile.awaitsConfiguration }, profile };
}
