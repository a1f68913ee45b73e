import { Arg, ArgsType, Args, Ctx, Field, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { ItemStatus } from '../entities/enums.js';
import { EventType, type PomonaEvent } from '../services/happenings.js';
import type { GraphqlContext } from './context.js';
import { DeviceFilterInput, deviceFilterOf } from './device-inputs.js';
import { itemCounts } from './deployment-types.js';
import { uuidIn, uuidsIn } from './input.js';
import { watch, type Interest, type Told } from './subscription-source.js';
import {
  CommandEvent,
  DepSyncEvent,
  DeploymentEvent,
  DeviceChange,
  DeviceEvent,
  PushEvent,
  type SubscriptionEvent,
} from './subscription-types.js';
import { Requires } from './requires.js';

const AFTER = {
  nullable: true,
  description:
    'Tell first what happened after this cursor, so that nothing between your last event (or `server { eventCursor }`) and ' +
    'now is missed. Only what happens from now on, when left out.',
} as const;

@ArgsType()
class WorkflowWatchArgs {
  @Field(() => [ID], { nullable: true, description: 'Only these devices.' })
  deviceIds?: string[] | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only devices that have this workflow assigned when it happens.',
  })
  workflowId?: string | null;

  @Field(() => String, AFTER)
  after?: string | null;
}

@ArgsType()
class CommandWatchArgs {
  @Field(() => [ID], { nullable: true, description: 'Only commands of these devices.' })
  deviceIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Only these commands.' })
  commandIds?: string[] | null;

  @Field(() => String, AFTER)
  after?: string | null;
}

interface Asked<A> {
  readonly args: A;
  readonly context: GraphqlContext;
}

@Resolver()
export class SubscriptionResolver {
  @Requires('read')
  @Subscription(() => PushEvent, {
    description: 'What becomes of pushes.',
    subscribe: ({ args, context }: Asked<WorkflowWatchArgs>) =>
      listen(context, args.after, EventType.PUSH_UPDATED, assigned(args)),
  })
  pushResult(
    @Root() told: Told,
    @Args(() => WorkflowWatchArgs) _args: WorkflowWatchArgs,
    @Ctx() context: GraphqlContext,
  ): PushEvent {
    return eventOf(new PushEvent(), context, told, ({ status, reason, httpStatus, attempts }) => ({
      status,
      reason,
      httpStatus,
      attempts,
    }));
  }

  @Requires('read')
  @Subscription(() => CommandEvent, {
    description: 'What becomes of commands: queued, sent, answered, withdrawn.',
    subscribe: ({ args, context }: Asked<CommandWatchArgs>) =>
      listen(context, args.after, EventType.COMMAND_UPDATED, commandsIn(args)),
  })
  commandUpdated(
    @Root() told: Told,
    @Args(() => CommandWatchArgs) _args: CommandWatchArgs,
    @Ctx() context: GraphqlContext,
  ): CommandEvent {
    return eventOf(new CommandEvent(), context, told, ({ status, requestType, reason }) => ({
      status,
      requestType,
      reason,
    }));
  }

  @Requires('read')
  @Subscription(() => DeviceEvent, {
    description: 'What changes about devices: enrolment, inventory, workflow.',
    subscribe: ({ args, context }: Asked<{ filter?: DeviceFilterInput | null; after?: string | null }>) =>
      listen(context, args.after, EventType.DEVICE_CHANGED, devicesIn(args.filter, context)),
  })
  deviceChanged(
    @Root() told: Told,
    @Ctx() context: GraphqlContext,
    @Arg('filter', () => DeviceFilterInput, {
      nullable: true,
      description: 'Only devices that fit when it is told.',
    })
    _filter?: DeviceFilterInput | null,
    @Arg('after', () => String, AFTER) _after?: string | null,
  ): DeviceEvent {
    return eventOf(new DeviceEvent(), context, told, ({ change }) => ({
      change: Object.values(DeviceChange).find((one) => one === change),
    }));
  }

  @Requires('read')
  @Subscription(() => DeploymentEvent, {
    description: 'How far devices are with their workflow.',
    subscribe: ({ args, context }: Asked<WorkflowWatchArgs>) =>
      listen(context, args.after, EventType.DEPLOYMENT_CHANGED, assigned(args)),
  })
  deploymentProgress(
    @Root() told: Told,
    @Args(() => WorkflowWatchArgs) _args: WorkflowWatchArgs,
    @Ctx() context: GraphqlContext,
  ): DeploymentEvent {
    return eventOf(new DeploymentEvent(), context, told, ({ status, counts }) => ({
      status,
      counts: itemCounts(counts as Counts),
    }));
  }

