import { buildPlist } from '../../../src/apple/plist/index.js';
import type { DeviceOptions, DevicePlatform } from '../options.js';
import type { InstalledApplication } from '../state.js';
import { applicationEntry } from './application-entries.js';

const DEFAULT_COUNT = 3;

/** Applications that a device came with, the same for every device: computed once for each count. */
const made = new Map<number, readonly InstalledApplication[]>();

export function baseApplications(options: DeviceOptions): readonly InstalledApplication[] {
  const count =
    options.applicationListBytes === undefined
      ? (options.applicationCount ?? DEFAULT_COUNT)
      : Math.ceil(options.applicationListBytes / entryBytes(options.platform ?? 'iOS'));
  const known = made.get(count) ?? Array.from({ length: count }, (_, index) => baseApplication(index));
  made.set(count, known);
  return known;
}

const baseApplication = (index: number): InstalledApplication => ({
  identifier: `com.example.included.app${String(index).padStart(6, '0')}`,
  name: `Included ${String(index).padStart(6, '0')}`,
  version: `1.${index % 100}.0`,
  bundleSize: 10_000_000 + index,
  managed: false,
  hasConfiguration: false,
  installing: false,
});

/** What one application adds to the report: the difference of two reports. */
function entryBytes(platform: DevicePlatform): number {
  const entry = applicationEntry(baseApplication(0), platform);
  const size = (count: number): number => buildPlist({ list: Array(count).fill(entry) }).length;
  return size(2) - size(1);
}
