import { Field, Int, ObjectType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { Entity, Index } from 'typeorm';
import {
  BigIntColumn,
  InstantColumn,
  IntColumn,
  JsonColumn,
  TextColumn,
  UuidColumn,
  UuidKey,
} from './columns.js';
import { Node } from './node.js';

/** What a device does in Setup Assistant. Defined at Apple, account by account, when a device there shall have it. */
@ObjectType({
  implements: Node,
  description: 'What a device of Apple Business Manager does in Setup Assistant.',
})
@Entity('dep_profiles')
@Index('IDX_dep_profiles_name', ['name'], { unique: true })
@Index('IDX_dep_profiles_enrollment_profile', ['enrollmentProfileUuid'])
export class DepProfile extends Node {
  @Field(() => GraphQLUUID, { description: "The server's own id of the profile." })
  @UuidKey()
  uuid: string;

  @Field(() => String, { description: 'Name, also at Apple. Unique.' })
  @TextColumn('name', 125)
  name: string;

  /** The other fields of Apple's Profile, as src/apple/dep names them. */
  @JsonColumn('fields')
  fields: object;

  /** What the device enrols by. */
  @UuidColumn('enrollment_profile_uuid')
  enrollmentProfileUuid: string;

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

/** A profile as it was defined at Apple for one account. Apple's profiles cannot be changed: each edit is another. */
@Entity('dep_definitions')
@Index('IDX_dep_definitions_profile', ['profileUuid', 'accountUuid', 'content'], { unique: true })
@Index('IDX_dep_definitions_account', ['accountUuid'])
export class DepDefinition {
  @UuidKey()
  uuid: string;

  @UuidColumn('profile_uuid')
  profileUuid: string;

  @UuidColumn('account_uuid')
  accountUuid: string;

  /** SHA-256 of what was sent, hexadecimal: the same content is defined once. */
  @TextColumn('content', 64)
  content: string;

  @TextColumn('apple_uuid', 64)
  appleUuid: string;

  @InstantColumn('created_at')
  createdAt: Date;
}

/** Which devices are given which profile and workflow: the first rule that is about a device counts. */
@ObjectType({
  implements: Node,
  description:
    'Which devices are given which profile and workflow. The first rule that is about a device counts.',
})
@Entity('dep_rules')
@Index('IDX_dep_rules_profile', ['profileUuid'])
@Index('IDX_dep_rules_workflow', ['workflowUuid'])
export class DepRule extends Node {
  @Field(() => GraphQLUUID, { description: "The server's own id of the rule." })
  @UuidKey()
  uuid: string;

  @Field(() => String, { description: 'What people call it.' })
  @TextColumn('name', 255)
  name: string;

  @Field(() => Int, { description: 'Its place among the rules, from 0.' })
  @IntColumn('position')
  position: number;

  /** Only devices of this account; null: of any. */
  @UuidColumn('account_uuid', { nullable: true })
  accountUuid: string | null;

  /** By field: `*` and `?` stand for any text and any letter. All have to fit. Empty: every device. */
  @JsonColumn('patterns')
  patterns: Readonly<Record<string, string>>;

  @UuidColumn('profile_uuid')
  profileUuid: string;

  @UuidColumn('workflow_uuid', { nullable: true })
  workflowUuid: string | null;

  @Field(() => Date, { description: 'When it was made.' })
  @InstantColumn('created_at')
  createdAt: Date;

  @Field(() => Date, { description: 'When it was last edited.' })
  @InstantColumn('updated_at')
  updatedAt: Date;
}

/** One row: the revision of all rules and profiles. Devices that were held against an older one are held against it anew. */
@Entity('dep_state')
export class DepState {
  @UuidKey('slot')
  slot: string;

  @BigIntColumn('revision')
  revision: number;
}
