import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { DepProfile } from '../entities/dep-profile.js';
import { DepSetup } from './dep-setup.js';
import { refusals } from './mutation.js';
import type { UserErrorEntry } from './plumbing/user-errors.js';

export const CREATE = refusals('DepProfileCreate', ['INVALID', 'CONFLICT']);
export const UPDATE = refusals('DepProfileUpdate', ['INVALID', 'NOT_FOUND', 'CONFLICT', 'STALE_REVISION']);
export const DELETE = refusals('DepProfileDelete', ['NOT_FOUND', 'IN_USE']);

@InputType({ description: 'Names one DEP profile. Give exactly one member.' })
export class DepProfileBy {
  @Field(() => ID, { nullable: true, description: 'Its global id.' })
  id?: string | null;

  @Field(() => GraphQLUUID, { nullable: true, description: "The server's own id of it." })
  uuid?: string | null;
}

@InputType({ description: 'A new DEP profile.' })
export class DepProfileCreateInput {
  @Field(() => String, { description: 'Its name, also at Apple, 1 to 125 characters. Unique.' })
  name: string;

  @Field(() => ID, {
    description:
      'The enrollment profile that devices enrol by: whoever has this DEP profile at Apple may, whatever serial numbers it names.',
  })
  enrollmentProfileId: string;

  @Field(() => DepSetup, {
    nullable: true,
    description: "What devices do in Setup Assistant; all of Apple's defaults when left out.",
  })
  setup?: DepSetup | null;
}

@ObjectType({ description: 'What depProfileCreate did.' })
export class DepProfileCreatePayload {
  @Field(() => DepProfile, {
    nullable: true,
    description: 'The new DEP profile. It is defined at Apple when a device shall have it.',
  })
  depProfile?: DepProfile;

  @Field(() => [CREATE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'Changes to a DEP profile. What is left out stays.' })
export class DepProfileUpdateInput {
  @Field(() => ID, { description: 'The DEP profile.' })
  id: string;

  @Field(() => String, { nullable: true, description: 'Another name.' })
  name?: string | null;

  @Field(() => ID, { nullable: true, description: 'Another enrollment profile.' })
  enrollmentProfileId?: string | null;

  @Field(() => DepSetup, {
    nullable: true,
    description: 'All of what devices do in Setup Assistant: it takes the place of what there was.',
  })
  setup?: DepSetup | null;

  @Field(() => Int, { nullable: true, description: 'Refuse unless the DEP profile is at this revision.' })
  expectedRevision?: number | null;
}

@ObjectType({ description: 'What depProfileUpdate did.' })
export class DepProfileUpdatePayload {
  @Field(() => DepProfile, { nullable: true, description: 'The DEP profile as it is now.' })
  depProfile?: DepProfile;

  @Field(() => [UPDATE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'A DEP profile to delete.' })
export class DepProfileDeleteInput {
  @Field(() => ID, {
    description: 'The DEP profile. No rule may name it, and no device shall have it any more.',
  })
  id: string;
}

@ObjectType({ description: 'What depProfileDelete did.' })
export class DepProfileDeletePayload {
  @Field(() => ID, { nullable: true, description: 'The id of the DEP profile that is gone.' })
  deletedDepProfileId?: string;

  @Field(() => [DELETE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}
