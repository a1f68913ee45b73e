import { Field, Int, ObjectType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { Entity, Index } from 'typeorm';
import { PushStatus } from './enums.js';
import { InstantColumn, IntColumn, SequenceKey, TextColumn, UuidColumn } from './columns.js';
import { Node } from './node.js';

/** One push to one channel, from being owed to its outcome. */
@ObjectType({ implements: Node, description: 'A push to a device, and what became of it.' })
@Entity('pushes')
@Index('IDX_pushes_due', ['dueAt'])
@Index('IDX_pushes_device', ['deviceUuid', 'seq'])
@Index('IDX_pushes_settled', ['settledAt'])
export class Push extends Node {
  @SequenceKey()
  seq: number;

  @Field(() => GraphQLUUID, { description: "The server's own id of the push." })
  @Index('IDX_pushes_uuid', { unique: true })
  @UuidColumn('uuid')
  uuid: string;

  @UuidColumn('device_uuid')
  deviceUuid: string;

  @UuidColumn('channel_uuid')
  channelUuid: string;

  /** The channel while the push waits to be sent, so that a channel is owed one push however many ask; null from then on. */
  @Index('IDX_pushes_owed', { unique: true })
  @UuidColumn('owed_channel_uuid', { nullable: true })
  owedChannelUuid: string | null;

  @Field(() => GraphQLUUID, { nullable: true, description: 'apns-id: what APNs knows the push by.' })
  @UuidColumn('apns_id', { nullable: true })
  apnsId: string | null;

  @Field(() => PushStatus, { description: 'What became of it.' })
  @TextColumn('status', 16)
  status: PushStatus;

  @Field(() => String, {
    nullable: true,
    description: 'The reason of APNs, or ours, when it was not delivered.',
  })
  @TextColumn('reason', 512, { nullable: true })
  reason: string | null;

  @Field(() => Int, { nullable: true, description: 'The HTTP status APNs answered.' })
  @IntColumn('http_status', { nullable: true })
  httpStatus: number | null;

  @Field(() => Int, { description: 'How often it was tried.' })
  @IntColumn('attempts')
  attempts: number;

  @Field(() => Date, { description: 'When it was asked for.' })
  @InstantColumn('queued_at')
  queuedAt: Date;

  /** When to send, or to send again: while SENDING, the end of the sender's lease. Null once settled. */
  @InstantColumn('due_at', { nullable: true })
  dueAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When its outcome was known.' })
  @InstantColumn('settled_at', { nullable: true })
  settledAt: Date | null;
}
