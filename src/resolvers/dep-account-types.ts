import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import type { DepFailure } from '../apple/dep/index.js';
import { DepAccount } from '../entities/dep-account.js';
import { refusals } from './mutation.js';
import type { UserErrorEntry } from './plumbing/user-errors.js';

export const CREATE = refusals('DepAccountCreate', ['INVALID', 'CONFLICT']);
export const UPDATE = refusals('DepAccountUpdate', ['INVALID', 'NOT_FOUND', 'CONFLICT', 'STALE_REVISION']);
export const UPLOAD = refusals('DepAccountTokenUpload', [
  'INVALID',
  'NOT_FOUND',
  'CONFLICT',
  'UPSTREAM_REFUSED',
]);
export const SYNC = refusals('DepAccountSync', [
  'NOT_FOUND',
  'CONFLICT',
  'FEATURE_NOT_AVAILABLE',
  'UPSTREAM_REFUSED',
]);
export const DELETE = refusals('DepAccountDelete', ['NOT_FOUND', 'IN_USE']);

const FAILURES: Record<DepFailure, string> = {
  UNAUTHORIZED: "Apple does not accept the server token, or this server's clock is wrong.",
  TERMS_NOT_SIGNED: "Somebody has to agree to Apple's new terms in Apple Business Manager.",
  ACCESS_DENIED: 'This server was removed at Apple, or may not do this.',
  TOKEN_EXPIRED: 'The server token has to be renewed.',
  EXPIRED_CURSOR: 'What was read so far is too old; all is read anew.',
  INVALID_CURSOR: 'Apple does not know what was read so far; all is read anew.',
  EXHAUSTED_CURSOR: 'Apple says that there is no more to read from here.',
  CURSOR_REQUIRED: 'Apple asks from where to read on.',
  THROTTLED: 'Apple asks for fewer requests for a while.',
  UNAVAILABLE: "Apple's service does not answer, or not as it should.",
  REFUSED: 'Anything else that Apple says no to; the message has its words.',
  UNREADABLE: "Apple's answer makes no sense.",
};
const DepFailureCodes = Object.fromEntries(Object.keys(FAILURES).map((code) => [code, code])) as Record<
  DepFailure,
  DepFailure
>;
registerEnumType(DepFailureCodes, {
  name: 'DepFailureCode',
  description: "What went wrong between this server and Apple's device assignment service.",
  valuesConfig: Object.fromEntries(
    Object.entries(FAILURES).map(([code, description]) => [code, { description }]),
  ) as Record<DepFailure, { description: string }>,
});
export { DepFailureCodes };

@ObjectType('DepAccountFailure', { description: 'What went wrong with an account, and still does.' })
export class DepAccountFailureView {
  @Field(() => DepFailureCodes, { description: 'What it is.' })
  code: DepFailure;

  @Field(() => String, { description: 'In words, with what to do about it.' })
  message: string;

  @Field(() => Date, { nullable: true, description: 'Since when nothing has gone well.' })
  since: Date | null;
}

@ObjectType({ description: 'What a sync came to.' })
export class DepSyncCounts {
  @Field(() => Int, { description: 'Entries that Apple told.' })
  fetched: number;

  @Field(() => Int, { description: 'Devices that were not known, or came back.' })
  added: number;

  @Field(() => Int, { description: 'Devices that were known.' })
  modified: number;

  @Field(() => Int, { description: 'Devices that are no longer there.' })
  deleted: number;
}

@InputType({ description: 'Names one account. Give exactly one member.' })
export class DepAccountBy {
  @Field(() => ID, { nullable: true, description: 'Its global id.' })
  id?: string | null;

  @Field(() => GraphQLUUID, { nullable: true, description: "The server's own id of it." })
  uuid?: string | null;
}

@InputType({ description: 'A new account.' })
export class DepAccountCreateInput {
  @Field(() => String, { description: 'What people call it, 1 to 255 characters. Unique.' })
  name: string;
}

@ObjectType({ description: 'What depAccountCreate did.' })
export class DepAccountCreatePayload {
  @Field(() => DepAccount, {
    nullable: true,
    description:
      'The new account. Save its `certificate` as a .pem file and upload it in Apple Business Manager; the server token that can ' +
      'be downloaded there then goes to depAccountTokenUpload.',
  })
  depAccount?: DepAccount;

  @Field(() => [CREATE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'Another name for an account.' })
export class DepAccountUpdateInput {
  @Field(() => ID, { description: 'The account.' })
  id: string;

  @Field(() => String, { description: 'The name, 1 to 255 characters. Unique.' })
  name: string;

  @Field(() => Int, { nullable: true, description: 'Refuse unless the account is at this revision.' })
  expectedRevision?: number | null;
}

@ObjectType({ description: 'What depAccountUpdate did.' })
export class DepAccountUpdatePayload {
  @Field(() => DepAccount, { nullable: true, description: 'The account as it is now.' })
  depAccount?: DepAccount;

  @Field(() => [UPDATE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'A server token from Apple.' })
export class DepAccountTokenUploadInput {
  @Field(() => ID, { description: 'The account.' })
  id: string;

  @Field(() => String, {
    description:
      "Apple's .p7m file, unchanged: its text as it is, or the file as base64. Kept sealed, and never shown.",
  })
  token: string;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Take it although it is of another server or organization at Apple. All devices are then read anew, and those that are not ' +
      'of that server are no longer told of.',
  })
  force?: boolean | null;
}

@ObjectType({ description: 'What depAccountTokenUpload did.' })
export class DepAccountTokenUploadPayload {
  @Field(() => DepAccount, {
    nullable: true,
    description: 'The account, which is synced by itself from now on; at once with depAccountSync.',
  })
  depAccount?: DepAccount;

  @Field(() => [UPLOAD.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

/** Seconds. */
export const SYNC_WAIT = { usual: 5, most: 30 } as const;

@InputType({ description: 'An account to sync.' })
export class DepAccountSyncInput {
  @Field(() => ID, { description: 'The account.' })
  id: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Read all devices again, not only what changed.',
  })
  anew?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: `How many seconds to wait for the end, 0 to ${SYNC_WAIT.most}; ${SYNC_WAIT.usual} when left out.`,
  })
  waitSeconds?: number | null;
}

@ObjectType({ description: 'What depAccountSync did.' })
export class DepAccountSyncPayload {
  @Field(() => DepAccount, { nullable: true, description: 'The account as it is now.' })
  depAccount?: DepAccount | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True: it is still going on. The subscription depSyncProgress tells how far it is, and when it is done.',
  })
  started?: boolean;

  @Field(() => DepSyncCounts, { nullable: true, description: 'What it came to; null while it goes on.' })
  counts?: DepSyncCounts | null;

  @Field(() => [SYNC.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'An account to delete.' })
export class DepAccountDeleteInput {
  @Field(() => ID, { description: 'The account.' })
  id: string;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Delete it although Apple has devices there: they stay here, and Apple no longer tells of them.',
  })
  force?: boolean | null;
}

@ObjectType({ description: 'What depAccountDelete did.' })
export class DepAccountDeletePayload {
  @Field(() => ID, { nullable: true, description: 'The id of the account that is gone.' })
  deletedDepAccountId?: string;

  @Field(() => [DELETE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}