  @Requires('read')
  @Subscription(() => DepSyncEvent, {
    description:
      'How far syncs with Apple Business Manager are, page by page, whoever or whatever began them.',
    subscribe: ({ args, context }: Asked<{ accountId?: string | null; after?: string | null }>) =>
      listen(context, args.after, EventType.DEP_SYNC, syncOf(args.accountId)),
  })
  depSyncProgress(
    @Root() told: Told,
    @Ctx() context: GraphqlContext,
    @Arg('accountId', () => ID, { nullable: true, description: 'Only this account.' })
    _accountId?: string | null,
    @Arg('after', () => String, AFTER) _after?: string | null,
  ): DepSyncEvent {
    return eventOf(new DepSyncEvent(), context, told, (data) => {
      const { state, fetched, added, modified, deleted, failure, message } = data;
      return { state, fetched, added, modified, deleted, failure, message };
    });
  }
}

type Counts = Partial<Record<ItemStatus, number>>;
type Concern = Pick<Interest, 'concerns' | 'fits'>;

function listen(
  context: GraphqlContext,
  after: string | null | undefined,
  type: EventType,
  concern: Concern,
) {
  const position = after == null ? undefined : Number(context.cursors.decode('events', after)[0]);
  return watch(context.services, { type, after: position, ...concern });
}

function assigned({ deviceIds, workflowId }: WorkflowWatchArgs): Concern {
  const devices = oneOf(uuidsIn(deviceIds, 'Device', ['deviceIds']));
  const workflow = workflowId == null ? undefined : uuidIn(workflowId, 'Workflow', ['workflowId']);
  return {
    concerns: ({ deviceUuid, data }) =>
      devices(deviceUuid) && (workflow === undefined || data['workflowUuid'] === workflow),
  };
}

function commandsIn({ deviceIds, commandIds }: CommandWatchArgs): Concern {
  const devices = oneOf(uuidsIn(deviceIds, 'Device', ['deviceIds']));
  const commands = oneOf(uuidsIn(commandIds, 'Command', ['commandIds']));
  return { concerns: ({ deviceUuid, subjectUuid }) => devices(deviceUuid) && commands(subjectUuid) };
}

function syncOf(accountId: string | null | undefined): Concern {
  const accounts = oneOf(accountId == null ? undefined : [uuidIn(accountId, 'DepAccount', ['accountId'])]);
  return { concerns: ({ subjectUuid }) => accounts(subjectUuid) };
}

/** Which devices fit may change with every event, so it is looked up, unless only ids were asked for. */
function devicesIn(input: DeviceFilterInput | null | undefined, { services }: GraphqlContext): Concern {
  const { uuids, ...rest } = deviceFilterOf(input);
  const devices = oneOf(uuids);
  const concerns = ({ deviceUuid }: PomonaEvent) => devices(deviceUuid);
  if (Object.values(rest).every((value) => value === undefined)) return { concerns };
  const order = { field: 'CREATED_AT', descending: false } as const;
  const fits = async ({ deviceUuid }: PomonaEvent) => {
    const filter = { ...rest, uuids: deviceUuid === null ? [] : [deviceUuid] };
    return (await services.devices.list(filter, order, { limit: 1, backward: false })).rows.length > 0;
  };
  return { concerns, fits };
}

function oneOf(uuids: readonly string[] | undefined): (uuid: string | null) => boolean {
  if (uuids === undefined) return () => true;
  const wanted = new Set<string | null>(uuids);
  return (uuid) => wanted.has(uuid);
}

/** The event as the schema shows it. Its objects are looked up by subscription-fields, if they are asked for. */
function eventOf<E extends SubscriptionEvent>(
  shown: E,
  { cursors }: GraphqlContext,
  { seq, at, event }: Told,
  facts: (data: PomonaEvent['data']) => object,
): E {
  const cursor = cursors.encode('events', [seq]);
  return Object.assign(shown, { cursor, at, event, resync: event === undefined }, event && facts(event.data));
}
