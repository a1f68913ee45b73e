export {
  AccountFlow,
  deviceFromAccount,
  type AccountMode,
  type AccountOptions,
  type AccountServer,
} from './account.js';
export { deviceAutomatically, deviceByWebView, pressButton, signInLinkIn } from './automated.js';
export { Browser, type Landing } from './browser.js';
export type { Behaviour, BehaviourRule, ErrorChain, ErrorChainItem } from './behaviour.js';
export type { ConnectionEnd, ConnectionLog, Exchange } from './connection.js';
export type { Channel } from './channel.js';
export { SimulatedDevice, type TokenUpdateOptions } from './device.js';
export { Fleet, type FleetFailure, type FleetOptions, type Push, type PushSource } from './fleet.js';
export {
  deviceFromLink,
  downloadProfile,
  installProfile,
  LinkError,
  requestIdentity,
  type LinkedDeviceOptions,
} from './link.js';
export { machineInfo, profileServiceAnswer, signAttributes, type UnenrolledOptions } from './machine-info.js';
export { deviceFromBox, type AppleService, type UnboxedDevice } from './from-box.js';
export type { DeviceFacts, DeviceOptions, DevicePlatform } from './options.js';
export { deviceOverTheAir, OverTheAirFlow, scepIn } from './over-the-air.js';
export type { InstalledProfile, ProfilePayload } from './profile.js';
export type { RenewalHabit } from './renewing.js';
export type { ChannelState, DeviceState, InstalledApplication, ReceivedCommand } from './state.js';
export { Connections, type ConnectionsOptions, type PreparedRequest } from './transport.js';
export { SHARED_IPAD_USER_ID, SimulatedUser, type UserOptions } from './user.js';
export { BadCommandError, type Answer, type Command, type ReportStatus } from './wire.js';
