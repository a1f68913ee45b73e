import { registerEnumType } from 'type-graphql';

/** How far an account of Apple's device assignment service is. */
export enum DepAccountStatus {
  NEW = 'NEW',
  READY = 'READY',
  BLOCKED = 'BLOCKED',
}
registerEnumType(DepAccountStatus, {
  name: 'DepAccountStatus',
  description: 'How far an account is.',
  valuesConfig: {
    NEW: {
      description:
        "Its certificate has to be uploaded at Apple, and Apple's server token has to be uploaded here.",
    },
    READY: { description: 'It is synced by itself.' },
    BLOCKED: { description: 'Somebody has to do something before it is synced again; see failure.' },
  },
});

/** Whether the profile that a device shall have at Apple is the one it has. */
export enum DepAssignmentStatus {
  NONE = 'NONE',
  PENDING = 'PENDING',
  ASSIGNED = 'ASSIGNED',
  THROTTLED = 'THROTTLED',
  NOT_ACCESSIBLE = 'NOT_ACCESSIBLE',
  FAILED = 'FAILED',
}
registerEnumType(DepAssignmentStatus, {
  name: 'DepAssignmentStatus',
  description: 'Whether the profile that a device shall have at Apple is the one it has.',
  valuesConfig: {
    NONE: { description: 'It shall have none: no rule is about it, and nobody chose one.' },
    PENDING: { description: 'Apple has yet to be told.' },
    ASSIGNED: { description: 'Apple has it.' },
    THROTTLED: { description: 'Apple asked to try again later; that is done.' },
    NOT_ACCESSIBLE: { description: 'Apple says that the device is not of this server. Tried again daily.' },
    FAILED: { description: 'Apple failed to assign it. Tried again, more and more seldom.' },
  },
});

/** Who chose the profile of a device. */
export enum DepChoice {
  RULE = 'RULE',
  MANUAL = 'MANUAL',
}
registerEnumType(DepChoice, {
  name: 'DepChoice',
  description: 'Who chose the profile of a device.',
  valuesConfig: {
    RULE: { description: 'The first rule that is about it.' },
    MANUAL: { description: 'Somebody, by hand: rules leave it alone.' },
  },
});
