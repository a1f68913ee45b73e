import { isDict, type PlistDict } from '../../../src/apple/plist/index.js';
import { DONE, type Answerer } from './outcome.js';

/** Setup Assistant goes on. */
export const deviceConfigured: Answerer = (_request, { device }) => {
  device.awaitingConfiguration = false;
  device.configured = true;
  return DONE;
};

export const restartDevice: Answerer = (_request, { device }) => {
  device.restarts += 1;
  return DONE;
};

/** Only iOS shows the message, so only iOS says how that went. */
export const deviceLock: Answerer = (request, { device, facts }) => {
  device.locks += 1;
  const shown = facts.platform === 'iOS' && (request['Message'] ?? request['PhoneNumber']) !== undefined;
  return shown ? { extra: { MessageResult: 'Success' } } : DONE;
};

export const eraseDevice: Answerer = () => ({ erases: true });

/** One result for each setting, in the order asked. */
export const settings: Answerer = (request) => {
  const asked = Array.isArray(request['Settings']) ? request['Settings'].filter(isDict) : [];
  const results = asked.map((setting): PlistDict => ({
    Item: setting['Item'] ?? '',
    Status: 'Acknowledged',
    ...(typeof setting['Identifier'] === 'string' && { Identifier: setting['Identifier'] }),
  }));
  return { extra: { Settings: results } };
};

export const userList: Answerer = () => ({ extra: { Users: [] } });

export const restrictions: Answerer = () => ({
  extra: { GlobalRestrictions: { restrictedBool: {}, restrictedValue: {}, intersection: {}, union: {} } },
});

export const availableOsUpdates: Answerer = () => ({ extra: { AvailableOSUpdates: [] } });

export const osUpdateStatus: Answerer = () => ({ extra: { OSUpdateStatus: [] } });
