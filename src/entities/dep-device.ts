import { Field, ObjectType } from 'type-graphql';
import { Entity, Index } from 'typeorm';
import { FlagColumn, InstantColumn, IntColumn, TextColumn, UuidColumn, UuidKey } from './columns.js';
import { DepAssignmentStatus, DepChoice } from './dep-enums.js';

/** What Apple says of a device of the organisation, and what profile it shall have there. One row beside that of the device. */
@ObjectType({
  description: 'What Apple Business Manager says of a device, and which profile it shall have there.',
})
@Entity('dep_devices')
@Index('IDX_dep_devices_serial', ['serialNumber'], { unique: true })
@Index('IDX_dep_devices_account', ['accountUuid', 'removedAt'])
@Index('IDX_dep_devices_due', ['assignDueAt'])
@Index('IDX_dep_devices_judged', ['judgedRevision'])
export class DepDevice {
  @UuidKey('device_uuid')
  deviceUuid: string;

  @UuidColumn('account_uuid')
  accountUuid: string;

  @Field(() => String, { description: 'Serial number.' })
  @TextColumn('serial_number', 255)
  serialNumber: string;

  @Field(() => String, { nullable: true, description: 'Model, for example iPhone 15.' })
  @TextColumn('model', 255, { nullable: true })
  model: string | null;

  @Field(() => String, { nullable: true, description: 'Description, for example IPHONE 15 BLACK 128GB.' })
  @TextColumn('description', 1024, { nullable: true })
  description: string | null;

  @Field(() => String, { nullable: true, description: 'Color.' })
  @TextColumn('color', 255, { nullable: true })
  color: string | null;

  @Field(() => String, { nullable: true, description: 'Asset tag.' })
  @TextColumn('asset_tag', 255, { nullable: true })
  assetTag: string | null;

  @Field(() => String, { nullable: true, description: 'Operating system: iOS, iPadOS, OSX, tvOS, visionOS.' })
  @TextColumn('os', 64, { nullable: true })
  os: string | null;

  @Field(() => String, { nullable: true, description: 'Family: iPad, iPhone, iPod, Mac, AppleTV, Vision.' })
  @TextColumn('device_family', 64, { nullable: true })
  deviceFamily: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What Apple says of the profile: empty, assigned, pushed (the device has it) or removed.',
  })
  @TextColumn('profile_status', 32, { nullable: true })
  profileStatus: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Apple's id of the profile that the device has there.",
  })
  @TextColumn('apple_profile_uuid', 64, { nullable: true })
  appleProfileUuid: string | null;

  @Field(() => Date, { nullable: true, description: 'When Apple assigned that profile.' })
  @InstantColumn('profile_assigned_at', { nullable: true })
  profileAssignedAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When the device fetched that profile.' })
  @InstantColumn('profile_pushed_at', { nullable: true })
  profilePushedAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When the device was assigned to this server at Apple.' })
  @InstantColumn('assigned_at', { nullable: true })
  assignedAt: Date | null;

  @Field(() => String, { nullable: true, description: 'Who assigned it.' })
  @TextColumn('assigned_by', 255, { nullable: true })
  assignedBy: string | null;

  @Field(() => Date, { nullable: true, description: 'When a migration from another server has to be done.' })
  @InstantColumn('migration_deadline', { nullable: true })
  migrationDeadline: Date | null;

  /** Of the latest change that was believed; an older one is not. */
  @InstantColumn('op_date', { nullable: true })
  opDate: Date | null;

  /** The full fetch that last told it. */
  @IntColumn('seen_generation')
  seenGeneration: number;

  @Field(() => Date, {
    nullable: true,
    description: 'When it was taken from this server at Apple. Its history stays.',
  })
  @InstantColumn('removed_at', { nullable: true })
  removedAt: Date | null;

  /** The profile of ours that it shall have. */
  @UuidColumn('wanted_profile_uuid', { nullable: true })
  wantedProfileUuid: string | null;

  @Field(() => DepChoice, { nullable: true, description: 'Who chose its profile.' })
  @TextColumn('choice', 16, { nullable: true })
  choice: DepChoice | null;

  /** The rule that is about it. */
  @UuidColumn('rule_uuid', { nullable: true })
  ruleUuid: string | null;

  /** The workflow that a rule gave it: an assignment by hand is left alone. */
  @UuidColumn('given_workflow_uuid', { nullable: true })
  givenWorkflowUuid: string | null;

  /** The rules it was last held against. */
  @IntColumn('judged_revision')
  judgedRevision: number;

  @Field(() => DepAssignmentStatus, {
    description: 'Whether the profile that it shall have is the one it has.',
  })
  @TextColumn('assignment', 24)
  assignment: DepAssignmentStatus;

  /** When Apple is to be told; null: there is nothing to tell. */
  @InstantColumn('assign_due_at', { nullable: true })
  assignDueAt: Date | null;

  @IntColumn('assign_attempts')
  assignAttempts: number;

  @Field(() => Boolean, { description: 'Whether its activation was locked from here.' })
  @FlagColumn('activation_locked')
  activationLocked: boolean;

  @InstantColumn('created_at')
  createdAt: Date;

  @Field(() => Date, { description: 'When anything of this last changed.' })
  @InstantColumn('updated_at')
  updatedAt: Date;
}
