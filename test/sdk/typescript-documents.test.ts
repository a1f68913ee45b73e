import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as typedDocumentNode from '@graphql-codegen/typed-document-node';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { parse, print, type DocumentNode } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../sdk/typescript/src/document.ts';
import { useWorld } from '../graphql/world.js';
import { useClients } from './typescript-kit.js';

const ROOT = resolve(import.meta.dirname, '../..');
const OPERATIONS = globSync('sdk/typescript/operations/*.graphql', { cwd: ROOT }).toSorted();

/** Everything an operation may have in it (GraphQL 2021, section 2). */
const EVERYTHING = `
  query All($a: [Int!]! = [1, -2], $b: Some = { text: "a \\"quoted\\" \\u00e9\\n", on: true, none: null, enum: RED, f: 1.5e3 } @d) @d(of: $a) {
    alias: field(x: $b, list: [$a, []], block: """
      two
        lines
    """) @include(if: true) @skip(if: false) { ...F @d ... on T @d { id } ... @include(if: $c) { id } ... { id } }
  }
  fragment F on T @d { id }
  mutation M { do }
  subscription S($after: String) { it(after: $after) { cursor } }
  { short }`;

describe('documents as syntax trees', () => {
  it.each([...OPERATIONS, 'everything'])('are sent as text that means the same: %s', (name) => {
    const tree = parse(name === 'everything' ? EVERYTHING : readFileSync(join(ROOT, name), 'utf8'), {
      noLocation: true,
    });
    expect(print(parse(textOf(tree)))).toBe(print(inline(tree)));
  });

  it('are refused by name when they are a schema', () => {
    expect(() => textOf(parse('type Query { a: Int }'))).toThrow(/ObjectTypeDefinition/);
  });
});

/** Block strings as ordinary ones: the value is the same. */
function inline(tree: DocumentNode): DocumentNode {
  return JSON.parse(JSON.stringify(tree).replaceAll('"block":true', '"block":false')) as DocumentNode;
}

describe('documents that graphql-codegen made of a front end’s own operations', () => {
  const world = useWorld('sqlite');
  const client = useClients(world);
  const MINE = parse(
    'query Mine($by: DeviceBy!) { device(by: $by) { ...Name } } fragment Name on Device { id name }',
  );
  let project: string;
  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'pomona-documents-'));
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
    mkdirSync(join(project, 'node_modules'));
    for (const name of ['graphql', '@graphql-typed-document-node'])
      symlinkSync(join(ROOT, 'node_modules', name), join(project, 'node_modules', name));
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  const generate = (documentMode: string): Promise<string> =>
    codegen({
      filename: 'mine.ts',
      schema: parse(readFileSync(join(ROOT, 'schema.graphql'), 'utf8')),
      documents: [{ location: 'mine.graphql', document: MINE }],
      config: { useTypeImports: true },
      pluginMap: { typescriptOperations, typedDocumentNode },
      plugins: [{ typescriptOperations: {} }, { typedDocumentNode: { documentMode } }],
    } as Parameters<typeof codegen>[0]);

  it.each(['string', 'documentNode'])('are taken as they are, with their types: %s', async (mode) => {
    const file = join(project, `${mode}.ts`);
    const use = join(project, `use-${mode}.ts`);
    writeFileSync(file, await generate(mode));
    writeFileSync(
      use,
      `import { createClient } from ${JSON.stringify(join(ROOT, 'sdk/typescript/src/index.ts'))};
       import { MineDocument } from './${mode}.ts';
       const client = createClient({ url: 'http://127.0.0.1' });
       const { device } = await client.query(MineDocument, { by: { udid: 'x' } });
       export const name: string | null | undefined = device?.name;
       // @ts-expect-error The operation needs a device.
       await client.query(MineDocument);
       // @ts-expect-error It does not select this.
       device?.imei;`,
    );
    const flags =
      '--noEmit --strict --target es2023 --module nodenext --allowImportingTsExtensions --skipLibCheck';
    const lib = ['--lib', 'es2023,dom,dom.iterable', '--types', ''];
    const checked = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), [...flags.split(' '), ...lib, use], {
      cwd: project,
      encoding: 'utf8',
    });
    expect(checked.stdout).toBe('');
    const { MineDocument } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      MineDocument: object;
    };
    const device = await world.enrolled();
    const answer = await client().query(MineDocument as DocumentNode, { by: { udid: device.facts.udid } });
    expect(answer).toEqual({ device: { id: await world.idOf(device), name: null } });
  });
});
