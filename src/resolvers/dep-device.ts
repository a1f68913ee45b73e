import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { DepAccount } from '../entities/dep-account.js';
import { DepDevice } from '../entities/dep-device.js';
import { DepProfile, DepRule } from '../entities/dep-profile.js';
import { Device } from '../entities/device.js';
import { DepDeviceConnection } from './connections.js';
import type { GraphqlContext } from './context.js';
import { depDeviceFilterOf, DepDevicesArgs } from './dep-device-inputs.js';
import type { Connection } from './plumbing/connection.js';
import { pageRequest, toConnection } from './plumbing/page.js';
import { Requires } from './requires.js';

@Resolver(() => DepDevice)
export class DepDeviceResolver {
  @Requires('read')
  @Query(() => DepDeviceConnection, {
    description:
      'Devices of Apple Business Manager, by serial number: enrolled, on their way, or still in their box.',
  })
  async depDevices(
    @Args(() => DepDevicesArgs) args: DepDevicesArgs,
    @Ctx() { services, cursors }: GraphqlContext,
  ): Promise<Connection<DepDevice>> {
    const request = pageRequest(args, 'depDevices', cursors);
    const page = await services.dep.devices.list(depDeviceFilterOf(args.filter), request);
    return toConnection(page, args, ({ serialNumber }) => cursors.encode('depDevices', [serialNumber]));
  }

  @FieldResolver(() => Device, {
    nullable: true,
    description: 'The device, the same before and after it enrols.',
  })
  device(@Root() { deviceUuid }: DepDevice, @Ctx() { loaders }: GraphqlContext): Promise<Device | null> {
    return loaders.device.load(deviceUuid);
  }

  @FieldResolver(() => DepAccount, {
    nullable: true,
    description: 'The account that told of it last; null when that is gone.',
  })
  account(
    @Root() { accountUuid }: DepDevice,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<DepAccount | null> {
    return loaders.depAccount.load(accountUuid);
  }

  @FieldResolver(() => DepProfile, {
    nullable: true,
    description: 'The DEP profile that it shall have; see assignment for whether Apple has it.',
  })
  profile(
    @Root() { wantedProfileUuid }: DepDevice,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<DepProfile | null> | null {
    return wantedProfileUuid === null ? null : loaders.depProfile.load(wantedProfileUuid);
  }

  @FieldResolver(() => DepRule, {
    nullable: true,
    description: 'The rule that is about it, whether or not its DEP profile was chosen by hand.',
  })
  rule(
    @Root() { ruleUuid }: DepDevice,
    @Ctx() { loaders }: GraphqlContext,
  ): DepRule | undefined | null | Promise<DepRule | undefined> {
    return ruleUuid === null
      ? null
      : loaders.depRules((rules) => rules.find(({ uuid }) => uuid === ruleUuid));
  }
}

@Resolver(() => Device)
export class DeviceDepResolver {
  @FieldResolver(() => DepDevice, {
    nullable: true,
    description: 'What Apple Business Manager says of it; null when that never told of it.',
  })
  dep(@Root() { uuid }: Device, @Ctx() { loaders }: GraphqlContext): Promise<DepDevice | null> {
    return loaders.depDevice.load(uuid);
  }
}
