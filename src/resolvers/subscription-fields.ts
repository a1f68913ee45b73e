import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Command } from '../entities/command.js';
import { DepAccount } from '../entities/dep-account.js';
import { Deployment } from '../entities/deployment.js';
import { Device } from '../entities/device.js';
import { Push } from '../entities/push.js';
import { Workflow } from '../entities/workflow.js';
import type { GraphqlContext } from './context.js';
import {
  CommandEvent,
  DepSyncEvent,
  DeploymentEvent,
  DeviceEvent,
  PushEvent,
  type SubscriptionEvent,
} from './subscription-types.js';

const THE_DEVICE = { nullable: true, description: 'The device, as it is now.' } as const;

@Resolver(() => PushEvent)
export class PushEventResolver {
  @FieldResolver(() => Push, { nullable: true, description: 'The push, as it is now.' })
  push(@Root() { event }: PushEvent, @Ctx() { loaders }: GraphqlContext): Promise<Push | null> | null {
    return event?.subjectUuid == null ? null : loaders.push.load(event.subjectUuid);
  }

  @FieldResolver(() => Device, THE_DEVICE)
  device(@Root() event: PushEvent, @Ctx() context: GraphqlContext): Promise<Device | null> | null {
    return deviceOf(event, context);
  }
}

@Resolver(() => CommandEvent)
export class CommandEventResolver {
  @FieldResolver(() => Command, { nullable: true, description: 'The command, as it is now.' })
  command(
    @Root() { event }: CommandEvent,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<Command | null> | null {
    return event?.subjectUuid == null ? null : loaders.command.load(event.subjectUuid);
  }

  @FieldResolver(() => Device, THE_DEVICE)
  device(@Root() event: CommandEvent, @Ctx() context: GraphqlContext): Promise<Device | null> | null {
    return deviceOf(event, context);
  }
}

@Resolver(() => DeviceEvent)
export class DeviceEventResolver {
  @FieldResolver(() => Device, THE_DEVICE)
  device(@Root() event: DeviceEvent, @Ctx() context: GraphqlContext): Promise<Device | null> | null {
    return deviceOf(event, context);
  }
}

@Resolver(() => DepSyncEvent)
export class DepSyncEventResolver {
  @FieldResolver(() => DepAccount, { nullable: true, description: 'The account, as it is now.' })
  account(
    @Root() { event }: DepSyncEvent,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<DepAccount | null> | null {
    return event?.subjectUuid == null ? null : loaders.depAccount.load(event.subjectUuid);
  }
}

@Resolver(() => DeploymentEvent)
export class DeploymentEventResolver {
  @FieldResolver(() => Device, THE_DEVICE)
  device(@Root() event: DeploymentEvent, @Ctx() context: GraphqlContext): Promise<Device | null> | null {
    return deviceOf(event, context);
  }

  @FieldResolver(() => Deployment, { nullable: true, description: 'The deployment, as it is now.' })
  deployment(
    @Root() { event }: DeploymentEvent,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<Deployment | null> | null {
    return event?.deviceUuid == null ? null : loaders.deployment.load(event.deviceUuid);
  }

  @FieldResolver(() => Workflow, {
    nullable: true,
    description: 'The workflow at this event; null when it took the last one away.',
  })
  workflow(
    @Root() { event }: DeploymentEvent,
    @Ctx() { loaders }: GraphqlContext,
  ): Workflow | undefined | null | Promise<Workflow | undefined> {
    const uuid = event?.data['workflowUuid'];
    return typeof uuid === 'string' ? loaders.catalog(({ workflows }) => workflows.get(uuid)) : null;
  }
}

function deviceOf({ event }: SubscriptionEvent, { loaders }: GraphqlContext): Promise<Device | null> | null {
  return event?.deviceUuid == null ? null : loaders.device.load(event.deviceUuid);
}
