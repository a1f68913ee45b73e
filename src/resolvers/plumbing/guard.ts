import { depthLimit } from '@graphile/depth-limit';
import { LRUCache } from 'lru-cache';
import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type OperationTypeNode,
  type ValidationRule,
} from 'graphql';
import { costOf } from './cost.js';
import { shapeOf, type DocumentShape } from './document-shape.js';
import { asGraphQLError, withCode } from './errors.js';
import { withConnections } from './self-reference.js';
import { extentOf } from './variables.js';

/** What one operation may ask for. All of it is told to the client that exceeds it. */
export interface GuardLimits {
  /** Nesting of fields with selections. Default 16. */
  readonly maxDepth: number;
  /** Nesting of lists. Default 5. */
  readonly maxListDepth: number;
  /**
   * How often a field may be inside itself, unless listed in `selfReference`. Default 1, which is: not at
   * all.
   */
  readonly maxSelfReferentialDepth: number;
  /**
   * Per field, `{ 'Workflow.includedWorkflows': 4 }`; the fields of connections in between need not be
   * listed.
   */
  readonly selfReference: Readonly<Record<string, number>>;
  /** See `cost.ts`. Default 5,000. */
  readonly maxCost: number;
  /** Aliased fields in a document. Default 30. */
  readonly maxAliases: number;
  /** Directives in a document. Default 50. */
  readonly maxDirectives: number;
  /** Fields of Mutation in one operation. Default 5. */
  readonly maxMutations: number;
  /** Nesting of lists and objects in variables. Default 32. */
  readonly maxVariableDepth: number;
  /** Values in variables, at whatever depth. Default 25,000. */
  readonly maxVariableValues: number;
  /** Assumed length of a list that is not a connection. Default 5. */
  readonly listSize: number;
}

export const DEFAULT_LIMITS: GuardLimits = {
  maxDepth: 16,
  maxListDepth: 5,
  maxSelfReferentialDepth: 1,
  selfReference: {},
  maxCost: 5_000,
  maxAliases: 30,
  maxDirectives: 50,
  maxMutations: 5,
  maxVariableDepth: 32,
  maxVariableValues: 25_000,
  listSize: 5,
};

/** A parsed document that passed GraphQL's own validation, and what came with it. */
export interface GuardRequest {
  readonly document: DocumentNode;
  readonly variables?: Record<string, unknown> | null | undefined;
  readonly operationName?: string | null | undefined;
}

/** What the guard says of an operation. */
export interface Verdict {
  /** Reasons not to execute, each with `extensions.code`; none when the operation may run. */
  readonly errors: readonly GraphQLError[];
  /** Points, by its real variables; 0 when it may not run. */
  readonly cost: number;
  /** Which operation of the document runs. */
  readonly operation: OperationTypeNode | undefined;
  readonly introspects: boolean;
}

export type Guard = (request: GuardRequest) => Verdict;

const MAX_VARIABLE_ERRORS = 10;
/** Weights are kept for variables up to this size; larger ones are seldom sent twice. */
const SMALL = 512;
const KEPT_WEIGHTS = 64;
/** A recursive document exceeds the limit of every field on its way. */
const SHOWN_ISSUES = 4;

/** The cost, or why there is none. */
type Weight = number | readonly GraphQLError[];
type Weights = LRUCache<string, Weight>;
const newWeights = (): Weights => new LRUCache({ max: KEPT_WEIGHTS });

interface DocumentVerdict {
  readonly errors: readonly GraphQLError[];
  readonly shape: DocumentShape;
}

/**
 * Makes the one check that every operation passes, on HTTP and on the socket, after GraphQL's validation and
 * before execution. What depends on the document alone is worked out once for it; cost is kept per document
 * and (small) variables.
 */
export function createGuard(schema: GraphQLSchema, given: Partial<GuardLimits> = {}): Guard {
  const limits = { ...DEFAULT_LIMITS, ...given };
  const depthRule = depthRuleOf(schema, limits);
  const ofDocument = new WeakMap<DocumentNode, DocumentVerdict>();
  const ofVariables = new WeakMap<DocumentNode, Weights>();

  const checkDocument = (document: DocumentNode): DocumentVerdict =>
    remember(ofDocument, document, () => {
      const shape = shapeOf(document);
      const errors = shapeErrors(shape, limits);
      return { shape, errors: errors.length > 0 ? errors : depthErrors(schema, document, depthRule) };
    });

  const weightOf = (request: GuardRequest, operation: OperationDefinitionNode): Weight => {
    const { depth, size, values } = extentOf(
      request.variables,
      limits.maxVariableDepth + 1,
      limits.maxVariableValues,
    );
    if (depth > limits.maxVariableDepth) return [variablesTooDeep(limits)];
    if (values > limits.maxVariableValues) return [tooManyValues(limits)];
    const judge = () => costOrErrors(schema, request, operation, limits);
    if (size > SMALL) return judge();
    const key = `${operation.name?.value ?? ''} ${JSON.stringify(request.variables ?? {})}`;
    const weights = remember(ofVariables, request.document, newWeights);
    return remember<string, Weight>(weights, key, judge);
  };

  return (request) => {
    const operation = getOperationAST(request.document, request.operationName);
    if (!operation)
      return { errors: [unknownOperation(request)], cost: 0, operation: undefined, introspects: false };
    const { errors, shape } = checkDocument(request.document);
    const about = { operation: operation.operation, introspects: shape.introspects };
    if (errors.length > 0) return { errors, cost: 0, ...about };
    const weight = weightOf(request, operation);
    return typeof weight === 'number'
      ? { errors: [], cost: weight, ...about }
      : { errors: weight, cost: 0, ...about };
  };
}

