import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { Device } from '../entities/device.js';
import { Node } from '../entities/node.js';
import { eventsAfter, EventType, type PomonaEvent } from '../services/happenings.js';
import type { GraphqlContext } from './context.js';
import { uuidsIn } from './input.js';
import { MAX_PAGE, DEFAULT_PAGE, PageInfo } from './plumbing/connection.js';
import { pageRequest } from './plumbing/page.js';
import { JSONValue } from './plumbing/scalars.js';
import { Requires } from './requires.js';

registerEnumType(EventType, {
  name: 'EventType',
  description: 'What an event is about.',
  valuesConfig: {
    DEVICE_CHANGED: {
      description:
        'A device enrolled, left, told of itself, or was given a workflow. `data.change` says which.',
    },
    COMMAND_UPDATED: {
      description:
        'A command was queued, handed out, answered or withdrawn. `data.status` is its status then.',
    },
    PUSH_UPDATED: { description: 'A push was tried. `data.status` is its status then.' },
    DEPLOYMENT_CHANGED: {
      description: "A device's deployment moved. `data.status` and `data.counts` are as they were then.",
    },
    DEP_SYNC: {
      description:
        'An account at Apple Business Manager is synced, or could not be. `data.state` and the counts are as they were then.',
    },
    ALERT: { description: 'Something an operator has to know of. `data.alert` says what.' },
  },
});

@ObjectType('Event', { description: 'Something that happened.' })
export class EventView {
  @Field(() => String, { description: 'Opaque; give it back as `after` to be told what happened since.' })
  cursor: string;

  @Field(() => Date, { description: 'When it happened.' })
  at: Date;

  @Field(() => EventType, { description: 'What it is about.' })
  type: EventType;

  @Field(() => JSONValue, { description: 'The facts at that time, by the type of the event.' })
  data: unknown;

  readonly event: PomonaEvent;
}

@ObjectType({ description: 'An Event and its place in a list.' })
export class EventEdge {
  @Field(() => String, { description: 'Opaque; give it back as `after`.' })
  cursor: string;

  @Field(() => EventView, { description: 'The event.' })
  node: EventView;
}

@ObjectType({ description: 'A page of events, oldest first.' })
export class EventConnection {
  @Field(() => [EventEdge], { description: 'The page, each event with its cursor.' })
  edges: EventEdge[];

  @Field(() => [EventView], { description: 'The page without cursors.' })
  nodes: EventView[];

  @Field(() => PageInfo, {
    description:
      'Where this page lies in the list. An empty page keeps the cursor that was given as its end.',
  })
  pageInfo: PageInfo;

  @Field(() => Boolean, {
    description:
      'Events after the cursor are no longer kept: what you show may be old, read it anew. False without `after`.',
  })
  resync: boolean;
}

@InputType('EventFilter', { description: 'Narrows events. Every member that is given has to fit.' })
export class EventFilterInput {
  @Field(() => [EventType], { nullable: true, description: 'Of one of these types.' })
  types?: EventType[] | null;

  @Field(() => [ID], { nullable: true, description: 'About one of these devices.' })
  deviceIds?: string[] | null;
}

@ArgsType()
class EventsArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many: 1 to ${MAX_PAGE}, ${DEFAULT_PAGE} when left out.`,
  })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What happened after this: the cursor of an event, here or of a subscription. From the oldest kept, when left out.',
  })
  after?: string | null;

  @Field(() => EventFilterInput, { nullable: true, description: 'Which of them. All, when left out.' })
  filter?: EventFilterInput | null;
}

@Resolver(() => EventView)
export class EventResolver {
  @Requires('read')
  @Query(() => EventConnection, { description: 'What happened, oldest first: for those who were away.' })
  async events(
    @Args(() => EventsArgs) args: EventsArgs,
    @Ctx() { services, cursors }: GraphqlContext,
  ): Promise<EventConnection> {
    const { limit, after } = pageRequest({ first: args.first, after: args.after }, 'events', cursors);
    const types = args.filter?.types ?? undefined;
    const deviceUuids = uuidsIn(args.filter?.deviceIds, 'Device', ['filter', 'deviceIds']);
    const filter = {
      ...(types === undefined ? {} : { types }),
      ...(deviceUuids === undefined ? {} : { deviceUuids }),
    };
    const { events, hasMore, resync } = await eventsAfter(
      services.feed,
      after && Number(after[0]),
      limit,
      filter,
    );
    const nodes = events.map((event) => viewOf(event, cursors.encode('events', [event.seq])));
    const pageInfo = {
      hasNextPage: hasMore,
      hasPreviousPage: after !== undefined,
      startCursor: nodes.at(0)?.cursor ?? null,
      endCursor: nodes.at(-1)?.cursor ?? args.after ?? null,
    };
    return { nodes, edges: nodes.map((node) => ({ node, cursor: node.cursor })), pageInfo, resync };
  }

  @FieldResolver(() => Device, { nullable: true, description: 'The device it is about, as it is now.' })
  device(@Root() { event }: EventView, @Ctx() { loaders }: GraphqlContext): Promise<Device | null> | null {
    return event.deviceUuid === null ? null : loaders.device.load(event.deviceUuid);
  }

  @FieldResolver(() => Node, {
    nullable: true,
    description: 'The command, push, device or account (DepAccount) it is about, as it is now.',
  })
  subject(@Root() { event }: EventView, @Ctx() { loaders }: GraphqlContext): Promise<Node | null> | null {
    const { type, subjectUuid } = event;
    if (subjectUuid === null || type === EventType.ALERT) return null;
    if (type === EventType.COMMAND_UPDATED) return loaders.command.load(subjectUuid);
    if (type === EventType.DEP_SYNC) return loaders.depAccount.load(subjectUuid);
    return type === EventType.PUSH_UPDATED
      ? loaders.push.load(subjectUuid)
      : loaders.device.load(subjectUuid);
  }
}

function viewOf(event: PomonaEvent, cursor: string): EventView {
  return Object.assign(new EventView(), {
    cursor,
    at: event.createdAt,
    type: event.type,
    data: event.data,
    event,
  });
}
