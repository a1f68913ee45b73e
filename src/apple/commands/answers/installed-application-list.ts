import type { Report } from '../../messages/index.js';
import type { PlistDict } from '../../plist/index.js';
import { dictsOf, flagOf, numberOf, textOf } from './members.js';
import { mapInSlices } from './slices.js';

/** One application as the device knows it. Sizes are in bytes. */
export interface InstalledApplication {
  identifier?: string;
  name?: string;
  version?: string;
  shortVersion?: string;
  /** The App Store's number for the version; a decimal string, as it may exceed 2^53. */
  externalVersionIdentifier?: string;
  distributorIdentifier?: string;
  source?: string;
  bundleSize?: number;
  dynamicSize?: number;
  isAppStoreVendable?: boolean;
  isDeviceBasedVPP?: boolean;
  isBeta?: boolean;
  isAdHocCodeSigned?: boolean;
  isAppClip?: boolean;
  isValidated?: boolean;
  hasUpdateAvailable?: boolean;
  installing?: boolean;
  downloadWaiting?: boolean;
  downloadPaused?: boolean;
  downloadFailed?: boolean;
  downloadCancelled?: boolean;
}

/**
 * Reads an acknowledged InstalledApplicationList. A Mac can list tens of thousands: the event loop is let go about every
 * 10 ms, so other devices are served meanwhile.
 */
export function readInstalledApplicationList(report: Report): Promise<InstalledApplication[]> {
  return mapInSlices(dictsOf(report.body, 'InstalledApplicationList'), readApplication);
}

function readApplication(entry: PlistDict): InstalledApplication {
  return {
    identifier: textOf(entry, 'Identifier'),
    name: textOf(entry, 'Name'),
    version: textOf(entry, 'Version'),
    shortVersion: textOf(entry, 'ShortVersion'),
    externalVersionIdentifier: decimalOf(entry, 'ExternalVersionIdentifier'),
    distributorIdentifier: textOf(entry, 'DistributorIdentifier'),
    source: textOf(entry, 'Source'),
    bundleSize: numberOf(entry, 'BundleSize'),
    dynamicSize: numberOf(entry, 'DynamicSize'),
    isAppStoreVendable: flagOf(entry, 'AppStoreVendable'),
    isDeviceBasedVPP: flagOf(entry, 'DeviceBasedVPP'),
    isBeta: flagOf(entry, 'BetaApp'),
    isAdHocCodeSigned: flagOf(entry, 'AdHocCodeSigned'),
    isAppClip: flagOf(entry, 'IsAppClip'),
    isValidated: flagOf(entry, 'IsValidated'),
    hasUpdateAvailable: flagOf(entry, 'HasUpdateAvailable'),
    installing: flagOf(entry, 'Installing'),
    downloadWaiting: flagOf(entry, 'DownloadWaiting'),
    downloadPaused: flagOf(entry, 'DownloadPaused'),
    downloadFailed: flagOf(entry, 'DownloadFailed'),
    downloadCancelled: flagOf(entry, 'DownloadCancelled'),
  };
}

function decimalOf(entry: PlistDict, key: string): string | undefined {
  const value = entry[key];
  if (typeof value === 'bigint') return value.toString();
  return Number.isSafeInteger(value) ? String(value) : undefined;
}
