import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether the other party of these tests is there. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/**
 * Runs OpenSSL with these files around it, by name; an argument `@name` is the path of one. What it writes into `@out`, or
 * prints, comes back.
 */
export function openssl(args: string[], files: Record<string, Buffer | string> = {}): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'openssl-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const paths = args.map((arg) => (arg.startsWith('@') ? join(folder, arg.slice(1)) : arg));
    const printed = execFileSync('openssl', paths, { stdio: ['ignore', 'pipe', 'pipe'] });
    return args.includes('@out') ? readFileSync(join(folder, 'out')) : printed;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
