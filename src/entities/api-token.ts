import { Field, ObjectType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { Entity, Index } from 'typeorm';
import { Role, Scope } from './enums.js';
import { InstantColumn, TextColumn, UuidKey, WordsColumn } from './columns.js';
import { Node } from './node.js';

/** A key to the API. Only its hash is kept. */
@ObjectType({
  implements: Node,
  description: 'A key to the API. The key itself is shown once, when it is made.',
})
@Entity('api_tokens')
export class ApiToken extends Node {
  @Field(() => GraphQLUUID, { description: "The server's own id of the token." })
  @UuidKey()
  uuid: string;

  @Field(() => String, { description: 'Who or what it was made for.' })
  @TextColumn('name', 255)
  name: string;

  @Field(() => Role, { description: 'What it may do.' })
  @TextColumn('role', 16)
  role: Role;

  @Field(() => [Scope], { description: 'What it may do beyond its role.' })
  @WordsColumn('scopes', 255)
  scopes: Scope[];

  /** SHA-256 of the token, hexadecimal. The token has 256 random bits, so a plain hash cannot be guessed backwards. */
  @Index('IDX_api_tokens_sha256', { unique: true })
  @TextColumn('sha256', 64)
  sha256: string;

  @Field(() => Date, { description: 'When it was made.' })
  @InstantColumn('created_at')
  createdAt: Date;

  @Field(() => Date, { nullable: true, description: 'When it stops working.' })
  @InstantColumn('expires_at', { nullable: true })
  expiresAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was revoked.' })
  @InstantColumn('revoked_at', { nullable: true })
  revokedAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was last used, to the minute.' })
  @InstantColumn('last_used_at', { nullable: true })
  lastUsedAt: Date | null;
}
