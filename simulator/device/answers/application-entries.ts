import type { PlistDict } from '../../../src/apple/plist/index.js';
import type { DevicePlatform } from '../options.js';
import type { InstalledApplication } from '../state.js';

/** How one application looks in InstalledApplicationList. */
export function applicationEntry(application: InstalledApplication, platform: DevicePlatform): PlistDict {
  return {
    Identifier: application.identifier,
    Name: application.name,
    Version: application.version,
    ShortVersion: application.version,
    BundleSize: application.bundleSize,
    Installing: application.installing,
    ...(platform === 'iOS' && { IsValidated: true, DynamicSize: 4096, AppStoreVendable: true }),
  };
}

/** How one application looks in ManagedApplicationList. */
export const managedEntry = (application: InstalledApplication, platform: DevicePlatform): PlistDict => ({
  Status: application.installing ? 'Installing' : 'Managed',
  ManagementFlags: 1,
  HasConfiguration: application.hasConfiguration,
  HasFeedback: false,
  ExternalVersionIdentifier: 1,
  ...(platform === 'iOS' && { IsValidated: true }),
});
