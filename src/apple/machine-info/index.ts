/** What devices say of themselves before they are enrolled, signed with the certificate that Apple gave them. */
import type { X509Certificate } from 'node:crypto';
import { readAttributes, type MachineInfo } from './attributes.js';
import { checkAppleDevice } from './signer.js';
import { openSigned } from './signed.js';

export { APPLE_DEVICE_CA } from './apple-device-ca.js';
export { readAttributes, type MachineInfo } from './attributes.js';
export { MachineInfoError, type MachineInfoErrorCode } from './errors.js';
export { isOlderOs, isOsVersion } from './os-version.js';
export { checkAppleDevice } from './signer.js';
export { MAX_SIGNED_BYTES, openSigned, type SignedAttributes } from './signed.js';

/**
 * Reads a MachineInfo: a signed property list of at most 64 KiB. It has no nonce, so whoever has a copy can send it again; and
 * Apple's certificates name no serial number, so it is the word of somebody to whom Apple gave a certificate, and no more.
 * @throws MachineInfoError
 */
export function readMachineInfo(cms: Uint8Array, authorities: readonly X509Certificate[]): MachineInfo {
  const { dict, certificate } = openSigned(cms);
  checkAppleDevice(certificate, authorities);
  return readAttributes(dict);
}
