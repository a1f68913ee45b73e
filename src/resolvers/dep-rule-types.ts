import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DepRule } from '../entities/dep-profile.js';
import { DepPatterns } from './dep-patterns.js';
import { refusals } from './mutation.js';
import type { UserErrorEntry } from './plumbing/user-errors.js';

export const CREATE = refusals('DepRuleCreate', ['INVALID']);
export const UPDATE = refusals('DepRuleUpdate', ['INVALID', 'NOT_FOUND']);
export const DELETE = refusals('DepRuleDelete', ['NOT_FOUND']);

const WORKFLOW =
  'The workflow that devices are given, unless they have one already, also before they enrol; null: none.';

@InputType({ description: 'A new rule.' })
export class DepRuleCreateInput {
  @Field(() => String, { description: 'What people call it, 1 to 255 characters.' })
  name: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Its place among the rules, from 0; last when left out.',
  })
  position?: number | null;

  @Field(() => ID, { nullable: true, description: 'Only devices of this account; null: of any.' })
  accountId?: string | null;

  @Field(() => DepPatterns, {
    nullable: true,
    description:
      'What devices it is about; every device when left out. `depDevices(filter: { patterns: … })` shows beforehand which.',
  })
  patterns?: DepPatterns | null;

  @Field(() => ID, { description: 'The DEP profile that they shall have at Apple.' })
  profileId: string;

  @Field(() => ID, { nullable: true, description: WORKFLOW })
  workflowId?: string | null;
}

@ObjectType({ description: 'What depRuleCreate did.' })
export class DepRuleCreatePayload {
  @Field(() => DepRule, { nullable: true, description: 'The new rule. Devices follow it soon.' })
  depRule?: DepRule;

  @Field(() => [CREATE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'Changes to a rule. What is left out stays.' })
export class DepRuleUpdateInput {
  @Field(() => ID, { description: 'The rule.' })
  id: string;

  @Field(() => String, { nullable: true, description: 'Another name.' })
  name?: string | null;

  @Field(() => Int, { nullable: true, description: 'Its new place among the rules, from 0.' })
  position?: number | null;

  @Field(() => ID, { nullable: true, description: 'Only devices of this account; null: of any.' })
  accountId?: string | null;

  @Field(() => DepPatterns, {
    nullable: true,
    description: 'All of its patterns: they take the place of what there was. Null: every device.',
  })
  patterns?: DepPatterns | null;

  @Field(() => ID, { nullable: true, description: 'Another DEP profile.' })
  profileId?: string | null;

  @Field(() => ID, { nullable: true, description: WORKFLOW })
  workflowId?: string | null;
}

@ObjectType({ description: 'What depRuleUpdate did.' })
export class DepRuleUpdatePayload {
  @Field(() => DepRule, { nullable: true, description: 'The rule as it is now. Devices follow it soon.' })
  depRule?: DepRule;

  @Field(() => [UPDATE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'A rule to delete.' })
export class DepRuleDeleteInput {
  @Field(() => ID, { description: 'The rule.' })
  id: string;
}

@ObjectType({ description: 'What depRuleDelete did.' })
export class DepRuleDeletePayload {
  @Field(() => ID, { nullable: true, description: 'The id of the rule that is gone.' })
  deletedDepRuleId?: string;

  @Field(() => [DELETE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}
