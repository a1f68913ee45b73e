import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { DepAssignmentStatus } from '../entities/dep-enums.js';
import type { DepDeviceFilter } from '../services/dep/index.js';
import { DepPatterns, patternsIn } from './dep-patterns.js';
import { uuidIn } from './input.js';
import { ConnectionArgs } from './plumbing/connection.js';

@InputType('DepDeviceFilter', {
  description: 'Narrows devices of Apple Business Manager. Every member that is given has to fit.',
})
export class DepDeviceFilterInput {
  @Field(() => ID, { nullable: true, description: 'Of this account.' })
  accountId?: string | null;

  @Field(() => ID, { nullable: true, description: 'That shall have this DEP profile.' })
  profileId?: string | null;

  @Field(() => ID, { nullable: true, description: 'That this rule is about, and none before it.' })
  ruleId?: string | null;

  @Field(() => DepPatterns, {
    nullable: true,
    description: 'That a rule with these patterns would be about, should none before it be.',
  })
  patterns?: DepPatterns | null;

  @Field(() => DepAssignmentStatus, { nullable: true, description: 'Whose DEP profile is so far.' })
  assignment?: DepAssignmentStatus | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: those that Apple no longer tells of. Those that it does, when left out.',
  })
  removed?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'That are enrolled, or are not.' })
  enrolled?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'With this text in the serial number, model, description or asset tag; case is ignored.',
  })
  search?: string | null;
}

@ArgsType()
export class DepDevicesArgs extends ConnectionArgs {
  @Field(() => DepDeviceFilterInput, { nullable: true, description: 'Which of them.' })
  filter?: DepDeviceFilterInput | null;
}

/** The filter as the service understands it. @throws PomonaError BAD_USER_INPUT for an id that is none. */
export function depDeviceFilterOf(input: DepDeviceFilterInput | null | undefined): DepDeviceFilter {
  const { accountId, profileId, ruleId, patterns, assignment, removed, enrolled, search } = input ?? {};
  const idOf = (id: string | null | undefined, type: string, field: string): string | undefined =>
    id == null ? undefined : uuidIn(id, type, ['filter', field]);
  return {
    accountUuid: idOf(accountId, 'DepAccount', 'accountId'),
    profileUuid: idOf(profileId, 'DepProfile', 'profileId'),
    ruleUuid: idOf(ruleId, 'DepRule', 'ruleId'),
    patterns: patterns == null ? undefined : patternsIn(patterns),
    assignment: assignment ?? undefined,
    removed: removed ?? undefined,
    enrolled: enrolled ?? undefined,
    search: search ?? undefined,
  };
}
