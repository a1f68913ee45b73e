import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { failed, ok, skipped, type Check, type Finding } from '../check.js';

/** Any right of anyone but the owner (POSIX). */
const OTHERS = 0o077;

/**
 * Nobody but the server can read the keys that it made for itself.
 * @param files of the data directory; one that is not there (its key was given as an option) is fine
 */
export function keyFiles(files: readonly string[], platform: NodeJS.Platform = process.platform): Check {
  const run = async (): Promise<Finding> => {
    if (platform === 'win32') return skipped('Windows has other rights than these.');
    const found = await Promise.all(files.map(async (file) => ({ file, mode: await modeOf(file) })));
    const open = found.filter(({ mode }) => ((mode ?? 0) & OTHERS) !== 0);
    if (open.length === 0) return ok('The generated keys can be read by the server alone.');
    const list = open.map(({ file, mode = 0 }) => `${basename(file)} (${(mode & 0o777).toString(8)})`);
    return failed(
      `Others than the server can read keys in the data directory: ${list.join(', ')}.`,
      `Run chmod 600 on ${open.map(({ file }) => basename(file)).join(' and ')} in the data directory. If others could log in to this machine, take it that they have the keys.`,
    );
  };
  return { name: 'key-files', atStart: true, run };
}

async function modeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mode;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
