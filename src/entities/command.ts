import { Field, Int, ObjectType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { Entity, Index } from 'typeorm';
import { CommandSource, CommandStatus } from './enums.js';
import {
  BigIntColumn,
  BlobColumn,
  InstantColumn,
  IntColumn,
  JsonColumn,
  SequenceKey,
  TextColumn,
  UuidColumn,
  UuidKey,
} from './columns.js';
import { Node } from './node.js';

/** One entry of a device's ErrorChain. Codes and domains are Apple's and not stable: for people, not for branching. */
@ObjectType({ description: "One entry of a device's ErrorChain." })
export class CommandError {
  @Field(() => Int, { nullable: true, description: "Apple's ErrorCode. Not stable between releases." })
  code: number | null;

  @Field(() => String, { nullable: true, description: "Apple's ErrorDomain." })
  domain: string | null;

  @Field(() => String, { nullable: true, description: "What happened, in the device's language." })
  localizedDescription: string | null;

  @Field(() => String, { nullable: true, description: 'What happened, in English.' })
  usEnglishDescription: string | null;
}

/**
 * One command for one channel of one device. While it is active its `queueChannelUuid` names the channel, and the row is
 * in that channel's part of the queue index; the statement that finishes it sets `queueChannelUuid` to null, so history
 * never weighs on the look-up of the next command.
 */
@ObjectType({ implements: Node, description: 'A command for a device, with its answer once there is one.' })
@Entity('commands')
@Index('IDX_commands_queue', ['queueChannelUuid', 'rank', 'seq'])
@Index('IDX_commands_device', ['deviceUuid', 'seq'])
@Index('IDX_commands_expiry', ['queueExpiresAt'])
@Index('IDX_commands_finished', ['answeredAt'])
@Index('IDX_commands_body', ['bodyUuid'])
@Index('IDX_commands_dedupe', ['queueChannelUuid', 'dedupeKey'], { unique: true })
export class Command extends Node {
  /** Insertion order: the order of delivery within a priority. */
  @SequenceKey()
  seq: number;

  @Field(() => GraphQLUUID, { description: 'CommandUUID, as the device sees it.' })
  @Index('IDX_commands_uuid', { unique: true })
  @UuidColumn('uuid')
  uuid: string;

  @UuidColumn('device_uuid')
  deviceUuid: string;

  @UuidColumn('channel_uuid')
  channelUuid: string;

  /** The channel, while the command is active; null once it is finished. */
  @UuidColumn('queue_channel_uuid', { nullable: true })
  queueChannelUuid: string | null;

  /** `expiresAt` while the command is active, so that the expiry job's index holds active commands only. */
  @InstantColumn('queue_expires_at', { nullable: true })
  queueExpiresAt: Date | null;

  @Field(() => String, { description: 'RequestType, in Apple’s words.' })
  @TextColumn('request_type', 64)
  requestType: string;

  @Field(() => CommandStatus, { description: 'Where the command stands.' })
  @TextColumn('status', 16)
  status: CommandStatus;

  /** Minus the priority, so that the queue index runs upwards. */
  @IntColumn('queue_rank')
  rank: number;

  @Field(() => Int, { description: 'Higher overtakes lower; 0 is usual.' })
  get priority(): number {
    return this.rank === 0 ? 0 : -this.rank;
  }

  @Field(() => CommandSource, { description: 'Who asked for it.' })
  @TextColumn('source', 16)
  source: CommandSource;

  @UuidColumn('body_uuid')
  bodyUuid: string;

  /** At most one active command of a channel may carry a given key. */
  @TextColumn('dedupe_key', 128, { nullable: true })
  dedupeKey: string | null;

  /** The deployment item it carries out, if any. */
  @UuidColumn('item_uuid', { nullable: true })
  itemUuid: string | null;

  @Field(() => Date, { description: 'When it was queued.' })
  @InstantColumn('queued_at')
  queuedAt: Date;

  @Field(() => Date, { nullable: true, description: 'Not handed out before.' })
  @InstantColumn('not_before', { nullable: true })
  notBefore: Date | null;

  @Field(() => Date, { nullable: true, description: 'Given up when not answered by then.' })
  @InstantColumn('expires_at', { nullable: true })
  expiresAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was last handed to the device.' })
  @InstantColumn('sent_at', { nullable: true })
  sentAt: Date | null;

  @Field(() => Int, { description: 'How often it was handed to the device.' })
  @IntColumn('delivery_count')
  deliveryCount: number;

  @Field(() => Date, { nullable: true, description: 'When it reached its final state.' })
  @InstantColumn('answered_at', { nullable: true })
  answeredAt: Date | null;

  @Field(() => Int, { description: 'How often the device answered NotNow.' })
  @IntColumn('not_now_count')
  notNowCount: number;

  @Field(() => [CommandError], {
    description: "The device's reasons, when it refused; the first is the topmost.",
  })
  get errorChain(): CommandError[] {
    return this.errors ?? [];
  }

  @JsonColumn('errors', { nullable: true })
  errors: CommandError[] | null;

  /** The device's whole report, deflated. Read only when asked for. Null when it is a secret: see `sealed_reports`. */
  @BlobColumn('report', { nullable: true, select: false })
  report: Buffer | null;

  @BigIntColumn('report_size', { nullable: true })
  reportSize: number | null;
}

/** What is sent, stored once however many devices it goes to. Immutable. */
@Entity('command_bodies')
export class CommandBody {
  @UuidKey()
  uuid: string;

  @TextColumn('request_type', 64)
  requestType: string;

  /** SHA-256 of the fragment, an HMAC of one that carries a secret: equal bodies made at one time are stored once. */
  @Index('IDX_command_bodies_sha256', { unique: true })
  @TextColumn('sha256', 64)
  sha256: string;

  /**
   * The XML of the `Command` dictionary, spliced into the envelope with the CommandUUID when it is sent. UTF-8.
   * Empty when it carries a secret: see `sealed_bodies`.
   */
  @BlobColumn('fragment')
  fragment: Buffer;

  @Index('IDX_command_bodies_used_at')
  @InstantColumn('used_at')
  usedAt: Date;
}

/** A report nobody could read and no command could be told from: kept for the engineer who has to find out. */
@Entity('unreadable_reports')
export class UnreadableReport {
  @SequenceKey()
  seq: number;

  @UuidColumn('device_uuid', { nullable: true })
  deviceUuid: string | null;

  @TextColumn('reason', 1024)
  reason: string;

  @BlobColumn('report')
  report: Buffer;

  @InstantColumn('received_at')
  receivedAt: Date;
}
