import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { EnrollmentProfile } from '../entities/enrollment-profile.js';
import { refusals } from './mutation.js';
import type { UserErrorEntry } from './plumbing/user-errors.js';

export const CREATE = refusals('EnrollmentProfileCreate', ['INVALID', 'CONFLICT']);
export const UPDATE = refusals('EnrollmentProfileUpdate', [
  'INVALID',
  'NOT_FOUND',
  'CONFLICT',
  'STALE_REVISION',
]);
export const REVOKE = refusals('EnrollmentProfileRevoke', ['NOT_FOUND']);

@InputType({ description: 'Names one enrollment profile. Give exactly one member.' })
export class EnrollmentProfileBy {
  @Field(() => ID, { nullable: true, description: 'Its global id.' })
  id?: string | null;

  @Field(() => GraphQLUUID, { nullable: true, description: "The server's own id of it." })
  uuid?: string | null;
}

@InputType({ description: 'Who may enrol, for how long, and what they are given.' })
class EnrollmentProfileFieldsInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The workflow that a device is given when it enrols, unless it has one already; null: none.',
  })
  workflowId?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'The serial numbers that may enrol, 10,000 at most. None: any device whose user has the link.',
  })
  allowedSerialNumbers?: string[] | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When the link stops working; null: never by itself.',
  })
  expiresAt?: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many devices may enrol by it from now on; null: any number.',
  })
  usesLeft?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Who manages the devices, at most 255 characters: what people read before they agree.',
  })
  organization?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      "Apple's AccessRights bits, 1 to 8191; 8191, which is everything, when left out of a new one.",
  })
  accessRights?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether devices are also told to trust this server's certificate authority.",
  })
  includesAuthority?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it is served at /mdm/enroll to whoever asks, without a link: then anyone who knows the server can enrol what it ' +
      'allows. At most one is; marking one takes the mark from another.',
  })
  isDefault?: boolean | null;
}

@InputType({ description: 'A new enrollment profile.' })
export class EnrollmentProfileCreateInput extends EnrollmentProfileFieldsInput {
  @Field(() => String, { description: 'What people call it, 1 to 255 characters. Shown on its page.' })
  name: string;
}

@ObjectType({ description: 'What enrollmentProfileCreate did.' })
export class EnrollmentProfileCreatePayload {
  @Field(() => EnrollmentProfile, { nullable: true, description: 'The new enrollment profile.' })
  enrollmentProfile?: EnrollmentProfile;

  @Field(() => String, {
    nullable: true,
    description: 'The link to give to people. It is shown this once and kept nowhere.',
  })
  link?: string;

  @Field(() => [CREATE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({
  description:
    'Changes to an enrollment profile. What is left out stays. Devices that are enrolled are not touched.',
})
export class EnrollmentProfileUpdateInput extends EnrollmentProfileFieldsInput {
  @Field(() => ID, { description: 'The enrollment profile.' })
  id: string;

  @Field(() => String, { nullable: true, description: 'Another name.' })
  name?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Make a new link. The former one, and every profile downloaded by it, work no more.',
  })
  newLink?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Refuse unless the enrollment profile is at this revision.',
  })
  expectedRevision?: number | null;
}

@ObjectType({ description: 'What enrollmentProfileUpdate did.' })
export class EnrollmentProfileUpdatePayload {
  @Field(() => EnrollmentProfile, { nullable: true, description: 'The enrollment profile as it is now.' })
  enrollmentProfile?: EnrollmentProfile;

  @Field(() => String, {
    nullable: true,
    description: 'The new link, when one was asked for. It is shown this once and kept nowhere.',
  })
  link?: string | undefined;

  @Field(() => [UPDATE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'An enrollment profile to revoke.' })
export class EnrollmentProfileRevokeInput {
  @Field(() => ID, { description: 'The enrollment profile.' })
  id: string;
}

@ObjectType({ description: 'What enrollmentProfileRevoke did.' })
export class EnrollmentProfileRevokePayload {
  @Field(() => EnrollmentProfile, {
    nullable: true,
    description: 'The enrollment profile that enrols nobody any more.',
  })
  enrollmentProfile?: EnrollmentProfile;

  @Field(() => [REVOKE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

/** What the service is told: null stays null where that means something, and is left out where it means nothing. */
export function fieldsIn(input: EnrollmentProfileFieldsInput, workflowUuid: string | null | undefined) {
  const { allowedSerialNumbers, expiresAt, usesLeft, organization } = input;
  const { accessRights, includesAuthority, isDefault } = input;
  return {
    ...(workflowUuid === undefined ? {} : { workflowUuid }),
    ...(allowedSerialNumbers === undefined ? {} : { allowedSerialNumbers: allowedSerialNumbers ?? [] }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(usesLeft === undefined ? {} : { usesLeft }),
    ...(organization === undefined ? {} : { organization }),
    ...(accessRights == null ? {} : { accessRights }),
    ...(includesAuthority == null ? {} : { includesAuthority }),
    ...(isDefault == null ? {} : { isDefault }),
  };
}
