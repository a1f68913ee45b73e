import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import {
  buildSchema,
  parse,
  print,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
} from 'graphql';

/**
 * Writes src/generated from the schema and operations/*.graphql. The same input gives the same bytes.
 * Run with Node 24: `node sdk/typescript/codegen.ts [directory]`.
 */

const HERE = import.meta.dirname;
const SCHEMA = resolve(HERE, '../../schema.graphql');
const NOTICE = '// Generated from schema.graphql by codegen.ts. Do not edit.\n';

/** What JSON carries for each scalar of the schema; one that is missing here stops the generation. */
const SCALARS = {
  ID: 'string',
  Base64: 'string',
  DateTime: 'string',
  JSON: 'unknown',
  SafeInt: 'number',
  UUID: 'string',
};
const COMMON = {
  scalars: SCALARS,
  strictScalars: true,
  skipTypename: true,
  useTypeImports: true,
  namingConvention: 'keep',
};

interface OperationFile {
  readonly location: string;
  readonly document: DocumentNode;
}

/** The generated files, by name. */
export async function generate(): Promise<Record<string, string>> {
  const text = readFileSync(SCHEMA, 'utf8');
  const base = { schema: parse(text), schemaAst: buildSchema(text), config: {} };
  const schema = await codegen({
    ...base,
    filename: 'schema.ts',
    documents: [],
    pluginMap: { typescript },
    plugins: [{ typescript: { ...COMMON, enumsAsConst: true, avoidOptionals: { field: true } } }],
  });
  const documents = operationFiles();
  const operations = await codegen({
    ...base,
    filename: 'operations.ts',
    documents,
    pluginMap: { typescriptOperations, documents: { plugin: () => texts(documents) } },
    plugins: [
      {
        typescriptOperations: {
          ...COMMON,
          importSchemaTypesFrom: './schema.ts',
          importExtension: '.ts',
          enumType: 'const',
          arrayInputCoercion: false,
        },
      },
      { documents: {} },
    ],
  });
  return { 'schema.ts': NOTICE + tidy(schema), 'operations.ts': NOTICE + tidy(operations) };
}

function operationFiles(): OperationFile[] {
  const names = readdirSync(join(HERE, 'operations')).filter((name) => name.endsWith('.graphql'));
  return names.toSorted().map((location) => ({
    location,
    document: parse(readFileSync(join(HERE, 'operations', location), 'utf8')),
  }));
}

/**
 * Each operation as the text that is sent. The plugin typed-document-node makes syntax trees of ten times the size, or a
 * class of its own and a package to import; a text with a type needs neither.
 */
function texts(files: readonly OperationFile[]): { content: string; prepend: string[] } {
  const definitions = files.flatMap(({ document }) => document.definitions);
  const fragments = new Map(
    definitions.filter((one) => one.kind === 'FragmentDefinition').map((one) => [one.name.value, one]),
  );
  const operations = definitions.filter((one) => one.kind === 'OperationDefinition');
  return {
    prepend: [`import { typed } from '../document.ts';`],
    content: operations.map((operation) => constant(operation, fragments)).join('\n'),
  };
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function constant(operation: OperationDefinitionNode, fragments: Fragments): string {
  const name = operation.name?.value;
  if (name === undefined) throw new Error('Every operation in operations/ needs a name.');
  const kind = operation.operation.replace(/^./, (letter) => letter.toUpperCase());
  const used = [...usedBy(operation, fragments)].map((fragment) => fragments.get(fragment));
  const text = [operation, ...used].map((node) => (node === undefined ? '' : print(node))).join('\n');
  return `\nexport const ${name} = /* #__PURE__ */ typed<${name}${kind}, ${name}${kind}Variables>(\`${text}\`);`;
}

/** Names of the fragments that a definition spreads, at any distance. */
function usedBy(node: OperationDefinitionNode | FragmentDefinitionNode, fragments: Fragments): Set<string> {
  const names = new Set<string>();
  visit(node, {
    FragmentSpread({ name: { value } }) {
      const fragment = fragments.get(value);
      if (fragment === undefined) throw new Error(`There is no fragment ${value} in operations/.`);
      for (const inner of [value, ...usedBy(fragment, fragments)]) names.add(inner);
    },
  });
  return names;
}

function tidy(text: string): string {
  return `${text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

if (import.meta.main) {
  const directory = resolve(process.argv[2] ?? join(HERE, 'src/generated'));
  for (const [name, text] of Object.entries(await generate())) writeFileSync(join(directory, name), text);
}
