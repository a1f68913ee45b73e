import type { X509Certificate } from 'node:crypto';
import { EnrollmentStatus } from '../../entities/enums.js';
import type { IdentityStatus } from '../../entities/identity.js';
import { namesDevice, whyNotGranted, type Claim, type Grant } from './grant-rules.js';

/** The certificate a request was made with; its chain and dates were checked at the door. */
export interface PresentedIdentity {
  readonly sha256: string;
  readonly certificate: X509Certificate;
  /** It has ended, and is good for nothing but its own renewal. */
  readonly expired?: boolean;
}

/** What our authority has to say of a certificate that it issued: whose it is, or what it was issued for. */
export type Own =
  | { readonly kind: 'BOUND'; readonly expectedSerialNumber: string | null }
  | { readonly kind: 'GRANTED'; readonly grant: Grant }
  | undefined;

/** Both certificates of a renewal are accepted for this long after the device has proven the new one. */
export const RETIRING_MS = 60 * 60_000;

export type RefusalAlert = 'IDENTITY_REFUSED' | 'TAKEOVER_REFUSED' | 'ENROLLMENT_REFUSED';

/** What is known of the device that sends Authenticate, and of the certificate it presents. */
export interface AuthenticateFacts {
  readonly device:
    | {
        readonly uuid: string;
        readonly status: EnrollmentStatus;
        readonly reenrollmentAllowedUntil: number | null;
        readonly renewalUntil: number | null;
        readonly enrolledAt: number | null;
        /** As it said when it enrolled. */
        readonly serialNumber: string | null;
      }
    | undefined;
  readonly claim: Claim;
  readonly identity: { readonly deviceUuid: string; readonly status: IdentityStatus } | undefined;
  /** What our authority has to say of the certificate; undefined when another one issued it. */
  readonly own: Own;
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
      readonly alert: RefusalAlert;
      readonly message: string;
    };

/**
 * Whether a certificate may enrol this device. A certificate speaks for one device for ever; an enrolled device is not taken
 * over by a fresh certificate unless a renewal is under way or somebody decided that it shall enrol again. One of our own
 * authority also has to be used for what it was issued for, and is good for one enrolment.
 */
export function judgeAuthenticate(facts: AuthenticateFacts): AuthenticateVerdict {
  const { device, identity, own, claim, now } = facts;
  if (identity !== undefined && identity.deviceUuid !== device?.uuid) {
    return refused('IDENTITY_REFUSED', 'This certificate is bound to another device.');
  }
  if (identity?.status === 'ARCHIVED') {
    return refused('IDENTITY_REFUSED', 'This certificate was replaced by a newer one of this device.');
  }
  if (own?.kind === 'BOUND' && isRenamed(own.expectedSerialNumber, claim))
    return refused('IDENTITY_REFUSED', 'This certificate is that of another device (by serial number).');
  const why = own?.kind === 'GRANTED' ? whyNotGranted(own.grant, claim, now) : undefined;
  if (why !== undefined) return refused('ENROLLMENT_REFUSED', why);
  if (device === undefined) return { kind: 'FRESH' };
  if (identity?.status === 'STAGED') return { kind: 'RENEWAL' };
  if (identity !== undefined) return knownCertificate(facts, device);
  if (device.status !== EnrollmentStatus.ENROLLED) return { kind: 'FRESH' };
  return freshCertificate(facts, device);
}

type KnownDevice = NonNullable<AuthenticateFacts['device']>;

/** The certificate the device enrolled with: a retry before TokenUpdate, a re-sent enrolment profile, or a device that starts anew with it. */
function knownCertificate(
  { identity, own, now }: AuthenticateFacts,
  device: KnownDevice,
): AuthenticateVerdict {
  if (device.status === EnrollmentStatus.AUTHENTICATED) return { kind: 'REPEAT' };
  if (device.status === EnrollmentStatus.ENROLLED)
    return { kind: isRenewing(device, now) || identity?.status === 'RETIRING' ? 'RENEWAL' : 'FRESH' };
  if (own === undefined) return { kind: 'FRESH' };
  return refused('ENROLLMENT_REFUSED', 'This device has left. To enrol again, it needs a link that is good.');
}

/**
 * Another certificate than the one the enrolled device has. One that our authority issued in its place was bound to the device
 * then, so this is none; what another authority issued has only the time to tell it by.
 */
function freshCertificate({ own, now }: AuthenticateFacts, device: KnownDevice): AuthenticateVerdict {
  const named = own?.kind === 'GRANTED' && namesDevice(own.grant, device);
  if (own === undefined && awaitsAnother(device, now)) return { kind: 'RENEWAL' };
  const allowed = device.reenrollmentAllowedUntil !== null && device.reenrollmentAllowedUntil > now;
  if (allowed || named) return { kind: 'FRESH' };
  return refused(
    'TAKEOVER_REFUSED',
    'This device is enrolled with another certificate. To let it enrol again, use deviceAllowReenrollment, or a new link that names its serial number.',
  );
}

function isRenewing({ renewalUntil }: KnownDevice, now: number): boolean {
  return renewalUntil !== null && renewalUntil > now;
}

/**
 * Whether a certificate is still to come. A renewal that was proven goes on for as long as the former certificate retires, but
 * what comes then is no part of it.
 */
function awaitsAnother(device: KnownDevice, now: number): boolean {
  return isRenewing(device, now + RETIRING_MS);
}

/** A device keeps its serial number for life: whoever bears the same certificate under another one is not it. */
function isRenamed(expected: string | null, { serialNumber }: Claim): boolean {
  return expected !== null && serialNumber !== undefined && serialNumber !== expected;
}

function refused(alert: RefusalAlert, message: string): AuthenticateVerdict {
  return { kind: 'REFUSED', alert, message };
}
