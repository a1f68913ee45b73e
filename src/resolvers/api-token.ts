import { Arg, Args, Ctx, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { ApiToken } from '../entities/api-token.js';
import { Role, Scope } from '../entities/enums.js';
import { ApiTokenConnection } from './connections.js';
import type { GraphqlContext } from './context.js';
import { uuidIn } from './input.js';
import { answer, refusals } from './mutation.js';
import { ConnectionArgs, type Connection } from './plumbing/connection.js';
import { pageRequest, toConnection } from './plumbing/page.js';
import type { UserErrorEntry } from './plumbing/user-errors.js';
import { Requires } from './requires.js';

const CREATE = refusals('ApiTokenCreate', ['INVALID']);
const REVOKE = refusals('ApiTokenRevoke', ['NOT_FOUND']);

@InputType({ description: 'A new API token.' })
export class ApiTokenCreateInput {
  @Field(() => String, { description: 'Who or what it is for, 1 to 255 characters.' })
  name: string;

  @Field(() => Role, { description: 'What it may do.' })
  role: Role;

  @Field(() => [Scope], {
    nullable: true,
    description:
      'What it may do beyond its role; nothing, when left out. A token gives others only scopes that it has itself, ' +
      'and a VIEWER cannot have DESTRUCTIVE.',
  })
  scopes?: Scope[] | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When it stops working; never by itself, when left out.',
  })
  expiresAt?: Date | null;
}

@ObjectType({ description: 'What apiTokenCreate did.' })
export class ApiTokenCreatePayload {
  @Field(() => ApiToken, { nullable: true, description: 'The record of the new token.' })
  apiToken?: ApiToken;

  @Field(() => String, {
    nullable: true,
    description: 'The token itself. It is shown this once and kept nowhere.',
  })
  token?: string;

  @Field(() => [CREATE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'An API token to revoke.' })
export class ApiTokenRevokeInput {
  @Field(() => ID, { description: 'The token.' })
  id: string;
}

@ObjectType({ description: 'What apiTokenRevoke did.' })
export class ApiTokenRevokePayload {
  @Field(() => ApiToken, { nullable: true, description: 'The record of the token that works no more.' })
  apiToken?: ApiToken;

  @Field(() => [REVOKE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@Resolver()
export class ApiTokenResolver {
  @Requires('tokens.write')
  @Query(() => ApiTokenConnection, { description: 'API tokens, oldest first; the revoked ones too.' })
  async apiTokens(
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { services, cursors }: GraphqlContext,
  ): Promise<Connection<ApiToken>> {
    const page = await services.tokens.list(pageRequest(args, 'apiTokens', cursors));
    return toConnection(page, args, ({ uuid }) => cursors.encode('apiTokens', [uuid]));
  }

  @Requires('tokens.write')
  @Mutation(() => ApiTokenCreatePayload, { description: 'Makes an API token.' })
  apiTokenCreate(
    @Arg('input', () => ApiTokenCreateInput, { description: 'The token.' })
    { name, role, scopes, expiresAt }: ApiTokenCreateInput,
    @Ctx() { services, principal }: GraphqlContext,
  ): Promise<ApiTokenCreatePayload> {
    return answer(CREATE, async () => {
      const wanted = { name, role, scopes: scopes ?? [], expiresAt: expiresAt ?? null };
      const { token, record } = await services.tokens.create(wanted, principal);
      return { token, apiToken: record };
    });
  }

  @Requires('tokens.write')
  @Mutation(() => ApiTokenRevokePayload, {
    description: 'Revokes an API token: it works no more, also where it is in use now.',
  })
  apiTokenRevoke(
    @Arg('input', () => ApiTokenRevokeInput, { description: 'Which.' }) { id }: ApiTokenRevokeInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<ApiTokenRevokePayload> {
    return answer(REVOKE, async () => ({
      apiToken: await services.tokens.revoke(uuidIn(id, 'ApiToken', ['input', 'id'])),
    }));
  }
}
