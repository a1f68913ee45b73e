import {
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  ObjectType,
  Resolver,
  Root,
  type ClassType,
} from 'type-graphql';
import { Command } from '../entities/command.js';
import { PomonaError, type ErrorCode } from '../errors.js';
import type { CommandRequest, SendResult } from '../services/commands/sending.js';
import type { WhenWaiting } from '../services/commands/waiting.js';
import { DeviceResult, forEachDevice } from './bulk.js';
import type { GraphqlContext } from './context.js';
import { IdempotencyKeyField, keyedCall } from './idempotency.js';
import { answer, refusals, type Refusals } from './mutation.js';
import type { UserErrorEntry, WithUserErrors } from './plumbing/user-errors.js';

/** What the input of every named command has. */
@InputType({ description: 'Which devices, and when.' })
export abstract class DeviceCommandInput {
  @Field(() => [ID], { description: 'The devices, 10,000 at most.' })
  deviceIds: string[];

  @Field(() => Int, { nullable: true, description: '-100 to 100; higher overtakes lower. 0 when left out.' })
  priority?: number | null;

  @Field(() => Date, { nullable: true, description: 'Given up when not answered by then.' })
  expiresAt?: Date | null;

  @IdempotencyKeyField()
  idempotencyKey?: string | null;
}

interface CommandResult extends DeviceResult {
  readonly commandUuids: readonly string[];
  readonly error: UserErrorEntry | null;
}

type Payload = WithUserErrors<{ results: CommandResult[] }, ErrorCode>;

/** A mutation that sends devices one kind of command: its payload, and how it is answered. */
export interface DeviceCommand {
  readonly Payload: ClassType<object>;
  /** The class that answers the fields of its results. */
  readonly Fields: ClassType<object>;
  /** Sends each device these commands. */
  send(
    context: GraphqlContext,
    input: DeviceCommandInput,
    ...requests: readonly Pick<CommandRequest, 'requestType' | 'parameters'>[]
  ): Promise<Payload>;
}

const CODES = ['NOT_FOUND', 'NOT_ENROLLED', 'INVALID', 'IDEMPOTENCY_KEY_REUSED'] as const;

interface DeviceCommandOptions {
  /** Codes beside those that all have. */
  readonly codes?: readonly ErrorCode[];
  /** What to do when the command waits for a device already. */
  readonly whenWaiting?: WhenWaiting;
  /** Each device is sent several commands. */
  readonly several?: boolean;
}

/** @param mutation its name, beginning with a capital: `DeviceLock` gives `DeviceLockPayload`, `DeviceLockResult`… */
export function deviceCommand(mutation: string, options: DeviceCommandOptions = {}): DeviceCommand {
  const { codes = [], whenWaiting, several = false } = options;
  const pending = whenWaiting === 'refuse' ? (['ALREADY_PENDING'] as const) : [];
  const refused: Refusals<ErrorCode> = refusals(mutation, [...CODES, ...pending, ...codes]);
  const operation = `${mutation.charAt(0).toLowerCase()}${mutation.slice(1)}`;
  const { Payload, Fields } = payloadOf(mutation, operation, refused, several);
  return {
    Payload,
    Fields,
    send: (context, input, ...requests) =>
      answer(refused, () =>
        sendEach(context, operation, refused, input, requests, whenWaiting).catch((error: unknown) => {
          throw atField(error);
        }),
      ),
  };
}

function sendEach(
  context: GraphqlContext,
  operation: string,
  refused: Refusals<ErrorCode>,
  input: DeviceCommandInput,
  requests: readonly CommandRequest[],
  whenWaiting: WhenWaiting | undefined,
) {
  const { services, loaders, principal } = context;
  const priority = input.priority ?? undefined;
  const expiresAt = input.expiresAt ?? undefined;
  const timed = requests.map((request) => ({ ...request, priority, expiresAt }));
  const how = { call: keyedCall(context, operation, input), whenWaiting };
  return forEachDevice(refused, input.deviceIds, loaders, { commandUuids: [] as string[] }, async (uuids) =>
    byDevice(await services.commands.sendAll(uuids, timed, principal, how)),
  );
}

/** Each device's commands in their order, and its first problem. */
function byDevice(sent: readonly (readonly SendResult[])[]) {
  const results = Map.groupBy(sent.flat(), ({ deviceUuid }) => deviceUuid);
  return new Map(
    [...results].map(([deviceUuid, ofDevice]) => [
      deviceUuid,
      {
        problem: ofDevice.find(({ problem }) => problem !== undefined)?.problem,
        fields: { commandUuids: ofDevice.flatMap(({ commandUuid }) => commandUuid ?? []) },
      },
    ]),
  );
}

/** Apple's keys that our fields are not merely another spelling of. */
const FIELDS: Readonly<Record<string, string>> = { PIN: 'pin', DeviceName: 'name' };

/** What was said of a command's parameter, said of the input's field: `PhoneNumber` is `phoneNumber`. */
function atField(error: unknown): unknown {
  if (!(error instanceof PomonaError) || error.inputPath?.[0] !== 'parameters') return error;
  const key = error.inputPath.at(-1) ?? '';
  const field = FIELDS[key] ?? `${key.charAt(0).toLowerCase()}${key.slice(1)}`;
  return new PomonaError(error.code, error.message, { path: ['input', field], cause: error });
}

function payloadOf(mutation: string, operation: string, refused: Refusals<ErrorCode>, several: boolean) {
  @ObjectType(`${mutation}Result`, { description: `What ${operation} did for one device.` })
  class Result extends DeviceResult {
    commandUuids: readonly string[];

    @Field(() => refused.type, { nullable: true, description: 'Why nothing was queued; null when it was.' })
    error: UserErrorEntry | null;
  }

  @ObjectType(`${mutation}Payload`, { description: `What ${operation} did.` })
  class ResultsPayload {
    @Field(() => [Result], {
      nullable: true,
      description: 'For each device, in the order given; null when all was refused.',
    })
    results?: Result[];

    @Field(() => [refused.type], { description: 'What was refused; empty when nothing was.' })
    userErrors: readonly UserErrorEntry[];
  }
  return { Payload: ResultsPayload, Fields: several ? severalOf(Result) : oneOf(Result) };
}

/** Reads the command only for those who ask for it. */
function oneOf(Result: ClassType<CommandResult>): ClassType<object> {
  @Resolver(() => Result)
  class OneCommand {
    @FieldResolver(() => Command, {
      nullable: true,
      description:
        'The command that was queued, or with ALREADY_PENDING the one that waits. Null when there is none, or no longer.',
    })
    async command(
      @Root() { commandUuids: [uuid] }: CommandResult,
      @Ctx() { loaders }: GraphqlContext,
    ): Promise<Command | null> {
      return uuid === undefined ? null : loaders.command.load(uuid);
    }
  }
  return OneCommand;
}

function severalOf(Result: ClassType<CommandResult>): ClassType<object> {
  @Resolver(() => Result)
  class SeveralCommands {
    @FieldResolver(() => [Command], {
      description:
        'The commands that were queued, or waited already, in their order; without those that were pruned.',
    })
    async commands(
      @Root() { commandUuids }: CommandResult,
      @Ctx() { loaders }: GraphqlContext,
    ): Promise<Command[]> {
      const commands = await Promise.all(commandUuids.map((uuid) => loaders.command.load(uuid)));
      return commands.flatMap((command) => command ?? []);
    }
  }
  return SeveralCommands;
}
