import { registerEnumType } from 'type-graphql';

/** The platforms Apple's schema tells apart. */
export enum Platform {
  IOS = 'IOS',
  IPADOS = 'IPADOS',
  MACOS = 'MACOS',
  TVOS = 'TVOS',
  VISIONOS = 'VISIONOS',
  WATCHOS = 'WATCHOS',
}
registerEnumType(Platform, {
  name: 'Platform',
  description: 'The operating system family of a device.',
  valuesConfig: {
    IOS: { description: 'iPhone and iPod touch.' },
    IPADOS: { description: 'iPad.' },
    MACOS: { description: 'Mac.' },
    TVOS: { description: 'Apple TV.' },
    VISIONOS: { description: 'Apple Vision.' },
    WATCHOS: { description: 'Apple Watch.' },
  },
});

/**
 * The life of an enrolment. Authenticate → AUTHENTICATED; TokenUpdate → ENROLLED; CheckOut → UNENROLLED.
 * Authenticate is not enrolment: no command is handed out before TokenUpdate.
 */
export enum EnrollmentStatus {
  EXPECTED = 'EXPECTED',
  AUTHENTICATED = 'AUTHENTICATED',
  ENROLLED = 'ENROLLED',
  UNENROLLED = 'UNENROLLED',
}
registerEnumType(EnrollmentStatus, {
  name: 'EnrollmentStatus',
  description: 'The life of an enrolment.',
  valuesConfig: {
    EXPECTED: {
      description:
        'Known from Apple Business Manager; it has not enrolled yet. A workflow it is given waits for it.',
    },
    AUTHENTICATED: {
      description:
        'The device sent Authenticate; the profile may not be installed yet. No commands are sent.',
    },
    ENROLLED: { description: 'The device sent TokenUpdate: it can be woken and managed.' },
    UNENROLLED: { description: 'The device checked out, or its push token was retired for good.' },
  },
});

export enum EnrollmentKind {
  DEVICE = 'DEVICE',
  USER_ENROLLMENT = 'USER_ENROLLMENT',
}
registerEnumType(EnrollmentKind, {
  name: 'EnrollmentKind',
  description: 'How the device is enrolled.',
  valuesConfig: {
    DEVICE: { description: 'Device enrolment, known by its UDID.' },
    USER_ENROLLMENT: { description: 'User Enrollment, known by an EnrollmentID; Apple hides the UDID.' },
  },
});

export enum ChannelKind {
  DEVICE = 'DEVICE',
  USER = 'USER',
}
registerEnumType(ChannelKind, {
  name: 'ChannelKind',
  description: 'The two kinds of MDM channel. Each has its own push token, magic and command queue.',
  valuesConfig: {
    DEVICE: { description: "The device's own channel." },
    USER: { description: 'The channel of one user of the device.' },
  },
});

/**
 * The states of a command, which only move forward:
 * QUEUED → SENT → (NOT_NOW → SENT)* → ACKNOWLEDGED | ERROR | FORMAT_ERROR; or CANCELLED or EXPIRED from any of the first three.
 */
export enum CommandStatus {
  QUEUED = 'QUEUED',
  SENT = 'SENT',
  NOT_NOW = 'NOT_NOW',
  ACKNOWLEDGED = 'ACKNOWLEDGED',
  ERROR = 'ERROR',
  FORMAT_ERROR = 'FORMAT_ERROR',
  CANCELLED = 'CANCELLED',
  EXPIRED = 'EXPIRED',
}
registerEnumType(CommandStatus, {
  name: 'CommandStatus',
  description: 'The state of a command. States only move forward; the last five are final.',
  valuesConfig: {
    QUEUED: { description: 'Waiting for the device to connect.' },
    SENT: {
      description:
        'Handed to the device, not answered yet. It is handed out again, with the same CommandUUID, until answered.',
    },
    NOT_NOW: { description: 'The device asked to be given it later; it will be.' },
    ACKNOWLEDGED: { description: 'The device carried it out.' },
    ERROR: { description: 'The device could not carry it out; see errorChain.' },
    FORMAT_ERROR: { description: 'The device could not read the command.' },
    CANCELLED: {
      description: 'Cancelled by an operator, by a newer command, or because the device enrolled anew.',
    },
    EXPIRED: { description: 'Not answered before expiresAt.' },
  },
});

