import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import {
  getComplexity,
  type ComplexityEstimator,
  type ComplexityEstimatorArgs,
} from 'graphql-query-complexity';
import { DEFAULT_PAGE, MAX_PAGE } from './connection.js';

/**
 * How the cost of a query is counted: one point a field, times the page size below a connection, times
 * `listSize` below a plain list of objects (or the length of the list it was asked with, as `nodes(ids:)`
 * is). `@Field({ complexity: n })` gives a field another weight than one; a function gives the whole cost of
 * the field and what is below it. Introspection is free: depth limits it.
 */
export function estimator(listSize: number): ComplexityEstimator {
  return (args) => {
    const { type, field, childComplexity } = args;
    if (type.name.startsWith('__') || field.name.startsWith('__')) return 0;
    const weight: unknown = field.extensions['complexity'];
    if (typeof weight === 'function') return Number(weight(args));
    return (
      (typeof weight === 'number' ? weight : ownWeight(type, field)) +
      childComplexity * multiplier(args, listSize)
    );
  };
}

/** Counting a list costs more than a row of it; half a point times the page size says so. */
export const TOTAL_COUNT_COST = 0.5;

/** Relay's wrappers cost nothing, or a page of 100 devices would cost double what it returns. */
function ownWeight(type: GraphQLCompositeType, field: GraphQLField<unknown, unknown>): number {
  if (type.name === 'PageInfo') return 0;
  if (!isConnection(type) && !isEdge(type)) return 1;
  if (['edges', 'nodes', 'node', 'pageInfo'].includes(field.name)) return 0;
  return field.name === 'totalCount' ? TOTAL_COUNT_COST : 1;
}

function multiplier({ type, field, args }: ComplexityEstimatorArgs, listSize: number): number {
  const named = getNamedType(field.type);
  if (isConnection(named)) return clamp(args['first'] ?? args['last'] ?? DEFAULT_PAGE);
  if (isConnection(type) || !isListType(getNullableType(field.type)) || !isCompositeType(named)) return 1;
  const asked = Object.values(args).filter((value) => Array.isArray(value));
  return asked.length > 0 ? Math.max(...asked.map((list) => list.length)) : listSize;
}

/** A size out of range is refused by the resolver, in words of its own. */
function clamp(size: unknown): number {
  return Math.min(MAX_PAGE, Math.max(1, Number(size) || 1));
}

function isConnection(type: unknown): boolean {
  return isObjectType(type) && type.name.endsWith('Connection') && 'pageInfo' in type.getFields();
}

function isEdge(type: unknown): boolean {
  return isObjectType(type) && type.name.endsWith('Edge') && 'cursor' in type.getFields();
}

/** More nodes than this, fragments expanded, is refused before it is counted to the end. */
export const MAX_NODES = 10_000;

/** The operation to weigh; it is known to exist and its variables to fit. */
export interface Weighable {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/**
 * Cost of an operation with its real variables.
 * @throws GraphQLError when it expands to more than 10,000 nodes, or an argument cannot be read.
 */
export function costOf(schema: GraphQLSchema, request: Weighable, listSize: number): number {
  const cost = getComplexity({
    schema,
    query: request.document,
    estimators: [estimator(listSize)],
    maxQueryNodes: MAX_NODES,
    ...(request.operationName == null ? {} : { operationName: request.operationName }),
    ...(request.variables == null ? {} : { variables: request.variables }),
  });
  return Math.ceil(cost);
}
