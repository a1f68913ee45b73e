import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The program as it ships, for tests that need it in a process of its own. */
export interface Build {
  /** A compiled module, for example `src/main.js`. */
  path(module: string): string;
  remove(): void;
}

const ROOT = resolve(import.meta.dirname, '../..');

/** Compiles everything into a directory of its own; takes about a second. Type errors are another check's matter. */
export function build(): Build {
  const directory = mkdtempSync(join(tmpdir(), 'pomona-build-'));
  const options = [
    '-p',
    'tsconfig.build.json',
    '--outDir',
    directory,
    '--incremental',
    'false',
    '--tsBuildInfoFile',
    'null',
  ];
  const compiled = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), options, { cwd: ROOT, encoding: 'utf8' });
  if (!existsSync(join(directory, 'src/main.js')))
    throw new Error(`tsc failed: ${compiled.stdout}${compiled.stderr}`);
  copyFileSync(join(ROOT, 'package.json'), join(directory, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  return {
    path: (module) => join(directory, module),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
