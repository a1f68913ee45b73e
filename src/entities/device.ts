import { Field, Int, ObjectType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { Entity, Index } from 'typeorm';
import { EnrollmentKind, EnrollmentStatus, Platform } from './enums.js';
import { FlagColumn, InstantColumn, TextColumn, UuidColumn, UuidKey } from './columns.js';
import { Node } from './node.js';
import { AccountDrivenMode } from './sign-in.js';

/** One Apple device: who it is, how it is enrolled, what workflow it was given. */
@ObjectType({ implements: Node, description: 'An Apple device.' })
@Entity('devices')
export class Device extends Node {
  @Field(() => GraphQLUUID, { description: "The server's own id of the device. Not the UDID." })
  @UuidKey()
  uuid: string;

  @Field(() => String, { nullable: true, description: "Apple's device id. Null for User Enrollment." })
  @Index('IDX_devices_udid', { unique: true })
  @TextColumn('udid', 255, { nullable: true })
  udid: string | null;

  @Field(() => String, { nullable: true, description: "Apple's id of a User Enrollment." })
  @Index('IDX_devices_enrollment_id', { unique: true })
  @TextColumn('enrollment_id', 255, { nullable: true })
  enrollmentId: string | null;

  @Field(() => String, { nullable: true, description: 'Serial number.' })
  @Index('IDX_devices_serial_number')
  @TextColumn('serial_number', 255, { nullable: true })
  serialNumber: string | null;

  @Field(() => String, { nullable: true, description: 'The name the device reports.' })
  @TextColumn('name', 255, { nullable: true })
  name: string | null;

  @Field(() => String, { nullable: true, description: 'Model number, for example MQ6K3LL/A.' })
  @TextColumn('model', 255, { nullable: true })
  model: string | null;

  @Field(() => String, { nullable: true, description: 'Model name, for example MacBook Pro.' })
  @TextColumn('model_name', 255, { nullable: true })
  modelName: string | null;

  @Field(() => String, { nullable: true, description: 'Product name, for example iPhone15,2.' })
  @TextColumn('product_name', 255, { nullable: true })
  productName: string | null;

  @Field(() => Platform, {
    nullable: true,
    description: 'Operating system family, told from the product name.',
  })
  @TextColumn('platform', 16, { nullable: true })
  platform: Platform | null;

  @Field(() => String, { nullable: true, description: 'Operating system version, for example 18.1.' })
  @TextColumn('os_version', 64, { nullable: true })
  osVersion: string | null;

  @Field(() => String, { nullable: true, description: 'Build, for example 22B83.' })
  @TextColumn('build_version', 64, { nullable: true })
  buildVersion: string | null;

  @Field(() => String, { nullable: true, description: 'IMEI of a cellular device.' })
  @TextColumn('imei', 64, { nullable: true })
  imei: string | null;

  @Field(() => String, { nullable: true, description: 'MEID of a cellular device.' })
  @TextColumn('meid', 64, { nullable: true })
  meid: string | null;

  @TextColumn('topic', 255, { nullable: true })
  topic: string | null;

  @TextColumn('enrollment_status', 16)
  enrollmentStatus: EnrollmentStatus;

  @TextColumn('enrollment_kind', 24)
  enrollmentKind: EnrollmentKind;

  /** How it enrolled by the account of its user; null: it did not. */
  @TextColumn('account_driven', 8, { nullable: true })
  accountDriven: AccountDrivenMode | null;

  /** Of the person who signed in when it enrolled. */
  @TextColumn('managed_apple_id', 255, { nullable: true })
  managedAppleId: string | null;

  /** The same person, as people call them: also when no Managed Apple Account is involved. */
  @TextColumn('signed_in_as', 255, { nullable: true })
  signedInAs: string | null;

  @FlagColumn('supervised', { nullable: true })
  supervised: boolean | null;

  /** The device waits in Setup Assistant until it is sent DeviceConfigured. */
  @FlagColumn('awaiting_configuration')
  awaitingConfiguration: boolean;

  /** When waiting for the deployment to settle ends and DeviceConfigured is sent all the same. */
  @Index('IDX_devices_awaiting_until')
  @InstantColumn('awaiting_until', { nullable: true })
  awaitingUntil: Date | null;

  @InstantColumn('enrolled_at', { nullable: true })
  enrolledAt: Date | null;

  @InstantColumn('unenrolled_at', { nullable: true })
  unenrolledAt: Date | null;

  /** Until then an Authenticate with a fresh certificate may take over this enrolment. */
  @InstantColumn('reenrollment_allowed_until', { nullable: true })
  reenrollmentAllowedUntil: Date | null;

  /** Until then an Authenticate with a fresh certificate is a renewal: an enrolment profile was sent to the device. */
  @InstantColumn('renewal_until', { nullable: true })
  renewalUntil: Date | null;

  @Index('IDX_devices_workflow')
  @UuidColumn('workflow_uuid', { nullable: true })
  workflowUuid: string | null;

  @InstantColumn('created_at')
  createdAt: Date;

  @InstantColumn('updated_at')
  updatedAt: Date;
}

/** When a device was last heard. Apart from `devices`, because it is written in batches and must never lock them. */
@Entity('device_contacts')
export class DeviceContact {
  @UuidKey('device_uuid')
  deviceUuid: string;

  @Index('IDX_device_contacts_last_seen')
  @InstantColumn('last_seen_at')
  lastSeenAt: Date;
}

/** The enrolment of a device, gathered for the API. */
@ObjectType({ description: 'How, whether and since when a device is enrolled.' })
export class Enrollment {
  @Field(() => EnrollmentStatus, { description: 'Where the enrolment stands.' })
  status: EnrollmentStatus;

  @Field(() => EnrollmentKind, { description: 'Device enrolment or User Enrollment.' })
  kind: EnrollmentKind;

  @Field(() => AccountDrivenMode, {
    nullable: true,
    description: 'How it enrolled by the account of its user; null: it enrolled in another way.',
  })
  accountDriven: AccountDrivenMode | null;

  @Field(() => String, {
    nullable: true,
    description: 'The Managed Apple Account of the person who signed in to enrol it.',
  })
  managedAppleId: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Who signed in to enrol it, by their account or in Setup Assistant: their address or user name at the OpenID provider. ' +
      'Null: nobody had to.',
  })
  signedInAs: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Supervised, when the device has said so.' })
  supervised: boolean | null;

  @Field(() => Boolean, { description: 'The device waits in Setup Assistant for DeviceConfigured.' })
  awaitingConfiguration: boolean;

  @Field(() => Int, { description: 'TokenUpdates since the last Authenticate; 1 is the enrolment itself.' })
  tally: number;

  @Field(() => Date, { nullable: true, description: 'When the device enrolled.' })
  since: Date | null;

  @Field(() => Date, { nullable: true, description: 'When the device left.' })
  endedAt: Date | null;
}
