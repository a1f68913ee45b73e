import { Field, Int, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import type { DepFailure } from '../apple/dep/index.js';
import { CommandStatus, DeploymentStatus, PushStatus } from '../entities/enums.js';
import type { PomonaEvent } from '../services/happenings.js';
import { DepFailureCodes } from './dep-account-types.js';
import { ItemCounts } from './deployment-types.js';

export enum DeviceChange {
  AUTHENTICATED = 'AUTHENTICATED',
  ENROLLED = 'ENROLLED',
  UNENROLLED = 'UNENROLLED',
  IDENTITY_RENEWED = 'IDENTITY_RENEWED',
  USER_ENROLLED = 'USER_ENROLLED',
  USER_UNENROLLED = 'USER_UNENROLLED',
  RETURNING_TO_SERVICE = 'RETURNING_TO_SERVICE',
  INVENTORY = 'INVENTORY',
  WORKFLOW_ASSIGNED = 'WORKFLOW_ASSIGNED',
  DEP_ADDED = 'DEP_ADDED',
  DEP_CHANGED = 'DEP_CHANGED',
  DEP_REMOVED = 'DEP_REMOVED',
  DEP_ASSIGNED = 'DEP_ASSIGNED',
  DEP_UNASSIGNED = 'DEP_UNASSIGNED',
  DEP_THROTTLED = 'DEP_THROTTLED',
  DEP_FAILED = 'DEP_FAILED',
  DEP_NOT_ACCESSIBLE = 'DEP_NOT_ACCESSIBLE',
  DEP_DISOWNED = 'DEP_DISOWNED',
  DEP_ACTIVATION_LOCKED = 'DEP_ACTIVATION_LOCKED',
  DEP_JOINED = 'DEP_JOINED',
}
registerEnumType(DeviceChange, {
  name: 'DeviceChange',
  description: 'What changed about a device.',
  valuesConfig: {
    AUTHENTICATED: { description: 'It sent Authenticate: it begins to enrol.' },
    ENROLLED: { description: 'It is enrolled: it can be woken and sent commands.' },
    UNENROLLED: { description: 'It checked out.' },
    IDENTITY_RENEWED: { description: 'It has another identity certificate.' },
    USER_ENROLLED: { description: 'The channel of one of its users can be managed.' },
    USER_UNENROLLED: { description: 'The channel of one of its users is gone.' },
    RETURNING_TO_SERVICE: {
      description: 'Its user handed it back: it erases itself, and is to enrol again within a day.',
    },
    INVENTORY: {
      description: 'It told of itself: information, profiles, applications, certificates or security.',
    },
    WORKFLOW_ASSIGNED: { description: 'It was given a workflow, or lost it.' },
    DEP_ADDED: {
      description: 'Apple tells of it: it was assigned to this server in Apple Business Manager.',
    },
    DEP_CHANGED: { description: 'Apple tells of another DEP profile for it than before.' },
    DEP_REMOVED: { description: 'Apple no longer tells of it.' },
    DEP_ASSIGNED: { description: 'Apple has the DEP profile that it shall have.' },
    DEP_UNASSIGNED: { description: 'Apple has no DEP profile for it any more, as it shall be.' },
    DEP_THROTTLED: { description: 'Apple asked to try later to give it its DEP profile.' },
    DEP_FAILED: {
      description: 'Apple could not be told which DEP profile it shall have; that is tried again.',
    },
    DEP_NOT_ACCESSIBLE: { description: 'Apple says that it is not of this server; that is tried again.' },
    DEP_DISOWNED: { description: 'It left the organization at Apple for good.' },
    DEP_ACTIVATION_LOCKED: { description: 'Its activation was locked at Apple.' },
    DEP_JOINED: {
      description:
        'What Apple says of its serial number was with another device before, and is with it from now on.',
    },
  },
});

@InterfaceType('SubscriptionEvent', { description: 'What every event of a subscription says.' })
export abstract class SubscriptionEvent {
  @Field(() => String, {
    description:
      'Opaque. Everything up to here was told: after a lost socket, subscribe with it as `after`, or ask `events(after:)`.',
  })
  cursor: string;

  @Field(() => Date, { description: 'When it happened.' })
  at: Date;

  @Field(() => Boolean, {
    description:
      'True: you read too slowly, or were away too long, and events after this cursor were left out. The other fields are ' +
      'null; read anew what you show, or catch up with `events(after: cursor)`.',
  })
  resync: boolean;

  /** What happened; the objects it is about are looked up when they are asked for. */
  readonly event?: PomonaEvent;
}

@ObjectType({ implements: SubscriptionEvent, description: 'Something became of a push.' })
export class PushEvent extends SubscriptionEvent {
  @Field(() => PushStatus, { nullable: true, description: 'Its status at this event.' })
  status?: PushStatus | null;

  @Field(() => String, { nullable: true, description: 'Why it was not delivered, at this event.' })
  reason?: string | null;

  @Field(() => Int, { nullable: true, description: 'The HTTP status APNs answered, at this event.' })
  httpStatus?: number | null;

  @Field(() => Int, { nullable: true, description: 'How often it had been tried by then.' })
  attempts?: number | null;
}

@ObjectType({ implements: SubscriptionEvent, description: 'Something became of a command.' })
export class CommandEvent extends SubscriptionEvent {
  @Field(() => CommandStatus, { nullable: true, description: 'Its status at this event.' })
  status?: CommandStatus | null;

  @Field(() => String, { nullable: true, description: 'Its RequestType.' })
  requestType?: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was withdrawn, if that is what happened.' })
  reason?: string | null;
}

@ObjectType({ implements: SubscriptionEvent, description: 'Something changed about a device.' })
export class DeviceEvent extends SubscriptionEvent {
  @Field(() => DeviceChange, { nullable: true, description: 'What changed.' })
  change?: DeviceChange | null;
}

@ObjectType({ implements: SubscriptionEvent, description: 'A deployment moved.' })
export class DeploymentEvent extends SubscriptionEvent {
  @Field(() => DeploymentStatus, { nullable: true, description: 'Its status at this event.' })
  status?: DeploymentStatus | null;

  @Field(() => ItemCounts, {
    nullable: true,
    description: 'How many of its items stood where at this event.',
  })
  counts?: ItemCounts | null;
}

export enum DepSyncState {
  RUNNING = 'RUNNING',
  DONE = 'DONE',
  FAILED = 'FAILED',
}
registerEnumType(DepSyncState, {
  name: 'DepSyncState',
  description: 'How far a sync of an account is.',
  valuesConfig: {
    RUNNING: { description: 'Another page of its devices was read.' },
    DONE: { description: 'It is in step with Apple.' },
    FAILED: { description: 'It ended; see failure and message.' },
  },
});

@ObjectType({
  implements: SubscriptionEvent,
  description: 'A sync of an account at Apple Business Manager moved. The counts are of the sync so far.',
})
export class DepSyncEvent extends SubscriptionEvent {
  @Field(() => DepSyncState, { nullable: true, description: 'How far it is.' })
  state?: DepSyncState | null;

  @Field(() => Int, { nullable: true, description: 'Entries that Apple told; null when it failed.' })
  fetched?: number | null;

  @Field(() => Int, { nullable: true, description: 'Devices that were not known, or came back.' })
  added?: number | null;

  @Field(() => Int, { nullable: true, description: 'Devices that were known.' })
  modified?: number | null;

  @Field(() => Int, { nullable: true, description: 'Devices that are no longer there.' })
  deleted?: number | null;

  @Field(() => DepFailureCodes, { nullable: true, description: 'What went wrong.' })
  failure?: DepFailure | null;

  @Field(() => String, { nullable: true, description: 'What went wrong, in words.' })
  message?: string | null;
}
