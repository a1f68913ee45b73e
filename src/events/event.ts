/** What events are about. One type a subscription. */
export enum EventType {
  DEVICE_CHANGED = 'DEVICE_CHANGED',
  COMMAND_UPDATED = 'COMMAND_UPDATED',
  PUSH_UPDATED = 'PUSH_UPDATED',
  DEPLOYMENT_CHANGED = 'DEPLOYMENT_CHANGED',
  DEP_SYNC = 'DEP_SYNC',
  ALERT = 'ALERT',
}

/** An event that is about to be written. `data` is small, JSON, and never holds a secret. */
export interface NewEvent {
  readonly type: EventType;
  readonly deviceUuid: string | null;
  /** The command, push, deployment item… it is about. */
  readonly subjectUuid: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event that happened. `seq` grows with every event of the server and is the cursor of clients. */
export interface PomonaEvent extends NewEvent {
  readonly seq: number;
  readonly createdAt: Date;
}
