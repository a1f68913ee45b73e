import { isOlderOs, isOsVersion, type MachineInfo } from '../../apple/machine-info/index.js';
import { Platform } from '../../entities/enums.js';
import type { MinimumOsVersions } from '../../entities/minimum-os-versions.js';
import { PomonaError } from '../../errors.js';
import { platformOf } from '../devices/platform.js';

const MEMBERS = {
  [Platform.IOS]: 'ios',
  [Platform.IPADOS]: 'ipados',
  [Platform.MACOS]: 'macos',
  [Platform.TVOS]: 'tvos',
  [Platform.VISIONOS]: 'visionos',
  [Platform.WATCHOS]: 'watchos',
} as const satisfies Record<Platform, keyof MinimumOsVersions>;

/** The versions as they are kept: those that were given, or null when none was. Throws INVALID, naming the member. */
export function checkedMinimums(given: MinimumOsVersions | null): MinimumOsVersions | null {
  const kept: MinimumOsVersions = {};
  for (const member of Object.values(MEMBERS)) {
    const version = given?.[member]?.trim() ?? '';
    if (version === '') continue;
    if (!isOsVersion(version))
      throw new PomonaError(
        'INVALID',
        `"${version.slice(0, 40)}" is no version of an operating system: they are numbers, as in 18.1.`,
        { path: ['minimumOsVersions', member] },
      );
    kept[member] = version;
  }
  return Object.keys(kept).length === 0 ? null : kept;
}

/**
 * The version that a device has to have before it may enrol; undefined when the one it has will do. One that does not tell
 * its version is older than iOS 17, tvOS 17 or macOS 14, and nobody knows by how much: it counts as too old.
 */
export function requiredOs(minimums: MinimumOsVersions | null, device: MachineInfo): string | undefined {
  const platform = platformOf(device.product);
  const minimum = platform === null ? undefined : (minimums?.[MEMBERS[platform]] ?? undefined);
  if (minimum === undefined) return undefined;
  const { osVersion } = device;
  const tooOld = osVersion === undefined || !isOsVersion(osVersion) || isOlderOs(osVersion, minimum);
  return tooOld ? minimum : undefined;
}
