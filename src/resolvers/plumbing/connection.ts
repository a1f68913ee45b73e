import { ArgsType, Field, Int, ObjectType, type ClassType } from 'type-graphql';

export const DEFAULT_PAGE = 20;
export const MAX_PAGE = 100;

/** The four arguments of every connection, checked by `pageRequest`. Extend it for filters and order. */
@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many to return from the start of the list, or after \`after\`: 1 to ${MAX_PAGE}, ${DEFAULT_PAGE} when left out.`,
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Return what follows this cursor. Goes with `first`.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `How many to return from the end of the list, or before \`before\`: 1 to ${MAX_PAGE}. Not together with \`first\`.`,
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Return what precedes this cursor. Goes with `last`.' })
  before?: string | null;
}

/** Relay Cursor Connections, section 5. */
@ObjectType({ description: 'Where a page lies in its list.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'More follow; ask with `after: endCursor`.' })
  hasNextPage: boolean;

  @Field(() => Boolean, { description: 'More precede; ask with `before: startCursor`.' })
  hasPreviousPage: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the first edge; null when the page is empty.',
  })
  startCursor: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last edge; null when the page is empty.',
  })
  endCursor: string | null;
}

/** An edge as resolvers see it; `edgeFields` are read from the same object. */
export interface Edge<T> {
  readonly cursor: string;
  readonly node: T;
}

/** A connection as resolvers return it (made by `toConnection`). */
export interface Connection<T, E extends Edge<T> = Edge<T>> {
  readonly edges: readonly E[];
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
  /** Behind `totalCount`. */
  readonly total: () => Promise<number>;
}

/** A fact about the relation rather than the node, such as a position in an order. */
export interface EdgeField {
  readonly type: () => object;
  readonly description: string;
  readonly nullable?: boolean;
}

export interface ConnectionOptions {
  readonly edgeFields?: Readonly<Record<string, EdgeField>>;
  /** Facts about the list as a whole; whoever makes the connection adds their values to it. */
  readonly connectionFields?: Readonly<Record<string, EdgeField>>;
}

/**
 * Makes the GraphQL types `<name>Connection` and `<name>Edge`.
 * @param nodeClass a thunk, because object types refer to each other across files.
 * @returns the connection's class, for `@Query(() => …)` and `@FieldResolver(() => …)`.
 */
export function connectionOf<T extends object>(
  nodeClass: () => ClassType<T>,
  name: string,
  options: ConnectionOptions = {},
): ClassType<Connection<T>> {
  const EdgeClass = edgeOf(nodeClass, name, options.edgeFields ?? {});

  @ObjectType(`${name}Connection`, {
    description: `A page of a list of ${name} objects.`,
    simpleResolvers: true,
  })
  class NodeConnection implements Connection<T> {
    @Field(() => [EdgeClass], { description: 'The page, each node with its cursor.' })
    readonly edges: readonly Edge<T>[];

    @Field(() => [nodeClass()], { description: 'The page without cursors: `edges { node }` in one step.' })
    readonly nodes: readonly T[];

    @Field(() => PageInfo, { description: 'Where this page lies in the list.' })
    readonly pageInfo: PageInfo;

    readonly total: () => Promise<number>;

    @Field(() => Int, {
      nullable: true,
      description:
        'Size of the whole list under the same filter. Counted only when asked for; null when it could not be counted.',
    })
    totalCount(): Promise<number> {
      return this.total();
    }
  }
  addFields(NodeConnection, options.connectionFields ?? {});
  return NodeConnection;
}

function edgeOf<T extends object>(
  nodeClass: () => ClassType<T>,
  name: string,
  fields: Readonly<Record<string, EdgeField>>,
): ClassType<Edge<T>> {
  @ObjectType(`${name}Edge`, { description: `A ${name} and its place in a list.`, simpleResolvers: true })
  class NodeEdge implements Edge<T> {
    @Field(() => String, { description: 'Opaque; give it back as `after` or `before`.' })
    readonly cursor: string;

    @Field(() => nodeClass(), { description: `The ${name}.` })
    readonly node: T;
  }
  addFields(NodeEdge, fields);
  return NodeEdge;
}

function addFields(target: ClassType, fields: Readonly<Record<string, EdgeField>>): void {
  for (const [field, { type, description, nullable = false }] of Object.entries(fields)) {
    Field(type as () => ClassType, { description, nullable })(target.prototype as object, field);
  }
}
