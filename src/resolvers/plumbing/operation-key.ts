import { createHash } from 'node:crypto';
import {
  Kind,
  print,
  visit,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import type { PreparedOperation } from './prepare-operation.js';

/**
 * The same for operations that give the same results on the same event: equal document, operation, audience
 * and variables, whatever the order of their keys. Variables that only say where to begin do not count.
 * @param startArguments arguments of root fields that say where a subscription begins
 * @param audience who is shown the same
 */
export function operationKey(
  { args, operation }: PreparedOperation,
  startArguments: readonly string[],
  audience: string,
): string {
  const values = args.variableValues ?? {};
  const variables = variablesThatCount(args.document, operation, startArguments)
    .filter((name) => Object.hasOwn(values, name))
    .map((name) => [name, canonical(values[name])]);
  const identity = [textOf(args.document), operation.name?.value ?? null, variables, audience];
  return createHash('sha256').update(JSON.stringify(identity)).digest('base64');
}

const texts = new WeakMap<DocumentNode, string>();

function textOf(document: DocumentNode): string {
  const known = texts.get(document) ?? print(document);
  texts.set(document, known);
  return known;
}

/** Names of variables in use, sorted; those used nowhere but in a start argument of a root field are left out. */
function variablesThatCount(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  startArguments: readonly string[],
): string[] {
  const names = new Set<string>();
  const collect = (node: SelectionNode | DocumentNode['definitions'][number]): void => {
    visit(node, { Variable: ({ name }) => void names.add(name.value) });
  };
  for (const selection of operation.selectionSet.selections) {
    collect(selection.kind === Kind.FIELD ? withoutArguments(selection, startArguments) : selection);
  }
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) collect(definition);
  }
  return [...names].sort();
}

function withoutArguments(field: FieldNode, names: readonly string[]): FieldNode {
  return { ...field, arguments: field.arguments?.filter(({ name }) => !names.includes(name.value)) };
}

/** The same value with the keys of its objects sorted. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, canonical(inner)]);
}
