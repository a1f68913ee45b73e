import { Field, Int, ObjectType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { Entity, Index } from 'typeorm';
import { ChannelKind } from './enums.js';
import { FlagColumn, InstantColumn, IntColumn, TextColumn, UuidColumn, UuidKey } from './columns.js';

/** One MDM channel: the device's own, or one of its users'. Each has its own push token, magic and command queue. */
@Entity('channels')
@Index('IDX_channels_device', ['deviceUuid'])
export class Channel {
  @UuidKey()
  uuid: string;

  @UuidColumn('device_uuid')
  deviceUuid: string;

  @TextColumn('kind', 16)
  kind: ChannelKind;

  /** What every message of this channel is known by: UDID, `UDID:UserID`, EnrollmentID or `EnrollmentID:EnrollmentUserID`. */
  @Index('IDX_channels_enrollment_key', { unique: true })
  @TextColumn('enrollment_key', 512)
  enrollmentKey: string;

  @TextColumn('user_id', 255, { nullable: true })
  userId: string | null;

  @TextColumn('user_short_name', 255, { nullable: true })
  userShortName: string | null;

  @TextColumn('user_long_name', 255, { nullable: true })
  userLongName: string | null;

  /** True from TokenUpdate to CheckOut: commands are handed out and pushes are sent. */
  @FlagColumn('enabled')
  enabled: boolean;

  @TextColumn('push_topic', 255, { nullable: true })
  pushTopic: string | null;

  /** Lower-case hexadecimal; its length is Apple's business. */
  @TextColumn('push_token', 512, { nullable: true })
  pushToken: string | null;

  @TextColumn('push_magic', 255, { nullable: true })
  pushMagic: string | null;

  @InstantColumn('token_updated_at', { nullable: true })
  tokenUpdatedAt: Date | null;

  /** APNs answered 410 for this token: no push until the device sends another. */
  @FlagColumn('token_retired')
  tokenRetired: boolean;

  /** TokenUpdates since the last Authenticate; 1 is the enrolment itself. */
  @IntColumn('tally')
  tally: number;

  /** When to push again if commands still wait then. */
  @Index('IDX_channels_repush_at')
  @InstantColumn('repush_at', { nullable: true })
  repushAt: Date | null;

  @IntColumn('repush_count')
  repushCount: number;

  @InstantColumn('created_at')
  createdAt: Date;
}

/** A user channel, as the API shows it. */
@ObjectType({ description: "A user's own MDM channel on a device." })
export class DeviceUser {
  @Field(() => GraphQLUUID, { description: 'The id of the channel.' })
  uuid: string;

  @Field(() => String, { nullable: true, description: 'UserID, or EnrollmentUserID.' })
  userId: string | null;

  @Field(() => String, { nullable: true, description: 'Short name.' })
  shortName: string | null;

  @Field(() => String, { nullable: true, description: 'Long name.' })
  longName: string | null;

  @Field(() => Boolean, { description: 'Whether the channel can be managed now.' })
  enabled: boolean;
}

/** How a device can be woken, without its secrets. */
@ObjectType({ description: 'How a device can be woken.' })
export class PushChannel {
  @Field(() => String, { nullable: true, description: 'The APNs topic the device asked for.' })
  topic: string | null;

  @Field(() => Boolean, { description: 'Whether a usable push token is held.' })
  hasToken: boolean;

  @Field(() => Date, { nullable: true, description: 'When the device last sent a push token.' })
  tokenUpdatedAt: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When the device is pushed again, should commands still wait then.',
  })
  nextPushAt: Date | null;

  @Field(() => Int, { description: 'Pushes sent again since the device last emptied its queue.' })
  repushCount: number;
}
