// Generated from schema.graphql by codegen.ts. Do not edit.
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** Bytes as base64 text with padding; line breaks inside are ignored. */
  Base64: { input: string; output: string; }
  /** A moment, as RFC 3339 text. Answers are UTC with milliseconds ("2026-03-01T09:30:00.000Z"); any offset is accepted. */
  DateTime: { input: string; output: string; }
  /** Any JSON value: object, list, text, number, boolean or null. At most a megabyte of it; large data goes into Base64 fields. */
  JSON: { input: unknown; output: unknown; }
  /** The `SafeInt` scalar type represents non-fractional signed whole numeric values that are considered safe as defined by the ECMAScript specification. */
  SafeInt: { input: number; output: number; }
  /** A field whose value is a generic Universally Unique Identifier: https://en.wikipedia.org/wiki/Universally_unique_identifier. */
  UUID: { input: string; output: string; }
};

/** How a device is enrolled by the account of its user. */
export const AccountDrivenMode = {
  /** Device enrolment, for the organization's devices. */
  ADDE: 'ADDE',
  /** User Enrollment, for people's own devices: what is managed is kept apart from what is theirs. */
  BYOD: 'BYOD'
} as const;

export type AccountDrivenMode = typeof AccountDrivenMode[keyof typeof AccountDrivenMode];
/** A key to the API. The key itself is shown once, when it is made. */
export type ApiToken = Node & {
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it stops working. */
  expiresAt: Maybe<Scalars['DateTime']['output']>;
  /** Opaque, global id. Checked when it comes back. */
  id: Scalars['ID']['output'];
  /** When it was last used, to the minute. */
  lastUsedAt: Maybe<Scalars['DateTime']['output']>;
  /** Who or what it was made for. */
  name: Scalars['String']['output'];
  /** When it was revoked. */
  revokedAt: Maybe<Scalars['DateTime']['output']>;
  /** What it may do. */
  role: Role;
  /** What it may do beyond its role. */
  scopes: Array<Scope>;
  /** The server's own id of the token. */
  uuid: Scalars['UUID']['output'];
};

/** A page of a list of ApiToken objects. */
export type ApiTokenConnection = {
  /** The page, each node with its cursor. */
  edges: Array<ApiTokenEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<ApiToken>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** Why `apiTokenCreate` may refuse. */
export const ApiTokenCreateErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID'
} as const;

export type ApiTokenCreateErrorCode = typeof ApiTokenCreateErrorCode[keyof typeof ApiTokenCreateErrorCode];
/** A new API token. */
export type ApiTokenCreateInput = {
  /** When it stops working; never by itself, when left out. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Who or what it is for, 1 to 255 characters. */
  name: Scalars['String']['input'];
  /** What it may do. */
  role: Role;
  /** What it may do beyond its role; nothing, when left out. A token gives others only scopes that it has itself, and a VIEWER cannot have DESTRUCTIVE. */
  scopes?: InputMaybe<Array<Scope>>;
};

/** What apiTokenCreate did. */
export type ApiTokenCreatePayload = {
  /** The record of the new token. */
  apiToken: Maybe<ApiToken>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** The token itself. It is shown this once and kept nowhere. */
  token: Maybe<Scalars['String']['output']>;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<ApiTokenCreateUserError>;
};

/** One refusal of ApiTokenCreate. */
export type ApiTokenCreateUserError = UserError & {
  /** Stable; made for switching on. */
  code: ApiTokenCreateErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** A ApiToken and its place in a list. */
export type ApiTokenEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The ApiToken. */
  node: ApiToken;
};

/** Why `apiTokenRevoke` may refuse. */
export const ApiTokenRevokeErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type ApiTokenRevokeErrorCode = typeof ApiTokenRevokeErrorCode[keyof typeof ApiTokenRevokeErrorCode];
/** An API token to revoke. */
export type ApiTokenRevokeInput = {
  /** The token. */
  id: Scalars['ID']['input'];
};

/** What apiTokenRevoke did. */
export type ApiTokenRevokePayload = {
  /** The record of the token that works no more. */
  apiToken: Maybe<ApiToken>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<ApiTokenRevokeUserError>;
};

/** One refusal of ApiTokenRevoke. */
export type ApiTokenRevokeUserError = UserError & {
  /** Stable; made for switching on. */
  code: ApiTokenRevokeErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** An application that workflows can install, by manifest URL or App Store id. */
export type Application = Node & {
  /** Bundle identifier, given or learnt from the first device that installed it. Needed to remove it. */
  bundleIdentifier: Maybe<Scalars['String']['output']>;
  /** When the application was created. */
  createdAt: Scalars['DateTime']['output'];
  /** Opaque, global id. Checked when it comes back. */
  id: Scalars['ID']['output'];
  /** App Store id (iTunesStoreID). */
  itunesStoreId: Maybe<Scalars['SafeInt']['output']>;
  /** https URL of the manifest, for an application of your own. */
  manifestUrl: Maybe<Scalars['String']['output']>;
  /** Name. Unique. */
  name: Scalars['String']['output'];
  /** Counts changes to what is installed: manifest URL, App Store id or options. */
  revision: Scalars['Int']['output'];
  /** When the application was last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** The server's own id of the application. */
  uuid: Scalars['UUID']['output'];
  /** The workflows that name the application themselves. */
  workflows: WorkflowConnection;
};

/** An application that workflows can install, by manifest URL or App Store id. */
export type ApplicationworkflowsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Names one application. Give exactly one member. */
export type ApplicationBy = {
  /** Its global id. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** The URL of its manifest. */
  manifestUrl?: InputMaybe<Scalars['String']['input']>;
  /** Its name. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** The server's own id of it. */
  uuid?: InputMaybe<Scalars['UUID']['input']>;
};

/** A page of a list of Application objects. */
export type ApplicationConnection = {
  /** The page, each node with its cursor. */
  edges: Array<ApplicationEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<Application>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** Why `applicationCreate` may refuse. */
export const ApplicationCreateErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else already has this name or identifier. */
  CONFLICT: 'CONFLICT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID'
} as const;

export type ApplicationCreateErrorCode = typeof ApplicationCreateErrorCode[keyof typeof ApplicationCreateErrorCode];
/** A new application. Give exactly one of manifestUrl and itunesStoreId. */
export type ApplicationCreateInput = {
  /** Bundle identifier; when left out, it is learnt from the first device that installs the application. */
  bundleIdentifier?: InputMaybe<Scalars['String']['input']>;
  /** App Store id (iTunesStoreID), the number in the App Store URL. */
  itunesStoreId?: InputMaybe<Scalars['SafeInt']['input']>;
  /** https URL of the manifest, for an application of your own. */
  manifestUrl?: InputMaybe<Scalars['String']['input']>;
  /** Name. Unique, 1 to 255 characters. */
  name: Scalars['String']['input'];
};

/** What applicationCreate did. */
export type ApplicationCreatePayload = {
  /** The new application. */
  application: Maybe<Application>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<ApplicationCreateUserError>;
};

/** One refusal of ApplicationCreate. */
export type ApplicationCreateUserError = UserError & {
  /** Stable; made for switching on. */
  code: ApplicationCreateErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `applicationDelete` may refuse. */
export const ApplicationDeleteErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else still refers to it. */
  IN_USE: 'IN_USE',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type ApplicationDeleteErrorCode = typeof ApplicationDeleteErrorCode[keyof typeof ApplicationDeleteErrorCode];
/** An application to delete. */
export type ApplicationDeleteInput = {
  /** The application. No workflow may have it any more. */
  id: Scalars['ID']['input'];
};

/** What applicationDelete did. */
export type ApplicationDeletePayload = {
  /** The id of the application that is gone. */
  deletedApplicationId: Maybe<Scalars['ID']['output']>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<ApplicationDeleteUserError>;
};

/** One refusal of ApplicationDelete. */
export type ApplicationDeleteUserError = UserError & {
  /** Stable; made for switching on. */
  code: ApplicationDeleteErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** A Application and its place in a list. */
export type ApplicationEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The Application. */
  node: Application;
};

/** Why `applicationUpdate` may refuse. */
export const ApplicationUpdateErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else already has this name or identifier. */
  CONFLICT: 'CONFLICT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND',
  /** It has changed since the revision you named; read it again and decide anew. */
  STALE_REVISION: 'STALE_REVISION'
} as const;

export type ApplicationUpdateErrorCode = typeof ApplicationUpdateErrorCode[keyof typeof ApplicationUpdateErrorCode];
/** Changes to an application. What is left out stays; null takes a value away. */
export type ApplicationUpdateInput = {
  /** Bundle identifier; when left out, it is learnt from the first device that installs the application. */
  bundleIdentifier?: InputMaybe<Scalars['String']['input']>;
  /** Refuse unless the application is at this revision. */
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  /** The application. */
  id: Scalars['ID']['input'];
  /** App Store id (iTunesStoreID), the number in the App Store URL. */
  itunesStoreId?: InputMaybe<Scalars['SafeInt']['input']>;
  /** https URL of the manifest, for an application of your own. */
  manifestUrl?: InputMaybe<Scalars['String']['input']>;
  /** Another name. */
  name?: InputMaybe<Scalars['String']['input']>;
};

/** What applicationUpdate did. */
export type ApplicationUpdatePayload = {
  /** The application as it is now. */
  application: Maybe<Application>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<ApplicationUpdateUserError>;
};

/** One refusal of ApplicationUpdate. */
export type ApplicationUpdateUserError = UserError & {
  /** Stable; made for switching on. */
  code: ApplicationUpdateErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Narrows a list of profiles, applications or workflows. */
export type CatalogFilter = {
  /** Part of a name, identifier or description; case is ignored. */
  search?: InputMaybe<Scalars['String']['input']>;
};

/** The order of profiles, applications or workflows. */
export type CatalogOrder = {
  /** Which end comes first. */
  direction?: OrderDirection;
  /** What to order by. */
  field: CatalogOrderField;
};

/** What profiles, applications and workflows can be ordered by. */
export const CatalogOrderField = {
  /** When it was created. */
  CREATED_AT: 'CREATED_AT',
  /** Name; of profiles, the PayloadIdentifier. */
  NAME: 'NAME',
  /** When it was last changed. */
  UPDATED_AT: 'UPDATED_AT'
} as const;

export type CatalogOrderField = typeof CatalogOrderField[keyof typeof CatalogOrderField];
/** What a certificate of the server is for. */
export const CertificatePurpose = {
  /** The server token of a DEP account. When it runs out, Apple tells of no new devices. */
  DEP_TOKEN: 'DEP_TOKEN',
  /** An authority that device identities chain to. */
  DEVICE_CA: 'DEVICE_CA',
  /** What profiles are signed with. */
  PROFILE_SIGNING: 'PROFILE_SIGNING',
  /** The MDM push certificate. When it runs out, no device can be woken. */
  PUSH: 'PUSH',
  /** What the server itself answers https with. When it runs out, no device connects. */
  TLS: 'TLS'
} as const;

export type CertificatePurpose = typeof CertificatePurpose[keyof typeof CertificatePurpose];
/** A command for a device, with its answer once there is one. */
export type Command = Node & {
  /** When it reached its final state. */
  answeredAt: Maybe<Scalars['DateTime']['output']>;
  /** How often it was handed to the device. */
  deliveryCount: Scalars['Int']['output'];
  /** The device it is for. */
  device: Device;
  /** The device's reasons, when it refused; the first is the topmost. */
  errorChain: Array<CommandError>;
  /** Given up when not answered by then. */
  expiresAt: Maybe<Scalars['DateTime']['output']>;
  /** Opaque, global id. Checked when it comes back. */
  id: Scalars['ID']['output'];
  /** Not handed out before. */
  notBefore: Maybe<Scalars['DateTime']['output']>;
  /** How often the device answered NotNow. */
  notNowCount: Scalars['Int']['output'];
  /** The property list that is sent to the device, XML. Null without the permission secrets.read, as request. */
  payload: Maybe<Scalars['String']['output']>;
  /** Higher overtakes lower; 0 is usual. */
  priority: Scalars['Int']['output'];
  /** When it was queued. */
  queuedAt: Scalars['DateTime']['output'];
  /** The Command dictionary as JSON: data as base64, dates as RFC 3339. Null without the permission secrets.read, for commands carry passcodes and keys. */
  request: Maybe<Scalars['JSON']['output']>;
  /** RequestType, in Apple’s words. */
  requestType: Scalars['String']['output'];
  /** The device's whole answer as JSON, once there is one. An answer that cannot be read stands under `unreadable` as base64. Null without the permission secrets.read for commands whose answers carry keys: ActivationLockBypassCode, ManagedApplicationConfiguration, ManagedApplicationFeedback, RequestUnlockToken, RotateFileVaultKey, SecurityInfo. */
  result: Maybe<Scalars['JSON']['output']>;
  /** When it was last handed to the device. */
  sentAt: Maybe<Scalars['DateTime']['output']>;
  /** Who asked for it. */
  source: CommandSource;
  /** Where the command stands. */
  status: CommandStatus;
  /** CommandUUID, as the device sees it. */
  uuid: Scalars['UUID']['output'];
};

/** Names one command. Give exactly one member. */
export type CommandBy = {
  /** Its global id. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** Its CommandUUID. */
  uuid?: InputMaybe<Scalars['UUID']['input']>;
};

/** Why `commandCancel` may refuse. */
export const CommandCancelErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else already has this name or identifier. */
  CONFLICT: 'CONFLICT',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type CommandCancelErrorCode = typeof CommandCancelErrorCode[keyof typeof CommandCancelErrorCode];
/** The commands to cancel. */
export type CommandCancelInput = {
  /** The commands, 10,000 at most. */
  commandIds: Array<Scalars['ID']['input']>;
};

/** What commandCancel did. */
export type CommandCancelPayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each command, in the order given; null when all was refused. */
  results: Maybe<Array<CommandCancelResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<CommandCancelUserError>;
};

/** What commandCancel did to one command. */
export type CommandCancelResult = {
  /** The command as it is now; null when there is none. */
  command: Maybe<Command>;
  /** The id, as it was given. */
  commandId: Scalars['ID']['output'];
  /** Why it was not cancelled; null when it was. */
  error: Maybe<CommandCancelUserError>;
};

/** One refusal of CommandCancel. */
export type CommandCancelUserError = UserError & {
  /** Stable; made for switching on. */
  code: CommandCancelErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** A page of a list of Command objects. */
export type CommandConnection = {
  /** The page, each node with its cursor. */
  edges: Array<CommandEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<Command>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** A Command and its place in a list. */
export type CommandEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The Command. */
  node: Command;
};

/** One entry of a device's ErrorChain. */
export type CommandError = {
  /** Apple's ErrorCode. Not stable between releases. */
  code: Maybe<Scalars['Int']['output']>;
  /** Apple's ErrorDomain. */
  domain: Maybe<Scalars['String']['output']>;
  /** What happened, in the device's language. */
  localizedDescription: Maybe<Scalars['String']['output']>;
  /** What happened, in English. */
  usEnglishDescription: Maybe<Scalars['String']['output']>;
};

/** Something became of a command. */
export type CommandEvent = SubscriptionEvent & {
  /** When it happened. */
  at: Scalars['DateTime']['output'];
  /** The command, as it is now. */
  command: Maybe<Command>;
  /** Opaque. Everything up to here was told: after a lost socket, subscribe with it as `after`, or ask `events(after:)`. */
  cursor: Scalars['String']['output'];
  /** The device, as it is now. */
  device: Maybe<Device>;
  /** Why it was withdrawn, if that is what happened. */
  reason: Maybe<Scalars['String']['output']>;
  /** Its RequestType. */
  requestType: Maybe<Scalars['String']['output']>;
  /** True: you read too slowly, or were away too long, and events after this cursor were left out. The other fields are null; read anew what you show, or catch up with `events(after: cursor)`. */
  resync: Scalars['Boolean']['output'];
  /** Its status at this event. */
  status: Maybe<CommandStatus>;
};

/** Narrows commands. Every member that is given has to fit. */
export type CommandFilter = {
  /** True: waiting or sent. False: finished. */
  active?: InputMaybe<Scalars['Boolean']['input']>;
  /** With this RequestType. */
  requestType?: InputMaybe<Scalars['String']['input']>;
  /** In one of these states. */
  statuses?: InputMaybe<Array<CommandStatus>>;
};

/** A parameter of a command, or a part of one. */
export type CommandKey = {
  /** What devices take when it is left out. */
  default: Maybe<Scalars['JSON']['output']>;
  /** The item of an array. */
  item: Maybe<CommandKey>;
  /** Apple's name of it. Of an array's item: a name for people, never sent. */
  key: Scalars['String']['output'];
  /** The members of a dictionary. */
  keys: Maybe<Array<CommandKey>>;
  /** The dictionaries an array may hold, told apart by the value of their key Item. */
  oneOf: Maybe<Array<CommandKey>>;
  /** What single platforms change: versions, supervision; null where it is not taken. */
  os: Maybe<Scalars['JSON']['output']>;
  /** Whether it has to be given. */
  required: Scalars['Boolean']['output'];
  /** Its type. */
  type: CommandKeyType;
  /** The only values allowed. */
  values: Maybe<Array<Scalars['JSON']['output']>>;
  /** Values that are known; there may be others. */
  valuesHint: Maybe<Array<Scalars['JSON']['output']>>;
};

/** The type of a key, and how JSON carries it. */
export const CommandKeyType = {
  /** Anything a property list can hold. */
  ANY: 'ANY',
  /** A list of `item`. */
  ARRAY: 'ARRAY',
  /** True or false. */
  BOOLEAN: 'BOOLEAN',
  /** Bytes, as base64 text. */
  DATA: 'DATA',
  /** A moment, as RFC 3339 text. */
  DATE: 'DATE',
  /** An object of `keys`. */
  DICTIONARY: 'DICTIONARY',
  /** A whole number; beyond 2^53 as decimal text. */
  INTEGER: 'INTEGER',
  /** A number. */
  REAL: 'REAL',
  /** Text. */
  STRING: 'STRING'
} as const;

export type CommandKeyType = typeof CommandKeyType[keyof typeof CommandKeyType];
/** Where one platform takes a command, and what it asks of the enrolment. */
export type CommandPlatform = {
  /** The bit of the MDM payload's AccessRights it needs; 0 for none. */
  accessRight: Maybe<Scalars['Int']['output']>;
  /** The version that deprecated it. */
  deprecated: Maybe<Scalars['String']['output']>;
  /** Taken on the channel of the device. */
  deviceChannel: Scalars['Boolean']['output'];
  /** The version that brought it. */
  introduced: Maybe<Scalars['String']['output']>;
  /** The platform. iOS stands for iPadOS as well. */
  platform: Platform;
  /** The version that removed it. */
  removed: Maybe<Scalars['String']['output']>;
  /** Only on devices enrolled automatically (DEP). */
  requiresDEP: Scalars['Boolean']['output'];
  /** Only on supervised devices. */
  supervised: Scalars['Boolean']['output'];
  /** Taken on the channel of a user. */
  userChannel: Scalars['Boolean']['output'];
  /** `forbidden`: not with User Enrollment; `required`: only with it. */
  userEnrollment: Maybe<Scalars['String']['output']>;
};

/** Why `commandSend` may refuse. */
export const CommandSendErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The device, its platform or its version, or this server’s configuration does not offer this. */
  FEATURE_NOT_AVAILABLE: 'FEATURE_NOT_AVAILABLE',
  /** The idempotencyKey was used before, for something else; the message says for what. Nothing was done. */
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** The device is not enrolled, so nothing can be sent to it. */
  NOT_ENROLLED: 'NOT_ENROLLED',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND',
  /** More bytes than are accepted here. */
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE'
} as const;

export type CommandSendErrorCode = typeof CommandSendErrorCode[keyof typeof CommandSendErrorCode];
/** A command for many devices: by requestType and parameters, or as a raw property list. */
export type CommandSendInput = {
  /** The devices, 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
  /** Given up when not answered by then. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Your choice, new for each act, such as a UUID: 1 to 255 printable characters. The same key with the same input is carried out once and answered the same each time, for 24 hours; so a call whose answer was lost can simply be sent again. With another input it is refused (IDEMPOTENCY_KEY_REUSED). Keys belong to the API token, and what was refused as a whole leaves none. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Not handed out before. */
  notBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** The command's keys as a JSON object: data as base64, dates as RFC 3339. Checked against commandTypes; keys that those do not name pass as they are, for devices are newer. */
  parameters?: InputMaybe<Scalars['JSON']['input']>;
  /** A property list, XML or binary, as base64: the Command dictionary, or the whole message. For commands that commandTypes does not know. */
  plist?: InputMaybe<Scalars['Base64']['input']>;
  /** -100 to 100; higher overtakes lower. 0 when left out. */
  priority?: InputMaybe<Scalars['Int']['input']>;
  /** RequestType, as in commandTypes. Not together with plist. */
  requestType?: InputMaybe<Scalars['String']['input']>;
};

/** What commandSend did. */
export type CommandSendPayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<CommandSendResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<CommandSendUserError>;
};

/** What commandSend did for one device. */
export type CommandSendResult = {
  /** The command that was queued. Null when none was, or when it was pruned since. */
  command: Maybe<Command>;
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why none was queued; null when one was. */
  error: Maybe<CommandSendUserError>;
};

