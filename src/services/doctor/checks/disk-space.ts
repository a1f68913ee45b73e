import { statfs } from 'node:fs/promises';
import { failed, ok, warning, type Check } from '../check.js';

const MIB = 1024 * 1024;
const LOW = 1024 * MIB;
const TOO_LOW = 100 * MIB;

const FIX =
  'Make room on the disk of the data directory (POMONA_DATA_DIR), or move it to a larger one. POMONA_HISTORY_DAYS and ' +
  'POMONA_EVENTS_DAYS say how long history is kept.';

/** @param directory the data directory */
export function diskSpace(directory: string): Check {
  const run = async () => judgeSpace(await freeBytes(directory));
  return { name: 'disk-space', atStart: true, run };
}

/** Exported for its test: no disk can be filled for one. */
export function judgeSpace(free: number) {
  const message = `${(free / 1024 / MIB).toFixed(1)} GiB are free for the data directory.`;
  if (free < TOO_LOW) return failed(message, FIX);
  return free < LOW ? warning(message, FIX) : ok(message);
}

/** What a user without privileges may still use. */
async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
