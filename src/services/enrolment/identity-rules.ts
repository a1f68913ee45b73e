import type { X509Certificate } from 'node:crypto';
import { EnrollmentStatus } from '../../entities/enums.js';
import type { IdentityStatus } from '../../entities/identity.js';

/** The certificate a request was made with; its chain and dates were checked at the door. */
export interface PresentedIdentity {
  readonly sha256: string;
  readonly certificate: X509Certificate;
}

/** What is known of the device that sends Authenticate, and of the certificate it presents. */
export interface AuthenticateFacts {
  readonly device:
    | {
        readonly uuid: string;
        readonly status: EnrollmentStatus;
        readonly reenrollmentAllowedUntil: number | null;
        readonly renewalUntil: number | null;
      }
    | undefined;
  readonly identity: { readonly deviceUuid: string; readonly status: IdentityStatus } | undefined;
  readonly now: number;
}

/**
 * FRESH    a new life of the device: whatever was queued, escrowed or believed of it is void.
 * REPEAT   the same Authenticate again: nothing may be voided twice.
 * RENEWAL  an enrolled device with a new certificate, because an enrolment profile was sent to it: nothing is voided, both
 *          certificates are valid until the device proves the new one.
 */
export type AuthenticateVerdict =
  | { readonly kind: 'FRESH' | 'REPEAT' | 'RENEWAL' }
  | {
      readonly kind: 'REFUSED';
      readonly alert: 'IDENTITY_REFUSED' | 'TAKEOVER_REFUSED';
      readonly message: string;
    };

/**
 * Whether a certificate may enrol this device. A certificate speaks for one device for ever; an enrolled device is not
 * taken over by a fresh certificate unless a renewal is under way or an operator allowed it to enrol again.
 */
export function judgeAuthenticate({ device, identity, now }: AuthenticateFacts): AuthenticateVerdict {
  if (identity !== undefined && identity.deviceUuid !== device?.uuid) {
    return refused('IDENTITY_REFUSED', 'This certificate is bound to another device.');
  }
  if (identity?.status === 'ARCHIVED') {
    return refused('IDENTITY_REFUSED', 'This certificate was replaced by a newer one of this device.');
  }
  if (device === undefined) return { kind: 'FRESH' };
  const renewing = device.renewalUntil !== null && device.renewalUntil > now;
  if (identity?.status === 'STAGED') return { kind: 'RENEWAL' };
  if (identity !== undefined) return knownCertificate(device.status, renewing);
  if (device.status !== EnrollmentStatus.ENROLLED) return { kind: 'FRESH' };
  if (renewing) return { kind: 'RENEWAL' };
  const allowed = device.reenrollmentAllowedUntil !== null && device.reenrollmentAllowedUntil > now;
  if (allowed) return { kind: 'FRESH' };
  return refused(
    'TAKEOVER_REFUSED',
    'This device is enrolled with another certificate. To let it enrol again, use deviceAllowReenrollment.',
  );
}

/** The certificate the device enrolled with: a retry before TokenUpdate, a re-sent enrolment profile, or a device that starts anew with it. */
function knownCertificate(status: EnrollmentStatus, renewing: boolean): AuthenticateVerdict {
  if (status === EnrollmentStatus.AUTHENTICATED) return { kind: 'REPEAT' };
  return { kind: renewing && status === EnrollmentStatus.ENROLLED ? 'RENEWAL' : 'FRESH' };
}

function refused(alert: 'IDENTITY_REFUSED' | 'TAKEOVER_REFUSED', message: string): AuthenticateVerdict {
  return { kind: 'REFUSED', alert, message };
}
