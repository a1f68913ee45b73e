import {
  execute,
  getOperationAST,
  GraphQLID,
  GraphQLString,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { isCompilable } from './compiled-size.js';
import type { DoorLog } from './errors.js';

export interface ExecutorOptions {
  /** A document is compiled when it is executed this often. Default 3; 0 never compiles. */
  readonly compileAtUse?: number;
  /** Documents whose uses and code are kept; the least recently used is forgotten. Default 500. */
  readonly maxDocuments?: number;
  /** Fields, as compiled, above which a document is left to graphql-js. Default 2,000. */
  readonly maxFields?: number;
}

export interface Executor {
  /**
   * Executes any operation; a query whose document is in steady use runs as compiled code. Neither masks
   * errors.
   */
  execute(args: ExecutionArgs): Promise<ExecutionResult>;
  /** The same when compiled code exists, else undefined (and the use is counted). */
  executeCompiled(args: ExecutionArgs): Promise<ExecutionResult> | undefined;
}

interface Code {
  readonly run: CompiledQuery['query'];
  /** Of variables that may not be null: graphql-jit asks for those even where the operation has a default. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** Most of what is answered is text that is text already. */
const TEXT = {
  ID: (value: unknown) => (typeof value === 'string' ? value : GraphQLID.serialize(value)),
  String: (value: unknown) => (typeof value === 'string' ? value : GraphQLString.serialize(value)),
};

/** Uses of one document, and its code by operation name; null where compiling was refused or failed. */
interface Usage {
  uses: number;
  readonly compiled: Map<string, Code | null>;
}

/**
 * Runs queries with graphql-jit once their document (the same object, from a document cache) was used a few
 * times: a third of the CPU of graphql-js on a heavy query. Mutations, subscriptions and introspection are
 * never compiled. The guard must have run: it refuses bad variables, which graphql-jit would report in other
 * words.
 */
export function createExecutor(schema: GraphQLSchema, log: DoorLog, options: ExecutorOptions = {}): Executor {
  const { compileAtUse = 3, maxDocuments = 500, maxFields = 2_000 } = options;
  const usages = new LRUCache<DocumentNode, Usage>({ max: maxDocuments });

  const codeFor = (document: DocumentNode, operationName: string | null | undefined) => {
    const usage = usages.get(document) ?? { uses: 0, compiled: new Map<string, Code | null>() };
    usages.set(document, usage);
    usage.uses += 1;
    if (compileAtUse === 0 || usage.uses < compileAtUse) return undefined;
    const key = operationName ?? '';
    let code = usage.compiled.get(key);
    if (code === undefined) {
      code = compile(schema, document, operationName, maxFields, log);
      usage.compiled.set(key, code);
    }
    return code ?? undefined;
  };

  const executeCompiled = (args: ExecutionArgs) => {
    const code = codeFor(args.document, args.operationName);
    if (!code) return undefined;
    return runCompiled(code, args, (error) => {
      log.warn(
        { err: error, operationName: args.operationName },
        'Compiled query failed to run; interpreting it from now on',
      );
      usages.get(args.document)?.compiled.set(args.operationName ?? '', null);
    });
  };

  return {
    executeCompiled,
    execute: async (args) => executeCompiled(args) ?? execute(args),
  };
}

/**
 * Resolver failures are in the result; what is thrown is a fault of the code, so the query, which changes
 * nothing, is run again.
 */
async function runCompiled(
  code: Code,
  args: ExecutionArgs,
  onFault: (error: unknown) => void,
): Promise<ExecutionResult> {
  try {
    const variables = { ...code.defaults, ...args.variableValues };
    return await code.run(args.rootValue, args.contextValue, variables);
  } catch (error) {
    onFault(error);
    return execute(args);
  }
}

function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  maxFields: number,
  log: DoorLog,
): Code | null {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'query') return null;
  try {
    if (!isCompilable(schema, document, operation, maxFields)) return null;
    const code = compileQuery(schema, document, operationName ?? undefined, {
      disablingCapturingStackErrors: true,
      customSerializers: TEXT,
    });
    if (isCompiledQuery(code)) return { run: code.query, defaults: defaultsOf(operation) };
    log.warn(
      { operationName, reasons: code.errors?.map((error) => error.message) },
      'Query was not compiled',
    );
  } catch (error) {
    log.warn({ operationName, err: error }, 'Query was not compiled');
  }
  return null;
}

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, unknown> {
  const given = variableDefinitions.flatMap(({ variable, type, defaultValue }) =>
    type.kind === Kind.NON_NULL_TYPE && defaultValue
      ? [[variable.name.value, valueFromASTUntyped(defaultValue)]]
      : [],
  );
  return Object.fromEntries(given) as Record<string, unknown>;
}
