import { EnrollmentProfileState, type EnrollmentProfile } from '../../entities/enrollment-profile.js';

type Judged = Pick<EnrollmentProfile, 'revokedAt' | 'expiresAt' | 'usesLeft'>;

/** Whether a link can be used now; the reason that will last longest is told first. */
export function stateOf({ revokedAt, expiresAt, usesLeft }: Judged, now: number): EnrollmentProfileState {
  if (revokedAt !== null) return EnrollmentProfileState.REVOKED;
  if (expiresAt !== null && expiresAt.getTime() <= now) return EnrollmentProfileState.EXPIRED;
  return usesLeft === 0 ? EnrollmentProfileState.USED_UP : EnrollmentProfileState.USABLE;
}

/** Serial numbers are compared in capitals, as Apple prints them. */
export function sameSerial(serial: string): string {
  return serial.trim().toUpperCase();
}
