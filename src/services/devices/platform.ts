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
