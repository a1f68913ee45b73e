import type { PlistDict } from '../plist/index.js';
import { MessageError } from './errors.js';
import { optionalBoolean, optionalIdentifier, optionalString } from './fields.js';

/**
 * The identifiers that any message may carry. A user enrolment sends EnrollmentID instead of UDID
 * (Apple schema, mdm/checkin/authenticate.yaml); the user's keys come on a user channel only.
 */
export interface EnrollmentIds {
  udid?: string;
  enrollmentId?: string;
  userId?: string;
  userShortName?: string;
  userLongName?: string;
  enrollmentUserId?: string;
  notOnConsole?: boolean;
}

/** Which user's channel a message came on. `key` tells the users of one device apart, and only those. */
export interface UserChannelKey {
  key: string;
  kind: 'user' | 'sharedIPadUser' | 'userEnrollmentUser';
  userId?: string;
  shortName?: string;
  longName?: string;
}

/** Whom a message is from: the device, and the user when it came on a user channel. */
export interface EnrollmentKey {
  deviceKey: string;
  kind: 'device' | 'userEnrollment';
  user?: UserChannelKey;
  /** One string for the channel: the device's key, or `device:user`; of a user enrolment, with a colon before. No two channels share one. */
  channelKey: string;
}

/** Every user of a Shared iPad has this UserID; only UserShortName tells them apart. */
export const SHARED_IPAD_USER_ID = 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF';

/** Reads the identifiers. Throws `MessageError` `wrong-type` or `bad-string` for one that cannot be kept. */
export function readEnrollmentIds(message: PlistDict): EnrollmentIds {
  return {
    udid: optionalIdentifier(message, 'UDID'),
    enrollmentId: optionalIdentifier(message, 'EnrollmentID'),
    userId: optionalIdentifier(message, 'UserID'),
    userShortName: optionalIdentifier(message, 'UserShortName'),
    userLongName: optionalString(message, 'UserLongName'),
    enrollmentUserId: optionalIdentifier(message, 'EnrollmentUserID'),
    notOnConsole: optionalBoolean(message, 'NotOnConsole'),
  };
}

/**
 * Works out whom the identifiers mean. UDID is preferred when a client sends EnrollmentID as well.
 * Throws `MessageError` `missing-identifier` when there is neither, or when a Shared iPad's user has no UserShortName.
 */
export function enrollmentKey(ids: EnrollmentIds): EnrollmentKey {
  const deviceKey = ids.udid || ids.enrollmentId;
  if (!deviceKey)
    throw new MessageError('missing-identifier', 'Neither UDID nor EnrollmentID is present', 'UDID');
  const kind = ids.udid ? 'device' : 'userEnrollment';
  const user = userChannelKey(ids, kind);
  const escaped = `${kind === 'userEnrollment' ? ':' : ''}${escapeDeviceKey(deviceKey)}`;
  if (user === undefined) return { deviceKey, kind, channelKey: escaped };
  return { deviceKey, kind, user, channelKey: `${escaped}:${user.key}` };
}

function userChannelKey(ids: EnrollmentIds, kind: EnrollmentKey['kind']): UserChannelKey | undefined {
  const names = { userId: ids.userId, shortName: ids.userShortName, longName: ids.userLongName };
  if (ids.enrollmentUserId && (kind === 'userEnrollment' || !ids.userId)) {
    return { key: ids.enrollmentUserId, kind: 'userEnrollmentUser', ...names };
  }
  if (!ids.userId) return undefined;
  if (ids.userId.toUpperCase() !== SHARED_IPAD_USER_ID) return { key: ids.userId, kind: 'user', ...names };
  if (ids.userShortName) return { key: ids.userShortName, kind: 'sharedIPadUser', ...names };
  throw new MessageError('missing-identifier', "A Shared iPad's user has no UserShortName", 'UserShortName');
}

/**
 * A device names itself, so a hostile one could call itself `<victim's UDID>:<its user>` and land on that user's
 * channel, or enrol as a user with somebody's UDID for its EnrollmentID. Escaping the separator inside the device's part, and
 * putting one before a user enrolment's, keeps channels apart; real UDIDs have none and stay as they are.
 */
function escapeDeviceKey(deviceKey: string): string {
  return deviceKey.replaceAll('%', '%25').replaceAll(':', '%3A');
}
