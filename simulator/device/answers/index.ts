import type { PlistDict } from '../../../src/apple/plist/index.js';
import {
  installApplication,
  installedApplicationList,
  installEnterpriseApplication,
  managedApplicationList,
  removeApplication,
} from './applications.js';
import {
  availableOsUpdates,
  deviceConfigured,
  deviceLock,
  eraseDevice,
  osUpdateStatus,
  restartDevice,
  restrictions,
  settings,
  userList,
} from './control.js';
import { deviceInformation } from './information.js';
import { DONE, type Answerer, type AnswerContext, type Outcome } from './outcome.js';
import { installProfile, profileList, provisioningProfileList, removeProfile } from './profiles.js';
import { certificateList, securityInfo } from './security.js';

export type { AnswerContext, Outcome } from './outcome.js';

const ANSWERERS: ReadonlyMap<string, Answerer> = new Map(
  Object.entries({
    AvailableOSUpdates: availableOsUpdates,
    CertificateList: certificateList,
    DeviceConfigured: deviceConfigured,
    DeviceInformation: deviceInformation,
    DeviceLock: deviceLock,
    EraseDevice: eraseDevice,
    InstallApplication: installApplication,
    InstallEnterpriseApplication: installEnterpriseApplication,
    InstallProfile: installProfile,
    InstalledApplicationList: installedApplicationList,
    ManagedApplicationList: managedApplicationList,
    OSUpdateStatus: osUpdateStatus,
    ProfileList: profileList,
    ProvisioningProfileList: provisioningProfileList,
    RemoveApplication: removeApplication,
    RemoveProfile: removeProfile,
    RestartDevice: restartDevice,
    Restrictions: restrictions,
    SecurityInfo: securityInfo,
    Settings: settings,
    UserList: userList,
  }),
);

/** Does what the command says and tells how that went. A command without an answer of its own is acknowledged. */
export function carryOut(requestType: string, request: PlistDict, context: AnswerContext): Outcome {
  return ANSWERERS.get(requestType)?.(request, context) ?? DONE;
}
