import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { DeviceUser, PushChannel, type Channel } from '../entities/channel.js';
import { Deployment } from '../entities/deployment.js';
import { Device, Enrollment } from '../entities/device.js';
import { ChannelKind } from '../entities/enums.js';
import { Workflow } from '../entities/workflow.js';
import { orderValues, type DeviceKey } from '../services/devices/devices.js';
import { OrderDirection } from './catalog-lists.js';
import { DeviceConnection } from './connections.js';
import type { GraphqlContext } from './context.js';
import { DeviceBy, deviceFilterOf, DevicesArgs } from './device-inputs.js';
import { onlyOne, uuidIn } from './input.js';
import type { Connection } from './plumbing/connection.js';
import { pageRequest, toConnection } from './plumbing/page.js';
import { Requires } from './requires.js';

@Resolver(() => Device)
export class DeviceResolver {
  @Requires('read')
  @Query(() => Device, { nullable: true, description: 'One device; null when there is none.' })
  device(
    @Arg('by', () => DeviceBy, { description: 'Which one.' }) by: DeviceBy,
    @Ctx() { services }: GraphqlContext,
  ): Promise<Device | null> {
    return services.devices.find(keyIn(by));
  }

  @Requires('read')
  @Query(() => DeviceConnection, { description: 'Devices.' })
  async devices(
    @Args(() => DevicesArgs) args: DevicesArgs,
    @Ctx() { services, cursors }: GraphqlContext,
  ): Promise<Connection<Device>> {
    const { field, direction } = args.orderBy ?? { field: 'CREATED_AT', direction: OrderDirection.ASC };
    const ordering = `devices:${field}:${direction}`;
    const order = { field, descending: direction === OrderDirection.DESC };
    const page = await services.devices.list(
      deviceFilterOf(args.filter),
      order,
      pageRequest(args, ordering, cursors),
    );
    return toConnection(page, args, (device) => cursors.encode(ordering, orderValues(field, device)));
  }

  @FieldResolver(() => Enrollment, { description: 'How, whether and since when it is enrolled.' })
  async enrollment(@Root() device: Device, @Ctx() { loaders }: GraphqlContext): Promise<Enrollment> {
    const channel = deviceChannel(await loaders.channels.load(device.uuid));
    return {
      status: device.enrollmentStatus,
      kind: device.enrollmentKind,
      accountDriven: device.accountDriven,
      managedAppleId: device.managedAppleId,
      signedInAs: device.signedInAs,
      supervised: device.supervised,
      awaitingConfiguration: device.awaitingConfiguration,
      tally: channel?.tally ?? 0,
      since: device.enrolledAt,
      endedAt: device.unenrolledAt,
    };
  }

  @FieldResolver(() => Date, { nullable: true, description: 'When it last connected or checked in.' })
  lastSeenAt(@Root() device: Device, @Ctx() { loaders }: GraphqlContext): Promise<Date | null> {
    return loaders.lastSeen.load(device.uuid);
  }

  @FieldResolver(() => PushChannel, {
    nullable: true,
    description: 'How it can be woken; null before its first check-in.',
  })
  async push(@Root() device: Device, @Ctx() { loaders }: GraphqlContext): Promise<PushChannel | null> {
    const channel = deviceChannel(await loaders.channels.load(device.uuid));
    return channel === undefined ? null : pushChannelOf(channel);
  }

  @FieldResolver(() => [DeviceUser], { description: 'The channels of its users.' })
  async users(@Root() device: Device, @Ctx() { loaders }: GraphqlContext): Promise<DeviceUser[]> {
    const channels = await loaders.channels.load(device.uuid);
    return channels.filter(({ kind }) => kind === ChannelKind.USER).map(userOf);
  }

  @FieldResolver(() => Workflow, { nullable: true, description: 'The workflow it was given.' })
  workflow(
    @Root() { workflowUuid }: Device,
    @Ctx() { loaders }: GraphqlContext,
  ): Workflow | undefined | null | Promise<Workflow | undefined> {
    return workflowUuid === null ? null : loaders.catalog(({ workflows }) => workflows.get(workflowUuid));
  }

  @FieldResolver(() => Deployment, {
    nullable: true,
    description: 'Where it stands against its workflow; null when it never had one.',
  })
  deployment(@Root() device: Device, @Ctx() { loaders }: GraphqlContext): Promise<Deployment | null> {
    return loaders.deployment.load(device.uuid);
  }
}

function keyIn(by: DeviceBy): DeviceKey {
  const [name, value] = onlyOne({ ...by });
  if (name === 'udid') return { udid: value };
  if (name === 'serialNumber') return { serialNumber: value };
  return { uuid: name === 'id' ? uuidIn(value, 'Device', ['by', 'id']) : value.toLowerCase() };
}

function deviceChannel(channels: readonly Channel[]): Channel | undefined {
  return channels.find(({ kind }) => kind === ChannelKind.DEVICE);
}

function pushChannelOf(channel: Channel): PushChannel {
  return {
    topic: channel.pushTopic,
    hasToken: channel.pushToken !== null && !channel.tokenRetired,
    tokenUpdatedAt: channel.tokenUpdatedAt,
    nextPushAt: channel.repushAt,
    repushCount: channel.repushCount,
  };
}

function userOf(channel: Channel): DeviceUser {
  const { uuid, userId, userShortName: shortName, userLongName: longName, enabled } = channel;
  return { uuid, userId, shortName, longName, enabled };
}
