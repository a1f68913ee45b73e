import { EnrollmentStatus } from '../../entities/enums.js';
import { PomonaError } from '../../errors.js';

/** NOT_ENROLLED, in words that fit a device that never enrolled, too. */
export function notEnrolled(deviceUuid: string, status: EnrollmentStatus): PomonaError {
  const why =
    status === EnrollmentStatus.EXPECTED
      ? 'has not enrolled yet: Apple announced it, and nothing can be sent to it before. A workflow that it is given waits for it'
      : 'is not enrolled';
  return new PomonaError('NOT_ENROLLED', `The device ${deviceUuid} ${why}.`);
}
