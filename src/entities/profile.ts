import { Field, Int, ObjectType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { Entity, Index } from 'typeorm';
import {
  BlobColumn,
  FlagColumn,
  InstantColumn,
  IntColumn,
  JsonColumn,
  TextColumn,
  UuidColumn,
  UuidKey,
} from './columns.js';
import { Node } from './node.js';

/** A configuration profile: a name that stays, and revisions whose content never changes. */
@ObjectType({
  implements: Node,
  description: 'A configuration profile. Replacing its content makes a new revision.',
})
@Entity('profiles')
export class Profile extends Node {
  @Field(() => GraphQLUUID, { description: "The server's own id of the profile." })
  @UuidKey()
  uuid: string;

  @Field(() => String, { description: 'PayloadIdentifier, read from the profile. Unique.' })
  @Index('IDX_profiles_payload_identifier', { unique: true })
  @TextColumn('payload_identifier', 255)
  payloadIdentifier: string;

  @Field(() => String, { nullable: true, description: 'PayloadDisplayName of the current revision.' })
  @TextColumn('display_name', 255, { nullable: true })
  displayName: string | null;

  @Field(() => String, { nullable: true, description: 'PayloadDescription of the current revision.' })
  @TextColumn('description', 1024, { nullable: true })
  description: string | null;

  @Field(() => String, { nullable: true, description: 'PayloadOrganization of the current revision.' })
  @TextColumn('organization', 255, { nullable: true })
  organization: string | null;

  @Field(() => [String], { description: 'The payload types of the current revision, in order.' })
  @JsonColumn('payload_types')
  payloadTypes: string[];

  @Field(() => Boolean, { description: 'Whether the current revision is signed.' })
  @FlagColumn('signed')
  signed: boolean;

  @Field(() => Int, { description: 'Size of the current revision in bytes.' })
  @IntColumn('size')
  size: number;

  @Field(() => String, { description: 'SHA-256 of the current revision, hexadecimal.' })
  @TextColumn('sha256', 64)
  sha256: string;

  @Field(() => Int, { description: 'Number of the current revision, counted from 1.' })
  @IntColumn('revision')
  revision: number;

  @UuidColumn('current_revision_uuid')
  currentRevisionUuid: string;

  @Field(() => Date, { description: 'When the profile was created.' })
  @InstantColumn('created_at')
  createdAt: Date;

  @Field(() => Date, { description: 'When the current revision was made.' })
  @InstantColumn('updated_at')
  updatedAt: Date;
}

/** One immutable content of a profile. */
@Entity('profile_revisions')
@Index('IDX_profile_revisions_number', ['profileUuid', 'revision'], { unique: true })
export class ProfileRevision {
  @UuidKey()
  uuid: string;

  @UuidColumn('profile_uuid')
  profileUuid: string;

  @IntColumn('revision')
  revision: number;

  /** PayloadUUID: what ProfileList reports for an installed profile, so the proof of which revision a device has. */
  @TextColumn('payload_uuid', 255)
  payloadUuid: string;

  /** The bytes as they were uploaded, signed or not: what InstallProfile sends. */
  @BlobColumn('content')
  content: Buffer;

  @TextColumn('sha256', 64)
  sha256: string;

  @InstantColumn('created_at')
  createdAt: Date;
}
