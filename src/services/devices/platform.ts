import { Platform } from '../../entities/enums.js';

const PREFIXES: readonly (readonly [RegExp, Platform])[] = [
  [/^(iPhone|iPod)/, Platform.IOS],
  [/^iPad/, Platform.IPADOS],
  [/^(Mac|iMac|VirtualMac|Xserve)/, Platform.MACOS],
  [/^AppleTV/, Platform.TVOS],
  [/^RealityDevice/, Platform.VISIONOS],
  [/^Watch/, Platform.WATCHOS],
];

/** The platform a ProductName such as `iPhone15,2` or `MacBookPro18,3` belongs to; null for one this server does not know. */
export function platformOf(productName: string | undefined): Platform | null {
  if (productName === undefined) return null;
  return PREFIXES.find(([pattern]) => pattern.test(productName))?.[1] ?? null;
}

const BY_OS: Readonly<Record<string, Platform>> = {
  iOS: Platform.IOS,
  iPadOS: Platform.IPADOS,
  OSX: Platform.MACOS,
  macOS: Platform.MACOS,
  tvOS: Platform.TVOS,
  visionOS: Platform.VISIONOS,
  watchOS: Platform.WATCHOS,
};

/** The platform of a device in Apple Business Manager, by its family and system; null for one this server does not know. */
export function platformOfFamily(family: string | null, os: string | null): Platform | null {
  if (family === 'iPad') return Platform.IPADOS;
  return os === null ? null : (BY_OS[os] ?? null);
}
