import { AccountDrivenMode } from '../../entities/sign-in.js';
import type { EnrollmentAccount } from '../sign-in/accounts.js';

/** A certificate that our authority issued and no device has shown yet: what it was issued for. */
export interface Grant {
  readonly issuedAt: number;
  /** The only serial number, and the only UDID, that may enrol with it; null: any. */
  readonly expectedSerialNumber: string | null;
  readonly expectedUdid: string | null;
  /** The enrolment profile whose link it came by, as it is now; null when it came by none. */
  readonly link: Link | null;
  /** Who signed in for it, and to which end; null when it took no sign-in. */
  readonly account: EnrollmentAccount | null;
  /** Who signed in for it, as people call them. */
  readonly signedInAs: string | null;
}

export interface Link {
  readonly uuid: string;
  readonly revoked: boolean;
  /** When the link that works now was made. */
  readonly madeAt: number;
  readonly usesLeft: number | null;
  /** In capitals; empty: any device whose user has the link. */
  readonly allowedSerialNumbers: readonly string[];
  /** Apple's device assignment leads the serial number that the certificate was issued for to this profile. */
  readonly assignedAtApple: boolean;
  /** Whether a device that is enrolled may enrol anew by it on its own word. */
  readonly allowsReenrollment: boolean;
  /** Whether it is for people who sign in by now. */
  readonly asksToSignIn: boolean;
}

/** Who a device says that it is. */
export interface Claim {
  readonly udid: string | undefined;
  /** In capitals. */
  readonly serialNumber: string | undefined;
}

/** A device enrols right after it has its certificate. One that turns up much later was kept for something. */
const FIRST_USE_MS = 24 * 60 * 60_000;

/** Why this certificate does not enrol this device; undefined when it does. */
export function whyNotGranted(grant: Grant, claim: Claim, now: number): string | undefined {
  if (now - grant.issuedAt > FIRST_USE_MS)
    return 'This certificate was issued for an enrolment that was not finished within a day.';
  if (grant.expectedUdid !== null && grant.expectedUdid !== claim.udid)
    return 'This certificate was issued for the enrolment of another device (by UDID).';
  if (grant.expectedSerialNumber !== null && grant.expectedSerialNumber !== claim.serialNumber)
    return 'This certificate was issued for the enrolment of another device (by serial number).';
  const notSoSigned =
    grant.account === null ? whyNotUnsigned(grant.link) : whyNotInMode(grant.account.mode, claim);
  return notSoSigned ?? (grant.link === null ? undefined : whyNotByLink(grant.link, grant.issuedAt, claim));
}

/** What came by the link before people had to sign in enrols nobody after that. */
function whyNotUnsigned(link: Link | null): string | undefined {
  return link?.asksToSignIn === true
    ? 'People have to sign in to enrol by the enrollment profile that this certificate came by.'
    : undefined;
}

/** User Enrollment keeps the UDID back (Apple: Authenticate), so that it is no device enrolment, and none is it. */
function whyNotInMode(mode: AccountDrivenMode, { udid }: Claim): string | undefined {
  if (mode === AccountDrivenMode.BYOD)
    return udid === undefined
      ? undefined
      : 'This certificate was issued for a User Enrollment, which names no UDID.';
  return udid === undefined
    ? 'This certificate was issued for a device enrolment, which names the UDID.'
    : undefined;
}

function whyNotByLink(link: Link, issuedAt: number, { serialNumber }: Claim): string | undefined {
  if (link.revoked) return 'The enrollment profile that this certificate came by was revoked.';
  if (issuedAt < link.madeAt) return 'The link that this certificate came by was replaced by another.';
  if (link.usesLeft === 0)
    return 'The link that this certificate came by has been used as often as it could be.';
  const allowed = link.allowedSerialNumbers;
  if (
    link.assignedAtApple ||
    allowed.length === 0 ||
    (serialNumber !== undefined && allowed.includes(serialNumber))
  )
    return undefined;
  return 'This serial number is not among those the enrollment profile allows.';
}

/**
 * Whether somebody decided that this very device shall enrol anew: by a link that names its serial number and was made after
 * it enrolled, or by an enrolment profile that takes the word of whoever Apple gave a certificate. A link for anyone does not
 * do, or whoever has it could take over any device whose UDID they know.
 * @param device as it was when it enrolled, not as it claims to be now
 */
export function namesDevice(
  grant: Grant,
  device: { readonly serialNumber: string | null; readonly enrolledAt: number | null },
): boolean {
  const { link } = grant;
  if (link === null || device.serialNumber === null || device.enrolledAt === null) return false;
  const serialNumber = device.serialNumber.toUpperCase();
  // It was issued for another device of the same profile.
  if (grant.expectedSerialNumber !== null && grant.expectedSerialNumber !== serialNumber) return false;
  if (link.madeAt > device.enrolledAt && link.allowedSerialNumbers.includes(serialNumber)) return true;
  const signedForIt = grant.expectedUdid !== null && grant.expectedSerialNumber !== null;
  return link.allowsReenrollment && signedForIt && grant.issuedAt > device.enrolledAt;
}
