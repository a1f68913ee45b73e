import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { CommandStatus } from '../entities/enums.js';
import type { CommandFilter } from '../services/commands/history.js';
import { uuidsIn } from './input.js';
import { ConnectionArgs } from './plumbing/connection.js';

@InputType({ description: 'Names one command. Give exactly one member.' })
export class CommandBy {
  @Field(() => ID, { nullable: true, description: 'Its global id.' })
  id?: string | null;

  @Field(() => GraphQLUUID, { nullable: true, description: 'Its CommandUUID.' })
  uuid?: string | null;
}

@InputType('CommandFilter', { description: 'Narrows commands. Every member that is given has to fit.' })
export class CommandFilterInput {
  @Field(() => [CommandStatus], { nullable: true, description: 'In one of these states.' })
  statuses?: CommandStatus[] | null;

  @Field(() => String, { nullable: true, description: 'With this RequestType.' })
  requestType?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True: waiting or sent. False: finished.' })
  active?: boolean | null;
}

@ArgsType()
export class CommandsArgs extends ConnectionArgs {
  @Field(() => [ID], { nullable: true, description: 'Only commands of these devices.' })
  deviceIds?: string[] | null;

  @Field(() => CommandFilterInput, { nullable: true, description: 'Which of them. All, when left out.' })
  filter?: CommandFilterInput | null;
}

/** The filter as the service understands it. @throws PomonaError BAD_USER_INPUT for an id that is none. */
export function commandFilterOf(
  filter: CommandFilterInput | null | undefined,
  deviceIds?: readonly string[] | null,
): CommandFilter {
  const { statuses, requestType, active } = filter ?? {};
  return {
    deviceUuids: uuidsIn(deviceIds, 'Device', ['deviceIds']),
    statuses: statuses ?? undefined,
    requestType: requestType ?? undefined,
    active: active ?? undefined,
  };
}
