import { Field, Int, ObjectType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { Entity, Index } from 'typeorm';
import {
  BlobColumn,
  FlagColumn,
  InstantColumn,
  IntColumn,
  LongTextColumn,
  TextColumn,
  UuidColumn,
  UuidKey,
} from './columns.js';
import { Node } from './node.js';

/** Where the next page of devices is asked for: all from the start, or what changed since. */
export type DepPhase = 'FETCH' | 'SYNC';

/** One server in one organisation's Apple Business (or School) Manager: its own keys, its own token. */
@ObjectType({
  implements: Node,
  description: "One server in one organization's Apple Business Manager or Apple School Manager.",
})
@Entity('dep_accounts')
@Index('IDX_dep_accounts_name', ['name'], { unique: true })
@Index('IDX_dep_accounts_next_sync', ['nextSyncAt'])
export class DepAccount extends Node {
  @Field(() => GraphQLUUID, { description: "The server's own id of the account." })
  @UuidKey()
  uuid: string;

  @Field(() => String, { description: 'What people call it. Unique.' })
  @TextColumn('name', 255)
  name: string;

  @Field(() => String, { description: 'The certificate to upload at Apple for this server, PEM.' })
  @LongTextColumn('certificate')
  certificate: string;

  /** PKCS#8 DER under AES-256-GCM. */
  @BlobColumn('sealed_key')
  sealedKey: Buffer;

  /** The server token, JSON under AES-256-GCM. */
  @BlobColumn('sealed_token', { nullable: true })
  sealedToken: Buffer | null;

  /** Tells a server apart at Apple, and is the same for all its tokens. */
  @TextColumn('consumer_key', 255, { nullable: true })
  consumerKey: string | null;

  @Field(() => Date, { nullable: true, description: 'When the server token ends; null: there is none yet.' })
  @InstantColumn('token_expires_at', { nullable: true })
  tokenExpiresAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When the server token was uploaded.' })
  @InstantColumn('token_uploaded_at', { nullable: true })
  tokenUploadedAt: Date | null;

  @Field(() => String, { nullable: true, description: 'The name of the server at Apple.' })
  @TextColumn('server_name', 255, { nullable: true })
  serverName: string | null;

  @Field(() => String, { nullable: true, description: "Apple's id of the server." })
  @TextColumn('server_uuid', 255, { nullable: true })
  serverUuid: string | null;

  @Field(() => String, { nullable: true, description: 'Who made the server token at Apple.' })
  @TextColumn('admin_id', 255, { nullable: true })
  adminId: string | null;

  @Field(() => String, { nullable: true, description: 'The organization.' })
  @TextColumn('org_name', 255, { nullable: true })
  orgName: string | null;

  @Field(() => String, { nullable: true, description: "Apple's id of the organization." })
  @TextColumn('org_id', 255, { nullable: true })
  orgId: string | null;

  @Field(() => String, { nullable: true, description: 'org or edu.' })
  @TextColumn('org_type', 64, { nullable: true })
  orgType: string | null;

  @Field(() => String, { nullable: true, description: "The organization's address for e-mail." })
  @TextColumn('org_email', 255, { nullable: true })
  orgEmail: string | null;

  @Field(() => String, { nullable: true, description: "The organization's telephone number." })
  @TextColumn('org_phone', 255, { nullable: true })
  orgPhone: string | null;

  /** Devices of one request, when Apple says so. */
  @IntColumn('device_limit', { nullable: true })
  deviceLimit: number | null;

  @TextColumn('phase', 8)
  phase: DepPhase;

  /** Empty: from the start. */
  @TextColumn('list_cursor', 1024)
  cursor: string;

  /** Counts full fetches, so that devices which the last one did not tell are known to be gone. */
  @IntColumn('generation')
  generation: number;

  @Field(() => Date, {
    nullable: true,
    description: 'When everything was last known to be in step with Apple.',
  })
  @InstantColumn('synced_at', { nullable: true })
  syncedAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it is synced next, by itself.' })
  @InstantColumn('next_sync_at', { nullable: true })
  nextSyncAt: Date | null;

  /** Whoever syncs it holds it until then: one process at a time. */
  @UuidColumn('lease_holder', { nullable: true })
  leaseHolder: string | null;

  @InstantColumn('lease_until', { nullable: true })
  leaseUntil: Date | null;

  @TextColumn('failure', 32, { nullable: true })
  failure: string | null;

  @TextColumn('failure_message', 1024, { nullable: true })
  failureMessage: string | null;

  @InstantColumn('failing_since', { nullable: true })
  failingSince: Date | null;

  /** Syncs that failed one after another. */
  @IntColumn('failures')
  failures: number;

  /** Somebody has to do something first. */
  @FlagColumn('blocked')
  blocked: boolean;

  @Field(() => Int, {
    description: 'Counts edits. Send it back with an update to be told of an edit that came between.',
  })
  @IntColumn('revision')
  revision: number;

  @Field(() => Date, { description: 'When it was made.' })
  @InstantColumn('created_at')
  createdAt: Date;

  @Field(() => Date, { description: 'When it was last edited.' })
  @InstantColumn('updated_at')
  updatedAt: Date;
}
