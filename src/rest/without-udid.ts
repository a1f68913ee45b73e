import type { Device } from '../entities/device.js';
import { EnrollmentStatus } from '../entities/enums.js';

/** Why a device has no UDID, for addresses that take one. */
export function whyWithoutUdid({ enrollmentStatus }: Device): string {
  return enrollmentStatus === EnrollmentStatus.EXPECTED
    ? 'it has not enrolled yet'
    : 'it is a User Enrollment, which GraphQL (commandSend, devicePush) reaches';
}
