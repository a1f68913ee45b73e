import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERRORS } from '../../src/errors.js';

const ROOT = resolve(import.meta.dirname, '../..');
const SDK = join(ROOT, 'sdk/typescript');

/** A project of someone's own, with the package installed as it is published. */
let project: string;

const run = (program: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: project, encoding: 'utf8' });
  return { status, output: stdout + stderr };
};
const tsc = (...args: string[]) => run(join(ROOT, 'node_modules/.bin/tsc'), ...args);

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'pomona-sdk-'));
  const installed = join(project, 'node_modules/@pomona/client');
  mkdirSync(installed, { recursive: true });
  cpSync(join(SDK, 'package.json'), join(installed, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules/graphql-ws'), join(project, 'node_modules/graphql-ws'));
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  expect(tsc('-p', join(SDK, 'tsconfig.json'), '--outDir', join(installed, 'dist'))).toEqual({
    status: 0,
    output: '',
  });
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** What the compiler says of files of the project. */
function compiled(files: Record<string, string>, module: string, moduleResolution: string) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  const options = {
    strict: true,
    target: 'es2023',
    lib: 'es2023,dom,dom.iterable',
    types: '',
    module,
    moduleResolution,
  };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return tsc('--noEmit', ...flags, ...Object.keys(files));
}

describe('the package of the TypeScript client', () => {
  it('is generated from this schema and these operations', () => {
    const fresh = join(project, 'generated');
    mkdirSync(fresh);
    expect(run(process.execPath, join(SDK, 'codegen.ts'), fresh)).toMatchObject({ status: 0 });
    const files = readdirSync(fresh).toSorted();
    expect(files).toEqual(readdirSync(join(SDK, 'src/generated')).toSorted());
    for (const name of files) {
      const same =
        readFileSync(join(fresh, name), 'utf8') === readFileSync(join(SDK, 'src/generated', name), 'utf8');
      expect(same, `${name} is out of date: run "node sdk/typescript/codegen.ts" (npm run sdk)`).toBe(true);
    }
  });

  it('has the entry points it promises, to import and to bundle', () => {
    writeFileSync(
      join(project, 'entry.js'),
      `import { createClient, PomonaError, typed, watching } from '@pomona/client';
       import { DeviceTable } from '@pomona/client/operations';
       import { CommandStatus } from '@pomona/client/schema';
       console.log([createClient, PomonaError, typed, watching].every((one) => typeof one === 'function'),
         DeviceTable.startsWith('query DeviceTable'), CommandStatus.NOT_NOW);`,
    );
    expect(run(process.execPath, 'entry.js')).toEqual({ status: 0, output: 'true true NOT_NOW\n' });
  });

  it('needs nothing but graphql-ws when it runs', () => {
    const dist = join(project, 'node_modules/@pomona/client/dist');
    const modules = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.js'),
    );
    const imported = modules.flatMap((name) =>
      [...readFileSync(join(dist, name), 'utf8').matchAll(/from '([^'.][^']*)'/g)].map(
        ([, module]) => module,
      ),
    );
    expect(new Set(imported)).toEqual(new Set(['graphql-ws/client']));
  });

  it('knows every code that the server may send', () => {
    const [, union = ''] =
      /export type ServerCode =([^;]+);/.exec(readFileSync(join(SDK, 'src/errors.ts'), 'utf8')) ?? [];
    expect(Object.keys(ERRORS).filter((code) => !union.includes(`'${code}'`))).toEqual([]);
  });

  it('has a README whose TypeScript is right', () => {
    const readme = readFileSync(join(SDK, 'README.md'), 'utf8');
    const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
    expect(blocks.length).toBeGreaterThan(5);
    const files = Object.fromEntries(blocks.map((code, index) => [`readme-${index}.ts`, code]));
    expect(compiled(files, 'esnext', 'bundler')).toEqual({ status: 0, output: '' });
  });

  it('has a README that names every operation there is', () => {
    const readme = readFileSync(join(SDK, 'README.md'), 'utf8');
    const text = readFileSync(join(SDK, 'src/generated/operations.ts'), 'utf8');
    const names = [...text.matchAll(/^export const (\w+)/gm)].map(([, name = '']) => name);
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(readme))).toEqual([]);
  });

  it('refuses what the schema does not have, at compile time', () => {
    const files = {
      'wrong.ts': `
        import { createClient, watching } from '@pomona/client';
        import { DevicePage, DeviceTable, LiveDevices } from '@pomona/client/operations';
        const client = createClient({ url: 'https://mdm.example.org' });
        // @ts-expect-error There is no such platform.
        await client.query(DeviceTable, { filter: { platform: 'AMIGA' } });
        // @ts-expect-error A device page is of some device.
        await client.query(DevicePage);
        const { device } = await client.query(DevicePage, { by: { udid: 'x' } });
        // @ts-expect-error There may be no such device.
        device.name;
        // @ts-expect-error The operation does not select it.
        device?.imei;
        // @ts-expect-error There is no such variable.
        watching(LiveDevices, { devices: [] });
        // @ts-expect-error Of plain text nothing is known.
        (await client.query('{ server { version } }')).server;
        export {};`,
    };
    expect(compiled(files, 'nodenext', 'nodenext')).toEqual({ status: 0, output: '' });
  });
});
