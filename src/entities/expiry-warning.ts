import { Entity } from 'typeorm';
import { InstantColumn, PrimaryIntColumn, TextKey, UuidColumn } from './columns.js';

/** A warning that was given: one row for each threshold a certificate came to, so that it is given once by all processes. */
@Entity('expiry_warnings')
export class ExpiryWarning {
  @TextKey('purpose', 32)
  purpose: string;

  /** Of the certificate: the one that takes its place begins anew. */
  @TextKey('sha256', 64)
  sha256: string;

  /** Days before its end; 0 is the end itself. */
  @PrimaryIntColumn('threshold_days')
  thresholdDays: number;

  @InstantColumn('warned_at')
  warnedAt: Date;
}

/** Who this installation is: the same from each of its processes, and no secret. One row. */
@Entity('installation')
export class Installation {
  @TextKey('slot', 16)
  slot: 'THIS';

  @UuidColumn('uuid')
  uuid: string;

  @InstantColumn('created_at')
  createdAt: Date;
}