/** One refusal of CommandSend. */
export type CommandSendUserError = UserError & {
  /** Stable; made for switching on. */
  code: CommandSendErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Who asked for a command. */
export const CommandSource = {
  /** A caller of the API. */
  API: 'API',
  /** The deployment of a workflow. */
  DEPLOYMENT: 'DEPLOYMENT',
  /** Pomona itself, for example DeviceConfigured. */
  SYSTEM: 'SYSTEM'
} as const;

export type CommandSource = typeof CommandSource[keyof typeof CommandSource];
/** The state of a command. States only move forward; the last five are final. */
export const CommandStatus = {
  /** The device carried it out. */
  ACKNOWLEDGED: 'ACKNOWLEDGED',
  /** Cancelled by an operator, by a newer command, or because the device enrolled anew. */
  CANCELLED: 'CANCELLED',
  /** The device could not carry it out; see errorChain. */
  ERROR: 'ERROR',
  /** Not answered before expiresAt. */
  EXPIRED: 'EXPIRED',
  /** The device could not read the command. */
  FORMAT_ERROR: 'FORMAT_ERROR',
  /** The device asked to be given it later; it will be. */
  NOT_NOW: 'NOT_NOW',
  /** Waiting for the device to connect. */
  QUEUED: 'QUEUED',
  /** Handed to the device, not answered yet. It is handed out again, with the same CommandUUID, until answered. */
  SENT: 'SENT'
} as const;

export type CommandStatus = typeof CommandStatus[keyof typeof CommandStatus];
/** A command of the catalogue. Others, newer than the catalogue, can be sent as raw property lists. */
export type CommandType = {
  /** It erases, or decides who gets into the device: needs the permission commands.destructive. */
  destructive: Scalars['Boolean']['output'];
  /** Its parameters. */
  keys: Array<CommandKey>;
  /** Where it is taken. */
  platforms: Array<CommandPlatform>;
  /** Apple's name of it. */
  requestType: Scalars['String']['output'];
};

/** One server in one organization's Apple Business Manager or Apple School Manager. */
export type DepAccount = Node & {
  /** Who made the server token at Apple. */
  adminId: Maybe<Scalars['String']['output']>;
  /** The certificate to upload at Apple for this server, PEM. */
  certificate: Scalars['String']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** How many devices Apple has there now, as far as is known. */
  deviceCount: Scalars['Int']['output'];
  /** What went wrong with it last; null when all is well. */
  failure: Maybe<DepAccountFailure>;
  /** Opaque, global id. Checked when it comes back. */
  id: Scalars['ID']['output'];
  /** What people call it. Unique. */
  name: Scalars['String']['output'];
  /** When it is synced next, by itself. */
  nextSyncAt: Maybe<Scalars['DateTime']['output']>;
  /** The organization's address for e-mail. */
  orgEmail: Maybe<Scalars['String']['output']>;
  /** Apple's id of the organization. */
  orgId: Maybe<Scalars['String']['output']>;
  /** The organization. */
  orgName: Maybe<Scalars['String']['output']>;
  /** The organization's telephone number. */
  orgPhone: Maybe<Scalars['String']['output']>;
  /** org or edu. */
  orgType: Maybe<Scalars['String']['output']>;
  /** Counts edits. Send it back with an update to be told of an edit that came between. */
  revision: Scalars['Int']['output'];
  /** The name of the server at Apple. */
  serverName: Maybe<Scalars['String']['output']>;
  /** Apple's id of the server. */
  serverUuid: Maybe<Scalars['String']['output']>;
  /** How far it is. */
  status: DepAccountStatus;
  /** When everything was last known to be in step with Apple. */
  syncedAt: Maybe<Scalars['DateTime']['output']>;
  /** Whether it is being synced now. */
  syncing: Scalars['Boolean']['output'];
  /** Whole days until the server token ends; negative when it has ended, null when there is none. */
  tokenDaysLeft: Maybe<Scalars['Int']['output']>;
  /** When the server token ends; null: there is none yet. */
  tokenExpiresAt: Maybe<Scalars['DateTime']['output']>;
  /** When the server token was uploaded. */
  tokenUploadedAt: Maybe<Scalars['DateTime']['output']>;
  /** When it was last edited. */
  updatedAt: Scalars['DateTime']['output'];
  /** The server's own id of the account. */
  uuid: Scalars['UUID']['output'];
};

/** Names one account. Give exactly one member. */
export type DepAccountBy = {
  /** Its global id. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** The server's own id of it. */
  uuid?: InputMaybe<Scalars['UUID']['input']>;
};

/** A page of a list of DepAccount objects. */
export type DepAccountConnection = {
  /** The page, each node with its cursor. */
  edges: Array<DepAccountEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<DepAccount>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** Why `depAccountCreate` may refuse. */
export const DepAccountCreateErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else already has this name or identifier. */
  CONFLICT: 'CONFLICT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID'
} as const;

export type DepAccountCreateErrorCode = typeof DepAccountCreateErrorCode[keyof typeof DepAccountCreateErrorCode];
/** A new account. */
export type DepAccountCreateInput = {
  /** What people call it, 1 to 255 characters. Unique. */
  name: Scalars['String']['input'];
};

/** What depAccountCreate did. */
export type DepAccountCreatePayload = {
  /** The new account. Save its `certificate` as a .pem file and upload it in Apple Business Manager; the server token that can be downloaded there then goes to depAccountTokenUpload. */
  depAccount: Maybe<DepAccount>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<DepAccountCreateUserError>;
};

/** One refusal of DepAccountCreate. */
export type DepAccountCreateUserError = UserError & {
  /** Stable; made for switching on. */
  code: DepAccountCreateErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `depAccountDelete` may refuse. */
export const DepAccountDeleteErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else still refers to it. */
  IN_USE: 'IN_USE',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DepAccountDeleteErrorCode = typeof DepAccountDeleteErrorCode[keyof typeof DepAccountDeleteErrorCode];
/** An account to delete. */
export type DepAccountDeleteInput = {
  /** Delete it although Apple has devices there: they stay here, and Apple no longer tells of them. */
  force?: InputMaybe<Scalars['Boolean']['input']>;
  /** The account. */
  id: Scalars['ID']['input'];
};

/** What depAccountDelete did. */
export type DepAccountDeletePayload = {
  /** The id of the account that is gone. */
  deletedDepAccountId: Maybe<Scalars['ID']['output']>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<DepAccountDeleteUserError>;
};

/** One refusal of DepAccountDelete. */
export type DepAccountDeleteUserError = UserError & {
  /** Stable; made for switching on. */
  code: DepAccountDeleteErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** A DepAccount and its place in a list. */
export type DepAccountEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The DepAccount. */
  node: DepAccount;
};

/** What went wrong with an account, and still does. */
export type DepAccountFailure = {
  /** What it is. */
  code: DepFailureCode;
  /** In words, with what to do about it. */
  message: Scalars['String']['output'];
  /** Since when nothing has gone well. */
  since: Maybe<Scalars['DateTime']['output']>;
};

/** How far an account is. */
export const DepAccountStatus = {
  /** Somebody has to do something before it is synced again; see failure. */
  BLOCKED: 'BLOCKED',
  /** Its certificate has to be uploaded at Apple, and Apple's server token has to be uploaded here. */
  NEW: 'NEW',
  /** It is synced by itself. */
  READY: 'READY'
} as const;

export type DepAccountStatus = typeof DepAccountStatus[keyof typeof DepAccountStatus];
/** Why `depAccountSync` may refuse. */
export const DepAccountSyncErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else already has this name or identifier. */
  CONFLICT: 'CONFLICT',
  /** The device, its platform or its version, or this server’s configuration does not offer this. */
  FEATURE_NOT_AVAILABLE: 'FEATURE_NOT_AVAILABLE',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND',
  /** Apple’s service refused; the message says what it answered. */
  UPSTREAM_REFUSED: 'UPSTREAM_REFUSED'
} as const;

export type DepAccountSyncErrorCode = typeof DepAccountSyncErrorCode[keyof typeof DepAccountSyncErrorCode];
/** An account to sync. */
export type DepAccountSyncInput = {
  /** Read all devices again, not only what changed. */
  anew?: InputMaybe<Scalars['Boolean']['input']>;
  /** The account. */
  id: Scalars['ID']['input'];
  /** How many seconds to wait for the end, 0 to 30; 5 when left out. */
  waitSeconds?: InputMaybe<Scalars['Int']['input']>;
};

/** What depAccountSync did. */
export type DepAccountSyncPayload = {
  /** What it came to; null while it goes on. */
  counts: Maybe<DepSyncCounts>;
  /** The account as it is now. */
  depAccount: Maybe<DepAccount>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** True: it is still going on. The subscription depSyncProgress tells how far it is, and when it is done. */
  started: Maybe<Scalars['Boolean']['output']>;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<DepAccountSyncUserError>;
};

/** One refusal of DepAccountSync. */
export type DepAccountSyncUserError = UserError & {
  /** Stable; made for switching on. */
  code: DepAccountSyncErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `depAccountTokenUpload` may refuse. */
export const DepAccountTokenUploadErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else already has this name or identifier. */
  CONFLICT: 'CONFLICT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND',
  /** Apple’s service refused; the message says what it answered. */
  UPSTREAM_REFUSED: 'UPSTREAM_REFUSED'
} as const;

export type DepAccountTokenUploadErrorCode = typeof DepAccountTokenUploadErrorCode[keyof typeof DepAccountTokenUploadErrorCode];
/** A server token from Apple. */
export type DepAccountTokenUploadInput = {
  /** Take it although it is of another server or organization at Apple. All devices are then read anew, and those that are not of that server are no longer told of. */
  force?: InputMaybe<Scalars['Boolean']['input']>;
  /** The account. */
  id: Scalars['ID']['input'];
  /** Apple's .p7m file, unchanged: its text as it is, or the file as base64. Kept sealed, and never shown. */
  token: Scalars['String']['input'];
};

/** What depAccountTokenUpload did. */
export type DepAccountTokenUploadPayload = {
  /** The account, which is synced by itself from now on; at once with depAccountSync. */
  depAccount: Maybe<DepAccount>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<DepAccountTokenUploadUserError>;
};

/** One refusal of DepAccountTokenUpload. */
export type DepAccountTokenUploadUserError = UserError & {
  /** Stable; made for switching on. */
  code: DepAccountTokenUploadErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `depAccountUpdate` may refuse. */
export const DepAccountUpdateErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else already has this name or identifier. */
  CONFLICT: 'CONFLICT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND',
  /** It has changed since the revision you named; read it again and decide anew. */
  STALE_REVISION: 'STALE_REVISION'
} as const;

export type DepAccountUpdateErrorCode = typeof DepAccountUpdateErrorCode[keyof typeof DepAccountUpdateErrorCode];
/** Another name for an account. */
export type DepAccountUpdateInput = {
  /** Refuse unless the account is at this revision. */
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  /** The account. */
  id: Scalars['ID']['input'];
  /** The name, 1 to 255 characters. Unique. */
  name: Scalars['String']['input'];
};

/** What depAccountUpdate did. */
export type DepAccountUpdatePayload = {
  /** The account as it is now. */
  depAccount: Maybe<DepAccount>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<DepAccountUpdateUserError>;
};

/** One refusal of DepAccountUpdate. */
export type DepAccountUpdateUserError = UserError & {
  /** Stable; made for switching on. */
  code: DepAccountUpdateErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Whether the profile that a device shall have at Apple is the one it has. */
export const DepAssignmentStatus = {
  /** Apple has it. */
  ASSIGNED: 'ASSIGNED',
  /** Apple failed to assign it. Tried again, more and more seldom. */
  FAILED: 'FAILED',
  /** It shall have none: no rule is about it, and nobody chose one. */
  NONE: 'NONE',
  /** Apple says that the device is not of this server. Tried again daily. */
  NOT_ACCESSIBLE: 'NOT_ACCESSIBLE',
  /** Apple has yet to be told. */
  PENDING: 'PENDING',
  /** Apple asked to try again later; that is done. */
  THROTTLED: 'THROTTLED'
} as const;

export type DepAssignmentStatus = typeof DepAssignmentStatus[keyof typeof DepAssignmentStatus];
/** Who chose the profile of a device. */
export const DepChoice = {
  /** Somebody, by hand: rules leave it alone. */
  MANUAL: 'MANUAL',
  /** The first rule that is about it. */
  RULE: 'RULE'
} as const;

export type DepChoice = typeof DepChoice[keyof typeof DepChoice];
/** What Apple Business Manager says of a device, and which profile it shall have there. */
export type DepDevice = {
  /** The account that told of it last; null when that is gone. */
  account: Maybe<DepAccount>;
  /** Whether its activation was locked from here. */
  activationLocked: Scalars['Boolean']['output'];
  /** Apple's id of the profile that the device has there. */
  appleProfileUuid: Maybe<Scalars['String']['output']>;
  /** Asset tag. */
  assetTag: Maybe<Scalars['String']['output']>;
  /** When the device was assigned to this server at Apple. */
  assignedAt: Maybe<Scalars['DateTime']['output']>;
  /** Who assigned it. */
  assignedBy: Maybe<Scalars['String']['output']>;
  /** Whether the profile that it shall have is the one it has. */
  assignment: DepAssignmentStatus;
  /** Who chose its profile. */
  choice: Maybe<DepChoice>;
  /** Color. */
  color: Maybe<Scalars['String']['output']>;
  /** Description, for example IPHONE 15 BLACK 128GB. */
  description: Maybe<Scalars['String']['output']>;
  /** The device, the same before and after it enrols. */
  device: Maybe<Device>;
  /** Family: iPad, iPhone, iPod, Mac, AppleTV, Vision. */
  deviceFamily: Maybe<Scalars['String']['output']>;
  /** When a migration from another server has to be done. */
  migrationDeadline: Maybe<Scalars['DateTime']['output']>;
  /** Model, for example iPhone 15. */
  model: Maybe<Scalars['String']['output']>;
  /** Operating system: iOS, iPadOS, OSX, tvOS, visionOS. */
  os: Maybe<Scalars['String']['output']>;
  /** The DEP profile that it shall have; see assignment for whether Apple has it. */
  profile: Maybe<DepProfile>;
  /** When Apple assigned that profile. */
  profileAssignedAt: Maybe<Scalars['DateTime']['output']>;
  /** When the device fetched that profile. */
  profilePushedAt: Maybe<Scalars['DateTime']['output']>;
  /** What Apple says of the profile: empty, assigned, pushed (the device has it) or removed. */
  profileStatus: Maybe<Scalars['String']['output']>;
  /** When it was taken from this server at Apple. Its history stays. */
  removedAt: Maybe<Scalars['DateTime']['output']>;
  /** The rule that is about it, whether or not its DEP profile was chosen by hand. */
  rule: Maybe<DepRule>;
  /** Serial number. */
  serialNumber: Scalars['String']['output'];
  /** When anything of this last changed. */
  updatedAt: Scalars['DateTime']['output'];
};

/** A page of a list of DepDevice objects. */
export type DepDeviceConnection = {
  /** The page, each node with its cursor. */
  edges: Array<DepDeviceEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<DepDevice>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** A DepDevice and its place in a list. */
export type DepDeviceEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The DepDevice. */
  node: DepDevice;
};

/** Narrows devices of Apple Business Manager. Every member that is given has to fit. */
export type DepDeviceFilter = {
  /** Of this account. */
  accountId?: InputMaybe<Scalars['ID']['input']>;
  /** Whose DEP profile is so far. */
  assignment?: InputMaybe<DepAssignmentStatus>;
  /** That are enrolled, or are not. */
  enrolled?: InputMaybe<Scalars['Boolean']['input']>;
  /** That a rule with these patterns would be about, should none before it be. */
  patterns?: InputMaybe<DepPatternsInput>;
  /** That shall have this DEP profile. */
  profileId?: InputMaybe<Scalars['ID']['input']>;
  /** True: those that Apple no longer tells of. Those that it does, when left out. */
  removed?: InputMaybe<Scalars['Boolean']['input']>;
  /** That this rule is about, and none before it. */
  ruleId?: InputMaybe<Scalars['ID']['input']>;
  /** With this text in the serial number, model, description or asset tag; case is ignored. */
  search?: InputMaybe<Scalars['String']['input']>;
};

/** Why `depDeviceLockActivation` may refuse. */
export const DepDeviceLockActivationErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND',
  /** Apple’s service refused; the message says what it answered. */
  UPSTREAM_REFUSED: 'UPSTREAM_REFUSED'
} as const;

export type DepDeviceLockActivationErrorCode = typeof DepDeviceLockActivationErrorCode[keyof typeof DepDeviceLockActivationErrorCode];
/** The device whose activation is locked. */
export type DepDeviceLockActivationInput = {
  /** The device (Device.id). */
  deviceId: Scalars['ID']['input'];
  /** The hash of a bypass code that you keep, as Apple's escrow_key. Without it, only the Apple Account that made the server token, or Apple Business Manager, unlocks the device. */
  escrowKey?: InputMaybe<Scalars['String']['input']>;
  /** Shown on the locked device, at most 1,000 characters. */
  lostMessage?: InputMaybe<Scalars['String']['input']>;
};

/** What depDeviceLockActivation did. */
export type DepDeviceLockActivationPayload = {
  /** The device, whose activation is locked. */
  device: Maybe<Device>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<DepDeviceLockActivationUserError>;
};

/** One refusal of DepDeviceLockActivation. */
export type DepDeviceLockActivationUserError = UserError & {
  /** Stable; made for switching on. */
  code: DepDeviceLockActivationErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `depDevicesAssign` may refuse. */
export const DepDevicesAssignErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DepDevicesAssignErrorCode = typeof DepDevicesAssignErrorCode[keyof typeof DepDevicesAssignErrorCode];
/** Which devices shall have which DEP profile. */
export type DepDevicesAssignInput = {
  /** The devices (Device.id), 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
  /** The DEP profile. */
  profileId: Scalars['ID']['input'];
};

/** What depDevicesAssign did. */
export type DepDevicesAssignPayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DepDevicesAssignResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DepDevicesAssignUserError>;
};

/** What depDevicesAssign did for one device. */
export type DepDevicesAssignResult = {
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why it was refused; null when it was not. */
  error: Maybe<DepDevicesAssignUserError>;
};

/** One refusal of DepDevicesAssign. */
export type DepDevicesAssignUserError = UserError & {
  /** Stable; made for switching on. */
  code: DepDevicesAssignErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `depDevicesDisown` may refuse. */
export const DepDevicesDisownErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND',
  /** Apple’s service refused; the message says what it answered. */
  UPSTREAM_REFUSED: 'UPSTREAM_REFUSED'
} as const;

export type DepDevicesDisownErrorCode = typeof DepDevicesDisownErrorCode[keyof typeof DepDevicesDisownErrorCode];
/** The devices that leave the organization for good. */
export type DepDevicesDisownInput = {
  /** The serial numbers of exactly these devices once more, in any order: it cannot be undone. */
  confirmSerialNumbers: Array<Scalars['String']['input']>;
  /** The devices (Device.id), 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
};

/** What depDevicesDisown did. */
export type DepDevicesDisownPayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DepDevicesDisownResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DepDevicesDisownUserError>;
};

/** What depDevicesDisown did for one device. */
export type DepDevicesDisownResult = {
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why it was refused; null when it was not. */
  error: Maybe<DepDevicesDisownUserError>;
};

/** One refusal of DepDevicesDisown. */
export type DepDevicesDisownUserError = UserError & {
  /** Stable; made for switching on. */
  code: DepDevicesDisownErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `depDevicesFollowRules` may refuse. */
export const DepDevicesFollowRulesErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DepDevicesFollowRulesErrorCode = typeof DepDevicesFollowRulesErrorCode[keyof typeof DepDevicesFollowRulesErrorCode];
/** The devices that shall follow the rules again. */
export type DepDevicesFollowRulesInput = {
  /** The devices (Device.id), 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
};

/** What depDevicesFollowRules did. */
export type DepDevicesFollowRulesPayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DepDevicesFollowRulesResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DepDevicesFollowRulesUserError>;
};

/** What depDevicesFollowRules did for one device. */
export type DepDevicesFollowRulesResult = {
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why it was refused; null when it was not. */
  error: Maybe<DepDevicesFollowRulesUserError>;
};

/** One refusal of DepDevicesFollowRules. */
export type DepDevicesFollowRulesUserError = UserError & {
  /** Stable; made for switching on. */
  code: DepDevicesFollowRulesErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `depDevicesUnassign` may refuse. */
export const DepDevicesUnassignErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DepDevicesUnassignErrorCode = typeof DepDevicesUnassignErrorCode[keyof typeof DepDevicesUnassignErrorCode];
/** The devices that shall have no DEP profile. */
export type DepDevicesUnassignInput = {
  /** The devices (Device.id), 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
};

/** What depDevicesUnassign did. */
export type DepDevicesUnassignPayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DepDevicesUnassignResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DepDevicesUnassignUserError>;
};

/** What depDevicesUnassign did for one device. */
export type DepDevicesUnassignResult = {
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why it was refused; null when it was not. */
  error: Maybe<DepDevicesUnassignUserError>;
};

/** One refusal of DepDevicesUnassign. */
export type DepDevicesUnassignUserError = UserError & {
  /** Stable; made for switching on. */
  code: DepDevicesUnassignErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** What went wrong between this server and Apple's device assignment service. */
export const DepFailureCode = {
  /** This server was removed at Apple, or may not do this. */
  ACCESS_DENIED: 'ACCESS_DENIED',
  /** Apple asks from where to read on. */
  CURSOR_REQUIRED: 'CURSOR_REQUIRED',
  /** Apple says that there is no more to read from here. */
  EXHAUSTED_CURSOR: 'EXHAUSTED_CURSOR',
  /** What was read so far is too old; all is read anew. */
  EXPIRED_CURSOR: 'EXPIRED_CURSOR',
  /** Apple does not know what was read so far; all is read anew. */
  INVALID_CURSOR: 'INVALID_CURSOR',
  /** Anything else that Apple says no to; the message has its words. */
  REFUSED: 'REFUSED',
  /** Somebody has to agree to Apple's new terms in Apple Business Manager. */
  TERMS_NOT_SIGNED: 'TERMS_NOT_SIGNED',
  /** Apple asks for fewer requests for a while. */
  THROTTLED: 'THROTTLED',
  /** The server token has to be renewed. */
  TOKEN_EXPIRED: 'TOKEN_EXPIRED',
  /** Apple does not accept the server token, or this server's clock is wrong. */
  UNAUTHORIZED: 'UNAUTHORIZED',
  /** Apple's service does not answer, or not as it should. */
  UNAVAILABLE: 'UNAVAILABLE',
  /** Apple's answer makes no sense. */
  UNREADABLE: 'UNREADABLE'
} as const;

export type DepFailureCode = typeof DepFailureCode[keyof typeof DepFailureCode];
/** What devices a rule is about: all that are not null have to fit. */
export type DepPatterns = {
  /** Asset tag, for example school-*. */
  assetTag: Maybe<Scalars['String']['output']>;
  /** Color, for example BLACK. */
  color: Maybe<Scalars['String']['output']>;
  /** Apple's description, for example *256GB*. */
  description: Maybe<Scalars['String']['output']>;
  /** Family: iPad, iPhone, iPod, Mac, AppleTV, Vision. */
  deviceFamily: Maybe<Scalars['String']['output']>;
  /** Model, for example iPad*. */
  model: Maybe<Scalars['String']['output']>;
  /** Operating system: iOS, iPadOS, OSX, tvOS, visionOS. */
  os: Maybe<Scalars['String']['output']>;
  /** Serial number, for example F17*. */
  serialNumber: Maybe<Scalars['String']['output']>;
};

/** What devices a rule is about. `*` stands for any text and `?` for any letter; case does not count. All that are given have to fit; none: every device. */
export type DepPatternsInput = {
  /** Asset tag, for example school-*. */
  assetTag?: InputMaybe<Scalars['String']['input']>;
  /** Color, for example BLACK. */
  color?: InputMaybe<Scalars['String']['input']>;
  /** Apple's description, for example *256GB*. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** Family: iPad, iPhone, iPod, Mac, AppleTV, Vision. */
  deviceFamily?: InputMaybe<Scalars['String']['input']>;
  /** Model, for example iPad*. */
  model?: InputMaybe<Scalars['String']['input']>;
  /** Operating system: iOS, iPadOS, OSX, tvOS, visionOS. */
  os?: InputMaybe<Scalars['String']['input']>;
  /** Serial number, for example F17*. */
  serialNumber?: InputMaybe<Scalars['String']['input']>;
};

/** What a device of Apple Business Manager does in Setup Assistant. */
export type DepProfile = Node & {
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** How many devices shall have it now. */
  deviceCount: Scalars['Int']['output'];
  /** The enrollment profile that devices enrol by. */
  enrollmentProfile: Maybe<EnrollmentProfile>;
  /** Opaque, global id. Checked when it comes back. */
  id: Scalars['ID']['output'];
  /** Name, also at Apple. Unique. */
  name: Scalars['String']['output'];
  /** Counts edits. Send it back with an update to be told of an edit that came between. */
  revision: Scalars['Int']['output'];
  /** The rules that give it, in their order. */
  rules: DepRuleConnection;
  /** What devices do in Setup Assistant. */
  setup: DepSetup;
  /** When it was last edited. */
  updatedAt: Scalars['DateTime']['output'];
  /** The server's own id of the profile. */
  uuid: Scalars['UUID']['output'];
};

/** What a device of Apple Business Manager does in Setup Assistant. */
export type DepProfilerulesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Names one DEP profile. Give exactly one member. */
export type DepProfileBy = {
  /** Its global id. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** The server's own id of it. */
  uuid?: InputMaybe<Scalars['UUID']['input']>;
};

/** A page of a list of DepProfile objects. */
export type DepProfileConnection = {
  /** The page, each node with its cursor. */
  edges: Array<DepProfileEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<DepProfile>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** Why `depProfileCreate` may refuse. */
export const DepProfileCreateErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else already has this name or identifier. */
  CONFLICT: 'CONFLICT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID'
} as const;

export type DepProfileCreateErrorCode = typeof DepProfileCreateErrorCode[keyof typeof DepProfileCreateErrorCode];
/** A new DEP profile. */
export type DepProfileCreateInput = {
  /** The enrollment profile that devices enrol by: whoever has this DEP profile at Apple may, whatever serial numbers it names. */
  enrollmentProfileId: Scalars['ID']['input'];
  /** Its name, also at Apple, 1 to 125 characters. Unique. */
  name: Scalars['String']['input'];
  /** What devices do in Setup Assistant; all of Apple's defaults when left out. */
  setup?: InputMaybe<DepSetupInput>;
};

/** What depProfileCreate did. */
export type DepProfileCreatePayload = {
  /** The new DEP profile. It is defined at Apple when a device shall have it. */
  depProfile: Maybe<DepProfile>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<DepProfileCreateUserError>;
};

/** One refusal of DepProfileCreate. */
export type DepProfileCreateUserError = UserError & {
  /** Stable; made for switching on. */
  code: DepProfileCreateErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `depProfileDelete` may refuse. */
export const DepProfileDeleteErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else still refers to it. */
  IN_USE: 'IN_USE',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DepProfileDeleteErrorCode = typeof DepProfileDeleteErrorCode[keyof typeof DepProfileDeleteErrorCode];
/** A DEP profile to delete. */
export type DepProfileDeleteInput = {
  /** The DEP profile. No rule may name it, and no device shall have it any more. */
  id: Scalars['ID']['input'];
};

/** What depProfileDelete did. */
export type DepProfileDeletePayload = {
  /** The id of the DEP profile that is gone. */
  deletedDepProfileId: Maybe<Scalars['ID']['output']>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<DepProfileDeleteUserError>;
};

/** One refusal of DepProfileDelete. */
export type DepProfileDeleteUserError = UserError & {
  /** Stable; made for switching on. */
  code: DepProfileDeleteErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** A DepProfile and its place in a list. */
export type DepProfileEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The DepProfile. */
  node: DepProfile;
};

/** Why `depProfileUpdate` may refuse. */
export const DepProfileUpdateErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else already has this name or identifier. */
  CONFLICT: 'CONFLICT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND',
  /** It has changed since the revision you named; read it again and decide anew. */
  STALE_REVISION: 'STALE_REVISION'
} as const;

export type DepProfileUpdateErrorCode = typeof DepProfileUpdateErrorCode[keyof typeof DepProfileUpdateErrorCode];
/** Changes to a DEP profile. What is left out stays. */
export type DepProfileUpdateInput = {
  /** Another enrollment profile. */
  enrollmentProfileId?: InputMaybe<Scalars['ID']['input']>;
  /** Refuse unless the DEP profile is at this revision. */
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  /** The DEP profile. */
  id: Scalars['ID']['input'];
  /** Another name. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** All of what devices do in Setup Assistant: it takes the place of what there was. */
  setup?: InputMaybe<DepSetupInput>;
};

/** What depProfileUpdate did. */
export type DepProfileUpdatePayload = {
  /** The DEP profile as it is now. */
  depProfile: Maybe<DepProfile>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<DepProfileUpdateUserError>;
};

/** One refusal of DepProfileUpdate. */
export type DepProfileUpdateUserError = UserError & {
  /** Stable; made for switching on. */
  code: DepProfileUpdateErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Which devices are given which profile and workflow. The first rule that is about a device counts. */
export type DepRule = Node & {
  /** Only devices of it; null: of any. */
  account: Maybe<DepAccount>;
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** Opaque, global id. Checked when it comes back. */
  id: Scalars['ID']['output'];
  /** What people call it. */
  name: Scalars['String']['output'];
  /** What devices it is about. */
  patterns: DepPatterns;
  /** Its place among the rules, from 0. */
  position: Scalars['Int']['output'];
  /** The DEP profile that devices shall have. */
  profile: Maybe<DepProfile>;
  /** When it was last edited. */
  updatedAt: Scalars['DateTime']['output'];
  /** The server's own id of the rule. */
  uuid: Scalars['UUID']['output'];
  /** The workflow that devices are given. */
  workflow: Maybe<Workflow>;
};

/** A page of a list of DepRule objects. */
export type DepRuleConnection = {
  /** The page, each node with its cursor. */
  edges: Array<DepRuleEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<DepRule>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** Why `depRuleCreate` may refuse. */
export const DepRuleCreateErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID'
} as const;

export type DepRuleCreateErrorCode = typeof DepRuleCreateErrorCode[keyof typeof DepRuleCreateErrorCode];
/** A new rule. */
export type DepRuleCreateInput = {
  /** Only devices of this account; null: of any. */
  accountId?: InputMaybe<Scalars['ID']['input']>;
  /** What people call it, 1 to 255 characters. */
  name: Scalars['String']['input'];
  /** What devices it is about; every device when left out. `depDevices(filter: { patterns: … })` shows beforehand which. */
  patterns?: InputMaybe<DepPatternsInput>;
  /** Its place among the rules, from 0; last when left out. */
  position?: InputMaybe<Scalars['Int']['input']>;
  /** The DEP profile that they shall have at Apple. */
  profileId: Scalars['ID']['input'];
  /** The workflow that devices are given, unless they have one already, also before they enrol; null: none. */
  workflowId?: InputMaybe<Scalars['ID']['input']>;
};

/** What depRuleCreate did. */
export type DepRuleCreatePayload = {
  /** The new rule. Devices follow it soon. */
  depRule: Maybe<DepRule>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<DepRuleCreateUserError>;
};

/** One refusal of DepRuleCreate. */
export type DepRuleCreateUserError = UserError & {
  /** Stable; made for switching on. */
  code: DepRuleCreateErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `depRuleDelete` may refuse. */
export const DepRuleDeleteErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DepRuleDeleteErrorCode = typeof DepRuleDeleteErrorCode[keyof typeof DepRuleDeleteErrorCode];
/** A rule to delete. */
export type DepRuleDeleteInput = {
  /** The rule. */
  id: Scalars['ID']['input'];
};

/** What depRuleDelete did. */
export type DepRuleDeletePayload = {
  /** The id of the rule that is gone. */
  deletedDepRuleId: Maybe<Scalars['ID']['output']>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<DepRuleDeleteUserError>;
};

/** One refusal of DepRuleDelete. */
export type DepRuleDeleteUserError = UserError & {
  /** Stable; made for switching on. */
  code: DepRuleDeleteErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** A DepRule and its place in a list. */
export type DepRuleEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The DepRule. */
  node: DepRule;
};

/** Why `depRuleUpdate` may refuse. */
export const DepRuleUpdateErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DepRuleUpdateErrorCode = typeof DepRuleUpdateErrorCode[keyof typeof DepRuleUpdateErrorCode];
/** Changes to a rule. What is left out stays. */
export type DepRuleUpdateInput = {
  /** Only devices of this account; null: of any. */
  accountId?: InputMaybe<Scalars['ID']['input']>;
  /** The rule. */
  id: Scalars['ID']['input'];
  /** Another name. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** All of its patterns: they take the place of what there was. Null: every device. */
  patterns?: InputMaybe<DepPatternsInput>;
  /** Its new place among the rules, from 0. */
  position?: InputMaybe<Scalars['Int']['input']>;
  /** Another DEP profile. */
  profileId?: InputMaybe<Scalars['ID']['input']>;
  /** The workflow that devices are given, unless they have one already, also before they enrol; null: none. */
  workflowId?: InputMaybe<Scalars['ID']['input']>;
};

/** What depRuleUpdate did. */
export type DepRuleUpdatePayload = {
  /** The rule as it is now. Devices follow it soon. */
  depRule: Maybe<DepRule>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<DepRuleUpdateUserError>;
};

/** One refusal of DepRuleUpdate. */
export type DepRuleUpdateUserError = UserError & {
  /** Stable; made for switching on. */
  code: DepRuleUpdateErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** What a device does in Setup Assistant. What is null is Apple's default. */
export type DepSetup = {
  /** Whether it pairs with any computer. Deprecated by Apple: a restriction does it. */
  allowPairing: Maybe<Scalars['Boolean']['output']>;
  /** Certificates that the device trusts for this server's address in place of its own roots: DER, each as base64. 20 at most. */
  anchorCerts: Maybe<Array<Scalars['String']['output']>>;
  /** Whether Setup Assistant goes through by itself: Apple TV, and Macs with Ethernet. */
  autoAdvanceSetup: Maybe<Scalars['Boolean']['output']>;
  /** Whether it waits in Setup Assistant until it has what its workflow wants; this server lets it go on by itself. */
  awaitDeviceConfigured: Maybe<Scalars['Boolean']['output']>;
  /** An https page that the device shows in place of enrolling at once, for signing in: what it downloads at the end is the enrollment profile. */
  configurationWebUrl: Maybe<Scalars['String']['output']>;
  /** The department, shown during setup, 1 to 125 characters. */
  department: Maybe<Scalars['String']['output']>;
  /** Whether the profile in a backup that is restored does not count. */
  doNotUseProfileFromBackup: Maybe<Scalars['Boolean']['output']>;
  /** Whether its user cannot skip enrolling. Always so since iOS 13. */
  isMandatory: Maybe<Scalars['Boolean']['output']>;
  /** Whether its user may remove the management. False needs a supervised device. */
  isMdmRemovable: Maybe<Scalars['Boolean']['output']>;
  /** Whether it is a Shared iPad. */
  isMultiUser: Maybe<Scalars['Boolean']['output']>;
  /** Whether it is in the mode that Return to Service needs (see EnrollmentProfile.returnToService). */
  isReturnToService: Maybe<Scalars['Boolean']['output']>;
  /** Whether it is supervised. Always so since iOS 13 and macOS 11. */
  isSupervised: Maybe<Scalars['Boolean']['output']>;
  /** The language for autoAdvanceSetup: a code of ISO 639 such as en. */
  language: Maybe<Scalars['String']['output']>;
  /** Tells services of the organization apart, 1 to 250 characters. */
  orgMagic: Maybe<Scalars['String']['output']>;
  /** The region for autoAdvanceSetup: a code of ISO 3166-1 such as US. */
  region: Maybe<Scalars['String']['output']>;
  /** Panes that are not shown, 100 at most. Known here: Accessibility, ActionButton, Android, Appearance, AppleID, AppStore, Biometric, CameraButton, DeviceToDeviceMigration, Diagnostics, DisplayTone, EnableLockdownMode, FileVault, HomeButtonSensitivity, iCloudDiagnostics, iCloudStorage, iMessageAndFaceTime, Intelligence, Keyboard, Location, MessagingActivationUsingPhoneNumber, OnBoarding, Passcode, Payment, Privacy, Restore, RestoreCompleted, ScreenSaver, Safety, ScreenTime, SIMSetup, Siri, SoftwareUpdate, SpokenLanguage, TapToSetup, TermsOfAddress, TOS, TVHomeScreenSync, TVProviderSignIn, TVRoom, UpdateCompleted, Wallpaper, WatchMigration, WebContentFiltering, Welcome, Zoom. Newer ones can be named as well. */
  skipSetupItems: Maybe<Array<Scalars['String']['output']>>;
  /** Certificates of computers that it pairs with although pairing is not allowed: DER, each as base64. 20 at most. */
  supervisingHostCerts: Maybe<Array<Scalars['String']['output']>>;
  /** The support's address for e-mail, shown during setup, 1 to 250 characters. */
  supportEmailAddress: Maybe<Scalars['String']['output']>;
  /** The telephone number for support, shown during setup, 1 to 50 characters. */
  supportPhoneNumber: Maybe<Scalars['String']['output']>;
};

/** What a device does in Setup Assistant. What is left out, or null, is Apple's default. */
export type DepSetupInput = {
  /** Whether it pairs with any computer. Deprecated by Apple: a restriction does it. */
  allowPairing?: InputMaybe<Scalars['Boolean']['input']>;
  /** Certificates that the device trusts for this server's address in place of its own roots: DER, each as base64. 20 at most. */
  anchorCerts?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Whether Setup Assistant goes through by itself: Apple TV, and Macs with Ethernet. */
  autoAdvanceSetup?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether it waits in Setup Assistant until it has what its workflow wants; this server lets it go on by itself. */
  awaitDeviceConfigured?: InputMaybe<Scalars['Boolean']['input']>;
  /** An https page that the device shows in place of enrolling at once, for signing in: what it downloads at the end is the enrollment profile. */
  configurationWebUrl?: InputMaybe<Scalars['String']['input']>;
  /** The department, shown during setup, 1 to 125 characters. */
  department?: InputMaybe<Scalars['String']['input']>;
  /** Whether the profile in a backup that is restored does not count. */
  doNotUseProfileFromBackup?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether its user cannot skip enrolling. Always so since iOS 13. */
  isMandatory?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether its user may remove the management. False needs a supervised device. */
  isMdmRemovable?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether it is a Shared iPad. */
  isMultiUser?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether it is in the mode that Return to Service needs (see EnrollmentProfile.returnToService). */
  isReturnToService?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether it is supervised. Always so since iOS 13 and macOS 11. */
  isSupervised?: InputMaybe<Scalars['Boolean']['input']>;
  /** The language for autoAdvanceSetup: a code of ISO 639 such as en. */
  language?: InputMaybe<Scalars['String']['input']>;
  /** Tells services of the organization apart, 1 to 250 characters. */
  orgMagic?: InputMaybe<Scalars['String']['input']>;
  /** The region for autoAdvanceSetup: a code of ISO 3166-1 such as US. */
  region?: InputMaybe<Scalars['String']['input']>;
  /** Panes that are not shown, 100 at most. Known here: Accessibility, ActionButton, Android, Appearance, AppleID, AppStore, Biometric, CameraButton, DeviceToDeviceMigration, Diagnostics, DisplayTone, EnableLockdownMode, FileVault, HomeButtonSensitivity, iCloudDiagnostics, iCloudStorage, iMessageAndFaceTime, Intelligence, Keyboard, Location, MessagingActivationUsingPhoneNumber, OnBoarding, Passcode, Payment, Privacy, Restore, RestoreCompleted, ScreenSaver, Safety, ScreenTime, SIMSetup, Siri, SoftwareUpdate, SpokenLanguage, TapToSetup, TermsOfAddress, TOS, TVHomeScreenSync, TVProviderSignIn, TVRoom, UpdateCompleted, Wallpaper, WatchMigration, WebContentFiltering, Welcome, Zoom. Newer ones can be named as well. */
  skipSetupItems?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Certificates of computers that it pairs with although pairing is not allowed: DER, each as base64. 20 at most. */
  supervisingHostCerts?: InputMaybe<Array<Scalars['String']['input']>>;
  /** The support's address for e-mail, shown during setup, 1 to 250 characters. */
  supportEmailAddress?: InputMaybe<Scalars['String']['input']>;
  /** The telephone number for support, shown during setup, 1 to 50 characters. */
  supportPhoneNumber?: InputMaybe<Scalars['String']['input']>;
};

/** What a sync came to. */
export type DepSyncCounts = {
  /** Devices that were not known, or came back. */
  added: Scalars['Int']['output'];
  /** Devices that are no longer there. */
  deleted: Scalars['Int']['output'];
  /** Entries that Apple told. */
  fetched: Scalars['Int']['output'];
  /** Devices that were known. */
  modified: Scalars['Int']['output'];
};

/** A sync of an account at Apple Business Manager moved. The counts are of the sync so far. */
export type DepSyncEvent = SubscriptionEvent & {
  /** The account, as it is now. */
  account: Maybe<DepAccount>;
  /** Devices that were not known, or came back. */
  added: Maybe<Scalars['Int']['output']>;
  /** When it happened. */
  at: Scalars['DateTime']['output'];
  /** Opaque. Everything up to here was told: after a lost socket, subscribe with it as `after`, or ask `events(after:)`. */
  cursor: Scalars['String']['output'];
  /** Devices that are no longer there. */
  deleted: Maybe<Scalars['Int']['output']>;
  /** What went wrong. */
  failure: Maybe<DepFailureCode>;
  /** Entries that Apple told; null when it failed. */
  fetched: Maybe<Scalars['Int']['output']>;
  /** What went wrong, in words. */
  message: Maybe<Scalars['String']['output']>;
  /** Devices that were known. */
  modified: Maybe<Scalars['Int']['output']>;
  /** True: you read too slowly, or were away too long, and events after this cursor were left out. The other fields are null; read anew what you show, or catch up with `events(after: cursor)`. */
  resync: Scalars['Boolean']['output'];
  /** How far it is. */
  state: Maybe<DepSyncState>;
};

/** How far a sync of an account is. */
export const DepSyncState = {
  /** It is in step with Apple. */
  DONE: 'DONE',
  /** It ended; see failure and message. */
  FAILED: 'FAILED',
  /** Another page of its devices was read. */
  RUNNING: 'RUNNING'
} as const;

export type DepSyncState = typeof DepSyncState[keyof typeof DepSyncState];
/** Where a device stands against the workflow it was given. */
export type Deployment = {
  /** When the status last changed. */
  changedAt: Scalars['DateTime']['output'];
  /** Since when it has; null while it has not. */
  convergedAt: Maybe<Scalars['DateTime']['output']>;
  /** How many of its items stand where. */
  counts: ItemCounts;
  /** The device. */
  device: Device;
  /** What it shall have, in order, and what it shall lose. */
  items: DeploymentItemConnection;
  /** Whether the device has what its workflow wants. */
  status: DeploymentStatus;
  /** The workflow it was given; null after it was taken away. */
  workflow: Maybe<Workflow>;
};

/** Where a device stands against the workflow it was given. */
export type DeploymentitemsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** A deployment moved. */
export type DeploymentEvent = SubscriptionEvent & {
  /** When it happened. */
  at: Scalars['DateTime']['output'];
  /** How many of its items stood where at this event. */
  counts: Maybe<ItemCounts>;
  /** Opaque. Everything up to here was told: after a lost socket, subscribe with it as `after`, or ask `events(after:)`. */
  cursor: Scalars['String']['output'];
  /** The deployment, as it is now. */
  deployment: Maybe<Deployment>;
  /** The device, as it is now. */
  device: Maybe<Device>;
  /** True: you read too slowly, or were away too long, and events after this cursor were left out. The other fields are null; read anew what you show, or catch up with `events(after: cursor)`. */
  resync: Scalars['Boolean']['output'];
  /** Its status at this event. */
  status: Maybe<DeploymentStatus>;
  /** The workflow at this event; null when it took the last one away. */
  workflow: Maybe<Workflow>;
};

/** One profile or application that a device shall have, has, or shall lose. */
export type DeploymentItem = {
  /** When it last changed. */
  changedAt: Scalars['DateTime']['output'];
  /** The command that carries it now. */
  command: Maybe<Command>;
  /** What the device knows it by: PayloadIdentifier or bundle identifier. */
  identifier: Maybe<Scalars['String']['output']>;
  /** What it is about. */
  kind: SubjectKind;
  /** The revision the device is known to have; null when it has none. */
  knownRevision: Maybe<Scalars['String']['output']>;
  /** The device's own words, when it refused. */
  reason: Maybe<Scalars['String']['output']>;
  /** Where it stands. */
  status: ItemStatus;
  /** The profile or application; null when it was deleted. */
  subject: Maybe<DeploymentSubject>;
  /** The revision the device shall have; null when it is to be removed. */
  wantedRevision: Maybe<Scalars['String']['output']>;
};

/** A page of a list of DeploymentItem objects. */
export type DeploymentItemConnection = {
  /** The page, each node with its cursor. */
  edges: Array<DeploymentItemEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<DeploymentItem>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** A DeploymentItem and its place in a list. */
export type DeploymentItemEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The DeploymentItem. */
  node: DeploymentItem;
};

/** Why `deploymentRetry` may refuse. */
export const DeploymentRetryErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The idempotencyKey was used before, for something else; the message says for what. Nothing was done. */
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DeploymentRetryErrorCode = typeof DeploymentRetryErrorCode[keyof typeof DeploymentRetryErrorCode];
/** The devices to ask again. */
export type DeploymentRetryInput = {
  /** The devices, 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
  /** Your choice, new for each act, such as a UUID: 1 to 255 printable characters. The same key with the same input is carried out once and answered the same each time, for 24 hours; so a call whose answer was lost can simply be sent again. With another input it is refused (IDEMPOTENCY_KEY_REUSED). Keys belong to the API token, and what was refused as a whole leaves none. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What deploymentRetry did. */
export type DeploymentRetryPayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DeploymentRetryResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DeploymentRetryUserError>;
};

/** What deploymentRetry did for one device. */
export type DeploymentRetryResult = {
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why it was refused; null when it was not. */
  error: Maybe<DeploymentRetryUserError>;
  /** Whether something had failed and is tried again. */
  retried: Scalars['Boolean']['output'];
};

/** One refusal of DeploymentRetry. */
export type DeploymentRetryUserError = UserError & {
  /** Stable; made for switching on. */
  code: DeploymentRetryErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Whether a device has what its workflow wants. */
export const DeploymentStatus = {
  /** The device has everything its workflow wants, and nothing it should have lost. */
  CONVERGED: 'CONVERGED',
  /** Nothing is on its way, and at least one item failed. */
  FAILED: 'FAILED',
  /** Some items are still on their way. */
  PENDING: 'PENDING',
  /** No workflow is assigned and nothing is left to remove. */
  UNASSIGNED: 'UNASSIGNED'
} as const;

export type DeploymentStatus = typeof DeploymentStatus[keyof typeof DeploymentStatus];
/** What a device shall have: a profile or an application. */
export type DeploymentSubject = Application | Profile;

/** An Apple device. */
export type Device = Node & {
  /** Build, for example 22B83. */
  buildVersion: Maybe<Scalars['String']['output']>;
  /** The certificates on it, by its last CertificateList. */
  certificates: DeviceCertificateConnection;
  /** Its commands, newest first. */
  commands: CommandConnection;
  /** What Apple Business Manager says of it; null when that never told of it. */
  dep: Maybe<DepDevice>;
  /** Where it stands against its workflow; null when it never had one. */
  deployment: Maybe<Deployment>;
  /** How, whether and since when it is enrolled. */
  enrollment: Enrollment;
  /** Apple's id of a User Enrollment. */
  enrollmentId: Maybe<Scalars['String']['output']>;
  /** Opaque, global id. Checked when it comes back. */
  id: Scalars['ID']['output'];
  /** The certificates of this server that were bound to it, newest first. What another authority issued is not here. */
  identityCertificates: IdentityCertificateConnection;
  /** IMEI of a cellular device. */
  imei: Maybe<Scalars['String']['output']>;
  /** Its last answer to DeviceInformation; null when it never gave one. */
  information: Maybe<DeviceAnswer>;
  /** The applications on it, by its last InstalledApplicationList. */
  installedApplications: InstalledApplicationConnection;
  /** The profiles on it, by its last ProfileList. */
  installedProfiles: InstalledProfileConnection;
  /** When it last connected or checked in. */
  lastSeenAt: Maybe<Scalars['DateTime']['output']>;
  /** MEID of a cellular device. */
  meid: Maybe<Scalars['String']['output']>;
  /** Model number, for example MQ6K3LL/A. */
  model: Maybe<Scalars['String']['output']>;
  /** Model name, for example MacBook Pro. */
  modelName: Maybe<Scalars['String']['output']>;
  /** The name the device reports. */
  name: Maybe<Scalars['String']['output']>;
  /** Operating system version, for example 18.1. */
  osVersion: Maybe<Scalars['String']['output']>;
  /** Operating system family, told from the product name. */
  platform: Maybe<Platform>;
  /** Product name, for example iPhone15,2. */
  productName: Maybe<Scalars['String']['output']>;
  /** How it can be woken; null before its first check-in. */
  push: Maybe<PushChannel>;
  /** Its pushes, newest first. */
  pushes: PushConnection;
  /** Its commands that are not finished, in the order in which it will be handed them. */
  queue: CommandConnection;
  /** Its last answer to SecurityInfo; null when it never gave one. Without the permission secrets.read, the personal recovery key is left out. */
  securityInfo: Maybe<DeviceAnswer>;
  /** Serial number. */
  serialNumber: Maybe<Scalars['String']['output']>;
  /** Apple's device id. Null for User Enrollment. */
  udid: Maybe<Scalars['String']['output']>;
  /** The channels of its users. */
  users: Array<DeviceUser>;
  /** The server's own id of the device. Not the UDID. */
  uuid: Scalars['UUID']['output'];
  /** The workflow it was given. */
  workflow: Maybe<Workflow>;
};

/** An Apple device. */
export type DevicecertificatesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** An Apple device. */
export type DevicecommandsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<CommandFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** An Apple device. */
export type DeviceidentityCertificatesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** An Apple device. */
export type DeviceinstalledApplicationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** An Apple device. */
export type DeviceinstalledProfilesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** An Apple device. */
export type DevicepushesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** An Apple device. */
export type DevicequeueArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Why `deviceAllowReenrollment` may refuse. */
export const DeviceAllowReenrollmentErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DeviceAllowReenrollmentErrorCode = typeof DeviceAllowReenrollmentErrorCode[keyof typeof DeviceAllowReenrollmentErrorCode];
/** The devices that may enrol anew. */
export type DeviceAllowReenrollmentInput = {
  /** The devices, 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
};

/** What deviceAllowReenrollment did. */
export type DeviceAllowReenrollmentPayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DeviceAllowReenrollmentResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DeviceAllowReenrollmentUserError>;
};

/** What deviceAllowReenrollment did for one device. */
export type DeviceAllowReenrollmentResult = {
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why it was refused; null when it was not. */
  error: Maybe<DeviceAllowReenrollmentUserError>;
};

/** One refusal of DeviceAllowReenrollment. */
export type DeviceAllowReenrollmentUserError = UserError & {
  /** Stable; made for switching on. */
  code: DeviceAllowReenrollmentErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** What a device last answered to one kind of question. */
export type DeviceAnswer = {
  /** When it answered. */
  asOf: Scalars['DateTime']['output'];
  /** All that it answered, under Apple's names. */
  values: Scalars['JSON']['output'];
};

/** Why `deviceAssignWorkflow` may refuse. */
export const DeviceAssignWorkflowErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The idempotencyKey was used before, for something else; the message says for what. Nothing was done. */
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DeviceAssignWorkflowErrorCode = typeof DeviceAssignWorkflowErrorCode[keyof typeof DeviceAssignWorkflowErrorCode];
/** Which devices get which workflow. */
export type DeviceAssignWorkflowInput = {
  /** The devices, 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
  /** Your choice, new for each act, such as a UUID: 1 to 255 printable characters. The same key with the same input is carried out once and answered the same each time, for 24 hours; so a call whose answer was lost can simply be sent again. With another input it is refused (IDEMPOTENCY_KEY_REUSED). Keys belong to the API token, and what was refused as a whole leaves none. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The workflow; null takes away the one they have. */
  workflowId?: InputMaybe<Scalars['ID']['input']>;
};

/** What deviceAssignWorkflow did. */
export type DeviceAssignWorkflowPayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DeviceAssignWorkflowResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DeviceAssignWorkflowUserError>;
};

/** What deviceAssignWorkflow did to one device. */
export type DeviceAssignWorkflowResult = {
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why it was refused; null when it was not. */
  error: Maybe<DeviceAssignWorkflowUserError>;
};

/** One refusal of DeviceAssignWorkflow. */
export type DeviceAssignWorkflowUserError = UserError & {
  /** Stable; made for switching on. */
  code: DeviceAssignWorkflowErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Names one device. Give exactly one member. */
export type DeviceBy = {
  /** Its global id. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** Its serial number. The latest, should several devices have had it. */
  serialNumber?: InputMaybe<Scalars['String']['input']>;
  /** Its UDID. */
  udid?: InputMaybe<Scalars['String']['input']>;
  /** The server's own id of it. */
  uuid?: InputMaybe<Scalars['UUID']['input']>;
};

/** A certificate on a device, as the device lists it (CertificateList). */
export type DeviceCertificate = {
  /** Common name. */
  commonName: Maybe<Scalars['String']['output']>;
  /** Whether the device has its private key as well. */
  isIdentity: Maybe<Scalars['Boolean']['output']>;
  /** Issuer. */
  issuer: Maybe<Scalars['String']['output']>;
  /** Valid until. */
  notAfter: Maybe<Scalars['DateTime']['output']>;
  /** Valid from. */
  notBefore: Maybe<Scalars['DateTime']['output']>;
  /** Serial number, hexadecimal. */
  serialNumber: Maybe<Scalars['String']['output']>;
  /** SHA-256 of the certificate, hexadecimal. */
  sha256: Maybe<Scalars['String']['output']>;
  /** Subject. */
  subject: Maybe<Scalars['String']['output']>;
};

/** A page of a list of DeviceCertificate objects. */
export type DeviceCertificateConnection = {
  /** When the device gave this list; null when it never did. */
  asOf: Maybe<Scalars['DateTime']['output']>;
  /** The page, each node with its cursor. */
  edges: Array<DeviceCertificateEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<DeviceCertificate>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** A DeviceCertificate and its place in a list. */
export type DeviceCertificateEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The DeviceCertificate. */
  node: DeviceCertificate;
};

/** What changed about a device. */
export const DeviceChange = {
  /** It sent Authenticate: it begins to enrol. */
  AUTHENTICATED: 'AUTHENTICATED',
  /** Its activation was locked at Apple. */
  DEP_ACTIVATION_LOCKED: 'DEP_ACTIVATION_LOCKED',
  /** Apple tells of it: it was assigned to this server in Apple Business Manager. */
  DEP_ADDED: 'DEP_ADDED',
  /** Apple has the DEP profile that it shall have. */
  DEP_ASSIGNED: 'DEP_ASSIGNED',
  /** Apple tells of another DEP profile for it than before. */
  DEP_CHANGED: 'DEP_CHANGED',
  /** It left the organization at Apple for good. */
  DEP_DISOWNED: 'DEP_DISOWNED',
  /** Apple could not be told which DEP profile it shall have; that is tried again. */
  DEP_FAILED: 'DEP_FAILED',
  /** What Apple says of its serial number was with another device before, and is with it from now on. */
  DEP_JOINED: 'DEP_JOINED',
  /** Apple says that it is not of this server; that is tried again. */
  DEP_NOT_ACCESSIBLE: 'DEP_NOT_ACCESSIBLE',
  /** Apple no longer tells of it. */
  DEP_REMOVED: 'DEP_REMOVED',
  /** Apple asked to try later to give it its DEP profile. */
  DEP_THROTTLED: 'DEP_THROTTLED',
  /** Apple has no DEP profile for it any more, as it shall be. */
  DEP_UNASSIGNED: 'DEP_UNASSIGNED',
  /** It is enrolled: it can be woken and sent commands. */
  ENROLLED: 'ENROLLED',
  /** It has another identity certificate. */
  IDENTITY_RENEWED: 'IDENTITY_RENEWED',
  /** It told of itself: information, profiles, applications, certificates or security. */
  INVENTORY: 'INVENTORY',
  /** Its user handed it back: it erases itself, and is to enrol again within a day. */
  RETURNING_TO_SERVICE: 'RETURNING_TO_SERVICE',
  /** It checked out. */
  UNENROLLED: 'UNENROLLED',
  /** The channel of one of its users can be managed. */
  USER_ENROLLED: 'USER_ENROLLED',
  /** The channel of one of its users is gone. */
  USER_UNENROLLED: 'USER_UNENROLLED',
  /** It was given a workflow, or lost it. */
  WORKFLOW_ASSIGNED: 'WORKFLOW_ASSIGNED'
} as const;

export type DeviceChange = typeof DeviceChange[keyof typeof DeviceChange];
/** Why `deviceClearPasscode` may refuse. */
export const DeviceClearPasscodeErrorCode = {
  /** The same command waits for the device already: the one in `command`. No second was queued. */
  ALREADY_PENDING: 'ALREADY_PENDING',
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The device, its platform or its version, or this server’s configuration does not offer this. */
  FEATURE_NOT_AVAILABLE: 'FEATURE_NOT_AVAILABLE',
  /** The idempotencyKey was used before, for something else; the message says for what. Nothing was done. */
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** The device is not enrolled, so nothing can be sent to it. */
  NOT_ENROLLED: 'NOT_ENROLLED',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DeviceClearPasscodeErrorCode = typeof DeviceClearPasscodeErrorCode[keyof typeof DeviceClearPasscodeErrorCode];
/** The devices whose passcode to take off. */
export type DeviceClearPasscodeInput = {
  /** The devices, 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
  /** Given up when not answered by then. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Your choice, new for each act, such as a UUID: 1 to 255 printable characters. The same key with the same input is carried out once and answered the same each time, for 24 hours; so a call whose answer was lost can simply be sent again. With another input it is refused (IDEMPOTENCY_KEY_REUSED). Keys belong to the API token, and what was refused as a whole leaves none. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** -100 to 100; higher overtakes lower. 0 when left out. */
  priority?: InputMaybe<Scalars['Int']['input']>;
};

/** What deviceClearPasscode did. */
export type DeviceClearPasscodePayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DeviceClearPasscodeResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DeviceClearPasscodeUserError>;
};

/** What deviceClearPasscode did for one device. */
export type DeviceClearPasscodeResult = {
  /** The command that was queued, or with ALREADY_PENDING the one that waits. Null when there is none, or no longer. */
  command: Maybe<Command>;
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why nothing was queued; null when it was. */
  error: Maybe<DeviceClearPasscodeUserError>;
};

/** One refusal of DeviceClearPasscode. */
export type DeviceClearPasscodeUserError = UserError & {
  /** Stable; made for switching on. */
  code: DeviceClearPasscodeErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** A page of a list of Device objects. */
export type DeviceConnection = {
  /** The page, each node with its cursor. */
  edges: Array<DeviceEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<Device>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** Why `deviceDisableLostMode` may refuse. */
export const DeviceDisableLostModeErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The idempotencyKey was used before, for something else; the message says for what. Nothing was done. */
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** The device is not enrolled, so nothing can be sent to it. */
  NOT_ENROLLED: 'NOT_ENROLLED',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DeviceDisableLostModeErrorCode = typeof DeviceDisableLostModeErrorCode[keyof typeof DeviceDisableLostModeErrorCode];
/** The devices that were found. */
export type DeviceDisableLostModeInput = {
  /** The devices, 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
  /** Given up when not answered by then. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Your choice, new for each act, such as a UUID: 1 to 255 printable characters. The same key with the same input is carried out once and answered the same each time, for 24 hours; so a call whose answer was lost can simply be sent again. With another input it is refused (IDEMPOTENCY_KEY_REUSED). Keys belong to the API token, and what was refused as a whole leaves none. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** -100 to 100; higher overtakes lower. 0 when left out. */
  priority?: InputMaybe<Scalars['Int']['input']>;
};

/** What deviceDisableLostMode did. */
export type DeviceDisableLostModePayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DeviceDisableLostModeResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DeviceDisableLostModeUserError>;
};

/** What deviceDisableLostMode did for one device. */
export type DeviceDisableLostModeResult = {
  /** The command that was queued, or with ALREADY_PENDING the one that waits. Null when there is none, or no longer. */
  command: Maybe<Command>;
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why nothing was queued; null when it was. */
  error: Maybe<DeviceDisableLostModeUserError>;
};

/** One refusal of DeviceDisableLostMode. */
export type DeviceDisableLostModeUserError = UserError & {
  /** Stable; made for switching on. */
  code: DeviceDisableLostModeErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** A Device and its place in a list. */
export type DeviceEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The Device. */
  node: Device;
};

/** Why `deviceEnableLostMode` may refuse. */
export const DeviceEnableLostModeErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The idempotencyKey was used before, for something else; the message says for what. Nothing was done. */
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** The device is not enrolled, so nothing can be sent to it. */
  NOT_ENROLLED: 'NOT_ENROLLED',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DeviceEnableLostModeErrorCode = typeof DeviceEnableLostModeErrorCode[keyof typeof DeviceEnableLostModeErrorCode];
/** The devices that are lost, and what they show. Give message or phoneNumber, or both. */
export type DeviceEnableLostModeInput = {
  /** The devices, 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
  /** Given up when not answered by then. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Shown in place of “Slide to Unlock”. */
  footnote?: InputMaybe<Scalars['String']['input']>;
  /** Your choice, new for each act, such as a UUID: 1 to 255 printable characters. The same key with the same input is carried out once and answered the same each time, for 24 hours; so a call whose answer was lost can simply be sent again. With another input it is refused (IDEMPOTENCY_KEY_REUSED). Keys belong to the API token, and what was refused as a whole leaves none. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Shown on the lock screen. */
  message?: InputMaybe<Scalars['String']['input']>;
  /** Shown on the lock screen, to be called from there. */
  phoneNumber?: InputMaybe<Scalars['String']['input']>;
  /** -100 to 100; higher overtakes lower. 0 when left out. */
  priority?: InputMaybe<Scalars['Int']['input']>;
};

/** What deviceEnableLostMode did. */
export type DeviceEnableLostModePayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DeviceEnableLostModeResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DeviceEnableLostModeUserError>;
};

/** What deviceEnableLostMode did for one device. */
export type DeviceEnableLostModeResult = {
  /** The command that was queued, or with ALREADY_PENDING the one that waits. Null when there is none, or no longer. */
  command: Maybe<Command>;
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why nothing was queued; null when it was. */
  error: Maybe<DeviceEnableLostModeUserError>;
};

/** One refusal of DeviceEnableLostMode. */
export type DeviceEnableLostModeUserError = UserError & {
  /** Stable; made for switching on. */
  code: DeviceEnableLostModeErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `deviceErase` may refuse. */
export const DeviceEraseErrorCode = {
  /** The same command waits for the device already: the one in `command`. No second was queued. */
  ALREADY_PENDING: 'ALREADY_PENDING',
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The idempotencyKey was used before, for something else; the message says for what. Nothing was done. */
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** The device is not enrolled, so nothing can be sent to it. */
  NOT_ENROLLED: 'NOT_ENROLLED',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DeviceEraseErrorCode = typeof DeviceEraseErrorCode[keyof typeof DeviceEraseErrorCode];
/** The devices to erase, and how. */
export type DeviceEraseInput = {
  /** The devices, 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
  /** iPhone and iPad: no setup from a device nearby afterwards. Before iOS 14, alone or not at all. */
  disallowProximitySetup?: InputMaybe<Scalars['Boolean']['input']>;
  /** Given up when not answered by then. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Your choice, new for each act, such as a UUID: 1 to 255 printable characters. The same key with the same input is carried out once and answered the same each time, for 24 hours; so a call whose answer was lost can simply be sent again. With another input it is refused (IDEMPOTENCY_KEY_REUSED). Keys belong to the API token, and what was refused as a whole leaves none. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Macs: what to do when erasing all content and settings fails. */
  obliterationBehavior?: InputMaybe<ObliterationBehavior>;
  /** Macs only: six characters, which open the Mac again. Whether it needs one, DeviceInformation tells (PINRequiredForEraseDevice). */
  pin?: InputMaybe<Scalars['String']['input']>;
  /** iPhone, iPad, Apple Watch: keep the data plan of the eSIM. */
  preserveDataPlan?: InputMaybe<Scalars['Boolean']['input']>;
  /** -100 to 100; higher overtakes lower. 0 when left out. */
  priority?: InputMaybe<Scalars['Int']['input']>;
};

/** What deviceErase did. */
export type DeviceErasePayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DeviceEraseResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DeviceEraseUserError>;
};

/** What deviceErase did for one device. */
export type DeviceEraseResult = {
  /** The command that was queued, or with ALREADY_PENDING the one that waits. Null when there is none, or no longer. */
  command: Maybe<Command>;
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why nothing was queued; null when it was. */
  error: Maybe<DeviceEraseUserError>;
};

/** One refusal of DeviceErase. */
export type DeviceEraseUserError = UserError & {
  /** Stable; made for switching on. */
  code: DeviceEraseErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Something changed about a device. */
export type DeviceEvent = SubscriptionEvent & {
  /** When it happened. */
  at: Scalars['DateTime']['output'];
  /** What changed. */
  change: Maybe<DeviceChange>;
  /** Opaque. Everything up to here was told: after a lost socket, subscribe with it as `after`, or ask `events(after:)`. */
  cursor: Scalars['String']['output'];
  /** The device, as it is now. */
  device: Maybe<Device>;
  /** True: you read too slowly, or were away too long, and events after this cursor were left out. The other fields are null; read anew what you show, or catch up with `events(after: cursor)`. */
  resync: Scalars['Boolean']['output'];
};

/** Narrows devices. Every member that is given has to fit. */
export type DeviceFilter = {
  /** With this enrolment status. */
  enrollmentStatus?: InputMaybe<EnrollmentStatus>;
  /** One of these. */
  ids?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Of this platform. */
  platform?: InputMaybe<Platform>;
  /** With this text in its name, serial number, UDID, model or model name; case is ignored. */
  search?: InputMaybe<Scalars['String']['input']>;
  /** With this workflow assigned. */
  workflowId?: InputMaybe<Scalars['ID']['input']>;
};

/** Why `deviceLock` may refuse. */
export const DeviceLockErrorCode = {
  /** The same command waits for the device already: the one in `command`. No second was queued. */
  ALREADY_PENDING: 'ALREADY_PENDING',
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The idempotencyKey was used before, for something else; the message says for what. Nothing was done. */
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** The device is not enrolled, so nothing can be sent to it. */
  NOT_ENROLLED: 'NOT_ENROLLED',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DeviceLockErrorCode = typeof DeviceLockErrorCode[keyof typeof DeviceLockErrorCode];
/** The devices to lock, and what they show. */
export type DeviceLockInput = {
  /** The devices, 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
  /** Given up when not answered by then. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Your choice, new for each act, such as a UUID: 1 to 255 printable characters. The same key with the same input is carried out once and answered the same each time, for 24 hours; so a call whose answer was lost can simply be sent again. With another input it is refused (IDEMPOTENCY_KEY_REUSED). Keys belong to the API token, and what was refused as a whole leaves none. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Shown on the lock screen, if the device has a passcode. Not on a Shared iPad or Apple Vision. */
  message?: InputMaybe<Scalars['String']['input']>;
  /** Shown on the lock screen, if the device has a passcode. On Macs, only with Apple silicon. */
  phoneNumber?: InputMaybe<Scalars['String']['input']>;
  /** Macs only: six characters, which open the Mac again. Whether it needs one, DeviceInformation tells (PINRequiredForDeviceLock). */
  pin?: InputMaybe<Scalars['String']['input']>;
  /** -100 to 100; higher overtakes lower. 0 when left out. */
  priority?: InputMaybe<Scalars['Int']['input']>;
};

/** What deviceLock did. */
export type DeviceLockPayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DeviceLockResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DeviceLockUserError>;
};

/** What deviceLock did for one device. */
export type DeviceLockResult = {
  /** The command that was queued, or with ALREADY_PENDING the one that waits. Null when there is none, or no longer. */
  command: Maybe<Command>;
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why nothing was queued; null when it was. */
  error: Maybe<DeviceLockUserError>;
};

/** One refusal of DeviceLock. */
export type DeviceLockUserError = UserError & {
  /** Stable; made for switching on. */
  code: DeviceLockErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** The order of devices. */
export type DeviceOrder = {
  /** Which end comes first. */
  direction?: OrderDirection;
  /** What to order by. */
  field: DeviceOrderField;
};

/** What devices can be ordered by. */
export const DeviceOrderField = {
  /** When the server first met the device. */
  CREATED_AT: 'CREATED_AT',
  /** The name the device reports; devices without one come first. */
  NAME: 'NAME',
  /** Serial number; devices without one come first. */
  SERIAL_NUMBER: 'SERIAL_NUMBER'
} as const;

export type DeviceOrderField = typeof DeviceOrderField[keyof typeof DeviceOrderField];
/** What would be done to one device. */
export type DevicePlanResult = {
  /** The changes, in the order of their commands; none when it has all of it. */
  changes: Array<PlannedChange>;
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Whether it is enrolled. If it is not, all this would wait for its enrolment. */
  enrolled: Scalars['Boolean']['output'];
  /** Why there is no plan; null when there is. */
  error: Maybe<WorkflowPlanUserError>;
};

/** Why `devicePush` may refuse. */
export const DevicePushErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The idempotencyKey was used before, for something else; the message says for what. Nothing was done. */
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  /** The device is not enrolled, so nothing can be sent to it. */
  NOT_ENROLLED: 'NOT_ENROLLED',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DevicePushErrorCode = typeof DevicePushErrorCode[keyof typeof DevicePushErrorCode];
/** The devices to wake. */
export type DevicePushInput = {
  /** The devices, 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
  /** Your choice, new for each act, such as a UUID: 1 to 255 printable characters. The same key with the same input is carried out once and answered the same each time, for 24 hours; so a call whose answer was lost can simply be sent again. With another input it is refused (IDEMPOTENCY_KEY_REUSED). Keys belong to the API token, and what was refused as a whole leaves none. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What devicePush did. */
export type DevicePushPayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DevicePushResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DevicePushUserError>;
};

/** What devicePush did for one device. */
export type DevicePushResult = {
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why it cannot be pushed; null when it can. */
  error: Maybe<DevicePushUserError>;
  /** The push that will wake it: a new one, or the one that was owed already. Null when there is none, or when it was pruned since. */
  push: Maybe<Push>;
};

/** One refusal of DevicePush. */
export type DevicePushUserError = UserError & {
  /** Stable; made for switching on. */
  code: DevicePushErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `deviceRefresh` may refuse. */
export const DeviceRefreshErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The idempotencyKey was used before, for something else; the message says for what. Nothing was done. */
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** The device is not enrolled, so nothing can be sent to it. */
  NOT_ENROLLED: 'NOT_ENROLLED',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DeviceRefreshErrorCode = typeof DeviceRefreshErrorCode[keyof typeof DeviceRefreshErrorCode];
/** The devices to ask about themselves. */
export type DeviceRefreshInput = {
  /** The devices, 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
  /** Given up when not answered by then. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Your choice, new for each act, such as a UUID: 1 to 255 printable characters. The same key with the same input is carried out once and answered the same each time, for 24 hours; so a call whose answer was lost can simply be sent again. With another input it is refused (IDEMPOTENCY_KEY_REUSED). Keys belong to the API token, and what was refused as a whole leaves none. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** -100 to 100; higher overtakes lower. 0 when left out. */
  priority?: InputMaybe<Scalars['Int']['input']>;
};

/** What deviceRefresh did. */
export type DeviceRefreshPayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DeviceRefreshResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DeviceRefreshUserError>;
};

/** What deviceRefresh did for one device. */
export type DeviceRefreshResult = {
  /** The commands that were queued, or waited already, in their order; without those that were pruned. */
  commands: Array<Command>;
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why nothing was queued; null when it was. */
  error: Maybe<DeviceRefreshUserError>;
};

/** One refusal of DeviceRefresh. */
export type DeviceRefreshUserError = UserError & {
  /** Stable; made for switching on. */
  code: DeviceRefreshErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `deviceRename` may refuse. */
export const DeviceRenameErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The idempotencyKey was used before, for something else; the message says for what. Nothing was done. */
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** The device is not enrolled, so nothing can be sent to it. */
  NOT_ENROLLED: 'NOT_ENROLLED',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DeviceRenameErrorCode = typeof DeviceRenameErrorCode[keyof typeof DeviceRenameErrorCode];
/** The devices to rename, and the name. */
export type DeviceRenameInput = {
  /** The devices, 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
  /** Given up when not answered by then. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Your choice, new for each act, such as a UUID: 1 to 255 printable characters. The same key with the same input is carried out once and answered the same each time, for 24 hours; so a call whose answer was lost can simply be sent again. With another input it is refused (IDEMPOTENCY_KEY_REUSED). Keys belong to the API token, and what was refused as a whole leaves none. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The name, the same for all of them. */
  name: Scalars['String']['input'];
  /** -100 to 100; higher overtakes lower. 0 when left out. */
  priority?: InputMaybe<Scalars['Int']['input']>;
};

/** What deviceRename did. */
export type DeviceRenamePayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DeviceRenameResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DeviceRenameUserError>;
};

/** What deviceRename did for one device. */
export type DeviceRenameResult = {
  /** The command that was queued, or with ALREADY_PENDING the one that waits. Null when there is none, or no longer. */
  command: Maybe<Command>;
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why nothing was queued; null when it was. */
  error: Maybe<DeviceRenameUserError>;
};

/** One refusal of DeviceRename. */
export type DeviceRenameUserError = UserError & {
  /** Stable; made for switching on. */
  code: DeviceRenameErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `deviceRenewIdentity` may refuse. */
export const DeviceRenewIdentityErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The device, its platform or its version, or this server’s configuration does not offer this. */
  FEATURE_NOT_AVAILABLE: 'FEATURE_NOT_AVAILABLE',
  /** The device is not enrolled, so nothing can be sent to it. */
  NOT_ENROLLED: 'NOT_ENROLLED',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DeviceRenewIdentityErrorCode = typeof DeviceRenewIdentityErrorCode[keyof typeof DeviceRenewIdentityErrorCode];
/** The devices whose identities are to be renewed now. */
export type DeviceRenewIdentityInput = {
  /** The devices, 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
};

/** What deviceRenewIdentity did. */
export type DeviceRenewIdentityPayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DeviceRenewIdentityResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DeviceRenewIdentityUserError>;
};

/** What deviceRenewIdentity did for one device. */
export type DeviceRenewIdentityResult = {
  /** The command that brings the enrollment profile again: a new one, or the one that waited already. Null when there is none. */
  command: Maybe<Command>;
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why nothing was sent; null when it was. */
  error: Maybe<DeviceRenewIdentityUserError>;
};

/** One refusal of DeviceRenewIdentity. */
export type DeviceRenewIdentityUserError = UserError & {
  /** Stable; made for switching on. */
  code: DeviceRenewIdentityErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `deviceRestart` may refuse. */
export const DeviceRestartErrorCode = {
  /** The same command waits for the device already: the one in `command`. No second was queued. */
  ALREADY_PENDING: 'ALREADY_PENDING',
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The idempotencyKey was used before, for something else; the message says for what. Nothing was done. */
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** The device is not enrolled, so nothing can be sent to it. */
  NOT_ENROLLED: 'NOT_ENROLLED',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DeviceRestartErrorCode = typeof DeviceRestartErrorCode[keyof typeof DeviceRestartErrorCode];
/** The devices to restart. */
export type DeviceRestartInput = {
  /** The devices, 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
  /** Given up when not answered by then. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Your choice, new for each act, such as a UUID: 1 to 255 printable characters. The same key with the same input is carried out once and answered the same each time, for 24 hours; so a call whose answer was lost can simply be sent again. With another input it is refused (IDEMPOTENCY_KEY_REUSED). Keys belong to the API token, and what was refused as a whole leaves none. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Macs: ask the user to restart when it suits them, instead of restarting at once. */
  notifyUser?: InputMaybe<Scalars['Boolean']['input']>;
  /** -100 to 100; higher overtakes lower. 0 when left out. */
  priority?: InputMaybe<Scalars['Int']['input']>;
};

/** What deviceRestart did. */
export type DeviceRestartPayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DeviceRestartResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DeviceRestartUserError>;
};

/** What deviceRestart did for one device. */
export type DeviceRestartResult = {
  /** The command that was queued, or with ALREADY_PENDING the one that waits. Null when there is none, or no longer. */
  command: Maybe<Command>;
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why nothing was queued; null when it was. */
  error: Maybe<DeviceRestartUserError>;
};

/** One refusal of DeviceRestart. */
export type DeviceRestartUserError = UserError & {
  /** Stable; made for switching on. */
  code: DeviceRestartErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `deviceShutDown` may refuse. */
export const DeviceShutDownErrorCode = {
  /** The same command waits for the device already: the one in `command`. No second was queued. */
  ALREADY_PENDING: 'ALREADY_PENDING',
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The idempotencyKey was used before, for something else; the message says for what. Nothing was done. */
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** The device is not enrolled, so nothing can be sent to it. */
  NOT_ENROLLED: 'NOT_ENROLLED',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type DeviceShutDownErrorCode = typeof DeviceShutDownErrorCode[keyof typeof DeviceShutDownErrorCode];
/** The devices to shut down. */
export type DeviceShutDownInput = {
  /** The devices, 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
  /** Given up when not answered by then. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Your choice, new for each act, such as a UUID: 1 to 255 printable characters. The same key with the same input is carried out once and answered the same each time, for 24 hours; so a call whose answer was lost can simply be sent again. With another input it is refused (IDEMPOTENCY_KEY_REUSED). Keys belong to the API token, and what was refused as a whole leaves none. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** -100 to 100; higher overtakes lower. 0 when left out. */
  priority?: InputMaybe<Scalars['Int']['input']>;
};

/** What deviceShutDown did. */
export type DeviceShutDownPayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DeviceShutDownResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<DeviceShutDownUserError>;
};

/** What deviceShutDown did for one device. */
export type DeviceShutDownResult = {
  /** The command that was queued, or with ALREADY_PENDING the one that waits. Null when there is none, or no longer. */
  command: Maybe<Command>;
  /** The device; null when there is none. */
  device: Maybe<Device>;
  /** The id, as it was given. */
  deviceId: Scalars['ID']['output'];
  /** Why nothing was queued; null when it was. */
  error: Maybe<DeviceShutDownUserError>;
};

/** One refusal of DeviceShutDown. */
export type DeviceShutDownUserError = UserError & {
  /** Stable; made for switching on. */
  code: DeviceShutDownErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** A user's own MDM channel on a device. */
export type DeviceUser = {
  /** Whether the channel can be managed now. */
  enabled: Scalars['Boolean']['output'];
  /** Long name. */
  longName: Maybe<Scalars['String']['output']>;
  /** Short name. */
  shortName: Maybe<Scalars['String']['output']>;
  /** UserID, or EnrollmentUserID. */
  userId: Maybe<Scalars['String']['output']>;
  /** The id of the channel. */
  uuid: Scalars['UUID']['output'];
};

/** One thing that was looked at. */
export type DoctorCheck = {
  /** Milliseconds it took; five seconds at most. */
  durationMs: Scalars['Int']['output'];
  /** What to do about it, with the option or the place where; null when nothing needs doing. */
  fix: Maybe<Scalars['String']['output']>;
  /** What was found. */
  message: Scalars['String']['output'];
  /** What was looked at, for example `public-tls`; docs/operations.md has all. */
  name: Scalars['String']['output'];
  /** What it came to. */
  status: DoctorCheckStatus;
};

/** What a check came to. */
export const DoctorCheckStatus = {
  /** Something does not work, or will not be kept. */
  FAILED: 'FAILED',
  /** It is as it should be. */
  OK: 'OK',
  /** There was nothing to look at, or it cannot be looked at from here. */
  SKIPPED: 'SKIPPED',
  /** It works, and somebody should look at it. */
  WARNING: 'WARNING'
} as const;

export type DoctorCheckStatus = typeof DoctorCheckStatus[keyof typeof DoctorCheckStatus];
/** Whether the server can do its work. */
export type DoctorReport = {
  /** When it looked. It looks once in ten seconds, however often it is asked. */
  checkedAt: Scalars['DateTime']['output'];
  /** All that was looked at, what devices need first. */
  checks: Array<DoctorCheck>;
  /** No check failed. There may be warnings. */
  healthy: Scalars['Boolean']['output'];
};

/** An application that a workflow comes down to. */
export type EffectiveApplication = {
  /** The application. */
  application: Application;
  /** The inclusions it came by: from the workflow asked about to the one that names it. */
  path: Array<Workflow>;
};

/** A profile that a workflow comes down to. */
export type EffectiveProfile = {
  /** The inclusions it came by: from the workflow asked about to the one that names it. */
  path: Array<Workflow>;
  /** The profile. */
  profile: Profile;
};

/** How, whether and since when a device is enrolled. */
export type Enrollment = {
  /** How it enrolled by the account of its user; null: it enrolled in another way. */
  accountDriven: Maybe<AccountDrivenMode>;
  /** The device waits in Setup Assistant for DeviceConfigured. */
  awaitingConfiguration: Scalars['Boolean']['output'];
  /** When the device left. */
  endedAt: Maybe<Scalars['DateTime']['output']>;
  /** Device enrolment or User Enrollment. */
  kind: EnrollmentKind;
  /** The Managed Apple Account of the person who signed in to enrol it. */
  managedAppleId: Maybe<Scalars['String']['output']>;
  /** Who signed in to enrol it, by their account or in Setup Assistant: their address or user name at the OpenID provider. Null: nobody had to. */
  signedInAs: Maybe<Scalars['String']['output']>;
  /** When the device enrolled. */
  since: Maybe<Scalars['DateTime']['output']>;
  /** Where the enrolment stands. */
  status: EnrollmentStatus;
  /** Supervised, when the device has said so. */
  supervised: Maybe<Scalars['Boolean']['output']>;
  /** TokenUpdates since the last Authenticate; 1 is the enrolment itself. */
  tally: Scalars['Int']['output'];
};

/** How the device is enrolled. */
export const EnrollmentKind = {
  /** Device enrolment, known by its UDID. */
  DEVICE: 'DEVICE',
  /** User Enrollment, known by an EnrollmentID; Apple hides the UDID. */
  USER_ENROLLMENT: 'USER_ENROLLMENT'
} as const;

export type EnrollmentKind = typeof EnrollmentKind[keyof typeof EnrollmentKind];
/** A link by which devices enrol: who may use it, and what a device that does is given. */
export type EnrollmentProfile = Node & {
  /** What the server may do to the devices: Apple's AccessRights bits; 8191 is everything. */
  accessRights: Scalars['Int']['output'];
  /** How it enrols the devices of people who sign in with their account; null: it enrols by its link. */
  accountDriven: Maybe<AccountDrivenMode>;
  /** The serial numbers that may enrol, in capitals; empty: any device whose user has the link. */
  allowedSerialNumbers: Array<Scalars['String']['output']>;
  /** Whether a device that is enrolled may enrol anew by it from Setup Assistant or over the air, without deviceAllowReenrollment. */
  allowsReenrollment: Scalars['Boolean']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When the link stops working; null: never by itself. */
  expiresAt: Maybe<Scalars['DateTime']['output']>;
  /** Opaque, global id. Checked when it comes back. */
  id: Scalars['ID']['output'];
  /** Whether devices are also told to trust this server's certificate authority. */
  includesAuthority: Scalars['Boolean']['output'];
  /** Whether it is served at /mdm/enroll to whoever asks. */
  isDefault: Scalars['Boolean']['output'];
  /** When the link that works now was made. */
  linkMadeAt: Scalars['DateTime']['output'];
  /** The oldest operating systems that enrol by it from Setup Assistant; null: any. */
  minimumOsVersions: Maybe<MinimumOsVersions>;
  /** What people call it. Shown on its page. */
  name: Scalars['String']['output'];
  /** Who manages the devices. Shown on its page. */
  organization: Maybe<Scalars['String']['output']>;
  /** Whether a device that enrolled by it is told to erase itself and enrol again when its user hands it back (Return to Service). */
  returnToService: Scalars['Boolean']['output'];
  /** Counts edits. Send it back with an update to be told of an edit that came between. */
  revision: Scalars['Int']['output'];
  /** When it was revoked. */
  revokedAt: Maybe<Scalars['DateTime']['output']>;
  /** Whether devices in Setup Assistant enrol by it (Automated Device Enrollment). */
  servesAutomatedEnrollment: Scalars['Boolean']['output'];
  /** Whether its link can be used, and why not. */
  state: EnrollmentProfileState;
  /** When it was last edited. */
  updatedAt: Scalars['DateTime']['output'];
  /** How many devices enrolled by it. */
  usedCount: Scalars['Int']['output'];
  /** How many more devices may enrol by it; null: any number. */
  usesLeft: Maybe<Scalars['Int']['output']>;
  /** The server's own id of the enrollment profile. */
  uuid: Scalars['UUID']['output'];
  /** The profile with the Wi-Fi that such a device joins once it is erased. */
  wifiProfile: Maybe<Profile>;
  /** The workflow that a device is given when it enrols, unless it has one already. */
  workflow: Maybe<Workflow>;
};

/** Names one enrollment profile. Give exactly one member. */
export type EnrollmentProfileBy = {
  /** Its global id. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** The server's own id of it. */
  uuid?: InputMaybe<Scalars['UUID']['input']>;
};

/** A page of a list of EnrollmentProfile objects. */
export type EnrollmentProfileConnection = {
  /** The page, each node with its cursor. */
  edges: Array<EnrollmentProfileEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<EnrollmentProfile>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** Why `enrollmentProfileCreate` may refuse. */
export const EnrollmentProfileCreateErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else already has this name or identifier. */
  CONFLICT: 'CONFLICT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID'
} as const;

export type EnrollmentProfileCreateErrorCode = typeof EnrollmentProfileCreateErrorCode[keyof typeof EnrollmentProfileCreateErrorCode];
/** A new enrollment profile. */
export type EnrollmentProfileCreateInput = {
  /** Apple's AccessRights bits, 1 to 8191; 8191, which is everything, when left out of a new one. */
  accessRights?: InputMaybe<Scalars['Int']['input']>;
  /** How it enrols the devices of people who sign in with their account, and only theirs: it has no link then. One for each kind; marking one takes the mark from another, and closes its link for good. Null: it enrols by its link, a new one (newLink) when it had such a mark. The server needs POMONA_OIDC_ISSUER. */
  accountDriven?: InputMaybe<AccountDrivenMode>;
  /** The serial numbers that may enrol, 10,000 at most. None: any device whose user has the link. */
  allowedSerialNumbers?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Whether a device that is enrolled may enrol anew by it from Setup Assistant or over the air, as after a wipe, without deviceAllowReenrollment. What such a device says of itself is signed with a certificate from Apple, which names neither its serial number nor its UDID: whoever has one could end the enrolment of a device that this profile allows. */
  allowsReenrollment?: InputMaybe<Scalars['Boolean']['input']>;
  /** When the link stops working; null: never by itself. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Whether devices are also told to trust this server's certificate authority. */
  includesAuthority?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether it is served at /mdm/enroll to whoever asks, without a link: then anyone who knows the server can enrol what it allows. At most one is; marking one takes the mark from another. */
  isDefault?: InputMaybe<Scalars['Boolean']['input']>;
  /** The oldest operating systems that enrol by it from Setup Assistant; null: any. */
  minimumOsVersions?: InputMaybe<MinimumOsVersionsInput>;
  /** What people call it, 1 to 255 characters. Shown on its page. */
  name: Scalars['String']['input'];
  /** Who manages the devices, at most 255 characters: what people read before they agree. */
  organization?: InputMaybe<Scalars['String']['input']>;
  /** Whether a device that enrolled by it is told to erase itself and enrol again when its user hands it back (Apple's Return to Service: iOS and visionOS 26, when Automated Device Enrollment put the device in that mode). It is sent this enrollment profile anew while that can be used, which counts as a use, and may enrol with it for a day. */
  returnToService?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether devices in Setup Assistant enrol by it (Automated Device Enrollment): those that allowedSerialNumbers names, each by one enrollment profile at most; and by /mdm/enroll/dep/<token> or /enroll/setup/<token>, with the token of its link, when it names none, any. */
  servesAutomatedEnrollment?: InputMaybe<Scalars['Boolean']['input']>;
  /** How many devices may enrol by it from now on; null: any number. */
  usesLeft?: InputMaybe<Scalars['Int']['input']>;
  /** The profile with the Wi-Fi that such a device joins once it is erased. None: it has to have Ethernet. */
  wifiProfileId?: InputMaybe<Scalars['ID']['input']>;
  /** The workflow that a device is given when it enrols, unless it has one already; null: none. */
  workflowId?: InputMaybe<Scalars['ID']['input']>;
};

/** What enrollmentProfileCreate did. */
export type EnrollmentProfileCreatePayload = {
  /** The new enrollment profile. */
  enrollmentProfile: Maybe<EnrollmentProfile>;
  /** The link to give to people. It is shown this once and kept nowhere. */
  link: Maybe<Scalars['String']['output']>;
  /** The QR code of the link, an SVG document. */
  qrCode: Maybe<Scalars['String']['output']>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<EnrollmentProfileCreateUserError>;
};

/** One refusal of EnrollmentProfileCreate. */
export type EnrollmentProfileCreateUserError = UserError & {
  /** Stable; made for switching on. */
  code: EnrollmentProfileCreateErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** A EnrollmentProfile and its place in a list. */
export type EnrollmentProfileEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The EnrollmentProfile. */
  node: EnrollmentProfile;
};

/** Why `enrollmentProfileRevoke` may refuse. */
export const EnrollmentProfileRevokeErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type EnrollmentProfileRevokeErrorCode = typeof EnrollmentProfileRevokeErrorCode[keyof typeof EnrollmentProfileRevokeErrorCode];
/** An enrollment profile to revoke. */
export type EnrollmentProfileRevokeInput = {
  /** The enrollment profile. */
  id: Scalars['ID']['input'];
};

/** What enrollmentProfileRevoke did. */
export type EnrollmentProfileRevokePayload = {
  /** The enrollment profile that enrols nobody any more. */
  enrollmentProfile: Maybe<EnrollmentProfile>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<EnrollmentProfileRevokeUserError>;
};

/** One refusal of EnrollmentProfileRevoke. */
export type EnrollmentProfileRevokeUserError = UserError & {
  /** Stable; made for switching on. */
  code: EnrollmentProfileRevokeErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Whether the link of an enrollment profile can be used, and why not. */
export const EnrollmentProfileState = {
  /** Its time has passed. */
  EXPIRED: 'EXPIRED',
  /** It was revoked. */
  REVOKED: 'REVOKED',
  /** Devices can enrol by the link. */
  USABLE: 'USABLE',
  /** As many devices enrolled by it as were to. */
  USED_UP: 'USED_UP'
} as const;

export type EnrollmentProfileState = typeof EnrollmentProfileState[keyof typeof EnrollmentProfileState];
/** Why `enrollmentProfileUpdate` may refuse. */
export const EnrollmentProfileUpdateErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else already has this name or identifier. */
  CONFLICT: 'CONFLICT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND',
  /** It has changed since the revision you named; read it again and decide anew. */
  STALE_REVISION: 'STALE_REVISION'
} as const;

export type EnrollmentProfileUpdateErrorCode = typeof EnrollmentProfileUpdateErrorCode[keyof typeof EnrollmentProfileUpdateErrorCode];
/** Changes to an enrollment profile. What is left out stays. Devices that are enrolled are not touched. */
export type EnrollmentProfileUpdateInput = {
  /** Apple's AccessRights bits, 1 to 8191; 8191, which is everything, when left out of a new one. */
  accessRights?: InputMaybe<Scalars['Int']['input']>;
  /** How it enrols the devices of people who sign in with their account, and only theirs: it has no link then. One for each kind; marking one takes the mark from another, and closes its link for good. Null: it enrols by its link, a new one (newLink) when it had such a mark. The server needs POMONA_OIDC_ISSUER. */
  accountDriven?: InputMaybe<AccountDrivenMode>;
  /** The serial numbers that may enrol, 10,000 at most. None: any device whose user has the link. */
  allowedSerialNumbers?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Whether a device that is enrolled may enrol anew by it from Setup Assistant or over the air, as after a wipe, without deviceAllowReenrollment. What such a device says of itself is signed with a certificate from Apple, which names neither its serial number nor its UDID: whoever has one could end the enrolment of a device that this profile allows. */
  allowsReenrollment?: InputMaybe<Scalars['Boolean']['input']>;
  /** Refuse unless the enrollment profile is at this revision. */
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  /** When the link stops working; null: never by itself. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The enrollment profile. */
  id: Scalars['ID']['input'];
  /** Whether devices are also told to trust this server's certificate authority. */
  includesAuthority?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether it is served at /mdm/enroll to whoever asks, without a link: then anyone who knows the server can enrol what it allows. At most one is; marking one takes the mark from another. */
  isDefault?: InputMaybe<Scalars['Boolean']['input']>;
  /** The oldest operating systems that enrol by it from Setup Assistant; null: any. */
  minimumOsVersions?: InputMaybe<MinimumOsVersionsInput>;
  /** Another name. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** Make a new link. The former one, and every profile downloaded by it, work no more. */
  newLink?: InputMaybe<Scalars['Boolean']['input']>;
  /** Who manages the devices, at most 255 characters: what people read before they agree. */
  organization?: InputMaybe<Scalars['String']['input']>;
  /** Whether a device that enrolled by it is told to erase itself and enrol again when its user hands it back (Apple's Return to Service: iOS and visionOS 26, when Automated Device Enrollment put the device in that mode). It is sent this enrollment profile anew while that can be used, which counts as a use, and may enrol with it for a day. */
  returnToService?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether devices in Setup Assistant enrol by it (Automated Device Enrollment): those that allowedSerialNumbers names, each by one enrollment profile at most; and by /mdm/enroll/dep/<token> or /enroll/setup/<token>, with the token of its link, when it names none, any. */
  servesAutomatedEnrollment?: InputMaybe<Scalars['Boolean']['input']>;
  /** How many devices may enrol by it from now on; null: any number. */
  usesLeft?: InputMaybe<Scalars['Int']['input']>;
  /** The profile with the Wi-Fi that such a device joins once it is erased. None: it has to have Ethernet. */
  wifiProfileId?: InputMaybe<Scalars['ID']['input']>;
  /** The workflow that a device is given when it enrols, unless it has one already; null: none. */
  workflowId?: InputMaybe<Scalars['ID']['input']>;
};

/** What enrollmentProfileUpdate did. */
export type EnrollmentProfileUpdatePayload = {
  /** The enrollment profile as it is now. */
  enrollmentProfile: Maybe<EnrollmentProfile>;
  /** The new link, when one was asked for. It is shown this once and kept nowhere. */
  link: Maybe<Scalars['String']['output']>;
  /** The QR code of the new link, an SVG document. */
  qrCode: Maybe<Scalars['String']['output']>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<EnrollmentProfileUpdateUserError>;
};

/** One refusal of EnrollmentProfileUpdate. */
export type EnrollmentProfileUpdateUserError = UserError & {
  /** Stable; made for switching on. */
  code: EnrollmentProfileUpdateErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** The life of an enrolment. */
export const EnrollmentStatus = {
  /** The device sent Authenticate; the profile may not be installed yet. No commands are sent. */
  AUTHENTICATED: 'AUTHENTICATED',
  /** The device sent TokenUpdate: it can be woken and managed. */
  ENROLLED: 'ENROLLED',
  /** Known from Apple Business Manager; it has not enrolled yet. A workflow it is given waits for it. */
  EXPECTED: 'EXPECTED',
  /** The device checked out, or its push token was retired for good. */
  UNENROLLED: 'UNENROLLED'
} as const;

export type EnrollmentStatus = typeof EnrollmentStatus[keyof typeof EnrollmentStatus];
/** Something that happened. */
export type Event = {
  /** When it happened. */
  at: Scalars['DateTime']['output'];
  /** Opaque; give it back as `after` to be told what happened since. */
  cursor: Scalars['String']['output'];
  /** The facts at that time, by the type of the event. */
  data: Scalars['JSON']['output'];
  /** The device it is about, as it is now. */
  device: Maybe<Device>;
  /** The command, push, device or account (DepAccount) it is about, as it is now. */
  subject: Maybe<Node>;
  /** What it is about. */
  type: EventType;
};

/** A page of events, oldest first. */
export type EventConnection = {
  /** The page, each event with its cursor. */
  edges: Array<EventEdge>;
  /** The page without cursors. */
  nodes: Array<Event>;
  /** Where this page lies in the list. An empty page keeps the cursor that was given as its end. */
  pageInfo: PageInfo;
  /** Events after the cursor are no longer kept: what you show may be old, read it anew. False without `after`. */
  resync: Scalars['Boolean']['output'];
};

/** An Event and its place in a list. */
export type EventEdge = {
  /** Opaque; give it back as `after`. */
  cursor: Scalars['String']['output'];
  /** The event. */
  node: Event;
};

/** Narrows events. Every member that is given has to fit. */
export type EventFilter = {
  /** About one of these devices. */
  deviceIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Of one of these types. */
  types?: InputMaybe<Array<EventType>>;
};

/** What an event is about. */
export const EventType = {
  /** Something an operator has to know of. `data.alert` says what. */
  ALERT: 'ALERT',
  /** A command was queued, handed out, answered or withdrawn. `data.status` is its status then. */
  COMMAND_UPDATED: 'COMMAND_UPDATED',
  /** A device's deployment moved. `data.status` and `data.counts` are as they were then. */
  DEPLOYMENT_CHANGED: 'DEPLOYMENT_CHANGED',
  /** An account at Apple Business Manager is synced, or could not be. `data.state` and the counts are as they were then. */
  DEP_SYNC: 'DEP_SYNC',
  /** A device enrolled, left, told of itself, or was given a workflow. `data.change` says which. */
  DEVICE_CHANGED: 'DEVICE_CHANGED',
  /** A push was tried. `data.status` is its status then. */
  PUSH_UPDATED: 'PUSH_UPDATED'
} as const;

export type EventType = typeof EventType[keyof typeof EventType];
/** An identity certificate that this server issued to a device. */
export type IdentityCertificate = Node & {
  /** Whole days until it ends; below zero once it has. */
  daysLeft: Scalars['Int']['output'];
  /** The device that it speaks for, or once did; null while no device has shown it. */
  device: Maybe<Device>;
  /** The enrollment profile that it came by; null when it came by none. */
  enrollmentProfile: Maybe<EnrollmentProfile>;
  /** Opaque, global id. Checked when it comes back. */
  id: Scalars['ID']['output'];
  /** When it was issued. */
  issuedAt: Scalars['DateTime']['output'];
  /** When it ends. */
  notAfter: Scalars['DateTime']['output'];
  /** When it begins to be valid. */
  notBefore: Scalars['DateTime']['output'];
  /** The certificate itself, PEM. */
  pem: Scalars['String']['output'];
  /** The certificate in whose place it was issued; null for that of an enrolment. */
  renewalOf: Maybe<IdentityCertificate>;
  /** When it was revoked; null when it was not. */
  revokedAt: Maybe<Scalars['DateTime']['output']>;
  /** Its serial number, hexadecimal. */
  serial: Scalars['String']['output'];
  /** SHA-256 of its DER, hexadecimal. */
  sha256: Scalars['String']['output'];
  /** What it is worth now. */
  status: IdentityCertificateStatus;
  /** Its subject. */
  subject: Scalars['String']['output'];
};

/** Names one identity certificate. Give exactly one member. */
export type IdentityCertificateBy = {
  /** Its global id. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** SHA-256 of its DER, hexadecimal. */
  sha256?: InputMaybe<Scalars['String']['input']>;
  /** The server's own id of it. */
  uuid?: InputMaybe<Scalars['UUID']['input']>;
};

/** A page of a list of IdentityCertificate objects. */
export type IdentityCertificateConnection = {
  /** The page, each node with its cursor. */
  edges: Array<IdentityCertificateEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<IdentityCertificate>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** A IdentityCertificate and its place in a list. */
export type IdentityCertificateEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The IdentityCertificate. */
  node: IdentityCertificate;
};

/** Narrows identity certificates. Every member that is given has to fit. */
export type IdentityCertificateFilter = {
  /** Bound to this device, now or once. */
  deviceId?: InputMaybe<Scalars['ID']['input']>;
  /** Ending before then. */
  expiresBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** With a serial number or a SHA-256 that begins so; colons, white space and case make no difference. */
  search?: InputMaybe<Scalars['String']['input']>;
  /** Worth one of these. */
  statuses?: InputMaybe<Array<IdentityCertificateStatus>>;
};

/** Why `identityCertificateRevoke` may refuse. */
export const IdentityCertificateRevokeErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type IdentityCertificateRevokeErrorCode = typeof IdentityCertificateRevokeErrorCode[keyof typeof IdentityCertificateRevokeErrorCode];
/** An identity certificate to revoke. Give exactly one member. */
export type IdentityCertificateRevokeInput = {
  /** Its global id. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** SHA-256 of its DER, hexadecimal. */
  sha256?: InputMaybe<Scalars['String']['input']>;
};

/** What identityCertificateRevoke did. */
export type IdentityCertificateRevokePayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** What was revoked: the certificate and all that were issued in its place since. Without those that were revoked before, so empty when it is done again. Null when it was refused. */
  revoked: Maybe<Array<IdentityCertificate>>;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<IdentityCertificateRevokeUserError>;
};

/** One refusal of IdentityCertificateRevoke. */
export type IdentityCertificateRevokeUserError = UserError & {
  /** Stable; made for switching on. */
  code: IdentityCertificateRevokeErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** What an identity certificate is worth. */
export const IdentityCertificateStatus = {
  /** It is good no more: a newer one took its place, or its device enrolled anew. */
  ARCHIVED: 'ARCHIVED',
  /** It speaks for its device. */
  BOUND: 'BOUND',
  /** It has ended. For a time it is still good for its own renewal (IDENTITY_RENEWAL_GRACE_DAYS), and nothing else. */
  EXPIRED: 'EXPIRED',
  /** It was issued to enrol a device, and none has shown it yet. */
  ISSUED: 'ISSUED',
  /** A newer one speaks for its device. It is still good, for an hour at least. */
  RETIRING: 'RETIRING',
  /** It was revoked: it is good no more, and cannot be renewed. */
  REVOKED: 'REVOKED',
  /** It was issued to renew the one that speaks for its device, and is good beside it; the device has not announced it yet. */
  STAGED: 'STAGED'
} as const;

export type IdentityCertificateStatus = typeof IdentityCertificateStatus[keyof typeof IdentityCertificateStatus];
/** An application on a device, as the device lists it (InstalledApplicationList). */
export type InstalledApplication = {
  /** Size of the application in bytes. */
  bundleSize: Maybe<Scalars['Float']['output']>;
  /** Size of its documents and other data in bytes. */
  dynamicSize: Maybe<Scalars['Float']['output']>;
  /** Whether the App Store has a newer version. */
  hasUpdateAvailable: Maybe<Scalars['Boolean']['output']>;
  /** Bundle identifier. */
  identifier: Maybe<Scalars['String']['output']>;
  /** Whether it is being installed. */
  installing: Maybe<Scalars['Boolean']['output']>;
  /** Whether the user confirmed that its developer is trusted. */
  isValidated: Maybe<Scalars['Boolean']['output']>;
  /** Name. */
  name: Maybe<Scalars['String']['output']>;
  /** CFBundleShortVersionString: the version people know. */
  shortVersion: Maybe<Scalars['String']['output']>;
  /** CFBundleVersion. */
  version: Maybe<Scalars['String']['output']>;
};

/** A page of a list of InstalledApplication objects. */
export type InstalledApplicationConnection = {
  /** When the device gave this list; null when it never did. */
  asOf: Maybe<Scalars['DateTime']['output']>;
  /** The page, each node with its cursor. */
  edges: Array<InstalledApplicationEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<InstalledApplication>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** A InstalledApplication and its place in a list. */
export type InstalledApplicationEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The InstalledApplication. */
  node: InstalledApplication;
};

/** A profile on a device, as the device lists it (ProfileList). */
export type InstalledProfile = {
  /** PayloadDescription. */
  description: Maybe<Scalars['String']['output']>;
  /** PayloadDisplayName. */
  displayName: Maybe<Scalars['String']['output']>;
  /** PayloadIdentifier. */
  identifier: Maybe<Scalars['String']['output']>;
  /** Whether it is encrypted. */
  isEncrypted: Maybe<Scalars['Boolean']['output']>;
  /** Whether it was installed by MDM. */
  isManaged: Maybe<Scalars['Boolean']['output']>;
  /** Whether the user may not remove it. */
  isRemovalDisallowed: Maybe<Scalars['Boolean']['output']>;
  /** PayloadOrganization. */
  organization: Maybe<Scalars['String']['output']>;
  /** The payload types in it, each once. */
  payloadTypes: Array<Scalars['String']['output']>;
  /** PayloadUUID: tells which revision it is. */
  uuid: Maybe<Scalars['String']['output']>;
};

/** A page of a list of InstalledProfile objects. */
export type InstalledProfileConnection = {
  /** When the device gave this list; null when it never did. */
  asOf: Maybe<Scalars['DateTime']['output']>;
  /** The page, each node with its cursor. */
  edges: Array<InstalledProfileEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<InstalledProfile>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** A InstalledProfile and its place in a list. */
export type InstalledProfileEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The InstalledProfile. */
  node: InstalledProfile;
};

/** How many items of a deployment stand where. */
export type ItemCounts = {
  /** Refused by the device. */
  failed: Scalars['Int']['output'];
  /** On the device as wanted. */
  installed: Scalars['Int']['output'];
  /** Waiting for the device. */
  pending: Scalars['Int']['output'];
  /** No longer wanted, and gone. */
  removed: Scalars['Int']['output'];
  /** Being removed. */
  removing: Scalars['Int']['output'];
  /** Handed to the device, not answered yet. */
  sent: Scalars['Int']['output'];
  /** All of them. */
  total: Scalars['Int']['output'];
};

/** The state of one wanted profile or application on one device. */
export const ItemStatus = {
  /** The device refused; see reason. */
  FAILED: 'FAILED',
  /** The device has the wanted revision. */
  INSTALLED: 'INSTALLED',
  /** Wanted; its command waits for the device. */
  PENDING: 'PENDING',
  /** No longer wanted, and gone from the device. */
  REMOVED: 'REMOVED',
  /** No longer wanted; being removed. */
  REMOVING: 'REMOVING',
  /** Its command was handed to the device. */
  SENT: 'SENT'
} as const;

export type ItemStatus = typeof ItemStatus[keyof typeof ItemStatus];
/** The oldest operating systems that enrol from Setup Assistant. */
export type MinimumOsVersions = {
  /** The oldest iOS that enrols from Setup Assistant, such as 18.1; null: any. */
  ios: Maybe<Scalars['String']['output']>;
  /** The oldest iPadOS that enrols from Setup Assistant, such as 18.1; null: any. */
  ipados: Maybe<Scalars['String']['output']>;
  /** The oldest macOS that enrols from Setup Assistant, such as 18.1; null: any. */
  macos: Maybe<Scalars['String']['output']>;
  /** The oldest tvOS that enrols from Setup Assistant, such as 18.1; null: any. */
  tvos: Maybe<Scalars['String']['output']>;
  /** The oldest visionOS that enrols from Setup Assistant, such as 18.1; null: any. */
  visionos: Maybe<Scalars['String']['output']>;
  /** The oldest watchOS that enrols from Setup Assistant, such as 18.1; null: any. */
  watchos: Maybe<Scalars['String']['output']>;
};

/** The oldest operating systems that enrol from Setup Assistant. A device with an older one is told to update itself first, from iOS 17 and macOS 14 on; one that does not tell its version (before iOS 17, tvOS 17 and macOS 14) counts as older. */
export type MinimumOsVersionsInput = {
  /** The oldest iOS that may enrol, such as 18.1; null: any. */
  ios?: InputMaybe<Scalars['String']['input']>;
  /** The oldest iPadOS that may enrol, such as 18.1; null: any. */
  ipados?: InputMaybe<Scalars['String']['input']>;
  /** The oldest macOS that may enrol, such as 18.1; null: any. */
  macos?: InputMaybe<Scalars['String']['input']>;
  /** The oldest tvOS that may enrol, such as 18.1; null: any. */
  tvos?: InputMaybe<Scalars['String']['input']>;
  /** The oldest visionOS that may enrol, such as 18.1; null: any. */
  visionos?: InputMaybe<Scalars['String']['input']>;
  /** The oldest watchOS that may enrol, such as 18.1; null: any. */
  watchos?: InputMaybe<Scalars['String']['input']>;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type Mutation = {
  /** Makes an API token. Needs the permission tokens.write. */
  apiTokenCreate: ApiTokenCreatePayload;
  /** Revokes an API token: it works no more, also where it is in use now. Needs the permission tokens.write. */
  apiTokenRevoke: ApiTokenRevokePayload;
  /** Adds an application. Needs the permission catalog.write. */
  applicationCreate: ApplicationCreatePayload;
  /** Deletes an application that no workflow has any more. Needs the permission catalog.write. */
  applicationDelete: ApplicationDeletePayload;
  /** Changes an application. Devices that have it by their workflow are sent it again when its source changed. Needs the permission catalog.write. */
  applicationUpdate: ApplicationUpdatePayload;
  /** Withdraws commands that no device has answered. A device that was handed one already may carry it out all the same. What a deployment wanted with one counts as failed. Done again, it answers the same. Needs the permission commands.write. */
  commandCancel: CommandCancelPayload;
  /** Queues a command for devices and pushes them. Devices that are unknown or not enrolled do not stop the others. What becomes of the commands is told by the subscription commandUpdated. A destructive command (see commandTypes), by name or as a property list, needs the permission commands.destructive as well. Needs the permission commands.write. */
  commandSend: CommandSendPayload;
  /** Makes an account for one server in Apple Business Manager: a key, which stays here, and a certificate for Apple. Needs the permission certificates.write. */
  depAccountCreate: DepAccountCreatePayload;
  /** Deletes an account with its key and its token. Its devices stay, with their history, and Apple no longer tells of them. Refused with IN_USE while a rule is for it alone, and, unless forced, while it has devices. Needs the permission certificates.write. */
  depAccountDelete: DepAccountDeletePayload;
  /** Syncs an account with Apple now. Answers when it is done, or else after some seconds, while it goes on. CONFLICT says that it is being synced already. Needs the permission devices.write. */
  depAccountSync: DepAccountSyncPayload;
  /** Takes the server token that Apple made for an account, the first one or a new one for the same server, after asking Apple whose it is. Devices that are known stay. One of another server or organization is refused with CONFLICT, unless forced. Needs the permission certificates.write. */
  depAccountTokenUpload: DepAccountTokenUploadPayload;
  /** Gives an account another name. Needs the permission certificates.write. */
  depAccountUpdate: DepAccountUpdatePayload;
  /** Locks the activation of a device at Apple, at once: whoever has it cannot set it up. It does not have to be enrolled, and this server cannot unlock it. Needs the permission commands.destructive. */
  depDeviceLockActivation: DepDeviceLockActivationPayload;
  /** Chooses a DEP profile for devices by hand, whatever the rules say. Apple is told soon; see Device.dep.assignment, or the subscription deviceChanged, for what it says. Needs the permission devices.write. */
  depDevicesAssign: DepDevicesAssignPayload;
  /** Takes devices out of the organization at Apple, at once and for good: neither this server nor Apple Business Manager brings them back. INVALID unless their serial numbers are named once more. Needs the permission commands.destructive. */
  depDevicesDisown: DepDevicesDisownPayload;
  /** Lets the rules decide again about devices that were chosen for by hand. Apple is told soon; see Device.dep.assignment, or the subscription deviceChanged, for what it says. Needs the permission devices.write. */
  depDevicesFollowRules: DepDevicesFollowRulesPayload;
  /** Takes the DEP profile from devices by hand, whatever the rules say. Apple is told soon; see Device.dep.assignment, or the subscription deviceChanged, for what it says. Needs the permission devices.write. */
  depDevicesUnassign: DepDevicesUnassignPayload;
  /** Makes a DEP profile: what devices of Apple Business Manager do in Setup Assistant. Needs the permission devices.write. */
  depProfileCreate: DepProfileCreatePayload;
  /** Deletes a DEP profile that nothing needs any more. Needs the permission devices.write. */
  depProfileDelete: DepProfileDeletePayload;
  /** Changes a DEP profile. Devices that shall have it are given it anew at Apple; one that has been set up already notices when it is erased. Needs the permission devices.write. */
  depProfileUpdate: DepProfileUpdatePayload;
  /** Makes a rule. It is about devices that are there already, too. Needs the permission devices.write. */
  depRuleCreate: DepRuleCreatePayload;
  /** Deletes a rule. Devices keep the DEP profile that Apple has for them until another rule is about them. Needs the permission devices.write. */
  depRuleDelete: DepRuleDeletePayload;
  /** Changes a rule, or its place. Needs the permission devices.write. */
  depRuleUpdate: DepRuleUpdatePayload;
  /** Asks devices again for what they refused of their workflow. Needs the permission devices.write. */
  deploymentRetry: DeploymentRetryPayload;
  /** Lets devices enrol anew with another certificate, for a day. Without it, that is refused as a takeover. Needs the permission devices.write. */
  deviceAllowReenrollment: DeviceAllowReenrollmentPayload;
  /** Gives devices a workflow, or takes it away. What they lack is queued and they are pushed; doing it twice changes nothing. Unknown devices do not stop the others. Needs the permission devices.write. */
  deviceAssignWorkflow: DeviceAssignWorkflowPayload;
  /** Takes the passcode off iPhones, iPads, Apple Watches and Apple Visions (ClearPasscode), with the UnlockToken that each gave when it enrolled. The token is put in when the device is handed the command, and shown to nobody. While one waits for a device, that device is not sent a second (ALREADY_PENDING; commandCancel withdraws the first). Needs the permission commands.destructive. */
  deviceClearPasscode: DeviceClearPasscodePayload;
  /** Ends lost mode (DisableLostMode). Needs the permission commands.write. */
  deviceDisableLostMode: DeviceDisableLostModePayload;
  /** Puts supervised iPhones and iPads in lost mode (EnableLostMode): locked, with what is shown here, until deviceDisableLostMode. Needs the permission commands.destructive. */
  deviceEnableLostMode: DeviceEnableLostModePayload;
  /** Erases devices (EraseDevice): everything on them is gone, their enrolment too. While one waits for a device, that device is not sent a second (ALREADY_PENDING; commandCancel withdraws the first). Needs the permission commands.destructive. */
  deviceErase: DeviceErasePayload;
  /** Locks devices (DeviceLock). A Mac must have a recovery partition, and one with Apple silicon macOS 11.5: before that, it is deactivated and has to be activated anew. While one waits for a device, that device is not sent a second (ALREADY_PENDING; commandCancel withdraws the first). Needs the permission commands.destructive. */
  deviceLock: DeviceLockPayload;
  /** Wakes devices. Answers at once; what becomes of the pushes is told by the subscription pushResult. Needs the permission devices.push. */
  devicePush: DevicePushPayload;
  /** Asks devices about themselves: DeviceInformation, SecurityInfo, ProfileList, InstalledApplicationList and CertificateList. What they answer is in Device.information, securityInfo, installedProfiles and so on. A question that waits for a device already is not asked twice. Needs the permission commands.write. */
  deviceRefresh: DeviceRefreshPayload;
  /** Gives devices a name (Settings, DeviceName): Macs and Apple TVs, and supervised iPhones, iPads and Apple Visions. Device.name follows with the next DeviceInformation. Needs the permission commands.write. */
  deviceRename: DeviceRenamePayload;
  /** Renews the identities of devices now, whenever they end: each is sent the enrollment profile that it enrolled by again, and fetches a new certificate. What waits for the devices stays, and so do their tokens. One that waits for its renewal already is not sent a second. Needs the permission devices.write. */
  deviceRenewIdentity: DeviceRenewIdentityPayload;
  /** Restarts devices (RestartDevice): Macs, and supervised iPhones, iPads and Apple TVs. While one waits for a device, that device is not sent a second (ALREADY_PENDING; commandCancel withdraws the first). Needs the permission commands.write. */
  deviceRestart: DeviceRestartPayload;
  /** Shuts devices down (ShutDownDevice): Macs, and supervised iPhones and iPads. While one waits for a device, that device is not sent a second (ALREADY_PENDING; commandCancel withdraws the first). Needs the permission commands.write. */
  deviceShutDown: DeviceShutDownPayload;
  /** Makes an enrollment profile, and the link by which devices enrol. Needs the permission devices.write. */
  enrollmentProfileCreate: EnrollmentProfileCreatePayload;
  /** Revokes an enrollment profile for good: its link works no more, and a profile that was downloaded by it enrols nothing. Devices that are enrolled stay so. Needs the permission devices.write. */
  enrollmentProfileRevoke: EnrollmentProfileRevokePayload;
  /** Changes an enrollment profile, or makes a new link for it. Needs the permission devices.write. */
  enrollmentProfileUpdate: EnrollmentProfileUpdatePayload;
  /** Revokes an identity certificate for good, with all that were issued in its place: whoever had its key could have asked for them. From then on the server believes none of them, so a device that has no other cannot be managed until it enrols again. It is not told to remove its enrollment. Needs the permission certificates.write. */
  identityCertificateRevoke: IdentityCertificateRevokePayload;
  /** Adds a configuration profile. Needs the permission catalog.write. */
  profileCreate: ProfileCreatePayload;
  /** Deletes a profile that no workflow has any more. Needs the permission catalog.write. */
  profileDelete: ProfileDeletePayload;
  /** Gives a profile a new content. Every device that has the profile by its workflow is brought up to it. Needs the permission catalog.write. */
  profileReplace: ProfileReplacePayload;
  /** Opens the answer of mdmcert.download to the file that Apple takes. Needs the permission certificates.write. */
  pushCertificateDecrypt: PushCertificateDecryptPayload;
  /** Makes a private key, which stays here, and a signing request for a push certificate. Needs the permission certificates.write. */
  pushCertificateRequest: PushCertificateRequestPayload;
  /** Gives an open request up, and deletes its key: a certificate that was made from it is then of no use here. Needs the permission certificates.write. */
  pushCertificateRequestDiscard: PushCertificateRequestDiscardPayload;
  /** Takes a push certificate into use, without a restart: in this process at once, in others within seconds. It finds the key of its request by itself. One of another topic than enrolled devices listen to is refused with CONFLICT. The same again changes nothing. Needs the permission certificates.write. */
  pushCertificateUpload: PushCertificateUploadPayload;
  /** Makes a workflow. Needs the permission catalog.write. */
  workflowCreate: WorkflowCreatePayload;
  /** Deletes a workflow that nothing needs any more. Needs the permission catalog.write. */
  workflowDelete: WorkflowDeletePayload;
  /** Answers what deviceAssignWorkflow would do with the same input: for each device the exact commands. Writes nothing. Needs the permission read. */
  workflowPlan: WorkflowPlanPayload;
  /** Changes a workflow. Every device that has it, directly or by inclusion, is brought up to it. Needs the permission catalog.write. */
  workflowUpdate: WorkflowUpdatePayload;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationapiTokenCreateArgs = {
  input: ApiTokenCreateInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationapiTokenRevokeArgs = {
  input: ApiTokenRevokeInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationapplicationCreateArgs = {
  input: ApplicationCreateInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationapplicationDeleteArgs = {
  input: ApplicationDeleteInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationapplicationUpdateArgs = {
  input: ApplicationUpdateInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationcommandCancelArgs = {
  input: CommandCancelInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationcommandSendArgs = {
  input: CommandSendInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdepAccountCreateArgs = {
  input: DepAccountCreateInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdepAccountDeleteArgs = {
  input: DepAccountDeleteInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdepAccountSyncArgs = {
  input: DepAccountSyncInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdepAccountTokenUploadArgs = {
  input: DepAccountTokenUploadInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdepAccountUpdateArgs = {
  input: DepAccountUpdateInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdepDeviceLockActivationArgs = {
  input: DepDeviceLockActivationInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdepDevicesAssignArgs = {
  input: DepDevicesAssignInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdepDevicesDisownArgs = {
  input: DepDevicesDisownInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdepDevicesFollowRulesArgs = {
  input: DepDevicesFollowRulesInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdepDevicesUnassignArgs = {
  input: DepDevicesUnassignInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdepProfileCreateArgs = {
  input: DepProfileCreateInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdepProfileDeleteArgs = {
  input: DepProfileDeleteInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdepProfileUpdateArgs = {
  input: DepProfileUpdateInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdepRuleCreateArgs = {
  input: DepRuleCreateInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdepRuleDeleteArgs = {
  input: DepRuleDeleteInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdepRuleUpdateArgs = {
  input: DepRuleUpdateInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdeploymentRetryArgs = {
  input: DeploymentRetryInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdeviceAllowReenrollmentArgs = {
  input: DeviceAllowReenrollmentInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdeviceAssignWorkflowArgs = {
  input: DeviceAssignWorkflowInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdeviceClearPasscodeArgs = {
  input: DeviceClearPasscodeInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdeviceDisableLostModeArgs = {
  input: DeviceDisableLostModeInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdeviceEnableLostModeArgs = {
  input: DeviceEnableLostModeInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdeviceEraseArgs = {
  input: DeviceEraseInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdeviceLockArgs = {
  input: DeviceLockInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdevicePushArgs = {
  input: DevicePushInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdeviceRefreshArgs = {
  input: DeviceRefreshInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdeviceRenameArgs = {
  input: DeviceRenameInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdeviceRenewIdentityArgs = {
  input: DeviceRenewIdentityInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdeviceRestartArgs = {
  input: DeviceRestartInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationdeviceShutDownArgs = {
  input: DeviceShutDownInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationenrollmentProfileCreateArgs = {
  input: EnrollmentProfileCreateInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationenrollmentProfileRevokeArgs = {
  input: EnrollmentProfileRevokeInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationenrollmentProfileUpdateArgs = {
  input: EnrollmentProfileUpdateInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationidentityCertificateRevokeArgs = {
  input: IdentityCertificateRevokeInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationprofileCreateArgs = {
  input: ProfileCreateInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationprofileDeleteArgs = {
  input: ProfileDeleteInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationprofileReplaceArgs = {
  input: ProfileReplaceInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationpushCertificateDecryptArgs = {
  input: PushCertificateDecryptInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationpushCertificateRequestArgs = {
  input: PushCertificateRequestInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationpushCertificateRequestDiscardArgs = {
  input: PushCertificateRequestDiscardInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationpushCertificateUploadArgs = {
  input: PushCertificateUploadInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationworkflowCreateArgs = {
  input: WorkflowCreateInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationworkflowDeleteArgs = {
  input: WorkflowDeleteInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationworkflowPlanArgs = {
  input: WorkflowPlanInput;
};

/** Everything that can be done. Fields run one after the other, in the order written. */
export type MutationworkflowUpdateArgs = {
  input: WorkflowUpdateInput;
};

/** An object that can be fetched again by its id, with `node(id:)`. */
export type Node = {
  /** Opaque, global id. Checked when it comes back. */
  id: Scalars['ID']['output'];
};

/** What a Mac with Apple silicon or the T2 chip (macOS 12 and later) does when it cannot erase all content and settings. Other Macs are obliterated in any case. */
export const ObliterationBehavior = {
  /** It does not try, and obliterates itself. */
  ALWAYS: 'ALWAYS',
  /** It answers Error when it finds so beforehand, and obliterates itself. */
  DEFAULT: 'DEFAULT',
  /** It answers Error when it finds so beforehand, and is not erased. */
  DO_NOT_OBLITERATE: 'DO_NOT_OBLITERATE',
  /** It answers Acknowledged, and obliterates itself. */
  OBLITERATE_WITH_WARNING: 'OBLITERATE_WITH_WARNING'
} as const;

export type ObliterationBehavior = typeof ObliterationBehavior[keyof typeof ObliterationBehavior];
/** Which end of an order comes first. */
export const OrderDirection = {
  /** Smallest, earliest or first in the alphabet first. */
  ASC: 'ASC',
  /** Largest, latest or last in the alphabet first. */
  DESC: 'DESC'
} as const;

export type OrderDirection = typeof OrderDirection[keyof typeof OrderDirection];
/** Where a page lies in its list. */
export type PageInfo = {
  /** Cursor of the last edge; null when the page is empty. */
  endCursor: Maybe<Scalars['String']['output']>;
  /** More follow; ask with `after: endCursor`. */
  hasNextPage: Scalars['Boolean']['output'];
  /** More precede; ask with `before: startCursor`. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first edge; null when the page is empty. */
  startCursor: Maybe<Scalars['String']['output']>;
};

/** What a caller may be allowed to do. */
export const Permission = {
  /** catalog.write: change profiles, applications and workflows. */
  CATALOG_WRITE: 'CATALOG_WRITE',
  /** certificates.write: request and upload push certificates, make accounts at Apple Business Manager and upload their server tokens, revoke device certificates. */
  CERTIFICATES_WRITE: 'CERTIFICATES_WRITE',
  /** commands.destructive: send commands that erase devices or lock people out (see commandTypes). By the scope DESTRUCTIVE. */
  COMMANDS_DESTRUCTIVE: 'COMMANDS_DESTRUCTIVE',
  /** commands.write: send and cancel commands. */
  COMMANDS_WRITE: 'COMMANDS_WRITE',
  /** devices.push: wake devices. */
  DEVICES_PUSH: 'DEVICES_PUSH',
  /** devices.write: assign workflows, retry deployments, allow devices to enrol anew; DEP profiles, rules and syncs. */
  DEVICES_WRITE: 'DEVICES_WRITE',
  /** read: see everything but secrets and API tokens. */
  READ: 'READ',
  /** secrets.read: read what commands and profiles carry, answers that are keys, and tokens of devices. By the scope SECRETS. */
  SECRETS_READ: 'SECRETS_READ',
  /** tokens.write: make, see and revoke API tokens. */
  TOKENS_WRITE: 'TOKENS_WRITE'
} as const;

export type Permission = typeof Permission[keyof typeof Permission];
/** What would be done about one profile or application on one device. */
export const PlanAction = {
  /** The device never got it; what is under way would be withdrawn. */
  FORGET: 'FORGET',
  /** The device would be sent it, for the first time or in another revision. */
  INSTALL: 'INSTALL',
  /** The device has it already; what is under way would be withdrawn. */
  KEEP: 'KEEP',
  /** The device would be told to remove it. */
  REMOVE: 'REMOVE'
} as const;

export type PlanAction = typeof PlanAction[keyof typeof PlanAction];
/** What would be done about one profile or application. */
export type PlannedChange = {
  /** What would be done. */
  action: PlanAction;
  /** What the device knows it by, as far as that is known. */
  identifier: Maybe<Scalars['String']['output']>;
  /** What it is about. */
  kind: SubjectKind;
  /** RequestType of the command that would be sent; null when none would be. */
  requestType: Maybe<Scalars['String']['output']>;
  /** The profile or application; null when it was deleted. */
  subject: Maybe<DeploymentSubject>;
};

/** The operating system family of a device. */
export const Platform = {
  /** iPhone and iPod touch. */
  IOS: 'IOS',
  /** iPad. */
  IPADOS: 'IPADOS',
  /** Mac. */
  MACOS: 'MACOS',
  /** Apple TV. */
  TVOS: 'TVOS',
  /** Apple Vision. */
  VISIONOS: 'VISIONOS',
  /** Apple Watch. */
  WATCHOS: 'WATCHOS'
} as const;

export type Platform = typeof Platform[keyof typeof Platform];
/** A configuration profile. Replacing its content makes a new revision. */
export type Profile = Node & {
  /** The current revision as it was uploaded, signed or not: what devices are sent. Null without the permission secrets.read, for profiles carry passwords and keys. */
  content: Maybe<Scalars['Base64']['output']>;
  /** When the profile was created. */
  createdAt: Scalars['DateTime']['output'];
  /** PayloadDescription of the current revision. */
  description: Maybe<Scalars['String']['output']>;
  /** PayloadDisplayName of the current revision. */
  displayName: Maybe<Scalars['String']['output']>;
  /** Opaque, global id. Checked when it comes back. */
  id: Scalars['ID']['output'];
  /** PayloadOrganization of the current revision. */
  organization: Maybe<Scalars['String']['output']>;
  /** PayloadIdentifier, read from the profile. Unique. */
  payloadIdentifier: Scalars['String']['output'];
  /** The payload types of the current revision, in order. */
  payloadTypes: Array<Scalars['String']['output']>;
  /** Number of the current revision, counted from 1. */
  revision: Scalars['Int']['output'];
  /** SHA-256 of the current revision, hexadecimal. */
  sha256: Scalars['String']['output'];
  /** Whether the current revision is signed. */
  signed: Scalars['Boolean']['output'];
  /** Size of the current revision in bytes. */
  size: Scalars['Int']['output'];
  /** When the current revision was made. */
  updatedAt: Scalars['DateTime']['output'];
  /** The server's own id of the profile. */
  uuid: Scalars['UUID']['output'];
  /** The workflows that name the profile themselves. */
  workflows: WorkflowConnection;
};

/** A configuration profile. Replacing its content makes a new revision. */
export type ProfileworkflowsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Names one profile. Give exactly one member. */
export type ProfileBy = {
  /** Its global id. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** Its PayloadIdentifier. */
  payloadIdentifier?: InputMaybe<Scalars['String']['input']>;
  /** The server's own id of it. */
  uuid?: InputMaybe<Scalars['UUID']['input']>;
};

/** A page of a list of Profile objects. */
export type ProfileConnection = {
  /** The page, each node with its cursor. */
  edges: Array<ProfileEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<Profile>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** Why `profileCreate` may refuse. */
export const ProfileCreateErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else already has this name or identifier. */
  CONFLICT: 'CONFLICT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** More bytes than are accepted here. */
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE'
} as const;

export type ProfileCreateErrorCode = typeof ProfileCreateErrorCode[keyof typeof ProfileCreateErrorCode];
/** A new profile. */
export type ProfileCreateInput = {
  /** The .mobileconfig, signed or not, as base64. Its PayloadIdentifier has to be new. */
  content: Scalars['Base64']['input'];
};

/** What profileCreate did. */
export type ProfileCreatePayload = {
  /** The new profile. */
  profile: Maybe<Profile>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<ProfileCreateUserError>;
};

/** One refusal of ProfileCreate. */
export type ProfileCreateUserError = UserError & {
  /** Stable; made for switching on. */
  code: ProfileCreateErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `profileDelete` may refuse. */
export const ProfileDeleteErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else still refers to it. */
  IN_USE: 'IN_USE',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type ProfileDeleteErrorCode = typeof ProfileDeleteErrorCode[keyof typeof ProfileDeleteErrorCode];
/** A profile to delete. */
export type ProfileDeleteInput = {
  /** The profile. No workflow may have it any more. */
  id: Scalars['ID']['input'];
};

/** What profileDelete did. */
export type ProfileDeletePayload = {
  /** The id of the profile that is gone. */
  deletedProfileId: Maybe<Scalars['ID']['output']>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<ProfileDeleteUserError>;
};

/** One refusal of ProfileDelete. */
export type ProfileDeleteUserError = UserError & {
  /** Stable; made for switching on. */
  code: ProfileDeleteErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** A Profile and its place in a list. */
export type ProfileEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The Profile. */
  node: Profile;
};

/** Why `profileReplace` may refuse. */
export const ProfileReplaceErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND',
  /** More bytes than are accepted here. */
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  /** It has changed since the revision you named; read it again and decide anew. */
  STALE_REVISION: 'STALE_REVISION'
} as const;

export type ProfileReplaceErrorCode = typeof ProfileReplaceErrorCode[keyof typeof ProfileReplaceErrorCode];
/** A new content for a profile. */
export type ProfileReplaceInput = {
  /** The .mobileconfig, signed or not, as base64. Its PayloadIdentifier has to be the same as before. */
  content: Scalars['Base64']['input'];
  /** Refuse unless the profile is at this revision. */
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  /** The profile. */
  id: Scalars['ID']['input'];
};

/** What profileReplace did. */
export type ProfileReplacePayload = {
  /** The profile at its new revision. */
  profile: Maybe<Profile>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<ProfileReplaceUserError>;
};

/** One refusal of ProfileReplace. */
export type ProfileReplaceUserError = UserError & {
  /** Stable; made for switching on. */
  code: ProfileReplaceErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** A push to a device, and what became of it. */
export type Push = Node & {
  /** apns-id: what APNs knows the push by. */
  apnsId: Maybe<Scalars['UUID']['output']>;
  /** How often it was tried. */
  attempts: Scalars['Int']['output'];
  /** The device that it wakes. */
  device: Device;
  /** The HTTP status APNs answered. */
  httpStatus: Maybe<Scalars['Int']['output']>;
  /** Opaque, global id. Checked when it comes back. */
  id: Scalars['ID']['output'];
  /** When it was asked for. */
  queuedAt: Scalars['DateTime']['output'];
  /** The reason of APNs, or ours, when it was not delivered. */
  reason: Maybe<Scalars['String']['output']>;
  /** When its outcome was known. */
  settledAt: Maybe<Scalars['DateTime']['output']>;
  /** What became of it. */
  status: PushStatus;
  /** The server's own id of the push. */
  uuid: Scalars['UUID']['output'];
};

/** A push certificate that was requested here, or uploaded. Its private key is never shown. */
export type PushCertificate = Node & {
  /** What identity.apple.com/pushcert takes: save it as a file, just as it is. Null unless the request is open and this server signs as an MDM vendor (POMONA_PUSH_VENDOR_CERT_FILE). */
  appleRequest: Maybe<Scalars['String']['output']>;
  /** The certificate with the intermediates it came with, PEM; null while it is requested. */
  certificatePem: Maybe<Scalars['String']['output']>;
  /** The common name it was requested for. */
  commonName: Maybe<Scalars['String']['output']>;
  /** When it was requested, or uploaded if it was not requested here. */
  createdAt: Scalars['DateTime']['output'];
  /** The signing request, PEM; null for a certificate that came with its key. */
  csrPem: Maybe<Scalars['String']['output']>;
  /** The email address it was requested for. */
  email: Maybe<Scalars['String']['output']>;
  /** When it was replaced, or discarded. */
  endedAt: Maybe<Scalars['DateTime']['output']>;
  /** Opaque, global id. Checked when it comes back. */
  id: Scalars['ID']['output'];
  /** The JSON to POST to https://mdmcert.download/api/v1/signrequest, which signs for those who are no vendor and answers by mail (see pushCertificateDecrypt). Null unless the request is open. */
  mdmcertRequest: Maybe<Scalars['String']['output']>;
  /** Until when it is valid. */
  notAfter: Maybe<Scalars['DateTime']['output']>;
  /** From when it is valid. */
  notBefore: Maybe<Scalars['DateTime']['output']>;
  /** Serial number of the certificate, hexadecimal. */
  serialNumber: Maybe<Scalars['String']['output']>;
  /** SHA-256 of the certificate, hexadecimal. */
  sha256: Maybe<Scalars['String']['output']>;
  /** What became of it. */
  status: PushCertificateStatus;
  /** Subject of the certificate. */
  subject: Maybe<Scalars['String']['output']>;
  /** Its push topic, com.apple.mgmt.…; devices listen to the one they enrolled with. */
  topic: Maybe<Scalars['String']['output']>;
  /** When the certificate was uploaded. */
  uploadedAt: Maybe<Scalars['DateTime']['output']>;
  /** The server's own id of the push certificate. */
  uuid: Scalars['UUID']['output'];
};

/** A push certificate that was requested here, or uploaded. Its private key is never shown. */
export type PushCertificatemdmcertRequestArgs = {
  apiKey: Scalars['String']['input'];
};

/** A page of a list of PushCertificate objects. */
export type PushCertificateConnection = {
  /** The page, each node with its cursor. */
  edges: Array<PushCertificateEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<PushCertificate>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** Why `pushCertificateDecrypt` may refuse. */
export const PushCertificateDecryptErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type PushCertificateDecryptErrorCode = typeof PushCertificateDecryptErrorCode[keyof typeof PushCertificateDecryptErrorCode];
/** An answer of mdmcert.download. */
export type PushCertificateDecryptInput = {
  /** The content of the .p7 file that came by mail: hexadecimal digits. */
  answer: Scalars['String']['input'];
};

/** What pushCertificateDecrypt found. */
export type PushCertificateDecryptPayload = {
  /** What identity.apple.com/pushcert takes: save it as a file, just as it is. */
  appleRequest: Maybe<Scalars['String']['output']>;
  /** The open request it answers. */
  pushCertificate: Maybe<PushCertificate>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<PushCertificateDecryptUserError>;
};

/** One refusal of PushCertificateDecrypt. */
export type PushCertificateDecryptUserError = UserError & {
  /** Stable; made for switching on. */
  code: PushCertificateDecryptErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** A PushCertificate and its place in a list. */
export type PushCertificateEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The PushCertificate. */
  node: PushCertificate;
};

/** The push certificate that devices are woken with. */
export type PushCertificateInUse = {
  /** Whole days until then; negative when it has run out. */
  daysLeft: Scalars['Int']['output'];
  /** Until when it is valid. */
  notAfter: Scalars['DateTime']['output'];
  /** From when it is valid. */
  notBefore: Scalars['DateTime']['output'];
  /** The record of an uploaded one; null for a file. */
  record: Maybe<PushCertificate>;
  /** Its serial number, hexadecimal. */
  serialNumber: Scalars['String']['output'];
  /** SHA-256 of it, hexadecimal. */
  sha256: Scalars['String']['output'];
  /** Where it is from. */
  source: PushCertificateSource;
  /** Its subject. */
  subject: Scalars['String']['output'];
  /** Its push topic: devices that enrolled with this one can be woken. */
  topic: Scalars['String']['output'];
};

/** Why `pushCertificateRequestDiscard` may refuse. */
export const PushCertificateRequestDiscardErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else already has this name or identifier. */
  CONFLICT: 'CONFLICT',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type PushCertificateRequestDiscardErrorCode = typeof PushCertificateRequestDiscardErrorCode[keyof typeof PushCertificateRequestDiscardErrorCode];
/** An open request to give up. */
export type PushCertificateRequestDiscardInput = {
  /** The request. */
  id: Scalars['ID']['input'];
};

/** What pushCertificateRequestDiscard did. */
export type PushCertificateRequestDiscardPayload = {
  /** The request that was given up. Its key is deleted. */
  pushCertificate: Maybe<PushCertificate>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<PushCertificateRequestDiscardUserError>;
};

/** One refusal of PushCertificateRequestDiscard. */
export type PushCertificateRequestDiscardUserError = UserError & {
  /** Stable; made for switching on. */
  code: PushCertificateRequestDiscardErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `pushCertificateRequest` may refuse. */
export const PushCertificateRequestErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The device, its platform or its version, or this server’s configuration does not offer this. */
  FEATURE_NOT_AVAILABLE: 'FEATURE_NOT_AVAILABLE',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID'
} as const;

export type PushCertificateRequestErrorCode = typeof PushCertificateRequestErrorCode[keyof typeof PushCertificateRequestErrorCode];
/** Whose push certificate is asked for. Apple puts a subject of its own into it. */
export type PushCertificateRequestInput = {
  /** Who it is for, 1 to 64 characters: the organisation, for example. */
  commonName: Scalars['String']['input'];
  /** The country, two letters such as DE. */
  country?: InputMaybe<Scalars['String']['input']>;
  /** An email address; for mdmcert.download, the one that is registered there. */
  email: Scalars['String']['input'];
};

/** What pushCertificateRequest did. */
export type PushCertificateRequestPayload = {
  /** The open request. Its `appleRequest`, or the answer of mdmcert.download to its `mdmcertRequest`, goes to identity.apple.com/pushcert; the certificate that Apple makes comes back by `pushCertificateUpload`. */
  pushCertificate: Maybe<PushCertificate>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<PushCertificateRequestUserError>;
};

/** One refusal of PushCertificateRequest. */
export type PushCertificateRequestUserError = UserError & {
  /** Stable; made for switching on. */
  code: PushCertificateRequestErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Where the push certificate in use is from. */
export const PushCertificateSource = {
  /** The file that POMONA_APNS_CERT_FILE names. It wins over what was uploaded. */
  FILE: 'FILE',
  /** It was uploaded. */
  UPLOADED: 'UPLOADED'
} as const;

export type PushCertificateSource = typeof PushCertificateSource[keyof typeof PushCertificateSource];
/** What became of a request for a push certificate, or of an uploaded one. */
export const PushCertificateStatus = {
  /** The uploaded certificate that counts. At most one does. */
  ACTIVE: 'ACTIVE',
  /** The request was given up, and its key deleted. */
  DISCARDED: 'DISCARDED',
  /** Another was uploaded after it. */
  REPLACED: 'REPLACED',
  /** The server has a key and a signing request; Apple's certificate is awaited. */
  REQUESTED: 'REQUESTED'
} as const;

export type PushCertificateStatus = typeof PushCertificateStatus[keyof typeof PushCertificateStatus];
/** Why `pushCertificateUpload` may refuse. */
export const PushCertificateUploadErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else already has this name or identifier. */
  CONFLICT: 'CONFLICT',
  /** The device, its platform or its version, or this server’s configuration does not offer this. */
  FEATURE_NOT_AVAILABLE: 'FEATURE_NOT_AVAILABLE',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID'
} as const;

export type PushCertificateUploadErrorCode = typeof PushCertificateUploadErrorCode[keyof typeof PushCertificateUploadErrorCode];
/** A push certificate from Apple. */
export type PushCertificateUploadInput = {
  /** Apple's .pem as it is (the key may be in it), or base64 of a .p12 or .cer file. */
  certificate: Scalars['String']['input'];
  /** Take it although enrolled devices listen to another topic: they can then not be woken until they are enrolled anew. */
  force?: InputMaybe<Scalars['Boolean']['input']>;
  /** What the .p12, or the private key, is encrypted with. */
  passphrase?: InputMaybe<Scalars['String']['input']>;
  /** Its private key, PEM, when the certificate was not requested here and is no .p12. Kept sealed, and never shown. */
  privateKey?: InputMaybe<Scalars['String']['input']>;
};

/** What pushCertificateUpload did. */
export type PushCertificateUploadPayload = {
  /** The push certificate, which devices are woken with from now on. */
  pushCertificate: Maybe<PushCertificate>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<PushCertificateUploadUserError>;
};

/** One refusal of PushCertificateUpload. */
export type PushCertificateUploadUserError = UserError & {
  /** Stable; made for switching on. */
  code: PushCertificateUploadErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** How a device can be woken. */
export type PushChannel = {
  /** Whether a usable push token is held. */
  hasToken: Scalars['Boolean']['output'];
  /** When the device is pushed again, should commands still wait then. */
  nextPushAt: Maybe<Scalars['DateTime']['output']>;
  /** Pushes sent again since the device last emptied its queue. */
  repushCount: Scalars['Int']['output'];
  /** When the device last sent a push token. */
  tokenUpdatedAt: Maybe<Scalars['DateTime']['output']>;
  /** The APNs topic the device asked for. */
  topic: Maybe<Scalars['String']['output']>;
};

/** A page of a list of Push objects. */
export type PushConnection = {
  /** The page, each node with its cursor. */
  edges: Array<PushEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<Push>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** A Push and its place in a list. */
export type PushEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The Push. */
  node: Push;
};

/** Something became of a push. */
export type PushEvent = SubscriptionEvent & {
  /** When it happened. */
  at: Scalars['DateTime']['output'];
  /** How often it had been tried by then. */
  attempts: Maybe<Scalars['Int']['output']>;
  /** Opaque. Everything up to here was told: after a lost socket, subscribe with it as `after`, or ask `events(after:)`. */
  cursor: Scalars['String']['output'];
  /** The device, as it is now. */
  device: Maybe<Device>;
  /** The HTTP status APNs answered, at this event. */
  httpStatus: Maybe<Scalars['Int']['output']>;
  /** The push, as it is now. */
  push: Maybe<Push>;
  /** Why it was not delivered, at this event. */
  reason: Maybe<Scalars['String']['output']>;
  /** True: you read too slowly, or were away too long, and events after this cursor were left out. The other fields are null; read anew what you show, or catch up with `events(after: cursor)`. */
  resync: Scalars['Boolean']['output'];
  /** Its status at this event. */
  status: Maybe<PushStatus>;
};

/** What became of a push. */
export const PushStatus = {
  /** APNs took it. */
  DELIVERED: 'DELIVERED',
  /** APNs refused it or could not be reached; see reason. */
  FAILED: 'FAILED',
  /** The server has no push certificate for the topic of this device. */
  NOT_CONFIGURED: 'NOT_CONFIGURED',
  /** Waiting to be sent, or to be tried again. */
  QUEUED: 'QUEUED',
  /** On its way to APNs. */
  SENDING: 'SENDING',
  /** APNs says the token is no longer valid (410): no more pushes until the device sends a new one. */
  TOKEN_RETIRED: 'TOKEN_RETIRED'
} as const;

export type PushStatus = typeof PushStatus[keyof typeof PushStatus];
/** Everything that can be read. */
export type Query = {
  /** API tokens, oldest first; the revoked ones too. Needs the permission tokens.write. */
  apiTokens: ApiTokenConnection;
  /** One application; null when there is none. Needs the permission read. */
  application: Maybe<Application>;
  /** Applications that workflows can install. Needs the permission read. */
  applications: ApplicationConnection;
  /** One command; null when there is none, or no longer. Needs the permission read. */
  command: Maybe<Command>;
  /** The commands that can be sent by name, with their parameters, by RequestType. Needs the permission read. */
  commandTypes: Array<CommandType>;
  /** Commands of all devices, newest first. Needs the permission read. */
  commands: CommandConnection;
  /** One account at Apple Business Manager; null when there is none. Needs the permission read. */
  depAccount: Maybe<DepAccount>;
  /** Accounts at Apple Business Manager, oldest first. Needs the permission read. */
  depAccounts: DepAccountConnection;
  /** Devices of Apple Business Manager, by serial number: enrolled, on their way, or still in their box. Needs the permission read. */
  depDevices: DepDeviceConnection;
  /** One DEP profile; null when there is none. Needs the permission read. */
  depProfile: Maybe<DepProfile>;
  /** DEP profiles: what devices of Apple Business Manager do in Setup Assistant. Oldest first. Needs the permission read. */
  depProfiles: DepProfileConnection;
  /** The rules that say which devices are given which DEP profile and workflow, in their order: the first that is about a device counts. Needs the permission read. */
  depRules: DepRuleConnection;
  /** One device; null when there is none. Needs the permission read. */
  device: Maybe<Device>;
  /** Devices. Needs the permission read. */
  devices: DeviceConnection;
  /** One enrollment profile; null when there is none. Its link is not shown again. Needs the permission read. */
  enrollmentProfile: Maybe<EnrollmentProfile>;
  /** Enrollment profiles, oldest first; also those whose links work no more. Needs the permission read. */
  enrollmentProfiles: EnrollmentProfileConnection;
  /** What happened, oldest first: for those who were away. Needs the permission read. */
  events: EventConnection;
  /** One identity certificate; null when this server issued no such one. Needs the permission read. */
  identityCertificate: Maybe<IdentityCertificate>;
  /** The identity certificates that this server issued, newest first. Needs the permission read. */
  identityCertificates: IdentityCertificateConnection;
  /** The object with this id; null when there is none, or no longer. Needs the permission read. */
  node: Maybe<Node>;
  /** The objects with these ids, in their order; null in place of each that is not there. Needs the permission read. */
  nodes: Array<Maybe<Node>>;
  /** One profile; null when there is none. Needs the permission read. */
  profile: Maybe<Profile>;
  /** Configuration profiles. Needs the permission read. */
  profiles: ProfileConnection;
  /** The push certificate that devices are woken with; null while there is none. Needs the permission read. */
  pushCertificate: Maybe<PushCertificateInUse>;
  /** Push certificates that were requested here or uploaded, newest first; also open requests. Needs the permission read. */
  pushCertificates: PushCertificateConnection;
  /** What this operation cost, and what is left of the points of its token. Needs the permission read. */
  rateLimit: Maybe<RateLimit>;
  /** The server: version, configuration, limits, certificates. Needs the permission read. */
  server: Server;
  /** Who is asking, and what they may do. Needs the permission read. */
  viewer: Viewer;
  /** One workflow; null when there is none. Needs the permission read. */
  workflow: Maybe<Workflow>;
  /** Workflows. Needs the permission read. */
  workflows: WorkflowConnection;
};

/** Everything that can be read. */
export type QueryapiTokensArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Everything that can be read. */
export type QueryapplicationArgs = {
  by: ApplicationBy;
};

/** Everything that can be read. */
export type QueryapplicationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<CatalogFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<CatalogOrder>;
};

/** Everything that can be read. */
export type QuerycommandArgs = {
  by: CommandBy;
};

/** Everything that can be read. */
export type QuerycommandTypesArgs = {
  platform?: InputMaybe<Platform>;
};

/** Everything that can be read. */
export type QuerycommandsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  deviceIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  filter?: InputMaybe<CommandFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Everything that can be read. */
export type QuerydepAccountArgs = {
  by: DepAccountBy;
};

/** Everything that can be read. */
export type QuerydepAccountsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Everything that can be read. */
export type QuerydepDevicesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<DepDeviceFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Everything that can be read. */
export type QuerydepProfileArgs = {
  by: DepProfileBy;
};

/** Everything that can be read. */
export type QuerydepProfilesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Everything that can be read. */
export type QuerydepRulesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Everything that can be read. */
export type QuerydeviceArgs = {
  by: DeviceBy;
};

/** Everything that can be read. */
export type QuerydevicesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<DeviceFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<DeviceOrder>;
};

/** Everything that can be read. */
export type QueryenrollmentProfileArgs = {
  by: EnrollmentProfileBy;
};

/** Everything that can be read. */
export type QueryenrollmentProfilesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Everything that can be read. */
export type QueryeventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EventFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** Everything that can be read. */
export type QueryidentityCertificateArgs = {
  by: IdentityCertificateBy;
};

/** Everything that can be read. */
export type QueryidentityCertificatesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<IdentityCertificateFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Everything that can be read. */
export type QuerynodeArgs = {
  id: Scalars['ID']['input'];
};

/** Everything that can be read. */
export type QuerynodesArgs = {
  ids: Array<Scalars['ID']['input']>;
};

/** Everything that can be read. */
export type QueryprofileArgs = {
  by: ProfileBy;
};

/** Everything that can be read. */
export type QueryprofilesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<CatalogFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<CatalogOrder>;
};

/** Everything that can be read. */
export type QuerypushCertificatesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Everything that can be read. */
export type QueryworkflowArgs = {
  by: WorkflowBy;
};

/** Everything that can be read. */
export type QueryworkflowsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<CatalogFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<CatalogOrder>;
};

/** What this operation cost, and what its token may still spend. Rules and weights: docs/limits.md. */
export type RateLimit = {
  /** Points this operation was charged. */
  cost: Scalars['Int']['output'];
  /** Points the token may spend in a minute; null: no limit. */
  limit: Maybe<Scalars['Int']['output']>;
  /** Points left until `resetAt`. */
  remaining: Maybe<Scalars['Int']['output']>;
  /** When the minute ends and all points are back. */
  resetAt: Maybe<Scalars['DateTime']['output']>;
};

/** What an API token may do. Each role may do what the next one may. */
export const Role = {
  /** Everything, API tokens included. */
  ADMIN: 'ADMIN',
  /** Change profiles, applications and workflows, assign them, push and send commands. */
  OPERATOR: 'OPERATOR',
  /** Read only. */
  VIEWER: 'VIEWER'
} as const;

export type Role = typeof Role[keyof typeof Role];
/** How many of the devices that were given a workflow stand where. */
export type Rollout = {
  /** Devices that have everything it wants. */
  converged: Scalars['Int']['output'];
  /** Devices where something failed. */
  failed: Scalars['Int']['output'];
  /** Devices on their way. */
  pending: Scalars['Int']['output'];
  /** Devices the workflow is assigned to. */
  total: Scalars['Int']['output'];
};

/** What an API token may do beyond what its role grants. No role has a scope by itself. */
export const Scope = {
  /** Send commands that erase devices or lock people out. Not for a VIEWER, who sends none. */
  DESTRUCTIVE: 'DESTRUCTIVE',
  /** Read what is secret: what commands and profiles carry, and the tokens of devices. */
  SECRETS: 'SECRETS'
} as const;

export type Scope = typeof Scope[keyof typeof Scope];
/** The server itself. */
export type Server = {
  /** API tokens that run out within thirty days. */
  apiTokensExpiring: Scalars['Int']['output'];
  /** The certificates it lives on, and how long they will do. */
  certificates: Array<ServerCertificate>;
  /** Its database: sqlite, mysql or mariadb. */
  database: Scalars['String']['output'];
  /** Looks whether the server can do its work, from the outside too: it calls its own public address, and connects to APNs without sending a push. Takes up to five seconds. */
  doctor: DoctorReport;
  /** The cursor of now: read the state you show after it, then subscribe with `after: eventCursor`, and nothing is missed. */
  eventCursor: Scalars['String']['output'];
  /** What it is configured for. */
  features: Array<ServerFeature>;
  /** What one request may ask for. */
  limits: ServerLimits;
  /** The address devices and people reach it by. */
  publicUrl: Scalars['String']['output'];
  /** Whether there is a push certificate. Without one, pushes end NOT_CONFIGURED. */
  pushConfigured: Scalars['Boolean']['output'];
  /** Version of Pomona. */
  version: Scalars['String']['output'];
};

/** A certificate the server lives on. */
export type ServerCertificate = {
  /** Whole days until then; negative when it has run out. */
  daysLeft: Scalars['Int']['output'];
  /** Until when it is valid. */
  notAfter: Scalars['DateTime']['output'];
  /** What it is for. */
  purpose: CertificatePurpose;
  /** Its subject. */
  subject: Scalars['String']['output'];
  /** The push topic, of a push certificate. */
  topic: Maybe<Scalars['String']['output']>;
};

/** What a server can do only when it is configured for it. */
export const ServerFeature = {
  /** Accept devices: there is an authority to check their identities against. */
  DEVICE_ENROLLMENT: 'DEVICE_ENROLLMENT',
  /** Wake devices: there is a push certificate. */
  PUSH: 'PUSH'
} as const;

export type ServerFeature = typeof ServerFeature[keyof typeof ServerFeature];
/** What one request may ask for. More is refused with QUERY_TOO_COMPLEX, QUERY_TOO_DEEP, BAD_USER_INPUT, RATE_LIMITED or TIMEOUT. Every number, and how cost is counted, is in docs/limits.md. */
export type ServerLimits = {
  /** Operations a minute from one address without a token. */
  anonymousPerMinute: Scalars['Int']['output'];
  /** Objects a connection returns when neither `first` nor `last` is given. */
  defaultPageSize: Scalars['Int']['output'];
  /** Milliseconds that what a subscription tells of one event may take. */
  eventTimeoutMs: Scalars['Int']['output'];
  /** Aliases in a document. */
  maxAliases: Scalars['Int']['output'];
  /** Devices or commands that one mutation may name. */
  maxBulk: Scalars['Int']['output'];
  /** Sockets open in the process, and as many event streams. */
  maxConnections: Scalars['Int']['output'];
  /** Sockets and event streams of one token together. */
  maxConnectionsPerToken: Scalars['Int']['output'];
  /** Cost of an operation: a point for each field of each object it may return. */
  maxCost: Scalars['Int']['output'];
  /** Nesting of fields. */
  maxDepth: Scalars['Int']['output'];
  /** Directives in a document. */
  maxDirectives: Scalars['Int']['output'];
  /** Characters of a document. */
  maxDocumentLength: Scalars['Int']['output'];
  /** Nesting of lists. */
  maxListDepth: Scalars['Int']['output'];
  /** Fields of Mutation in one operation. */
  maxMutations: Scalars['Int']['output'];
  /** Most objects of one page. */
  maxPageSize: Scalars['Int']['output'];
  /** Operations under way on one socket. */
  maxSocketOperations: Scalars['Int']['output'];
  /** Subscriptions under way in the process. */
  maxSubscriptions: Scalars['Int']['output'];
  /** Tokens (names, braces, values…) of a document. */
  maxTokens: Scalars['Int']['output'];
  /** What a mutation is charged for each point of its cost. */
  mutationFactor: Scalars['Int']['output'];
  /** Milliseconds a mutation may take, all its fields together. */
  mutationTimeoutMs: Scalars['Int']['output'];
  /** Points a token may spend in a minute; null when none are counted. See `rateLimit`. */
  pointsPerMinute: Maybe<Scalars['Int']['output']>;
  /** Milliseconds a query may take. Then it ends with TIMEOUT. */
  queryTimeoutMs: Scalars['Int']['output'];
};

/** What a deployment item is about. */
export const SubjectKind = {
  /** An application. */
  APPLICATION: 'APPLICATION',
  /** A configuration profile. */
  PROFILE: 'PROFILE'
} as const;

export type SubjectKind = typeof SubjectKind[keyof typeof SubjectKind];
/** What happens, as it happens; by WebSocket (graphql-transport-ws). */
export type Subscription = {
  /** What becomes of commands: queued, sent, answered, withdrawn. Needs the permission read. */
  commandUpdated: CommandEvent;
  /** How far syncs with Apple Business Manager are, page by page, whoever or whatever began them. Needs the permission read. */
  depSyncProgress: DepSyncEvent;
  /** How far devices are with their workflow. Needs the permission read. */
  deploymentProgress: DeploymentEvent;
  /** What changes about devices: enrolment, inventory, workflow. Needs the permission read. */
  deviceChanged: DeviceEvent;
  /** What becomes of pushes. Needs the permission read. */
  pushResult: PushEvent;
};

/** What happens, as it happens; by WebSocket (graphql-transport-ws). */
export type SubscriptioncommandUpdatedArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  commandIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  deviceIds?: InputMaybe<Array<Scalars['ID']['input']>>;
};

/** What happens, as it happens; by WebSocket (graphql-transport-ws). */
export type SubscriptiondepSyncProgressArgs = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** What happens, as it happens; by WebSocket (graphql-transport-ws). */
export type SubscriptiondeploymentProgressArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  deviceIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  workflowId?: InputMaybe<Scalars['ID']['input']>;
};

/** What happens, as it happens; by WebSocket (graphql-transport-ws). */
export type SubscriptiondeviceChangedArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<DeviceFilter>;
};

/** What happens, as it happens; by WebSocket (graphql-transport-ws). */
export type SubscriptionpushResultArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  deviceIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  workflowId?: InputMaybe<Scalars['ID']['input']>;
};

/** What every event of a subscription says. */
export type SubscriptionEvent = {
  /** When it happened. */
  at: Scalars['DateTime']['output'];
  /** Opaque. Everything up to here was told: after a lost socket, subscribe with it as `after`, or ask `events(after:)`. */
  cursor: Scalars['String']['output'];
  /** True: you read too slowly, or were away too long, and events after this cursor were left out. The other fields are null; read anew what you show, or catch up with `events(after: cursor)`. */
  resync: Scalars['Boolean']['output'];
};

/** Why a mutation did not do, or not wholly do, what was asked. */
export type UserError = {
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Who is asking. */
export type Viewer = {
  /** When the token stops working; null when it does not by itself. */
  expiresAt: Maybe<Scalars['DateTime']['output']>;
  /** The name of the API token. */
  name: Scalars['String']['output'];
  /** What it may do, by its role and its scopes. */
  permissions: Array<Permission>;
  /** Its role. */
  role: Role;
  /** What it may do beyond its role. */
  scopes: Array<Scope>;
};

/** A group of profiles and applications that may include other workflows. */
export type Workflow = Node & {
  /** The applications that it names itself, in order. */
  applications: WorkflowApplicationConnection;
  /** When the workflow was created. */
  createdAt: Scalars['DateTime']['output'];
  /** What the workflow is for. */
  description: Maybe<Scalars['String']['output']>;
  /** The devices it is assigned to, oldest first. */
  devices: DeviceConnection;
  /** The applications a device with this workflow is sent, in order; as effectiveProfiles. */
  effectiveApplications: Array<EffectiveApplication>;
  /** What a device with this workflow is sent, in order: included workflows first, depth first; the first occurrence of a profile counts. */
  effectiveProfiles: Array<EffectiveProfile>;
  /** Opaque, global id. Checked when it comes back. */
  id: Scalars['ID']['output'];
  /** The workflows that include it directly. */
  includedBy: WorkflowConnection;
  /** The workflows that it includes, in order. May be asked of each other 4 levels deep; effectiveProfiles and effectiveApplications flatten any depth. */
  includedWorkflows: WorkflowConnection;
  /** Name. Unique. */
  name: Scalars['String']['output'];
  /** The profiles that it names itself, in order. */
  profiles: WorkflowProfileConnection;
  /** Counts edits. Send it back with an update to be told of an edit that came between. */
  revision: Scalars['Int']['output'];
  /** How many of the devices it is assigned to have what it wants. */
  rollout: Rollout;
  /** When the workflow was last edited. */
  updatedAt: Scalars['DateTime']['output'];
  /** The server's own id of the workflow. */
  uuid: Scalars['UUID']['output'];
};

/** A group of profiles and applications that may include other workflows. */
export type WorkflowapplicationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** A group of profiles and applications that may include other workflows. */
export type WorkflowdevicesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** A group of profiles and applications that may include other workflows. */
export type WorkflowincludedByArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** A group of profiles and applications that may include other workflows. */
export type WorkflowincludedWorkflowsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** A group of profiles and applications that may include other workflows. */
export type WorkflowprofilesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** A page of a list of WorkflowApplication objects. */
export type WorkflowApplicationConnection = {
  /** The page, each node with its cursor. */
  edges: Array<WorkflowApplicationEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<Application>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** A WorkflowApplication and its place in a list. */
export type WorkflowApplicationEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The WorkflowApplication. */
  node: Application;
  /** Place in the workflow, from 0. */
  position: Scalars['Int']['output'];
};

/** Names one workflow. Give exactly one member. */
export type WorkflowBy = {
  /** Its global id. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** Its name. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** The server's own id of it. */
  uuid?: InputMaybe<Scalars['UUID']['input']>;
};

/** A page of a list of Workflow objects. */
export type WorkflowConnection = {
  /** The page, each node with its cursor. */
  edges: Array<WorkflowEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<Workflow>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** Why `workflowCreate` may refuse. */
export const WorkflowCreateErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else already has this name or identifier. */
  CONFLICT: 'CONFLICT',
  /** A workflow would come to include itself; the message spells the path. */
  CYCLE: 'CYCLE',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID'
} as const;

export type WorkflowCreateErrorCode = typeof WorkflowCreateErrorCode[keyof typeof WorkflowCreateErrorCode];
/** A new workflow. */
export type WorkflowCreateInput = {
  /** Its applications, in order. */
  applicationIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** What the workflow is for, at most 1,024 characters. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** The workflows it includes, in order. Never itself, at whatever distance. */
  includedWorkflowIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Name. Unique, 1 to 255 characters. */
  name: Scalars['String']['input'];
  /** Its profiles, in the order in which devices are sent them. */
  profileIds?: InputMaybe<Array<Scalars['ID']['input']>>;
};

/** What workflowCreate did. */
export type WorkflowCreatePayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<WorkflowCreateUserError>;
  /** The new workflow. */
  workflow: Maybe<Workflow>;
};

/** One refusal of WorkflowCreate. */
export type WorkflowCreateUserError = UserError & {
  /** Stable; made for switching on. */
  code: WorkflowCreateErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** Why `workflowDelete` may refuse. */
export const WorkflowDeleteErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else still refers to it. */
  IN_USE: 'IN_USE',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type WorkflowDeleteErrorCode = typeof WorkflowDeleteErrorCode[keyof typeof WorkflowDeleteErrorCode];
/** A workflow to delete. */
export type WorkflowDeleteInput = {
  /** The workflow. No device may have it and no workflow include it any more. */
  id: Scalars['ID']['input'];
};

/** What workflowDelete did. */
export type WorkflowDeletePayload = {
  /** The id of the workflow that is gone. */
  deletedWorkflowId: Maybe<Scalars['ID']['output']>;
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<WorkflowDeleteUserError>;
};

/** One refusal of WorkflowDelete. */
export type WorkflowDeleteUserError = UserError & {
  /** Stable; made for switching on. */
  code: WorkflowDeleteErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** A Workflow and its place in a list. */
export type WorkflowEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The Workflow. */
  node: Workflow;
};

/** Why `workflowPlan` may refuse. */
export const WorkflowPlanErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND'
} as const;

export type WorkflowPlanErrorCode = typeof WorkflowPlanErrorCode[keyof typeof WorkflowPlanErrorCode];
/** An assignment to think through. */
export type WorkflowPlanInput = {
  /** The devices, 10,000 at most. */
  deviceIds: Array<Scalars['ID']['input']>;
  /** The workflow they would get; null: the one they have would be taken away. */
  workflowId?: InputMaybe<Scalars['ID']['input']>;
};

/** What an assignment would do. Nothing was written. */
export type WorkflowPlanPayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** For each device, in the order given; null when all was refused. */
  results: Maybe<Array<DevicePlanResult>>;
  /** What was refused; empty when nothing was. */
  userErrors: Array<WorkflowPlanUserError>;
};

/** One refusal of WorkflowPlan. */
export type WorkflowPlanUserError = UserError & {
  /** Stable; made for switching on. */
  code: WorkflowPlanErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};

/** A page of a list of WorkflowProfile objects. */
export type WorkflowProfileConnection = {
  /** The page, each node with its cursor. */
  edges: Array<WorkflowProfileEdge>;
  /** The page without cursors: `edges { node }` in one step. */
  nodes: Array<Profile>;
  /** Where this page lies in the list. */
  pageInfo: PageInfo;
  /** Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted. */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** A WorkflowProfile and its place in a list. */
export type WorkflowProfileEdge = {
  /** Opaque; give it back as `after` or `before`. */
  cursor: Scalars['String']['output'];
  /** The WorkflowProfile. */
  node: Profile;
  /** Place in the workflow, from 0. */
  position: Scalars['Int']['output'];
};

/** Why `workflowUpdate` may refuse. */
export const WorkflowUpdateErrorCode = {
  /** A value is malformed, out of range, or contradicts another. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** Something else already has this name or identifier. */
  CONFLICT: 'CONFLICT',
  /** A workflow would come to include itself; the message spells the path. */
  CYCLE: 'CYCLE',
  /** Well-formed, but not acceptable in this place. */
  INVALID: 'INVALID',
  /** Something the input refers to does not exist, or is not visible to you. */
  NOT_FOUND: 'NOT_FOUND',
  /** It has changed since the revision you named; read it again and decide anew. */
  STALE_REVISION: 'STALE_REVISION'
} as const;

export type WorkflowUpdateErrorCode = typeof WorkflowUpdateErrorCode[keyof typeof WorkflowUpdateErrorCode];
/** Changes to a workflow. What is left out stays; a list that is given replaces the whole list. */
export type WorkflowUpdateInput = {
  /** Its applications, in order. */
  applicationIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** What the workflow is for, at most 1,024 characters. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** Refuse unless the workflow is at this revision. */
  expectedRevision?: InputMaybe<Scalars['Int']['input']>;
  /** The workflow. */
  id: Scalars['ID']['input'];
  /** The workflows it includes, in order. Never itself, at whatever distance. */
  includedWorkflowIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Another name. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** Its profiles, in the order in which devices are sent them. */
  profileIds?: InputMaybe<Array<Scalars['ID']['input']>>;
};

/** What workflowUpdate did. */
export type WorkflowUpdatePayload = {
  /** Everything that can be read, as it is after this mutation. */
  query: Query;
  /** Why it was refused; empty when it was not. */
  userErrors: Array<WorkflowUpdateUserError>;
  /** The workflow as it is now. */
  workflow: Maybe<Workflow>;
};

/** One refusal of WorkflowUpdate. */
export type WorkflowUpdateUserError = UserError & {
  /** Stable; made for switching on. */
  code: WorkflowUpdateErrorCode;
  /** For people: what was wrong and what would be right. Switch on `code`, not on this. */
  message: Scalars['String']['output'];
  /** The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input. */
  path: Maybe<Array<Scalars['String']['output']>>;
};
