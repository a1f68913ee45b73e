import { MessageError } from '../messages/errors.js';
import { optionalBoolean, optionalData, optionalIdentifier, optionalString } from '../messages/fields.js';
import type { PlistDict } from '../plist/index.js';
import { MachineInfoError } from './errors.js';

/** What a device says of itself before it is enrolled. Source: Apple's MachineInfo, and the attributes of a Profile Service. */
export interface MachineInfo {
  /** Left out in user enrolments, as are the other numbers of the hardware. */
  readonly udid?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly imei?: string | undefined;
  readonly meid?: string | undefined;
  /** Such as `iPhone15,2`. */
  readonly product?: string | undefined;
  /** The build, such as `22B83`. */
  readonly buildVersion?: string | undefined;
  /** Such as `18.1`; devices tell it from iOS 17, tvOS 17 and macOS 14 on. */
  readonly osVersion?: string | undefined;
  /** Of a rapid security response. */
  readonly supplementalBuildVersion?: string | undefined;
  readonly supplementalOsVersionExtra?: string | undefined;
  /** What Apple's list of available updates calls this device. */
  readonly softwareUpdateDeviceId?: string | undefined;
  /** BCP 47, as chosen in Setup Assistant. */
  readonly language?: string | undefined;
  /** Whether it understands `com.apple.softwareupdate.required`. */
  readonly canRequestSoftwareUpdate: boolean;
  /** Of a watch. */
  readonly pairingToken?: Buffer | undefined;
  /** What a Profile Service asked to have sent back. */
  readonly challenge?: string | undefined;
}

/** Keys that are not known pass. @throws MachineInfoError `malformed` for a known one that no device writes so. */
export function readAttributes(dict: PlistDict): MachineInfo {
  try {
    return {
      udid: optionalIdentifier(dict, 'UDID'),
      serialNumber: optionalIdentifier(dict, 'SERIAL'),
      imei: optionalIdentifier(dict, 'IMEI'),
      meid: optionalIdentifier(dict, 'MEID'),
      product: optionalIdentifier(dict, 'PRODUCT'),
      buildVersion: optionalIdentifier(dict, 'VERSION'),
      osVersion: optionalIdentifier(dict, 'OS_VERSION'),
      supplementalBuildVersion: optionalIdentifier(dict, 'SUPPLEMENTAL_BUILD_VERSION'),
      supplementalOsVersionExtra: optionalString(dict, 'SUPPLEMENTAL_OS_VERSION_EXTRA'),
      softwareUpdateDeviceId: optionalIdentifier(dict, 'SOFTWARE_UPDATE_DEVICE_ID'),
      language: optionalIdentifier(dict, 'LANGUAGE'),
      canRequestSoftwareUpdate: optionalBoolean(dict, 'MDM_CAN_REQUEST_SOFTWARE_UPDATE') ?? false,
      pairingToken: optionalData(dict, 'PAIRING_TOKEN'),
      challenge: optionalString(dict, 'CHALLENGE'),
    };
  } catch (cause) {
    if (!(cause instanceof MessageError)) throw cause;
    throw new MachineInfoError('malformed', cause.message, { cause });
  }
}
