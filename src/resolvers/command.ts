import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { envelope } from '../apple/commands/index.js';
import { Command } from '../entities/command.js';
import { Device } from '../entities/device.js';
import { mayReadSecrets } from '../services/access.js';
import { fragmentToJson } from '../services/commands/history.js';
import { mayReadAnswer, SECRET_ANSWERS } from '../services/commands/secret-answers.js';
import { CommandBy, commandFilterOf, CommandsArgs } from './command-inputs.js';
import { CommandConnection } from './connections.js';
import type { GraphqlContext } from './context.js';
import { onlyOne, uuidIn } from './input.js';
import { HEAVY } from './limits.js';
import type { Connection } from './plumbing/connection.js';
import { pageRequest, toConnection } from './plumbing/page.js';
import { JSONValue } from './plumbing/scalars.js';
import { Requires } from './requires.js';

@Resolver(() => Command)
export class CommandResolver {
  @Requires('read')
  @Query(() => Command, {
    nullable: true,
    description: 'One command; null when there is none, or no longer.',
  })
  command(
    @Arg('by', () => CommandBy, { description: 'Which one.' }) by: CommandBy,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<Command | null> {
    const [name, value] = onlyOne({ ...by });
    return loaders.command.load(name === 'id' ? uuidIn(value, 'Command', ['by', 'id']) : value.toLowerCase());
  }

  @Requires('read')
  @Query(() => CommandConnection, { description: 'Commands of all devices, newest first.' })
  async commands(
    @Args(() => CommandsArgs) args: CommandsArgs,
    @Ctx() { services, cursors }: GraphqlContext,
  ): Promise<Connection<Command>> {
    const filter = commandFilterOf(args.filter, args.deviceIds);
    const page = await services.history.list(filter, pageRequest(args, 'commands', cursors));
    return toConnection(page, args, ({ seq }) => cursors.encode('commands', [seq]));
  }

  @FieldResolver(() => Device, { description: 'The device it is for.' })
  device(@Root() { deviceUuid }: Command, @Ctx() { loaders }: GraphqlContext): Promise<Device | null> {
    return loaders.device.load(deviceUuid);
  }

  @FieldResolver(() => JSONValue, {
    nullable: true,
    complexity: HEAVY,
    description:
      'The Command dictionary as JSON: data as base64, dates as RFC 3339. Null without the permission secrets.read, for ' +
      'commands carry passcodes and keys.',
  })
  async request(@Root() { bodyUuid }: Command, @Ctx() context: GraphqlContext): Promise<unknown> {
    if (!mayReadSecrets(context.principal)) return null;
    const fragment = await context.loaders.fragment.load(bodyUuid);
    return fragment === null ? null : fragmentToJson(fragment);
  }

  @FieldResolver(() => String, {
    nullable: true,
    complexity: HEAVY,
    description:
      'The property list that is sent to the device, XML. Null without the permission secrets.read, as request.',
  })
  async payload(@Root() { bodyUuid, uuid }: Command, @Ctx() context: GraphqlContext): Promise<string | null> {
    if (!mayReadSecrets(context.principal)) return null;
    const fragment = await context.loaders.fragment.load(bodyUuid);
    return fragment === null ? null : envelope(fragment, uuid).toString('utf8');
  }

  @FieldResolver(() => JSONValue, {
    nullable: true,
    complexity: HEAVY,
    description:
      "The device's whole answer as JSON, once there is one. An answer that cannot be read stands under `unreadable` as " +
      `base64. Null without the permission secrets.read for commands whose answers carry keys: ${[...SECRET_ANSWERS].join(', ')}.`,
  })
  result(
    @Root() { seq, requestType, answeredAt }: Command,
    @Ctx() context: GraphqlContext,
  ): Promise<unknown> | null {
    if (answeredAt === null || !mayReadAnswer(context.principal, requestType)) return null;
    return context.loaders.report.load(seq);
  }
}
