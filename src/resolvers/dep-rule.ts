import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { DepAccount } from '../entities/dep-account.js';
import { DepProfile, DepRule } from '../entities/dep-profile.js';
import { Workflow } from '../entities/workflow.js';
import { PomonaError } from '../errors.js';
import type { DepRuleChanges } from '../services/dep/index.js';
import { DepRuleConnection } from './connections.js';
import type { GraphqlContext } from './context.js';
import { DepPatterns, patternsIn } from './dep-patterns.js';
import {
  CREATE,
  DELETE,
  DepRuleCreateInput,
  DepRuleCreatePayload,
  DepRuleDeleteInput,
  DepRuleDeletePayload,
  DepRuleUpdateInput,
  DepRuleUpdatePayload,
  UPDATE,
} from './dep-rule-types.js';
import { uuidIn } from './input.js';
import { answer } from './mutation.js';
import { ConnectionArgs, type Connection } from './plumbing/connection.js';
import { connectionFromArray } from './plumbing/page.js';
import { Requires } from './requires.js';

/** The input's names for what the service calls otherwise. */
const NAMES = { accountUuid: 'accountId', profileUuid: 'profileId', workflowUuid: 'workflowId' };

@Resolver(() => DepRule)
export class DepRuleResolver {
  @Requires('read')
  @Query(() => DepRuleConnection, {
    description:
      'The rules that say which devices are given which DEP profile and workflow, in their order: the first that is about a device ' +
      'counts.',
  })
  async depRules(
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { loaders, cursors }: GraphqlContext,
  ): Promise<Connection<DepRule>> {
    const rules = await loaders.depRules((all) => all);
    return connectionFromArray(rules, args, 'depRules', cursors, ({ uuid }) => uuid);
  }

  @FieldResolver(() => DepPatterns, { description: 'What devices it is about.' })
  patterns(@Root() { patterns }: DepRule): DepPatterns {
    return patterns;
  }

  @FieldResolver(() => DepAccount, { nullable: true, description: 'Only devices of it; null: of any.' })
  account(
    @Root() { accountUuid }: DepRule,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<DepAccount | null> | null {
    return accountUuid === null ? null : loaders.depAccount.load(accountUuid);
  }

  @FieldResolver(() => DepProfile, {
    nullable: true,
    description: 'The DEP profile that devices shall have.',
  })
  profile(@Root() { profileUuid }: DepRule, @Ctx() { loaders }: GraphqlContext): Promise<DepProfile | null> {
    return loaders.depProfile.load(profileUuid);
  }

  @FieldResolver(() => Workflow, { nullable: true, description: 'The workflow that devices are given.' })
  workflow(
    @Root() { workflowUuid }: DepRule,
    @Ctx() { loaders }: GraphqlContext,
  ): Workflow | undefined | null | Promise<Workflow | undefined> {
    return workflowUuid === null ? null : loaders.catalog(({ workflows }) => workflows.get(workflowUuid));
  }

  @Requires('devices.write')
  @Mutation(() => DepRuleCreatePayload, {
    description: 'Makes a rule. It is about devices that are there already, too.',
  })
  depRuleCreate(
    @Arg('input', () => DepRuleCreateInput, { description: 'The rule.' }) input: DepRuleCreateInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<DepRuleCreatePayload> {
    const work = async () => {
      const { name, patterns, profileId } = input;
      const { accountUuid = null, workflowUuid = null } = referencesIn(input);
      const profileUuid = profileIn(profileId);
      const fields = { name, accountUuid, patterns: patternsIn(patterns ?? {}), profileUuid, workflowUuid };
      return { depRule: await services.dep.rules.create(fields, positionIn(input)) };
    };
    return answer(CREATE, work, NAMES);
  }

  @Requires('devices.write')
  @Mutation(() => DepRuleUpdatePayload, { description: 'Changes a rule, or its place.' })
  depRuleUpdate(
    @Arg('input', () => DepRuleUpdateInput, { description: 'Which, and what changes.' })
    input: DepRuleUpdateInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<DepRuleUpdatePayload> {
    const work = async () => {
      const uuid = uuidIn(input.id, 'DepRule', ['input', 'id']);
      return { depRule: await services.dep.rules.update(uuid, changesIn(input)) };
    };
    return answer(UPDATE, work, NAMES);
  }

  @Requires('devices.write')
  @Mutation(() => DepRuleDeletePayload, {
    description:
      'Deletes a rule. Devices keep the DEP profile that Apple has for them until another rule is about them.',
  })
  depRuleDelete(
    @Arg('input', () => DepRuleDeleteInput, { description: 'Which.' }) { id }: DepRuleDeleteInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<DepRuleDeletePayload> {
    return answer(DELETE, async () => {
      await services.dep.rules.delete(uuidIn(id, 'DepRule', ['input', 'id']));
      return { deletedDepRuleId: id };
    });
  }
}

type RuleInput = DepRuleCreateInput | DepRuleUpdateInput;

function changesIn(input: DepRuleUpdateInput): DepRuleChanges {
  const { name, patterns, profileId } = input;
  return {
    ...(name == null ? {} : { name }),
    ...(patterns === undefined ? {} : { patterns: patternsIn(patterns ?? {}) }),
    ...(profileId == null ? {} : { profileUuid: profileIn(profileId) }),
    ...referencesIn(input),
    position: positionIn(input),
  };
}

/** Null takes it away; what is left out is not there. */
function referencesIn({ accountId, workflowId }: RuleInput) {
  return {
    ...(accountId === undefined
      ? {}
      : { accountUuid: accountId === null ? null : uuidIn(accountId, 'DepAccount', ['input', 'accountId']) }),
    ...(workflowId === undefined
      ? {}
      : {
          workflowUuid: workflowId === null ? null : uuidIn(workflowId, 'Workflow', ['input', 'workflowId']),
        }),
  };
}

function profileIn(id: string): string {
  return uuidIn(id, 'DepProfile', ['input', 'profileId']);
}

function positionIn({ position }: RuleInput): number | undefined {
  if (position == null || position >= 0) return position ?? undefined;
  throw new PomonaError('BAD_USER_INPUT', `position is ${position}; it counts from 0.`, {
    path: ['input', 'position'],
  });
}
