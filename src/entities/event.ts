import { Entity, Index } from 'typeorm';
import { InstantColumn, JsonColumn, SequenceKey, TextColumn, UuidColumn } from './columns.js';

/** What happened, written in the transaction that made it happen. `seq` is the order, and the cursor of every client. */
@Entity('events')
@Index('IDX_events_device', ['deviceUuid', 'seq'])
@Index('IDX_events_created', ['createdAt'])
export class EventRow {
  @SequenceKey()
  seq: number;

  @TextColumn('type', 48)
  type: string;

  @UuidColumn('device_uuid', { nullable: true })
  deviceUuid: string | null;

  @UuidColumn('subject_uuid', { nullable: true })
  subjectUuid: string | null;

  @JsonColumn('data')
  data: Record<string, unknown>;

  @InstantColumn('created_at')
  createdAt: Date;
}
