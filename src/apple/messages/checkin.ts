import type { PlistDict } from '../plist/index.js';
import type { EnrollmentIds } from './enrollment.js';

/** What every check-in message has: whom it is from, and all that was sent, unknown keys included. */
export interface CheckinBase {
  ids: EnrollmentIds;
  body: PlistDict;
}

/** The start of an enrolment. It does not mean that the profile is installed yet; TokenUpdate does. */
export interface Authenticate extends CheckinBase {
  messageType: 'Authenticate';
  topic: string;
  buildVersion?: string;
  osVersion?: string;
  productName?: string;
  serialNumber?: string;
  imei?: string;
  meid?: string;
  deviceName?: string;
  model?: string;
  modelName?: string;
}

/** How to push to the channel from now on. */
export interface TokenUpdate extends CheckinBase {
  messageType: 'TokenUpdate';
  topic: string;
  token: Buffer;
  pushMagic: string;
  /** Absent does not mean "forget": the last one sent stays good (Apple schema, mdm/checkin/tokenupdate.yaml). */
  unlockToken?: Buffer;
  awaitingConfiguration: boolean;
}

/** The profile was removed. Best effort: a device may never send it. */
export interface CheckOut extends CheckinBase {
  messageType: 'CheckOut';
  topic?: string;
}

/** A Mac escrows its bootstrap token. No `bootstrapToken` (or one of zero bytes, read as none) means "delete mine". */
export interface SetBootstrapToken extends CheckinBase {
  messageType: 'SetBootstrapToken';
  bootstrapToken?: Buffer;
  awaitingConfiguration: boolean;
}

export interface GetBootstrapToken extends CheckinBase {
  messageType: 'GetBootstrapToken';
  awaitingConfiguration: boolean;
}

/** A network user logs in on a Mac. The first of the two messages has no `digestResponse`. */
export interface UserAuthenticate extends CheckinBase {
  messageType: 'UserAuthenticate';
  digestResponse?: string;
}

export interface GetToken extends CheckinBase {
  messageType: 'GetToken';
  tokenServiceType: string;
  tokenParameters?: { securityToken?: string; phoneUDID?: string; watchUDID?: string };
}

/** One step of declarative management; `data` holds a JSON document whose meaning `endpoint` tells. */
export interface DeclarativeManagement extends CheckinBase {
  messageType: 'DeclarativeManagement';
  endpoint: string;
  data?: Buffer;
}

/**
 * The user hands the device back, or it was idle for long enough: may it erase itself and enrol again? Sent by devices that
 * Automated Device Enrollment put in that mode (iOS and visionOS 26; Apple schema, mdm/checkin/returntoservice.yaml).
 */
export interface ReturnToService extends CheckinBase {
  messageType: 'ReturnToService';
}

/** A message type this server does not know. `sentMessageType` is its name as sent. */
export interface UnknownCheckin extends CheckinBase {
  messageType: 'Unknown';
  sentMessageType: string;
}

/** Apple's check-in messages, told apart by `messageType` (Apple schema, mdm/checkin). */
export type CheckinMessage =
  | Authenticate
  | TokenUpdate
  | CheckOut
  | SetBootstrapToken
  | GetBootstrapToken
  | UserAuthenticate
  | GetToken
  | DeclarativeManagement
  | ReturnToService
  | UnknownCheckin;
