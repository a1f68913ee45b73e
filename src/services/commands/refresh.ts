import type { CommandRequest } from './request.js';

/**
 * What DeviceInformation is asked: all that an inventory shows. A device leaves out what its platform, version or enrolment
 * does not have. Not asked: what costs the device work or quota (DevicePropertiesAttestation, EACSPreflight), accounts, and
 * what needs a right of its own.
 */
const QUERIES: readonly string[] = [
  'UDID SerialNumber DeviceName ProvisioningUDID OrganizationInfo MDMOptions',
  'OSVersion SupplementalOSVersionExtra BuildVersion SupplementalBuildVersion',
  'ModelName Model ModelNumber ProductName IsAppleSilicon',
  'DeviceCapacity AvailableDeviceCapacity BatteryLevel HasBattery',
  'IMEI MEID ServiceSubscriptions ModemFirmwareVersion CellularTechnology',
  'WiFiMAC BluetoothMAC EthernetMAC HostName LocalHostName TimeZone',
  'IsSupervised IsMultiUser AwaitingConfiguration IsMDMLostModeEnabled',
  'IsActivationLockEnabled IsActivationLockSupported IsDeviceLocatorServiceEnabled',
  'PINRequiredForDeviceLock PINRequiredForEraseDevice SupportsiOSAppInstalls',
  'SystemIntegrityProtectionEnabled SoftwareUpdateDeviceID',
].flatMap((names) => names.split(' '));

/** The questions whose answers are a device's inventory. */
export const REFRESH: readonly CommandRequest[] = [
  { requestType: 'DeviceInformation', parameters: { Queries: QUERIES } },
  { requestType: 'SecurityInfo' },
  { requestType: 'ProfileList' },
  { requestType: 'InstalledApplicationList' },
  { requestType: 'CertificateList' },
];
