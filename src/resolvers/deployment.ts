import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Application } from '../entities/application.js';
import { Command } from '../entities/command.js';
import { Deployment } from '../entities/deployment.js';
import { Device } from '../entities/device.js';
import type { ItemStatus } from '../entities/enums.js';
import { Profile } from '../entities/profile.js';
import { Workflow } from '../entities/workflow.js';
import type { GraphqlContext } from './context.js';
import {
  DeploymentItemConnection,
  DeploymentItemView,
  DeploymentSubject,
  ItemCounts,
  itemCounts,
  subjectOf,
} from './deployment-types.js';
import { ConnectionArgs, type Connection } from './plumbing/connection.js';
import { connectionFromArray } from './plumbing/page.js';

@Resolver(() => Deployment)
export class DeploymentResolver {
  @FieldResolver(() => Device, { description: 'The device.' })
  device(@Root() { deviceUuid }: Deployment, @Ctx() { loaders }: GraphqlContext): Promise<Device | null> {
    return loaders.device.load(deviceUuid);
  }

  @FieldResolver(() => Workflow, {
    nullable: true,
    description: 'The workflow it was given; null after it was taken away.',
  })
  workflow(
    @Root() { workflowUuid }: Deployment,
    @Ctx() { loaders }: GraphqlContext,
  ): Workflow | undefined | null | Promise<Workflow | undefined> {
    return workflowUuid === null ? null : loaders.catalog(({ workflows }) => workflows.get(workflowUuid));
  }

  @FieldResolver(() => DeploymentItemConnection, {
    description: 'What it shall have, in order, and what it shall lose.',
  })
  async items(
    @Root() { deviceUuid }: Deployment,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { loaders, cursors }: GraphqlContext,
  ): Promise<Connection<DeploymentItemView>> {
    const items = (await loaders.items.load(deviceUuid)).map((item) => new DeploymentItemView(item));
    return connectionFromArray(items, args, 'deployment.items', cursors, ({ uuid }) => uuid);
  }

  @FieldResolver(() => ItemCounts, { description: 'How many of its items stand where.' })
  async counts(@Root() { deviceUuid }: Deployment, @Ctx() { loaders }: GraphqlContext): Promise<ItemCounts> {
    const counts: Partial<Record<ItemStatus, number>> = {};
    for (const { status } of await loaders.items.load(deviceUuid)) counts[status] = (counts[status] ?? 0) + 1;
    return itemCounts(counts);
  }
}

@Resolver(() => DeploymentItemView)
export class DeploymentItemResolver {
  @FieldResolver(() => DeploymentSubject, {
    nullable: true,
    description: 'The profile or application; null when it was deleted.',
  })
  subject(
    @Root() { kind, subjectUuid }: DeploymentItemView,
    @Ctx() { loaders }: GraphqlContext,
  ): Profile | Application | undefined | Promise<Profile | Application | undefined> {
    return loaders.catalog((catalog) => subjectOf(catalog, kind, subjectUuid));
  }

  @FieldResolver(() => Command, { nullable: true, description: 'The command that carries it now.' })
  command(
    @Root() { commandUuid }: DeploymentItemView,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<Command | null> | null {
    return commandUuid === null ? null : loaders.command.load(commandUuid);
  }
}
