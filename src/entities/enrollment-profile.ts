import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { Entity, Index } from 'typeorm';
import {
  FlagColumn,
  InstantColumn,
  IntColumn,
  JsonColumn,
  TextColumn,
  UuidColumn,
  UuidKey,
} from './columns.js';
import { MinimumOsVersions } from './minimum-os-versions.js';
import { Node } from './node.js';
import { AccountDrivenMode } from './sign-in.js';

/** Whether the link of an enrolment profile can be used, and why not. */
export enum EnrollmentProfileState {
  USABLE = 'USABLE',
  USED_UP = 'USED_UP',
  EXPIRED = 'EXPIRED',
  REVOKED = 'REVOKED',
}
registerEnumType(EnrollmentProfileState, {
  name: 'EnrollmentProfileState',
  description: 'Whether the link of an enrollment profile can be used, and why not.',
  valuesConfig: {
    USABLE: { description: 'Devices can enrol by the link.' },
    USED_UP: { description: 'As many devices enrolled by it as were to.' },
    EXPIRED: { description: 'Its time has passed.' },
    REVOKED: { description: 'It was revoked.' },
  },
});

/** A way to enrol: a link, who may use it, and what a device that does is given. */
@ObjectType({
  implements: Node,
  description: 'A link by which devices enrol: who may use it, and what a device that does is given.',
})
@Entity('enrollment_profiles')
export class EnrollmentProfile extends Node {
  @Field(() => GraphQLUUID, { description: "The server's own id of the enrollment profile." })
  @UuidKey()
  uuid: string;

  @Field(() => String, { description: 'What people call it. Shown on its page.' })
  @TextColumn('name', 255)
  name: string;

  @Index('IDX_enrollment_profiles_workflow')
  @UuidColumn('workflow_uuid', { nullable: true })
  workflowUuid: string | null;

  @Field(() => [String], {
    description: 'The serial numbers that may enrol, in capitals; empty: any device whose user has the link.',
  })
  @JsonColumn('allowed_serial_numbers')
  allowedSerialNumbers: string[];

  @Field(() => String, { nullable: true, description: 'Who manages the devices. Shown on its page.' })
  @TextColumn('organization', 255, { nullable: true })
  organization: string | null;

  @Field(() => Int, {
    description: "What the server may do to the devices: Apple's AccessRights bits; 8191 is everything.",
  })
  @IntColumn('access_rights')
  accessRights: number;

  @Field(() => Boolean, {
    description: "Whether devices are also told to trust this server's certificate authority.",
  })
  @FlagColumn('includes_authority')
  includesAuthority: boolean;

  /** 1 for the one that is served at `/mdm/enroll`, null for all others: a unique index sees to it that it is one. */
  @Index('IDX_enrollment_profiles_default', { unique: true })
  @IntColumn('default_mark', { nullable: true })
  defaultMark: number | null;

  @Field(() => AccountDrivenMode, {
    nullable: true,
    description:
      'How it enrols the devices of people who sign in with their account; null: it enrols by its link.',
  })
  @Index('IDX_enrollment_profiles_account_driven', { unique: true })
  @TextColumn('account_driven', 8, { nullable: true })
  accountDriven: AccountDrivenMode | null;

  /** Whether the devices that it names enrol by it from Setup Assistant; null in rows older than the question: no. */
  @FlagColumn('serves_automated_enrollment', { nullable: true })
  servesAutomatedEnrollment: boolean | null;

  /** Whether a device that is enrolled may enrol anew by it on its own word; null in rows older than the question: no. */
  @FlagColumn('allows_reenrollment', { nullable: true })
  allowsReenrollment: boolean | null;

  @Field(() => MinimumOsVersions, {
    nullable: true,
    description: 'The oldest operating systems that enrol by it from Setup Assistant; null: any.',
  })
  @JsonColumn('minimum_os_versions', { nullable: true })
  minimumOsVersions: MinimumOsVersions | null;

  /** SHA-256 of the link's token, hexadecimal. The token has 256 random bits, so a plain hash cannot be guessed backwards. */
  @Index('IDX_enrollment_profiles_token', { unique: true })
  @TextColumn('token_sha256', 64)
  tokenSha256: string;

  @Field(() => Date, { description: 'When the link that works now was made.' })
  @InstantColumn('link_made_at')
  linkMadeAt: Date;

  @Field(() => Date, { nullable: true, description: 'When the link stops working; null: never by itself.' })
  @InstantColumn('expires_at', { nullable: true })
  expiresAt: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many more devices may enrol by it; null: any number.',
  })
  @IntColumn('uses_left', { nullable: true })
  usesLeft: number | null;

  @Field(() => Int, { description: 'How many devices enrolled by it.' })
  @IntColumn('used_count')
  usedCount: number;

  @Field(() => Date, { nullable: true, description: 'When it was revoked.' })
  @InstantColumn('revoked_at', { nullable: true })
  revokedAt: Date | null;

  /** Whether a device that came by it may be returned to service; null in rows older than the question: no. */
  @FlagColumn('return_to_service', { nullable: true })
  returnToService: boolean | null;

  /** The Wi-Fi that it joins then. */
  @Index('IDX_enrollment_profiles_wifi_profile')
  @UuidColumn('wifi_profile_uuid', { nullable: true })
  wifiProfileUuid: string | null;

  @Field(() => Int, {
    description: 'Counts edits. Send it back with an update to be told of an edit that came between.',
  })
  @IntColumn('revision')
  revision: number;

  @Field(() => Date, { description: 'When it was made.' })
  @InstantColumn('created_at')
  createdAt: Date;

  @Field(() => Date, { description: 'When it was last edited.' })
  @InstantColumn('updated_at')
  updatedAt: Date;
}
