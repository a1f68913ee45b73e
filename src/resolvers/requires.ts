import type { GraphQLField, GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { Extensions } from 'type-graphql';
import { requirePermission, type Permission } from '../services/access.js';
import type { GraphqlContext } from './context.js';
import { createLoaders } from './loaders.js';

/** States which permission a field of Query, Mutation or Subscription needs. Each of them has to state one. */
export function Requires(permission: Permission) {
  return Extensions({ permission });
}

type RootField = GraphQLField<unknown, GraphqlContext>;
type Resolve = GraphQLFieldResolver<unknown, GraphqlContext>;

/** The permission a root field needs. Throws for one that states none: such a schema is not to be served. */
export function permissionOf(field: Pick<RootField, 'name' | 'extensions'>): Permission {
  const permission = field.extensions['permission'] as Permission | undefined;
  if (permission === undefined)
    throw new Error(`The root field ${field.name} states no permission (@Requires).`);
  return permission;
}

/**
 * Puts the check in front of every root field, on the field itself rather than in one door, and says so in its
 * description. A subscription is checked when it is asked for; afterwards its socket asks before each event.
 */
export function enforcePermissions(schema: GraphQLSchema): void {
  for (const field of rootFields(schema.getQueryType())) {
    field.resolve = guarded(field, field.resolve);
  }
  for (const field of rootFields(schema.getMutationType())) {
    field.resolve = afresh(guarded(field, field.resolve));
  }
  for (const field of rootFields(schema.getSubscriptionType())) {
    field.subscribe = guarded(field, field.subscribe);
  }
}

function rootFields(type: ReturnType<GraphQLSchema['getQueryType']>): RootField[] {
  const fields = Object.values(type?.getFields() ?? {}) as RootField[];
  for (const field of fields) {
    field.description = `${field.description ?? ''} Needs the permission ${permissionOf(field)}.`;
  }
  return fields;
}

function guarded(field: RootField, resolve: Resolve | undefined): Resolve {
  if (resolve === undefined) throw new Error(`The root field ${field.name} has no resolver.`);
  const permission = permissionOf(field);
  return (source, args, context, info) => {
    requirePermission(context.principal, permission);
    return resolve(source, args, context, info);
  };
}

/** Mutations run one after the other; what an earlier one loaded for its payload may be old by now. */
function afresh(resolve: Resolve): Resolve {
  return (source, args, context, info) => {
    context.loaders = createLoaders(context.services);
    return resolve(source, args, context, info);
  };
}
