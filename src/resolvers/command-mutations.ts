import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { Command } from '../entities/command.js';
import { CommandStatus } from '../entities/enums.js';
import { PomonaError } from '../errors.js';
import { DeviceResult, forEachDevice, refuseTooMany } from './bulk.js';
import type { GraphqlContext } from './context.js';
import { IdempotencyKeyField, keyedCall } from './idempotency.js';
import { uuidIn } from './input.js';
import { bulkCost } from './limits.js';
import { answer, entryOf, refusals } from './mutation.js';
import { Base64, JSONValue } from './plumbing/scalars.js';
import type { UserErrorEntry } from './plumbing/user-errors.js';
import { Requires } from './requires.js';

const SEND = refusals('CommandSend', [
  'INVALID',
  'NOT_FOUND',
  'NOT_ENROLLED',
  'FEATURE_NOT_AVAILABLE',
  'PAYLOAD_TOO_LARGE',
  'IDEMPOTENCY_KEY_REUSED',
]);
const CANCEL = refusals('CommandCancel', ['NOT_FOUND', 'CONFLICT']);

@InputType({
  description: 'A command for many devices: by requestType and parameters, or as a raw property list.',
})
export class CommandSendInput {
  @Field(() => [ID], { description: 'The devices, 10,000 at most.' })
  deviceIds: string[];

  @Field(() => String, {
    nullable: true,
    description: 'RequestType, as in commandTypes. Not together with plist.',
  })
  requestType?: string | null;

  @Field(() => JSONValue, {
    nullable: true,
    description:
      "The command's keys as a JSON object: data as base64, dates as RFC 3339. Checked against commandTypes; keys that those do not name pass as they are, for devices are newer.",
  })
  parameters?: unknown;

  @Field(() => Base64, {
    nullable: true,
    description:
      'A property list, XML or binary, as base64: the Command dictionary, or the whole message. For commands that commandTypes does not know.',
  })
  plist?: Buffer | null;

  @Field(() => Int, { nullable: true, description: '-100 to 100; higher overtakes lower. 0 when left out.' })
  priority?: number | null;

  @Field(() => Date, { nullable: true, description: 'Not handed out before.' })
  notBefore?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Given up when not answered by then.' })
  expiresAt?: Date | null;

  @IdempotencyKeyField()
  idempotencyKey?: string | null;
}

@ObjectType({ description: 'What commandSend did for one device.' })
export class CommandSendResult extends DeviceResult {
  commandUuid: string | undefined;

  @Field(() => SEND.type, { nullable: true, description: 'Why none was queued; null when one was.' })
  error: UserErrorEntry | null;
}

/** Reads the commands only for those who ask for them. */
@Resolver(() => CommandSendResult)
export class CommandSendResultFields {
  @FieldResolver(() => Command, {
    nullable: true,
    description: 'The command that was queued. Null when none was, or when it was pruned since.',
  })
  async command(
    @Root() { commandUuid }: CommandSendResult,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<Command | null> {
    return commandUuid === undefined ? null : loaders.command.load(commandUuid);
  }
}

@ObjectType({ description: 'What commandSend did.' })
export class CommandSendPayload {
  @Field(() => [CommandSendResult], {
    nullable: true,
    description: 'For each device, in the order given; null when all was refused.',
  })
  results?: CommandSendResult[];