export enum CommandSource {
  API = 'API',
  DEPLOYMENT = 'DEPLOYMENT',
  SYSTEM = 'SYSTEM',
}
registerEnumType(CommandSource, {
  name: 'CommandSource',
  description: 'Who asked for a command.',
  valuesConfig: {
    API: { description: 'A caller of the API.' },
    DEPLOYMENT: { description: 'The deployment of a workflow.' },
    SYSTEM: { description: 'Pomona itself, for example DeviceConfigured.' },
  },
});

export enum PushStatus {
  QUEUED = 'QUEUED',
  SENDING = 'SENDING',
  DELIVERED = 'DELIVERED',
  FAILED = 'FAILED',
  TOKEN_RETIRED = 'TOKEN_RETIRED',
  NOT_CONFIGURED = 'NOT_CONFIGURED',
}
registerEnumType(PushStatus, {
  name: 'PushStatus',
  description: 'What became of a push.',
  valuesConfig: {
    QUEUED: { description: 'Waiting to be sent, or to be tried again.' },
    SENDING: { description: 'On its way to APNs.' },
    DELIVERED: { description: 'APNs took it.' },
    FAILED: { description: 'APNs refused it or could not be reached; see reason.' },
    TOKEN_RETIRED: {
      description:
        'APNs says the token is no longer valid (410): no more pushes until the device sends a new one.',
    },
    NOT_CONFIGURED: { description: 'The server has no push certificate for the topic of this device.' },
  },
});

export enum DeploymentStatus {
  UNASSIGNED = 'UNASSIGNED',
  PENDING = 'PENDING',
  CONVERGED = 'CONVERGED',
  FAILED = 'FAILED',
}
registerEnumType(DeploymentStatus, {
  name: 'DeploymentStatus',
  description: 'Whether a device has what its workflow wants.',
  valuesConfig: {
    UNASSIGNED: { description: 'No workflow is assigned and nothing is left to remove.' },
    PENDING: { description: 'Some items are still on their way.' },
    CONVERGED: {
      description: 'The device has everything its workflow wants, and nothing it should have lost.',
    },
    FAILED: { description: 'Nothing is on its way, and at least one item failed.' },
  },
});

/** PENDING → SENT → INSTALLED | FAILED; REMOVING → REMOVED | FAILED. */
export enum ItemStatus {
  PENDING = 'PENDING',
  SENT = 'SENT',
  INSTALLED = 'INSTALLED',
  FAILED = 'FAILED',
  REMOVING = 'REMOVING',
  REMOVED = 'REMOVED',
}
registerEnumType(ItemStatus, {
  name: 'ItemStatus',
  description: 'The state of one wanted profile or application on one device.',
  valuesConfig: {
    PENDING: { description: 'Wanted; its command waits for the device.' },
    SENT: { description: 'Its command was handed to the device.' },
    INSTALLED: { description: 'The device has the wanted revision.' },
    FAILED: { description: 'The device refused; see reason.' },
    REMOVING: { description: 'No longer wanted; being removed.' },
    REMOVED: { description: 'No longer wanted, and gone from the device.' },
  },
});

export enum SubjectKind {
  PROFILE = 'PROFILE',
  APPLICATION = 'APPLICATION',
}
registerEnumType(SubjectKind, {
  name: 'SubjectKind',
  description: 'What a deployment item is about.',
  valuesConfig: {
    PROFILE: { description: 'A configuration profile.' },
    APPLICATION: { description: 'An application.' },
  },
});

export enum Role {
  ADMIN = 'ADMIN',
  OPERATOR = 'OPERATOR',
  VIEWER = 'VIEWER',
}
registerEnumType(Role, {
  name: 'Role',
  description: 'What an API token may do. Each role may do what the next one may.',
  valuesConfig: {
    ADMIN: { description: 'Everything, API tokens included.' },
    OPERATOR: {
      description: 'Change profiles, applications and workflows, assign them, push and send commands.',
    },
    VIEWER: { description: 'Read only.' },
  },
});

/** What a token may do beyond its role: two things that are not undone by undoing them. */
export enum Scope {
  SECRETS = 'SECRETS',
  DESTRUCTIVE = 'DESTRUCTIVE',
}
registerEnumType(Scope, {
  name: 'Scope',
  description: 'What an API token may do beyond what its role grants. No role has a scope by itself.',
  valuesConfig: {
    SECRETS: {
      description: 'Read what is secret: what commands and profiles carry, and the tokens of devices.',
    },
    DESTRUCTIVE: {
      description: 'Send commands that erase devices or lock people out. Not for a VIEWER, who sends none.',
    },
  },
});
