import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * A key of our own, made at the first start and readable by the server alone. Losing it loses what it sealed: back it up with
 * the database. It appears whole: of processes that start at once, one makes it, and none reads half of it.
 */
export function generatedKey(path: string): Buffer {
  if (!existsSync(path)) {
    const draft = draftOf(path, randomBytes(32));
    try {
      linkSync(draft, path);
    } catch (error) {
      // Where there are no hard links, the last of several first starts wins.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') renameSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
    syncDirectory(path);
  }
  return readFileSync(path);
}

/** Puts a key in a file, in place of what was there: at any moment the file is whole, with the one or the other. */
export function replaceKey(path: string, key: Buffer): void {
  renameSync(draftOf(path, key), path);
  syncDirectory(path);
}

/** A file beside it, on disk when this returns. */
function draftOf(path: string, key: Buffer): string {
  const draft = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, key, { mode: 0o600, flag: 'wx', flush: true });
  return draft;
}

/** A name is on disk once its directory is. Systems that do not open directories have no need to. */
function syncDirectory(path: string): void {
  let directory: number;
  try {
    directory = openSync(dirname(path), 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(directory);
  } catch {
    // As above.
  } finally {
    closeSync(directory);
  }
}
