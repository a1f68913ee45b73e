import { Args, ArgsType, Ctx, Field, FieldResolver, Resolver, Root } from 'type-graphql';
import { Command } from '../entities/command.js';
import { Device } from '../entities/device.js';
import { Push } from '../entities/push.js';
import { CommandFilterInput, commandFilterOf } from './command-inputs.js';
import { CommandConnection, PushConnection } from './connections.js';
import type { GraphqlContext } from './context.js';
import { ConnectionArgs, type Connection } from './plumbing/connection.js';
import { pageRequest, toConnection } from './plumbing/page.js';

@ArgsType()
class DeviceCommandsArgs extends ConnectionArgs {
  @Field(() => CommandFilterInput, { nullable: true, description: 'Which of them. All, when left out.' })
  filter?: CommandFilterInput | null;
}

/** What a device was sent. The same page of every device of an answer is read in one statement. */
@Resolver(() => Device)
export class DeviceActivityResolver {
  @FieldResolver(() => CommandConnection, { description: 'Its commands, newest first.' })
  async commands(
    @Root() { uuid }: Device,
    @Args(() => DeviceCommandsArgs) args: DeviceCommandsArgs,
    @Ctx() { loaders, services, cursors }: GraphqlContext,
  ): Promise<Connection<Command> | undefined> {
    const filter = commandFilterOf(args.filter);
    const request = pageRequest(args, 'commands', cursors);
    const pages = loaders.pages(`device.commands ${JSON.stringify(filter)}`, request, (uuids) =>
      services.history.ofDevices(uuids, filter, request),
    );
    const page = await pages.load(uuid);
    return page === null
      ? undefined
      : toConnection(page, args, ({ seq }) => cursors.encode('commands', [seq]));
  }

  @FieldResolver(() => CommandConnection, {
    description: 'Its commands that are not finished, in the order in which it will be handed them.',
  })
  async queue(
    @Root() { uuid }: Device,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { loaders, services, cursors }: GraphqlContext,
  ): Promise<Connection<Command> | undefined> {
    const request = pageRequest(args, 'queue', cursors);
    const pages = loaders.pages('device.queue', request, (uuids) =>
      services.history.queuesOf(uuids, request),
    );
    const page = await pages.load(uuid);
    return page === null
      ? undefined
      : toConnection(page, args, ({ rank, seq }) => cursors.encode('queue', [rank, seq]));
  }

  @FieldResolver(() => PushConnection, { description: 'Its pushes, newest first.' })
  async pushes(
    @Root() { uuid }: Device,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { loaders, services, cursors }: GraphqlContext,
  ): Promise<Connection<Push> | undefined> {
    const request = pageRequest(args, 'pushes', cursors);
    const pages = loaders.pages('device.pushes', request, (uuids) =>
      services.pushes.ofDevices(uuids, request),
    );
    const page = await pages.load(uuid);
    return page === null ? undefined : toConnection(page, args, ({ seq }) => cursors.encode('pushes', [seq]));
  }
}
