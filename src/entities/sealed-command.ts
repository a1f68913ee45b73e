import { Entity, Index } from 'typeorm';
import { BlobColumn, InstantColumn, UuidKey } from './columns.js';

/** The fragment of a body that carries a secret; the fragment in `command_bodies` is empty then. */
@Entity('sealed_bodies')
export class SealedBody {
  @UuidKey('body_uuid')
  bodyUuid: string;

  @BlobColumn('sealed_fragment')
  sealedFragment: Buffer;

  @Index('IDX_sealed_bodies_created_at')
  @InstantColumn('created_at')
  createdAt: Date;
}

/** The report of a command whose answer is a secret, deflated and then sealed; the report in `commands` is null then. */
@Entity('sealed_reports')
export class SealedReport {
  @UuidKey('command_uuid')
  commandUuid: string;

  @BlobColumn('sealed_report')
  sealedReport: Buffer;

  /** As of its command. */
  @Index('IDX_sealed_reports_answered_at')
  @InstantColumn('answered_at')
  answeredAt: Date;
}
