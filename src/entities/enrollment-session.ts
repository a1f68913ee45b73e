import { Entity, Index } from 'typeorm';
import { InstantColumn, TextColumn, TextKey, UuidColumn } from './columns.js';

/** A serial number whose device enrols by a profile from Setup Assistant: one profile for each. */
@Entity('enrollment_profile_serials')
export class EnrollmentProfileSerial {
  /** In capitals. */
  @TextKey('serial_number', 64)
  serialNumber: string;

  @Index('IDX_enrollment_profile_serials_profile')
  @UuidColumn('profile_uuid')
  profileUuid: string;
}

/** An enrolment that takes several requests. Only the hash of its token is kept. */
@Entity('enrollment_sessions')
@Index('IDX_enrollment_sessions_identity', ['identityChallengeSha256'])
export class EnrollmentSession {
  /** SHA-256 of its token, hexadecimal. */
  @TextKey('token_sha256', 64)
  tokenSha256: string;

  /** OTA: the three phases of over-the-air enrolment. SETUP: the web view of Setup Assistant. */
  @TextColumn('kind', 16)
  kind: 'OTA' | 'SETUP';

  @UuidColumn('enrollment_profile_uuid')
  enrollmentProfileUuid: string;

  /** The device it is for; null until that has said who it is. */
  @TextColumn('udid', 255, { nullable: true })
  udid: string | null;

  /** In capitals. */
  @TextColumn('serial_number', 255, { nullable: true })
  serialNumber: string | null;

  /** SHA-256 of the challenge for the certificate that the device signs phase 3 with. */
  @TextColumn('identity_challenge_sha256', 64, { nullable: true })
  identityChallengeSha256: string | null;

  /** SHA-256 of the challenge in the enrolment profile that was handed out. */
  @TextColumn('final_challenge_sha256', 64, { nullable: true })
  finalChallengeSha256: string | null;

  @Index('IDX_enrollment_sessions_expires_at')
  @InstantColumn('expires_at')
  expiresAt: Date;

  /** When the web view's profile was handed out. */
  @InstantColumn('finished_at', { nullable: true })
  finishedAt: Date | null;

  @InstantColumn('created_at')
  createdAt: Date;
}
