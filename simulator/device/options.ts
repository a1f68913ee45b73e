import { randomBytes, randomUUID } from 'node:crypto';
import type { PlistDict } from '../../src/apple/plist/index.js';
import type { Issued } from '../pki.js';
import type { RenewalHabit } from './renewing.js';
import type { Connections } from './transport.js';
import type { SigningOptions, ViaProxy } from './wire.js';

export type DevicePlatform = 'iOS' | 'macOS';

/** What is asked of a simulated device. Everything that is left out is made up, plausibly for the platform. */
export interface DeviceOptions {
  /** The server's base address, for example `http://127.0.0.1:8080`. */
  serverUrl: string;
  identity: Issued;
  /** The push topic of the enrolment profile, `com.apple.mgmt.…`. */
  topic: string;
  /** Default `iOS`. */
  platform?: DevicePlatform;
  udid?: string;
  serialNumber?: string;
  deviceName?: string;
  model?: string;
  modelName?: string;
  productName?: string;
  osVersion?: string;
  buildVersion?: string;
  imei?: string;
  meid?: string;
  /** The device says EnrollmentID instead of UDID and serial number. */
  userEnrollment?: boolean;
  enrollmentId?: string;
  supervised?: boolean;
  /** The profile that enrolled it, listed by ProfileList and replaced by a renewal. */
  enrollmentProfile?: Buffer;
  /** What it does when it is sent its enrolment profile again. */
  renewal?: RenewalHabit;
  signing?: SigningOptions;
  /** Send the client certificate in a header instead of signing. */
  via?: ViaProxy;
  checkInPath?: string;
  connectPath?: string;
  /** Shared sockets; default: the device's own. */
  connections?: Connections;
  /** How many applications it came with. Default 3. */
  applicationCount?: number;
  /** Instead of a count: about how long the InstalledApplicationList report is, in bytes (tried up to 20 MB). */
  applicationListBytes?: number;
  /** The bundle identifier that an InstallApplication request leads to, for what `undefined` is not the answer. */
  bundleIdentifier?: (request: PlistDict) => string | undefined;
  /** A connection of more exchanges than this is an error of the server's. Default 10 000. */
  maxExchanges?: number;
}

/** What the device says about itself. */
export interface DeviceFacts {
  readonly platform: DevicePlatform;
  readonly udid: string;
  readonly enrollmentId: string | undefined;
  readonly serialNumber: string;
  readonly deviceName: string;
  readonly model: string;
  readonly modelName: string;
  readonly productName: string;
  readonly osVersion: string;
  readonly buildVersion: string;
  readonly imei: string | undefined;
  readonly meid: string | undefined;
  readonly supervised: boolean;
}

const MADE: Record<DevicePlatform, Partial<DeviceFacts>> = {
  iOS: {
    model: 'MQ0G3LL/A',
    modelName: 'iPhone',
    productName: 'iPhone15,2',
    osVersion: '18.1',
    buildVersion: '22B83',
  },
  macOS: {
    model: 'Mac15,3',
    modelName: 'MacBook Pro',
    productName: 'Mac15,3',
    osVersion: '15.1',
    buildVersion: '24B83',
  },
};

export function factsOf(o: DeviceOptions): DeviceFacts {
  const platform = o.platform ?? 'iOS';
  const udid = o.udid ?? madeUdid(platform);
  const serialNumber = o.serialNumber ?? randomBytes(5).toString('hex').toUpperCase();
  const made = MADE[platform] as DeviceFacts;
  return {
    platform,
    udid,
    enrollmentId: o.userEnrollment ? (o.enrollmentId ?? randomUUID().toUpperCase()) : undefined,
    serialNumber,
    deviceName: o.deviceName ?? `${made.modelName} ${serialNumber}`,
    model: o.model ?? made.model,
    modelName: o.modelName ?? made.modelName,
    productName: o.productName ?? made.productName,
    osVersion: o.osVersion ?? made.osVersion,
    buildVersion: o.buildVersion ?? made.buildVersion,
    imei: o.imei,
    meid: o.meid,
    supervised: o.supervised ?? false,
  };
}

/** iOS: chip and unit, 8-16 hexadecimal digits. macOS: a UUID. */
function madeUdid(platform: DevicePlatform): string {
  if (platform === 'macOS') return randomUUID().toUpperCase();
  return `00008120-${randomBytes(8).toString('hex').toUpperCase()}`;
}
