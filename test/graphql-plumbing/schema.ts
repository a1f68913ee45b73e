import {
  Arg,
  Args,
  buildSchemaSync,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  InterfaceType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { GraphQLSchema } from 'graphql';
import { PomonaError } from '../../src/errors.js';
import { pageOf } from '../../src/services/page.js';
import { ConnectionArgs, connectionOf, type Connection } from '../../src/resolvers/plumbing/connection.js';
import { createCursorCodec } from '../../src/resolvers/plumbing/cursor.js';
import { connectionFromArray, pageRequest, toConnection } from '../../src/resolvers/plumbing/page.js';
import { GraphQLUUID } from 'graphql-scalars';
import { Base64, DateTime, JSONValue, scalarsMap } from '../../src/resolvers/plumbing/scalars.js';
import { SubscriptionQueue } from '../../src/resolvers/plumbing/subscription-queue.js';
import {
  UserError,
  userErrorType,
  withUserErrors,
  type UserErrorEntry,
} from '../../src/resolvers/plumbing/user-errors.js';

/** An orchard stands in for the domain: trees graft other trees as workflows include workflows. */

export interface OrchardContext {
  readonly who: string;
  readonly serial: number;
}

export const codec = createCursorCodec(Buffer.alloc(32, 7));
export const counts = { totals: 0, queues: new Set<SubscriptionQueue<TreeEvent>>() };

@InterfaceType({ description: 'Grows.' })
export abstract class Plant {
  @Field(() => ID, { description: 'Opaque.' })
  id: string;

  @Field(() => [Tree], { description: 'Plants near by.' })
  neighbours?: Tree[];
}

@ObjectType({ implements: Plant, description: 'A tree.', simpleResolvers: true })
export class Tree extends Plant {
  @Field(() => String, { description: 'Its name.' })
  name: string;

  @Field(() => DateTime, { nullable: true, description: 'When it was planted.' })
  plantedAt: Date | null;

  @Field(() => JSONValue, { nullable: true, description: 'Anything.' })
  facts: unknown;
}

export const TreeConnection = connectionOf(() => Tree, 'Tree', {
  edgeFields: { position: { type: () => Int, description: 'Place in the row.' } },
});

export const TreeFellUserError = userErrorType('TreeFell', ['NOT_FOUND', 'CONFLICT']);

@ObjectType({ description: 'What felling gave.', simpleResolvers: true })
class TreeFellPayload {
  @Field(() => Tree, { nullable: true, description: 'The felled tree.' })
  tree?: Tree;

  @Field(() => [TreeFellUserError], { description: 'Refusals.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'What to plant.' })
class TreePlantInput {
  @Field(() => String, { description: 'Its name.' })
  name: string;

  @Field(() => Base64, { nullable: true, description: 'A picture.' })
  picture?: Buffer;
}

@ObjectType({ description: 'Something happened.', simpleResolvers: true })
export class TreeEvent {
  @Field(() => Int, { description: 'A number.' })
  number: number;

  @Field(() => Boolean, { nullable: true, description: 'Events were lost.' })
  resync?: boolean;

  @Field(() => String, { description: 'Long text.' })
  padding?: string;
}

const DAY = 86_400_000;
export const trees: Tree[] = Array.from({ length: 250 }, (_, index) =>
  Object.assign(new Tree(), {
    id: `t${index}`,
    name: `Tree ${index}`,
    plantedAt: index % 3 ? new Date(index * DAY) : null,
    facts: { index, nested: [index] },
  }),
);

@Resolver(() => Tree)
class TreeResolver {
  @Query(() => TreeConnection, { description: 'All trees, by number.' })
  trees(@Args(() => ConnectionArgs) args: ConnectionArgs): Connection<Tree> {
    const request = pageRequest(args, 'trees:number', codec);
    const from = request.after === undefined ? undefined : Number(request.after[0]);
    const ordered = request.backward ? trees.toReversed() : trees;
    const rest = ordered.filter((tree) => {
      const number = trees.indexOf(tree);
      return from === undefined || (request.backward ? number < from : number > from);
    });
    const page = pageOf(rest.slice(0, request.limit + 1), request, async () => {
      counts.totals += 1;
      return trees.length;
    });
    const cursorOf = (tree: Tree) => codec.encode('trees:number', [trees.indexOf(tree)]);
    return toConnection(page, args, cursorOf, (node) => ({ node, position: trees.indexOf(node) }));
  }

  @Query(() => Tree, { nullable: true, description: 'One tree.' })
  tree(
    @Arg('number', () => Int, { defaultValue: 0, description: 'Which.' }) number: number,
  ): Tree | undefined {
    return trees[number];
  }

  @Query(() => [Plant], { description: 'Plants by number.' })
  plants(@Arg('numbers', () => [Int], { description: 'Which.' }) numbers: number[]): Plant[] {
    return numbers.flatMap((number) => trees[number] ?? []);
  }

  @Query(() => String, { description: 'Says it back.' })
  echo(
    @Arg('text', () => String, { description: 'Text.' }) text: string,
    @Arg('at', () => DateTime, { nullable: true, description: 'Moment.' }) at?: Date,
    @Arg('uuid', () => GraphQLUUID, { nullable: true, description: 'Identifier.' }) uuid?: string,
    @Arg('bytes', () => Base64, { nullable: true, description: 'Bytes.' }) bytes?: Buffer,
    @Arg('json', () => JSONValue, { nullable: true, description: 'Value.' }) json?: unknown,
  ): string {
    return JSON.stringify([text, at?.getTime(), uuid, bytes?.length, json]);
  }

  @Query(() => String, { description: 'Who asks.' })
  whoami(@Ctx() context: OrchardContext): string {
    return context.who;
  }

  @Query(() => String, { nullable: true, description: 'Fails.' })
  fail(@Arg('how', () => String, { description: 'How.' }) how: string): string {
    if (how === 'secret') throw new Error('SELECT password FROM users failed at 10.0.0.1');
    if (how === 'unavailable') throw new PomonaError('UNAVAILABLE', 'mysql at 10.0.0.1 is gone');
    if (how === 'string') throw 'a bare string with a secret';
    if (how === 'input') throw new PomonaError('BAD_USER_INPUT', 'Not so.', { path: ['how'] });
    throw new PomonaError('NOT_FOUND', 'There is no such tree.', { details: { number: 7 } });
  }

  @Query(() => Int, { nullable: true, description: 'Not an integer after all.' })
  broken(): unknown {
    return 'a secret that is no integer';
  }

  @FieldResolver(() => TreeConnection, { description: 'What is grafted on it.' })
  grafts(@Root() tree: Tree, @Args(() => ConnectionArgs) args: ConnectionArgs): Connection<Tree> {
    const number = trees.indexOf(tree);
    return connectionFromArray(
      [trees[number + 1], trees[number + 2]].filter((it) => it !== undefined),
      args,
      'grafts',
      codec,
      (it) => it.id,
    );
  }

  @FieldResolver(() => [Tree], { description: 'Plants near by.' })
  neighbours(@Root() tree: Tree): Tree[] {
    return trees.slice(trees.indexOf(tree) + 1, trees.indexOf(tree) + 3);
  }

  @Mutation(() => TreeFellPayload, { description: 'Fells a tree.' })
  treeFell(@Arg('number', () => Int, { description: 'Which.' }) number: number) {
    return withUserErrors(['NOT_FOUND', 'CONFLICT'], async () => {
      const tree = trees[number];
      if (number === 13) throw new PomonaError('INVALID', 'Thirteen is not felled.');
      if (!tree) throw new PomonaError('NOT_FOUND', `There is no tree ${number}.`, { path: ['number'] });
      return { tree };
    });
  }

  @Mutation(() => Int, { description: 'Plants a tree.' })
  treePlant(@Arg('input', () => TreePlantInput, { description: 'What.' }) input: TreePlantInput): number {
    return input.picture?.length ?? 0;
  }

  @Subscription(() => TreeEvent, {
    description: 'Numbers as they are pushed.',
    subscribe: () => {
      const queue: SubscriptionQueue<TreeEvent> = new SubscriptionQueue<TreeEvent>({
        maxItems: 64,
        onRelease: () => counts.queues.delete(queue),
      });
      counts.queues.add(queue);
      return queue;
    },
  })
  numbers(@Root() event: Partial<TreeEvent>, @Ctx() context: OrchardContext): TreeEvent {
    if (event.number === 13) throw new Error('secret of thirteen');
    return { number: -1, ...event, padding: `${event.padding ?? ''}${context.serial}` };
  }
}

export function buildTestSchema(): GraphQLSchema {
  return buildSchemaSync({
    resolvers: [TreeResolver],
    orphanedTypes: [UserError],
    scalarsMap,
    validate: false,
    pubSub: { publish: () => undefined, subscribe: () => new SubscriptionQueue<never>() },
  });
}