interface Memory<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

function remember<K, V extends object | number>(memory: Memory<K, V>, key: K, make: () => V): V {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = make();
  memory.set(key, made);
  return made;
}

/**
 * Introspection as graphql 16.15, GraphiQL and code generators ask it needs a depth of 15 and `ofType` nested
 * 9 times.
 */
function depthRuleOf(schema: GraphQLSchema, limits: GuardLimits): ValidationRule {
  return depthLimit({
    maxDepth: limits.maxDepth,
    maxListDepth: limits.maxListDepth,
    maxSelfReferentialDepth: limits.maxSelfReferentialDepth,
    maxIntrospectionDepth: 15,
    maxDepthByFieldCoordinates: { '__Type.ofType': 9, ...withConnections(schema, limits.selfReference) },
    revealDetails: true,
  });
}

function depthErrors(
  schema: GraphQLSchema,
  document: DocumentNode,
  rule: ValidationRule,
): readonly GraphQLError[] {
  return validate(schema, document, [rule]).map((error) => {
    const issues = error.message.split(', ');
    const more = issues.splice(SHOWN_ISSUES).length;
    const message = issues.join(', ') + (more > 0 ? `, and ${more} more.` : '');
    return new GraphQLError(message, { nodes: error.nodes, extensions: { code: 'QUERY_TOO_DEEP' } });
  });
}

/** Depth is counted here too, blind to types: the rule above does not look below the fields of an interface. */
function shapeErrors(shape: DocumentShape, limits: GuardLimits): readonly GraphQLError[] {
  const checks: [code: string, what: string, is: number, limit: number][] = [
    ['QUERY_TOO_DEEP', 'nests fields', shape.depth, limits.maxDepth],
    ['QUERY_TOO_COMPLEX', 'aliases', shape.aliases, limits.maxAliases],
    ['QUERY_TOO_COMPLEX', 'directives', shape.directives, limits.maxDirectives],
    ['QUERY_TOO_COMPLEX', 'mutations in one operation', shape.mutations, limits.maxMutations],
  ];
  return checks
    .filter(([, , is, limit]) => is > limit)
    .map(([code, what, is, limit]) => {
      const message =
        code === 'QUERY_TOO_DEEP'
          ? `The document ${what} ${is} deep; the limit is ${limit}.`
          : `The document has ${is} ${what}; the limit is ${limit}.`;
      return new GraphQLError(message, { extensions: { code } });
    });
}

function costOrErrors(
  schema: GraphQLSchema,
  request: GuardRequest,
  operation: OperationDefinitionNode,
  limits: GuardLimits,
): Weight {
  const definitions = operation.variableDefinitions ?? [];
  const { errors } = getVariableValues(schema, definitions, request.variables ?? {}, {
    maxErrors: MAX_VARIABLE_ERRORS,
  });
  if (errors) return errors.map((error) => withCode(error, 'BAD_USER_INPUT'));
  const cost = weigh(schema, request, limits.listSize);
  if (cost instanceof GraphQLError) return [cost];
  if (cost <= limits.maxCost) return cost;
  const message =
    `This operation costs ${cost} points; the limit is ${limits.maxCost}. ` +
    'A field costs one point for each object it may be asked of: take smaller pages (`first`) or fewer fields.';
  return [new GraphQLError(message, { nodes: operation, extensions: { code: 'QUERY_TOO_COMPLEX' } })];
}

function weigh(schema: GraphQLSchema, request: GuardRequest, listSize: number): number | GraphQLError {
  try {
    return costOf(schema, request, listSize);
  } catch (error) {
    const refused = asGraphQLError(error);
    const tooMany = /number of nodes/.test(refused.message);
    return withCode(refused, tooMany ? 'QUERY_TOO_COMPLEX' : 'BAD_USER_INPUT');
  }
}

function unknownOperation({ operationName }: GuardRequest): GraphQLError {
  const message =
    operationName == null
      ? 'The document has several operations, or none; `operationName` must say which to run.'
      : `The document has no operation named "${operationName.slice(0, 64)}".`;
  return new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
}

function variablesTooDeep({ maxVariableDepth }: GuardLimits): GraphQLError {
  const message = `Variables may nest lists and objects ${maxVariableDepth} deep; these go deeper.`;
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

function tooManyValues({ maxVariableValues }: GuardLimits): GraphQLError {
  const message = `Variables may hold ${maxVariableValues} values; these hold more. Send several operations.`;
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}
