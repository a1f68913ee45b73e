import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Device } from '../entities/device.js';
import { Push } from '../entities/push.js';
import type { GraphqlContext } from './context.js';

@Resolver(() => Push)
export class PushResolver {
  @FieldResolver(() => Device, { description: 'The device that it wakes.' })
  device(@Root() { deviceUuid }: Push, @Ctx() { loaders }: GraphqlContext): Promise<Device | null> {
    return loaders.device.load(deviceUuid);
  }
}
