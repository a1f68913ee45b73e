import { Entity, Index } from 'typeorm';
import { BlobColumn, InstantColumn, TextColumn, TextKey, UuidColumn, UuidKey } from './columns.js';

/** A certificate authority of our own: its key is encrypted at rest. */
@Entity('authorities')
@Index('IDX_authorities_slot', ['slot'], { unique: true })
export class StoredAuthority {
  @UuidKey()
  uuid: string;

  /** What it issues: one row for each, so that processes that start at once make one authority. */
  @TextColumn('slot', 32)
  slot: 'DEVICE_IDENTITY';

  /** DER. */
  @BlobColumn('certificate')
  certificate: Buffer;

  /** PKCS#8 DER under AES-256-GCM, bound to table, column and row. */
  @BlobColumn('sealed_key')
  sealedKey: Buffer;

  @InstantColumn('created_at')
  createdAt: Date;
}

/**
 * A certificate that our authority issued, and what it was issued for. Which device it speaks for, and whether it still
 * does, is in `identities`, where the device door looks.
 */
@Entity('issued_certificates')
@Index('IDX_issued_certificates_serial', ['serial'], { unique: true })
@Index('IDX_issued_certificates_public_key', ['publicKeySha256'])
@Index('IDX_issued_certificates_renewal_of', ['renewalOf'])
@Index('IDX_issued_certificates_created', ['createdAt', 'sha256'])
export class IssuedCertificate {
  /** SHA-256 of its DER, hexadecimal. */
  @TextKey('sha256', 64)
  sha256: string;

  /** Hexadecimal. */
  @TextColumn('serial', 64)
  serial: string;

  @TextColumn('purpose', 32)
  purpose: 'DEVICE_IDENTITY';

  @TextColumn('subject', 255)
  subject: string;

  /** DER: a device that did not hear the answer gets the same one again. */
  @BlobColumn('certificate')
  certificate: Buffer;

  @InstantColumn('not_before')
  notBefore: Date;

  @InstantColumn('not_after')
  notAfter: Date;

  /** The enrolment profile whose challenge it was issued for. */
  @UuidColumn('enrollment_profile_uuid', { nullable: true })
  enrollmentProfileUuid: string | null;

  /** The only serial number that may enrol with it; null: any. */
  @TextColumn('expected_serial_number', 255, { nullable: true })
  expectedSerialNumber: string | null;

  /** The only UDID that may enrol with it; null: any. */
  @TextColumn('expected_udid', 255, { nullable: true })
  expectedUdid: string | null;

  /** The sign-in by which it came; null when it came by a link. */
  @UuidColumn('sign_in_uuid', { nullable: true })
  signInUuid: string | null;

  /** SHA-256 of the certificate in whose place it was issued. */
  @TextColumn('renewal_of', 64, { nullable: true })
  renewalOf: string | null;

  /** The SCEP transaction it was issued in. */
  @TextColumn('transaction_id', 255)
  transactionId: string;

  /** SHA-256 of its public key (SubjectPublicKeyInfo, DER), hexadecimal. */
  @TextColumn('public_key_sha256', 64)
  publicKeySha256: string;

  @InstantColumn('created_at')
  createdAt: Date;

  @InstantColumn('revoked_at', { nullable: true })
  revokedAt: Date | null;
}

/** The permission to be issued one certificate. Only its hash is kept. */
@Entity('enrollment_challenges')
export class EnrollmentChallenge {
  /** SHA-256 of the challenge, hexadecimal. */
  @TextKey('sha256', 64)
  sha256: string;

  @UuidColumn('enrollment_profile_uuid', { nullable: true })
  enrollmentProfileUuid: string | null;

  @TextColumn('serial_number', 255, { nullable: true })
  serialNumber: string | null;

  @TextColumn('udid', 255, { nullable: true })
  udid: string | null;

  /** The sign-in of the person whose device enrols; null when nobody signed in. */
  @UuidColumn('sign_in_uuid', { nullable: true })
  signInUuid: string | null;

  /** The device whose certificate is to be replaced; null: an enrolment. */
  @Index('IDX_enrollment_challenges_renewal')
  @UuidColumn('renewal_of_device_uuid', { nullable: true })
  renewalOfDeviceUuid: string | null;

  @Index('IDX_enrollment_challenges_expires_at')
  @InstantColumn('expires_at')
  expiresAt: Date;

  @InstantColumn('used_at', { nullable: true })
  usedAt: Date | null;

  /** What was issued for it: SHA-256 of the certificate. */
  @Index('IDX_enrollment_challenges_certificate')
  @TextColumn('certificate_sha256', 64, { nullable: true })
  certificateSha256: string | null;

  @InstantColumn('created_at')
  createdAt: Date;
}
