import type { Report } from '../../messages/index.js';
import type { PlistDict } from '../../plist/index.js';
import { dictToJson, type JsonObject } from './json.js';
import { dictOf, dictsOf, flagOf, numberOf, textOf } from './members.js';

/** What an inventory keeps of a device in columns of its own. Capacities are in gigabytes, the battery from 0 to 1. */
export interface DeviceColumns {
  udid?: string;
  serialNumber?: string;
  deviceName?: string;
  model?: string;
  modelName?: string;
  modelNumber?: string;
  productName?: string;
  osVersion?: string;
  supplementalOSVersionExtra?: string;
  buildVersion?: string;
  supplementalBuildVersion?: string;
  imei?: string;
  meid?: string;
  wifiMAC?: string;
  bluetoothMAC?: string;
  ethernetMAC?: string;
  deviceCapacity?: number;
  availableDeviceCapacity?: number;
  batteryLevel?: number;
  isSupervised?: boolean;
  isMultiUser?: boolean;
  isAppleSilicon?: boolean;
  isActivationLockEnabled?: boolean;
  awaitingConfiguration?: boolean;
}

export interface DeviceInformation {
  /** All that the device answered, by the query's name. */
  queryResponses: JsonObject;
  columns: DeviceColumns;
}

/** Reads an acknowledged DeviceInformation. A device leaves out what it does not know or may not tell. */
export function readDeviceInformation(report: Report): DeviceInformation {
  const responses = dictOf(report.body, 'QueryResponses') ?? {};
  const columns = { ...readIdentity(responses), ...readSystem(responses), ...readCondition(responses) };
  return { queryResponses: dictToJson(responses), columns };
}

/** Devices with several SIMs name IMEI and MEID by subscription; the first slot's stands in for the device's. */
function readIdentity(responses: PlistDict): DeviceColumns {
  const subscriptions = dictsOf(responses, 'ServiceSubscriptions');
  const first = (key: string): string | undefined =>
    subscriptions
      .map((subscription) => textOf(subscription, key))
      .find((value) => value !== undefined && value !== '');
  return {
    udid: textOf(responses, 'UDID'),
    serialNumber: textOf(responses, 'SerialNumber'),
    deviceName: textOf(responses, 'DeviceName'),
    imei: textOf(responses, 'IMEI') ?? first('IMEI'),
    meid: textOf(responses, 'MEID') ?? first('MEID'),
    wifiMAC: textOf(responses, 'WiFiMAC'),
    bluetoothMAC: textOf(responses, 'BluetoothMAC'),
    ethernetMAC: textOf(responses, 'EthernetMAC'),
  };
}

function readSystem(responses: PlistDict): DeviceColumns {
  return {
    model: textOf(responses, 'Model'),
    modelName: textOf(responses, 'ModelName'),
    modelNumber: textOf(responses, 'ModelNumber'),
    productName: textOf(responses, 'ProductName'),
    osVersion: textOf(responses, 'OSVersion'),
    supplementalOSVersionExtra: textOf(responses, 'SupplementalOSVersionExtra'),
    buildVersion: textOf(responses, 'BuildVersion'),
    supplementalBuildVersion: textOf(responses, 'SupplementalBuildVersion'),
    isAppleSilicon: flagOf(responses, 'IsAppleSilicon'),
  };
}

function readCondition(responses: PlistDict): DeviceColumns {
  return {
    deviceCapacity: numberOf(responses, 'DeviceCapacity'),
    availableDeviceCapacity: numberOf(responses, 'AvailableDeviceCapacity'),
    batteryLevel: numberOf(responses, 'BatteryLevel'),
    isSupervised: flagOf(responses, 'IsSupervised'),
    isMultiUser: flagOf(responses, 'IsMultiUser'),
    isActivationLockEnabled: flagOf(responses, 'IsActivationLockEnabled'),
    awaitingConfiguration: flagOf(responses, 'AwaitingConfiguration'),
  };
}
