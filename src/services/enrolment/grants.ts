import { lockClause, type Transaction } from '../../database/index.js';
import { EnrollmentProfile } from '../../entities/enrollment-profile.js';
import { PomonaError } from '../../errors.js';
import type { CertificateAuthority, Standing } from '../authority/index.js';
import { LED_TO } from '../dep/assigned-profile.js';
import { whoSignedIn, type SignedIn } from '../sign-in/accounts.js';
import type { Grant, Link } from './grant-rules.js';
import { sameSerial } from '../enrolment-profiles/standing.js';
import type { Own, PresentedIdentity } from './identity-rules.js';

/**
 * What a certificate permits, read under locks: whoever revokes the certificate or the enrolment profile does so before or
 * after. Throws IDENTITY_REFUSED for one that bears our signature and is not, or no longer, good.
 */
export async function findOwn(
  tx: Transaction,
  authority: Pick<CertificateAuthority, 'mustStand'>,
  presented: PresentedIdentity,
): Promise<Own> {
  const standing = await authority.mustStand(tx, presented);
  if (standing === undefined) return undefined;
  if (standing.status !== 'ISSUED') return { kind: 'BOUND', expectedSerialNumber: serialOf(standing) };
  return { kind: 'GRANTED', grant: await readGrant(tx, standing) };
}

/** In capitals; a renewal was issued for what the device had written. */
function serialOf({ expectedSerialNumber }: Standing): string | null {
  return expectedSerialNumber === null ? null : sameSerial(expectedSerialNumber);
}

async function readGrant(tx: Transaction, standing: Standing): Promise<Grant> {
  const { expectedSerialNumber, expectedUdid, enrollmentProfileUuid, signInUuid, issuedAt } = standing;
  const link = enrollmentProfileUuid === null ? null : await readLink(tx, enrollmentProfileUuid, standing);
  const signedIn = signInUuid === null ? undefined : await readSignIn(tx, signInUuid);
  return {
    issuedAt: issuedAt.getTime(),
    expectedSerialNumber,
    expectedUdid,
    link,
    account: signedIn?.account ?? null,
    signedInAs: signedIn?.userName ?? null,
  };
}

/** A sign-in is kept for longer than its certificate may wait to be used: one that is gone is nobody's. */
async function readSignIn(tx: Transaction, signInUuid: string): Promise<SignedIn> {
  const signedIn = await whoSignedIn(tx, signInUuid);
  if (signedIn !== undefined) return signedIn;
  throw new PomonaError(
    'IDENTITY_REFUSED',
    'The sign-in that this certificate came by is not known any more.',
  );
}

async function readLink(
  tx: Transaction,
  uuid: string,
  { expectedSerialNumber, expectedUdid }: Standing,
): Promise<Link> {
  await tx.query(`SELECT 1 FROM enrollment_profiles WHERE uuid = ?${lockClause(tx.dialect)}`, [uuid]);
  const profile = await tx.manager.findOneBy(EnrollmentProfile, { uuid });
  if (profile === null)
    return {
      uuid,
      revoked: true,
      madeAt: 0,
      usesLeft: 0,
      allowedSerialNumbers: [],
      assignedAtApple: false,
      allowsReenrollment: false,
      asksToSignIn: false,
    };
  const { revokedAt, linkMadeAt, usesLeft, allowedSerialNumbers, accountDriven } = profile;
  const allowsReenrollment = profile.allowsReenrollment === true;
  const madeAt = linkMadeAt.getTime();
  // A device that signed who it is was let in because of Apple's assignment, when the profile does not name it.
  const unnamed = expectedSerialNumber !== null && !allowedSerialNumbers.includes(expectedSerialNumber);
  const assignedAtApple =
    unnamed && expectedUdid !== null && allowedSerialNumbers.length > 0
      ? await isLedTo(tx, expectedSerialNumber, uuid)
      : false;
  return {
    uuid,
    revoked: revokedAt !== null,
    madeAt,
    usesLeft,
    allowedSerialNumbers,
    assignedAtApple,
    allowsReenrollment,
    asksToSignIn: accountDriven !== null,
  };
}

async function isLedTo(tx: Transaction, serialNumber: string, profileUuid: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 AS one FROM enrollment_profiles WHERE uuid = ? AND uuid = (${LED_TO})`,
    [profileUuid, serialNumber],
  );
  return rows.length > 0;
}

/** Counts an enrolment by a link, in the transaction that binds the certificate: never more than it is good for. */
export async function countUse(tx: Transaction, { uuid }: Link): Promise<void> {
  const counted = await tx.run(
    `UPDATE enrollment_profiles SET used_count = used_count + 1, uses_left = uses_left - 1
       WHERE uuid = ? AND revoked_at IS NULL AND (uses_left IS NULL OR uses_left > 0)`,
    [uuid],
  );
  if (counted.affected === 1) return;
  throw new PomonaError(
    'IDENTITY_REFUSED',
    'The link that this certificate came by cannot be used any more.',
  );
}
