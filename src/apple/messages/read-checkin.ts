import type { PlistDict, PlistValue } from '../plist/index.js';
import type {
  Authenticate,
  CheckinBase,
  CheckinMessage,
  CheckOut,
  DeclarativeManagement,
  GetBootstrapToken,
  GetToken,
  ReturnToService,
  SetBootstrapToken,
  TokenUpdate,
  UserAuthenticate,
} from './checkin.js';
import { readEnrollmentIds } from './enrollment.js';
import {
  optionalBoolean,
  optionalData,
  optionalDict,
  optionalIdentifier,
  optionalString,
  present,
  requireDict,
} from './fields.js';

type Reader = (base: CheckinBase) => CheckinMessage;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['Authenticate', readAuthenticate],
  ['TokenUpdate', readTokenUpdate],
  ['CheckOut', readCheckOut],
  ['SetBootstrapToken', readSetBootstrapToken],
  ['GetBootstrapToken', readGetBootstrapToken],
  ['UserAuthenticate', readUserAuthenticate],
  ['GetToken', readGetToken],
  ['DeclarativeManagement', readDeclarativeManagement],
  ['ReturnToService', readReturnToService],
]);

/**
 * Reads a decoded check-in message. Keys we do not know are left in `body`; an unknown MessageType is no error.
 * Throws `MessageError` when a required key is missing or a known one has another type. Whether the message names
 * a device is asked of `enrollmentKey(message.ids)`.
 */
export function readCheckin(plist: PlistValue): CheckinMessage {
  const body = requireDict(plist);
  const sentMessageType = present(optionalIdentifier(body, 'MessageType'), 'MessageType');
  const base: CheckinBase = { ids: readEnrollmentIds(body), body };
  const read = READERS.get(sentMessageType);
  return read === undefined ? { ...base, messageType: 'Unknown', sentMessageType } : read(base);
}

function readAuthenticate(base: CheckinBase): Authenticate {
  const { body } = base;
  return {
    ...base,
    messageType: 'Authenticate',
    topic: required(body, 'Topic'),
    buildVersion: optionalString(body, 'BuildVersion'),
    osVersion: optionalString(body, 'OSVersion'),
    productName: optionalString(body, 'ProductName'),
    serialNumber: optionalIdentifier(body, 'SerialNumber'),
    imei: optionalIdentifier(body, 'IMEI'),
    meid: optionalIdentifier(body, 'MEID'),
    deviceName: optionalString(body, 'DeviceName'),
    model: optionalString(body, 'Model'),
    modelName: optionalString(body, 'ModelName'),
  };
}

function readTokenUpdate(base: CheckinBase): TokenUpdate {
  const { body } = base;
  return {
    ...base,
    messageType: 'TokenUpdate',
    topic: required(body, 'Topic'),
    token: present(optionalData(body, 'Token'), 'Token'),
    pushMagic: required(body, 'PushMagic'),
    unlockToken: optionalData(body, 'UnlockToken'),
    awaitingConfiguration: optionalBoolean(body, 'AwaitingConfiguration') ?? false,
  };
}

function readCheckOut(base: CheckinBase): CheckOut {
  return { ...base, messageType: 'CheckOut', topic: optionalIdentifier(base.body, 'Topic') };
}

function readSetBootstrapToken(base: CheckinBase): SetBootstrapToken {
  return {
    ...base,
    messageType: 'SetBootstrapToken',
    bootstrapToken: optionalData(base.body, 'BootstrapToken'),
    awaitingConfiguration: optionalBoolean(base.body, 'AwaitingConfiguration') ?? false,
  };
}

function readGetBootstrapToken(base: CheckinBase): GetBootstrapToken {
  const awaitingConfiguration = optionalBoolean(base.body, 'AwaitingConfiguration') ?? false;
  return { ...base, messageType: 'GetBootstrapToken', awaitingConfiguration };
}

function readUserAuthenticate(base: CheckinBase): UserAuthenticate {
  present(base.ids.userId, 'UserID');
  const digestResponse = optionalString(base.body, 'DigestResponse');
  return { ...base, messageType: 'UserAuthenticate', digestResponse };
}

function readGetToken(base: CheckinBase): GetToken {
  const parameters = optionalDict(base.body, 'TokenParameters');
  return {
    ...base,
    messageType: 'GetToken',
    tokenServiceType: required(base.body, 'TokenServiceType'),
    tokenParameters: parameters && {
      securityToken: optionalString(parameters, 'SecurityToken'),
      phoneUDID: optionalIdentifier(parameters, 'PhoneUDID'),
      watchUDID: optionalIdentifier(parameters, 'WatchUDID'),
    },
  };
}

function readDeclarativeManagement(base: CheckinBase): DeclarativeManagement {
  return {
    ...base,
    messageType: 'DeclarativeManagement',
    endpoint: required(base.body, 'Endpoint'),
    data: optionalData(base.body, 'Data'),
  };
}

/** User enrolments, which have no UDID, do not send it. */
function readReturnToService(base: CheckinBase): ReturnToService {
  present(base.ids.udid, 'UDID');
  return { ...base, messageType: 'ReturnToService' };
}

function required(body: PlistDict, key: string): string {
  return present(optionalIdentifier(body, key), key);
}
