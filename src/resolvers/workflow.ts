import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { Application } from '../entities/application.js';
import { Rollout } from '../entities/deployment.js';
import { Device } from '../entities/device.js';
import { Profile } from '../entities/profile.js';
import { Workflow } from '../entities/workflow.js';
import type { CatalogSnapshot } from '../services/catalog/snapshot.js';
import { effectiveSet, type EffectiveItem } from '../services/catalog/effective-set.js';
import { CatalogArgs, catalogPage } from './catalog-lists.js';
import {
  DeviceConnection,
  WorkflowApplicationConnection,
  WorkflowConnection,
  WorkflowProfileConnection,
} from './connections.js';
import type { GraphqlContext } from './context.js';
import { onlyOne, uuidIn } from './input.js';
import { ConnectionArgs, type Connection } from './plumbing/connection.js';
import { connectionFromArray, pageRequest, toConnection } from './plumbing/page.js';
import { Requires } from './requires.js';

type Maybe<T> = T | Promise<T>;

@InputType({ description: 'Names one workflow. Give exactly one member.' })
export class WorkflowBy {
  @Field(() => ID, { nullable: true, description: 'Its global id.' })
  id?: string | null;

  @Field(() => GraphQLUUID, { nullable: true, description: "The server's own id of it." })
  uuid?: string | null;

  @Field(() => String, { nullable: true, description: 'Its name.' })
  name?: string | null;
}

@ObjectType({ description: 'A profile that a workflow comes down to.' })
export class EffectiveProfile {
  @Field(() => Profile, { description: 'The profile.' })
  profile: Profile;

  @Field(() => [Workflow], {
    description: 'The inclusions it came by: from the workflow asked about to the one that names it.',
  })
  path: Workflow[];
}

@ObjectType({ description: 'An application that a workflow comes down to.' })
export class EffectiveApplication {
  @Field(() => Application, { description: 'The application.' })
  application: Application;

  @Field(() => [Workflow], {
    description: 'The inclusions it came by: from the workflow asked about to the one that names it.',
  })
  path: Workflow[];
}

const WORKFLOWS = {
  list: 'workflows',
  nameOf: (workflow: Workflow) => workflow.name,
  searched: (workflow: Workflow) => [workflow.name, workflow.description],
};

@Resolver(() => Workflow)
export class WorkflowResolver {
  @Requires('read')
  @Query(() => Workflow, { nullable: true, description: 'One workflow; null when there is none.' })
  workflow(
    @Arg('by', () => WorkflowBy, { description: 'Which one.' }) by: WorkflowBy,
    @Ctx() { loaders }: GraphqlContext,
  ): Maybe<Workflow | undefined> {
    const [name, value] = onlyOne({ ...by });
    if (name === 'name') {
      return loaders.catalog(({ workflows }) =>
        [...workflows.values()].find((workflow) => workflow.name === value),
      );
    }
    const uuid = name === 'id' ? uuidIn(value, 'Workflow', ['by', 'id']) : value.toLowerCase();
    return loaders.catalog(({ workflows }) => workflows.get(uuid));
  }

  @Requires('read')
  @Query(() => WorkflowConnection, { description: 'Workflows.' })
  workflows(
    @Args(() => CatalogArgs) args: CatalogArgs,
    @Ctx() context: GraphqlContext,
  ): Maybe<Connection<Workflow>> {
    return context.loaders.catalog(({ workflows }) =>
      catalogPage(workflows.values(), args, WORKFLOWS, context),
    );
  }

  @FieldResolver(() => WorkflowProfileConnection, {
    description: 'The profiles that it names itself, in order.',
  })
  profiles(
    @Root() { uuid }: Workflow,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() context: GraphqlContext,
  ): Maybe<Connection<Profile>> {
    return members(context, args, 'profiles', (catalog) =>
      present(catalog.members(uuid).profileUuids, catalog.profiles),
    );
  }

