import { describe, expect, it } from 'vitest';
import {
  enrollmentKey,
  MessageError,
  SHARED_IPAD_USER_ID,
  type EnrollmentIds,
} from '../../src/apple/messages/index.js';

function keyError(ids: EnrollmentIds): MessageError {
  try {
    enrollmentKey(ids);
  } catch (error) {
    if (error instanceof MessageError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}

describe('enrollmentKey', () => {
  it('names a device by its UDID', () => {
    expect(enrollmentKey({ udid: 'D1' })).toEqual({ deviceKey: 'D1', kind: 'device', channelKey: 'D1' });
  });

  it('prefers the UDID when an EnrollmentID comes with it', () => {
    expect(enrollmentKey({ udid: 'D1', enrollmentId: 'E1' })).toMatchObject({
      deviceKey: 'D1',
      kind: 'device',
    });
  });

  it('names a user enrolment by its EnrollmentID and the user by EnrollmentUserID', () => {
    expect(enrollmentKey({ enrollmentId: 'E1' })).toEqual({
      deviceKey: 'E1',
      kind: 'userEnrollment',
      channelKey: ':E1',
    });
    expect(enrollmentKey({ enrollmentId: 'E1', enrollmentUserId: 'EU' })).toMatchObject({
      user: { key: 'EU', kind: 'userEnrollmentUser' },
      channelKey: ':E1:EU',
    });
  });

  it('names a user of a Mac by device and UserID, so that two Macs do not share a network user', () => {
    const first = enrollmentKey({ udid: 'D1', userId: 'U', userShortName: 'ann', userLongName: 'Ann' });
    const second = enrollmentKey({ udid: 'D2', userId: 'U', userShortName: 'ann' });
    expect(first.user).toEqual({ key: 'U', kind: 'user', userId: 'U', shortName: 'ann', longName: 'Ann' });
    expect(first.channelKey).toBe('D1:U');
    expect(second.channelKey).toBe('D2:U');
  });

  it('tells the users of a Shared iPad apart by UserShortName', () => {
    const ids = { udid: 'D1', userId: SHARED_IPAD_USER_ID.toLowerCase(), userShortName: 'ann@example.org' };
    expect(enrollmentKey(ids)).toMatchObject({
      user: { key: 'ann@example.org', kind: 'sharedIPadUser' },
      channelKey: 'D1:ann@example.org',
    });
  });

  it('refuses a message from nobody', () => {
    expect(keyError({})).toMatchObject({ code: 'missing-identifier', key: 'UDID' });
    expect(keyError({ userId: 'U' })).toMatchObject({ code: 'missing-identifier', key: 'UDID' });
    expect(keyError({ udid: 'D1', userId: SHARED_IPAD_USER_ID })).toMatchObject({
      code: 'missing-identifier',
      key: 'UserShortName',
    });
  });

  it("keeps a device whose UDID imitates another's user channel off that channel", () => {
    const victim = enrollmentKey({ udid: 'D1', userId: 'U' }).channelKey;
    expect(enrollmentKey({ udid: 'D1:U' }).channelKey).not.toBe(victim);
    expect(enrollmentKey({ enrollmentId: 'D1' }).channelKey).not.toBe('D1');
    expect(enrollmentKey({ udid: 'D1%3AU' }).channelKey).not.toBe(enrollmentKey({ udid: 'D1:U' }).channelKey);
  });
});
