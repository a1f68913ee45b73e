import { buildPlist, type PlistInput } from '../../src/apple/plist/index.js';
import { signDetached, type SignOptions } from '../cms-sign.js';
import type { Issued } from '../pki.js';
import type { LinkedDeviceOptions } from './link.js';
import { factsOf, type DeviceFacts } from './options.js';

/** What a device that is not enrolled yet brings along. */
export interface UnenrolledOptions extends LinkedDeviceOptions {
  /** Whether it understands that it has to update itself first. Default: yes. */
  readonly canRequestSoftwareUpdate?: boolean;
  /** Keys to send instead, or besides; `undefined` leaves one out. */
  readonly attributes?: Readonly<Record<string, PlistInput | undefined>>;
}

/** The facts of a device that has no identity yet, and the options to make it with once it has one. */
export function factsBefore(o: LinkedDeviceOptions): DeviceFacts {
  return factsOf(o as Parameters<typeof factsOf>[0]);
}

/** The MachineInfo of a device in Setup Assistant (Apple: MachineInfo), not signed. */
export function machineInfo(facts: DeviceFacts, o: UnenrolledOptions = {}): Buffer {
  return buildPlist({
    ...deviceAttributes(facts),
    OS_VERSION: facts.osVersion,
    SOFTWARE_UPDATE_DEVICE_ID: facts.productName,
    LANGUAGE: 'en-US',
    MDM_CAN_REQUEST_SOFTWARE_UPDATE: o.canRequestSoftwareUpdate ?? true,
    ...o.attributes,
  });
}

/** What a Profile Service asks for, with what it wants sent back. */
export function profileServiceAnswer(
  facts: DeviceFacts,
  challenge: string,
  o: UnenrolledOptions = {},
): Buffer {
  return buildPlist({ ...deviceAttributes(facts), CHALLENGE: challenge, ...o.attributes });
}

function deviceAttributes({ udid, serialNumber, productName, buildVersion, imei, meid }: DeviceFacts) {
  return {
    UDID: udid,
    SERIAL: serialNumber,
    PRODUCT: productName,
    VERSION: buildVersion,
    IMEI: imei,
    MEID: meid,
  };
}

/** Signs it as devices do, the content inside. */
export function signAttributes(content: Buffer, signer: Issued, o: Partial<SignOptions> = {}): Buffer {
  const { certDer, key } = signer;
  return signDetached(content, { certDer, key, attached: true, digest: 'sha1', ...o });
}
