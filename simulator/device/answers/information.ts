import type { PlistDict } from '../../../src/apple/plist/index.js';
import { strings, type Answerer, type AnswerContext } from './outcome.js';

/** Answers the queries that were asked and that the platform and the kind of enrolment allow. */
export const deviceInformation: Answerer = (request, context) => {
  const known = informationOf(context);
  const asked = strings(request, 'Queries') ?? [];
  const answers = asked.flatMap((query) => (Object.hasOwn(known, query) ? [[query, known[query]]] : []));
  return { extra: { QueryResponses: Object.fromEntries(answers) as PlistDict } };
};

function informationOf(context: AnswerContext): PlistDict {
  const { facts } = context;
  return {
    ...common(context),
    ...(facts.platform === 'iOS' ? iosOnly(context) : macosOnly(context)),
    ...(facts.enrollmentId === undefined && hardware(context)),
  };
}

const common = ({ facts, device }: AnswerContext): PlistDict => ({
  DeviceName: facts.deviceName,
  OSVersion: facts.osVersion,
  BuildVersion: facts.buildVersion,
  ModelName: facts.modelName,
  Model: facts.model,
  ProductName: facts.productName,
  DeviceCapacity: 119.25,
  AvailableDeviceCapacity: 64.5,
  BatteryLevel: 0.83,
  IsSupervised: facts.supervised,
  IsDeviceLocatorServiceEnabled: false,
  MDMOptions: { ActivationLockAllowedWhileSupervised: false },
  ...(facts.enrollmentId === undefined && { AwaitingConfiguration: device.awaitingConfiguration }),
});

const iosOnly = ({ facts }: AnswerContext): PlistDict => ({
  TimeZone: 'Europe/Paris',
  DiagnosticSubmissionEnabled: false,
  AppAnalyticsEnabled: false,
  IsNetworkTethered: false,
  EASDeviceIdentifier: easIdentifier(facts.serialNumber),
});

const macosOnly = ({ facts }: AnswerContext): PlistDict => ({
  HostName: `${facts.serialNumber.toLowerCase()}.local`,
  LocalHostName: facts.serialNumber.toLowerCase(),
  IsAppleSilicon: true,
  HasBattery: true,
  SystemIntegrityProtectionEnabled: true,
  SupportsiOSAppInstalls: true,
  SupportsLOMDevice: false,
  ActiveManagedUsers: [],
});

/** What would identify the hardware or the person: never told by a User Enrollment. */
function hardware({ facts, channel }: AnswerContext): PlistDict {
  const { imei, meid } = facts;
  return {
    UDID: facts.udid,
    SerialNumber: facts.serialNumber,
    WiFiMAC: macAddress(facts.udid, '10'),
    BluetoothMAC: macAddress(facts.udid, '11'),
    IsActivationLockEnabled: false,
    iTunesStoreAccountIsActive: false,
    ...(channel.pushToken !== undefined && { PushToken: channel.pushToken }),
    ...(facts.platform === 'iOS' && { CellularTechnology: imei === undefined ? 0 : 1, IsMultiUser: false }),
    ...(facts.platform === 'macOS' && {
      ProvisioningUDID: facts.udid,
      EthernetMAC: macAddress(facts.udid, '12'),
    }),
    ...(imei !== undefined && { IMEI: imei }),
    ...(meid !== undefined && { MEID: meid }),
  };
}

function macAddress(udid: string, first: string): string {
  const digits = Buffer.from(udid).toString('hex').slice(-10);
  return [first, ...(digits.match(/../g) ?? [])].join(':');
}

const easIdentifier = (serialNumber: string): string => `Appl${serialNumber}`;
