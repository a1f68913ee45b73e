import { EnrollmentStatus } from '../../entities/enums.js';
import { PomonaError } from '../../errors.js';
import { notEnrolled } from '../devices/not-enrolled.js';
import type { Candidate, Renewable } from './candidates.js';

/** A certificate that was issued so lately may still be proven: another one now would be one too many. */
const PROVING_MS = 24 * 60 * 60_000;

/** A device that can be sent its renewal. */
export interface Ready extends Candidate {
  readonly channelUuid: string;
  readonly identity: Renewable;
}

/** What the judgement rests on besides the device, in milliseconds. */
export interface Circumstances {
  readonly now: number;
  /** How long after its end a certificate may still be renewed. */
  readonly graceMs: number;
}

/** The device, if it can be sent its renewal; the problem, in words for an operator, if not. */
export function judge(candidate: Candidate, { now, graceMs }: Circumstances): Ready | PomonaError {
  const { deviceUuid, enrollmentStatus, channelUuid, identity } = candidate;
  if (enrollmentStatus !== EnrollmentStatus.ENROLLED || channelUuid === null || identity === null)
    return notEnrolled(deviceUuid, enrollmentStatus);
  if (identity.enrollmentProfileUuid === null)
    return cannot(
      `The identity of the device ${deviceUuid} did not come by an enrollment profile of this server: renew it where it came from.`,
    );
  if (identity.notAfter + graceMs < now)
    return cannot(
      `The identity of the device ${deviceUuid} ended too long ago to be renewed: the device has to enrol again.`,
    );
  return { ...candidate, channelUuid, identity };
}

/** Whether a renewal would do nothing, or harm, now: the device is still being set up, or about to prove a new certificate. */
export function isBusy({ awaitingConfiguration, stagedAt }: Candidate, now: number): boolean {
  return awaitingConfiguration || (stagedAt !== null && stagedAt > now - PROVING_MS);
}

/** Whether a device may be ready another time, without enrolling anew. */
export function mayBeReadyLater({ enrollmentStatus }: Candidate, problem: PomonaError): boolean {
  return problem.code === 'NOT_ENROLLED' && enrollmentStatus !== EnrollmentStatus.UNENROLLED;
}

function cannot(message: string): PomonaError {
  return new PomonaError('FEATURE_NOT_AVAILABLE', message);
}