  @FieldResolver(() => WorkflowApplicationConnection, {
    description: 'The applications that it names itself, in order.',
  })
  applications(
    @Root() { uuid }: Workflow,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() context: GraphqlContext,
  ): Maybe<Connection<Application>> {
    return members(context, args, 'applications', (catalog) =>
      present(catalog.members(uuid).applicationUuids, catalog.applications),
    );
  }

  @FieldResolver(() => WorkflowConnection, {
    description:
      'The workflows that it includes, in order. May be asked of each other 4 levels deep; effectiveProfiles and ' +
      'effectiveApplications flatten any depth.',
  })
  includedWorkflows(
    @Root() { uuid }: Workflow,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() context: GraphqlContext,
  ): Maybe<Connection<Workflow>> {
    return members(context, args, 'included', (catalog) =>
      present(catalog.members(uuid).includedUuids, catalog.workflows),
    );
  }

  @FieldResolver(() => WorkflowConnection, { description: 'The workflows that include it directly.' })
  includedBy(
    @Root() { uuid }: Workflow,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() context: GraphqlContext,
  ): Maybe<Connection<Workflow>> {
    return members(context, args, 'includedBy', (catalog) =>
      present(catalog.includedBy(uuid), catalog.workflows),
    );
  }

  @FieldResolver(() => [EffectiveProfile], {
    description:
      'What a device with this workflow is sent, in order: included workflows first, depth first; the first occurrence of a ' +
      'profile counts.',
  })
  effectiveProfiles(
    @Root() { uuid }: Workflow,
    @Ctx() { loaders }: GraphqlContext,
  ): Maybe<EffectiveProfile[]> {
    return loaders.catalog((catalog) =>
      effectiveSet(catalog, uuid).profiles.flatMap((item) => {
        const profile = catalog.profiles.get(item.subjectUuid);
        return profile === undefined ? [] : [{ profile, path: pathOf(catalog, item) }];
      }),
    );
  }

  @FieldResolver(() => [EffectiveApplication], {
    description: 'The applications a device with this workflow is sent, in order; as effectiveProfiles.',
  })
  effectiveApplications(
    @Root() { uuid }: Workflow,
    @Ctx() { loaders }: GraphqlContext,
  ): Maybe<EffectiveApplication[]> {
    return loaders.catalog((catalog) =>
      effectiveSet(catalog, uuid).applications.flatMap((item) => {
        const application = catalog.applications.get(item.subjectUuid);
        return application === undefined ? [] : [{ application, path: pathOf(catalog, item) }];
      }),
    );
  }

  @FieldResolver(() => DeviceConnection, { description: 'The devices it is assigned to, oldest first.' })
  async devices(
    @Root() { uuid }: Workflow,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { loaders, services, cursors }: GraphqlContext,
  ): Promise<Connection<Device> | undefined> {
    const request = pageRequest(args, 'workflow.devices', cursors);
    const pages = loaders.pages('workflow.devices', request, (uuids) =>
      services.devices.ofWorkflows(uuids, request),
    );
    const page = await pages.load(uuid);
    return page === null
      ? undefined
      : toConnection(page, args, (device) => cursors.encode('workflow.devices', [device.uuid]));
  }

  @FieldResolver(() => Rollout, {
    description: 'How many of the devices it is assigned to have what it wants.',
  })
  rollout(@Root() { uuid }: Workflow, @Ctx() { loaders }: GraphqlContext): Promise<Rollout | null> {
    return loaders.rollout.load(uuid);
  }
}

function members<T extends { readonly uuid: string }>(
  { loaders, cursors }: GraphqlContext,
  args: ConnectionArgs,
  list: string,
  listOf: (catalog: CatalogSnapshot) => T[],
): Maybe<Connection<T>> {
  return loaders.catalog((catalog) =>
    connectionFromArray(listOf(catalog), args, `workflow.${list}`, cursors, (record) => record.uuid),
  );
}

function present<T>(uuids: readonly string[], records: ReadonlyMap<string, T>): T[] {
  return uuids.flatMap((uuid) => records.get(uuid) ?? []);
}

function pathOf(catalog: CatalogSnapshot, item: EffectiveItem): Workflow[] {
  return present(item.path, catalog.workflows);
}
