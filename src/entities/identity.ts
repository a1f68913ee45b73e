import { Entity, Index } from 'typeorm';
import { BlobColumn, InstantColumn, TextColumn, TextKey, UuidColumn, UuidKey } from './columns.js';

/**
 * ACTIVE speaks for its device. During a renewal STAGED is the new certificate before its first TokenUpdate, and RETIRING
 * the old one after it: all three are accepted, because a device may answer with either. ARCHIVED is never accepted again.
 */
export type IdentityStatus = 'ACTIVE' | 'STAGED' | 'RETIRING' | 'ARCHIVED';

/** A device's identity certificate and the one device it speaks for, bound at Authenticate. */
@Entity('identities')
@Index('IDX_identities_device', ['deviceUuid'])
@Index('IDX_identities_renewal', ['status', 'renewAt'])
export class Identity {
  /** SHA-256 of the certificate's DER, hexadecimal. */
  @TextKey('sha256', 64)
  sha256: string;

  @UuidColumn('device_uuid')
  deviceUuid: string;

  @TextColumn('status', 16)
  status: IdentityStatus;

  @TextColumn('subject', 1024)
  subject: string;

  @TextColumn('serial', 128)
  serial: string;

  @InstantColumn('not_before')
  notBefore: Date;

  @InstantColumn('not_after')
  notAfter: Date;

  @InstantColumn('bound_at')
  boundAt: Date;

  @InstantColumn('archived_at', { nullable: true })
  archivedAt: Date | null;

  /** When its renewal is sent, or sent again; null: never, because another authority issued it or it ended too long ago. */
  @InstantColumn('renew_at', { nullable: true })
  renewAt: Date | null;
}

/** What a device trusted us with, encrypted at rest: its unlock token and its bootstrap token. */
@Entity('device_secrets')
@Index('IDX_device_secrets_device_kind', ['deviceUuid', 'kind'], { unique: true })
export class DeviceSecret {
  @UuidKey()
  uuid: string;

  @UuidColumn('device_uuid')
  deviceUuid: string;

  @TextColumn('kind', 32)
  kind: 'UNLOCK_TOKEN' | 'BOOTSTRAP_TOKEN';

  /** AES-256-GCM, bound to table, column and row. */
  @BlobColumn('ciphertext')
  ciphertext: Buffer;

  @InstantColumn('updated_at')
  updatedAt: Date;
}
