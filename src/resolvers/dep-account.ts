import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { DepAccount } from '../entities/dep-account.js';
import { DepAccountStatus } from '../entities/dep-enums.js';
import type { DepAccountFailure } from '../services/dep/index.js';
import { DepAccountConnection } from './connections.js';
import type { GraphqlContext } from './context.js';
import { DepAccountBy, DepAccountFailureView } from './dep-account-types.js';
import { onlyOne, uuidIn } from './input.js';
import { ConnectionArgs, type Connection } from './plumbing/connection.js';
import { pageRequest, toConnection } from './plumbing/page.js';
import { Requires } from './requires.js';

@Resolver(() => DepAccount)
export class DepAccountResolver {
  @Requires('read')
  @Query(() => DepAccount, {
    nullable: true,
    description: 'One account at Apple Business Manager; null when there is none.',
  })
  depAccount(
    @Arg('by', () => DepAccountBy, { description: 'Which one.' }) by: DepAccountBy,
    @Ctx() { services }: GraphqlContext,
  ): Promise<DepAccount | null> {
    const [name, value] = onlyOne({ ...by });
    const uuid = name === 'id' ? uuidIn(value, 'DepAccount', ['by', 'id']) : value.toLowerCase();
    return services.dep.accounts.get(uuid);
  }

  @Requires('read')
  @Query(() => DepAccountConnection, { description: 'Accounts at Apple Business Manager, oldest first.' })
  async depAccounts(
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { services, cursors }: GraphqlContext,
  ): Promise<Connection<DepAccount>> {
    const page = await services.dep.accounts.list(pageRequest(args, 'depAccounts', cursors));
    return toConnection(page, args, ({ uuid }) => cursors.encode('depAccounts', [uuid]));
  }

  @FieldResolver(() => DepAccountStatus, { description: 'How far it is.' })
  status(@Root() account: DepAccount, @Ctx() { services }: GraphqlContext): DepAccountStatus {
    return services.dep.accounts.standing(account).status;
  }

  @FieldResolver(() => DepAccountFailureView, {
    nullable: true,
    description: 'What went wrong with it last; null when all is well.',
  })
  failure(@Root() account: DepAccount, @Ctx() { services }: GraphqlContext): DepAccountFailure | null {
    return services.dep.accounts.standing(account).failure;
  }

  @FieldResolver(() => Boolean, { description: 'Whether it is being synced now.' })
  syncing(@Root() account: DepAccount, @Ctx() { services }: GraphqlContext): boolean {
    return services.dep.accounts.standing(account).syncing;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Whole days until the server token ends; negative when it has ended, null when there is none.',
  })
  tokenDaysLeft(@Root() account: DepAccount, @Ctx() { services }: GraphqlContext): number | null {
    return services.dep.accounts.standing(account).tokenDaysLeft;
  }

  @FieldResolver(() => Int, { description: 'How many devices Apple has there now, as far as is known.' })
  async deviceCount(@Root() { uuid }: DepAccount, @Ctx() { loaders }: GraphqlContext): Promise<number> {
    return (await loaders.depDeviceCount.load(uuid)) ?? 0;
  }
}
