import { EnrollmentStatus } from '../../entities/enums.js';
import type { Grant } from './grant-rules.js';

/**
 * What stands behind the serial number in an Authenticate, which by itself is the word of whoever sends it.
 * NONE    nothing: a link for anyone, or a certificate of another authority.
 * LINK    the link by which the certificate came names the serial number.
 * SIGNED  the device signed its serial number and UDID with what Apple gave it, before it was given anything.
 */
export type SerialBacking = 'NONE' | 'LINK' | 'SIGNED';

/** @param serialNumber as Authenticate says it, in capitals */
export function backingOf(grant: Grant | undefined, serialNumber: string | undefined): SerialBacking {
  if (grant === undefined || serialNumber === undefined) return 'NONE';
  const { expectedSerialNumber, expectedUdid, link } = grant;
  if (expectedSerialNumber === serialNumber) return expectedUdid === null ? 'LINK' : 'SIGNED';
  return link?.allowedSerialNumbers.includes(serialNumber) === true ? 'LINK' : 'NONE';
}

/** Who has what Apple says of a serial number, and who enrols with it. */
export interface AnnouncedFacts {
  readonly backing: SerialBacking;
  /** The row of the UDID that enrols; undefined when it was never seen. */
  readonly knownUuid: string | undefined;
  /** The row that Apple's record is with. */
  readonly holder: { readonly uuid: string; readonly udid: string | null; readonly status: EnrollmentStatus };
}

/**
 * ADOPT  the row that was made for what Apple announced becomes the row of the device that enrols.
 * TAKE   the device has, or gets, a row of its own; Apple's record moves to it. Whoever had it keeps everything else.
 * LEAVE  nothing moves.
 */
export type AnnouncedVerdict = 'ADOPT' | 'TAKE' | 'LEAVE';

/** Which row a device that enrols has with Apple's record, if its serial number has one. */
export function judgeAnnounced({ backing, knownUuid, holder }: AnnouncedFacts): AnnouncedVerdict {
  if (backing === 'NONE' || holder.uuid === knownUuid) return 'LEAVE';
  if (isEmpty(holder)) return knownUuid === undefined ? 'ADOPT' : 'TAKE';
  // A repaired device comes with another UDID. Whoever merely has a link must not take from one that is enrolled.
  if (holder.status === EnrollmentStatus.ENROLLED) return backing === 'SIGNED' ? 'TAKE' : 'LEAVE';
  return 'TAKE';
}

/** Nobody ever enrolled as it: there is nothing in it but what somebody set aside for the serial number. */
export function isEmpty({ status, udid }: Pick<AnnouncedFacts['holder'], 'status' | 'udid'>): boolean {
  return status === EnrollmentStatus.EXPECTED && udid === null;
}
