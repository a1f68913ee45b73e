import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { DepProfile, type DepRule } from '../entities/dep-profile.js';
import { EnrollmentProfile } from '../entities/enrollment-profile.js';
import { DepProfileConnection, DepRuleConnection } from './connections.js';
import type { GraphqlContext } from './context.js';
import {
  CREATE,
  DELETE,
  DepProfileBy,
  DepProfileCreateInput,
  DepProfileCreatePayload,
  DepProfileDeleteInput,
  DepProfileDeletePayload,
  DepProfileUpdateInput,
  DepProfileUpdatePayload,
  UPDATE,
} from './dep-profile-types.js';
import { DepSetup, setupIn } from './dep-setup.js';
import { onlyOne, uuidIn } from './input.js';
import { answer } from './mutation.js';
import { ConnectionArgs, type Connection } from './plumbing/connection.js';
import { connectionFromArray, pageRequest, toConnection } from './plumbing/page.js';
import { Requires } from './requires.js';

/** The input's names for what the service calls otherwise. */
const NAMES = { fields: 'setup', enrollmentProfileUuid: 'enrollmentProfileId' };

@Resolver(() => DepProfile)
export class DepProfileResolver {
  @Requires('read')
  @Query(() => DepProfile, { nullable: true, description: 'One DEP profile; null when there is none.' })
  depProfile(
    @Arg('by', () => DepProfileBy, { description: 'Which one.' }) by: DepProfileBy,
    @Ctx() { services }: GraphqlContext,
  ): Promise<DepProfile | null> {
    const [name, value] = onlyOne({ ...by });
    return services.dep.profiles.get(
      name === 'id' ? uuidIn(value, 'DepProfile', ['by', 'id']) : value.toLowerCase(),
    );
  }

  @Requires('read')
  @Query(() => DepProfileConnection, {
    description: 'DEP profiles: what devices of Apple Business Manager do in Setup Assistant. Oldest first.',
  })
  async depProfiles(
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { services, cursors }: GraphqlContext,
  ): Promise<Connection<DepProfile>> {
    const page = await services.dep.profiles.list(pageRequest(args, 'depProfiles', cursors));
    return toConnection(page, args, ({ uuid }) => cursors.encode('depProfiles', [uuid]));
  }

  @FieldResolver(() => DepSetup, { description: 'What devices do in Setup Assistant.' })
  setup(@Root() { fields }: DepProfile): DepSetup {
    return fields;
  }

  @FieldResolver(() => EnrollmentProfile, {
    nullable: true,
    description: 'The enrollment profile that devices enrol by.',
  })
  enrollmentProfile(
    @Root() { enrollmentProfileUuid }: DepProfile,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<EnrollmentProfile | null> {
    return loaders.enrollmentProfile.load(enrollmentProfileUuid);
  }

  @FieldResolver(() => Int, { description: 'How many devices shall have it now.' })
  async deviceCount(@Root() { uuid }: DepProfile, @Ctx() { loaders }: GraphqlContext): Promise<number> {
    return (await loaders.depProfileDeviceCount.load(uuid)) ?? 0;
  }

  @FieldResolver(() => DepRuleConnection, { description: 'The rules that give it, in their order.' })
  async rules(
    @Root() { uuid }: DepProfile,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { loaders, cursors }: GraphqlContext,
  ): Promise<Connection<DepRule>> {
    const rules = await loaders.depRules((all) => all.filter(({ profileUuid }) => profileUuid === uuid));
    return connectionFromArray(rules, args, 'depRules', cursors, (rule) => rule.uuid);
  }

  @Requires('devices.write')
  @Mutation(() => DepProfileCreatePayload, {
    description: 'Makes a DEP profile: what devices of Apple Business Manager do in Setup Assistant.',
  })
  depProfileCreate(
    @Arg('input', () => DepProfileCreateInput, { description: 'The DEP profile.' })
    input: DepProfileCreateInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<DepProfileCreatePayload> {
    const work = async () => {
      const enrollmentProfileUuid = enrollmentProfileIn(input.enrollmentProfileId);
      const fields = setupIn(input.setup ?? {});
      return {
        depProfile: await services.dep.profiles.create({ name: input.name, enrollmentProfileUuid, fields }),
      };
    };
    return answer(CREATE, work, NAMES);
  }

  @Requires('devices.write')
  @Mutation(() => DepProfileUpdatePayload, {
    description:
      'Changes a DEP profile. Devices that shall have it are given it anew at Apple; one that has been set up already notices ' +
      'when it is erased.',
  })
  depProfileUpdate(
    @Arg('input', () => DepProfileUpdateInput, { description: 'Which, and what changes.' })
    input: DepProfileUpdateInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<DepProfileUpdatePayload> {
    const work = async () => {
      const { id, name, enrollmentProfileId, setup, expectedRevision } = input;
      const changes = {
        ...(name == null ? {} : { name }),
        ...(enrollmentProfileId == null
          ? {}
          : { enrollmentProfileUuid: enrollmentProfileIn(enrollmentProfileId) }),
        ...(setup == null ? {} : { fields: setupIn(setup) }),
      };
      const uuid = uuidIn(id, 'DepProfile', ['input', 'id']);
      return { depProfile: await services.dep.profiles.update(uuid, changes, expectedRevision ?? undefined) };
    };
    return answer(UPDATE, work, NAMES);
  }

  @Requires('devices.write')
  @Mutation(() => DepProfileDeletePayload, {
    description: 'Deletes a DEP profile that nothing needs any more.',
  })
  depProfileDelete(
    @Arg('input', () => DepProfileDeleteInput, { description: 'Which.' }) { id }: DepProfileDeleteInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<DepProfileDeletePayload> {
    return answer(DELETE, async () => {
      await services.dep.profiles.delete(uuidIn(id, 'DepProfile', ['input', 'id']));
      return { deletedDepProfileId: id };
    });
  }
}

function enrollmentProfileIn(id: string): string {
  return uuidIn(id, 'EnrollmentProfile', ['input', 'enrollmentProfileId']);
}
