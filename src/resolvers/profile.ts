import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Query, Resolver, Root } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { Profile } from '../entities/profile.js';
import { Workflow } from '../entities/workflow.js';
import { mayReadSecrets } from '../services/access.js';
import { CatalogArgs, catalogPage } from './catalog-lists.js';
import { ProfileConnection, WorkflowConnection } from './connections.js';
import type { GraphqlContext } from './context.js';
import { onlyOne, uuidIn } from './input.js';
import { HEAVY } from './limits.js';
import { ConnectionArgs, type Connection } from './plumbing/connection.js';
import { connectionFromArray } from './plumbing/page.js';
import { Base64 } from './plumbing/scalars.js';
import { Requires } from './requires.js';

@InputType({ description: 'Names one profile. Give exactly one member.' })
export class ProfileBy {
  @Field(() => ID, { nullable: true, description: 'Its global id.' })
  id?: string | null;

  @Field(() => GraphQLUUID, { nullable: true, description: "The server's own id of it." })
  uuid?: string | null;

  @Field(() => String, { nullable: true, description: 'Its PayloadIdentifier.' })
  payloadIdentifier?: string | null;
}

const PROFILES = {
  list: 'profiles',
  nameOf: (profile: Profile) => profile.payloadIdentifier,
  searched: (profile: Profile) => [profile.payloadIdentifier, profile.displayName, profile.description],
};

@Resolver(() => Profile)
export class ProfileResolver {
  @Requires('read')
  @Query(() => Profile, { nullable: true, description: 'One profile; null when there is none.' })
  profile(
    @Arg('by', () => ProfileBy, { description: 'Which one.' }) by: ProfileBy,
    @Ctx() { loaders }: GraphqlContext,
  ): Profile | undefined | Promise<Profile | undefined> {
    const [name, value] = onlyOne({ ...by });
    if (name === 'payloadIdentifier') {
      return loaders.catalog(({ profiles }) =>
        [...profiles.values()].find((profile) => profile.payloadIdentifier === value),
      );
    }
    const uuid = name === 'id' ? uuidIn(value, 'Profile', ['by', 'id']) : value.toLowerCase();
    return loaders.catalog(({ profiles }) => profiles.get(uuid));
  }

  @Requires('read')
  @Query(() => ProfileConnection, { description: 'Configuration profiles.' })
  profiles(
    @Args(() => CatalogArgs) args: CatalogArgs,
    @Ctx() context: GraphqlContext,
  ): Connection<Profile> | Promise<Connection<Profile>> {
    return context.loaders.catalog(({ profiles }) => catalogPage(profiles.values(), args, PROFILES, context));
  }

  @FieldResolver(() => Base64, {
    nullable: true,
    complexity: HEAVY,
    description:
      'The current revision as it was uploaded, signed or not: what devices are sent. Null without the permission ' +
      'secrets.read, for profiles carry passwords and keys.',
  })
  content(
    @Root() profile: Profile,
    @Ctx() { loaders, principal }: GraphqlContext,
  ): Promise<Buffer | null> | null {
    return mayReadSecrets(principal) ? loaders.content.load(profile) : null;
  }

  @FieldResolver(() => WorkflowConnection, { description: 'The workflows that name the profile themselves.' })
  workflows(
    @Root() profile: Profile,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { loaders, cursors }: GraphqlContext,
  ): Connection<Workflow> | Promise<Connection<Workflow>> {
    return loaders.catalog((catalog) =>
      connectionFromArray(
        catalog.usersOf('profileUuids', profile.uuid),
        args,
        'profile.workflows',
        cursors,
        ({ uuid }) => uuid,
      ),
    );
  }
}