  @Field(() => [SEND.type], { description: 'What was refused; empty when nothing was.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'The commands to cancel.' })
export class CommandCancelInput {
  @Field(() => [ID], { description: 'The commands, 10,000 at most.' })
  commandIds: string[];
}

@ObjectType({ description: 'What commandCancel did to one command.' })
export class CommandCancelResult {
  @Field(() => ID, { description: 'The id, as it was given.' })
  commandId: string;

  @Field(() => Command, { nullable: true, description: 'The command as it is now; null when there is none.' })
  command: Command | null;

  @Field(() => CANCEL.type, { nullable: true, description: 'Why it was not cancelled; null when it was.' })
  error: UserErrorEntry | null;
}

@ObjectType({ description: 'What commandCancel did.' })
export class CommandCancelPayload {
  @Field(() => [CommandCancelResult], {
    nullable: true,
    description: 'For each command, in the order given; null when all was refused.',
  })
  results?: CommandCancelResult[];

  @Field(() => [CANCEL.type], { description: 'What was refused; empty when nothing was.' })
  userErrors: readonly UserErrorEntry[];
}

@Resolver()
export class CommandMutations {
  @Requires('commands.write')
  @Mutation(() => CommandSendPayload, {
    complexity: bulkCost,
    description:
      'Queues a command for devices and pushes them. Devices that are unknown or not enrolled do not stop the others. What ' +
      'becomes of the commands is told by the subscription commandUpdated. A destructive command (see commandTypes), by name ' +
      'or as a property list, needs the permission commands.destructive as well.',
  })
  commandSend(
    @Arg('input', () => CommandSendInput, { description: 'The command, and for whom.' })
    input: CommandSendInput,
    @Ctx() context: GraphqlContext,
  ): Promise<CommandSendPayload> {
    const { services, loaders, principal } = context;
    return answer(SEND, () => {
      const call = keyedCall(context, 'commandSend', input);
      const request = {
        requestType: input.requestType ?? undefined,
        parameters: parametersIn(input.parameters),
        plist: input.plist ?? undefined,
        priority: input.priority ?? undefined,
        notBefore: input.notBefore ?? undefined,
        expiresAt: input.expiresAt ?? undefined,
      };
      return forEachDevice(
        SEND,
        input.deviceIds,
        loaders,
        { commandUuid: undefined as string | undefined },
        async (uuids) => {
          const sent = await services.commands.send(uuids, request, principal, { call });
          return new Map(
            sent.map(({ deviceUuid, commandUuid, problem }) => [
              deviceUuid,
              { problem, fields: { commandUuid } },
            ]),
          );
        },
      );
    });
  }

  @Requires('commands.write')
  @Mutation(() => CommandCancelPayload, {
    complexity: bulkCost,
    description:
      'Withdraws commands that no device has answered. A device that was handed one already may carry it out all the same. ' +
      'What a deployment wanted with one counts as failed. Done again, it answers the same.',
  })
  commandCancel(
    @Arg('input', () => CommandCancelInput, { description: 'Which commands.' })
    { commandIds }: CommandCancelInput,
    @Ctx() { services, loaders }: GraphqlContext,
  ): Promise<CommandCancelPayload> {
    return answer(CANCEL, async () => {
      refuseTooMany(commandIds, 'commandIds', 'commands');
      const uuids = commandIds.map((id, index) =>
        uuidIn(id, 'Command', ['input', 'commandIds', String(index)]),
      );
      const cancelled = new Set((await services.commands.cancel(uuids)).map(({ uuid }) => uuid));
      const results = await Promise.all(
        uuids.map(async (uuid, index) => {
          const command = await loaders.command.load(uuid);
          const problem = cancelled.has(uuid) ? undefined : whyNot(uuid, command);
          const error =
            problem === undefined ? null : entryOf(CANCEL, problem, ['input', 'commandIds', String(index)]);
          return { commandId: commandIds[index] ?? '', command, error };
        }),
      );
      return { results, userErrors: results.flatMap(({ error }) => error ?? []) };
    });
  }
}

function parametersIn(given: unknown): Record<string, unknown> | undefined {
  if (given == null) return undefined;
  if (typeof given === 'object' && !Array.isArray(given)) return given as Record<string, unknown>;
  throw new PomonaError('INVALID', 'parameters is a JSON object, such as {"Message": "Please return me"}.', {
    path: ['input', 'parameters'],
  });
}

function whyNot(uuid: string, command: Command | null): PomonaError | undefined {
  if (command === null) return new PomonaError('NOT_FOUND', `There is no command ${uuid}.`);
  if (command.status === CommandStatus.CANCELLED) return undefined;
  return new PomonaError(
    'CONFLICT',
    `The command ${uuid} is finished (${command.status}); there is nothing to cancel.`,
  );
}
