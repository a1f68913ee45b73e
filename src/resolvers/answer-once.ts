import type { GraphQLField, GraphQLObjectType } from 'graphql';
import type { ConnectionArgs } from './plumbing/connection.js';
import type { GraphqlContext } from './context.js';

type Lists = GraphQLField<object, GraphqlContext, ConnectionArgs>;

/**
 * Makes connection fields of a type answer once an operation for each object and page. Hundreds of devices share a few
 * workflows, and the catalogue is in memory: what is left to save is the calling of resolvers. What was answered is kept
 * with the operation's loaders, so a mutation, which makes them anew, is not shown what was before it.
 */
export function answerOnce(type: GraphQLObjectType, names: readonly string[]): void {
  for (const name of names) {
    const field = type.getFields()[name] as Lists | undefined;
    if (field?.resolve === undefined) throw new Error(`${type.name} has no list ${name}.`);
    field.resolve = once(field.resolve);
  }
}

function once(resolve: NonNullable<Lists['resolve']>): NonNullable<Lists['resolve']> {
  const answered = new WeakMap<GraphqlContext['loaders'], WeakMap<object, Map<string, unknown>>>();
  return (source, args, context, info) => {
    const objects = entry(answered, context.loaders, () => new WeakMap<object, Map<string, unknown>>());
    const pages = entry(objects, source, () => new Map<string, unknown>());
    const page = `${args.first} ${args.after} ${args.last} ${args.before}`;
    if (!pages.has(page)) pages.set(page, resolve(source, args, context, info));
    return pages.get(page);
  };
}

function entry<K extends object, V>(map: WeakMap<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
