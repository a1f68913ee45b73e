import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { commandFragment } from '../../apple/commands/index.js';
import type { PlistDict } from '../../apple/plist/index.js';
import type { Clock } from '../../clock.js';
import { chunks, insertIgnore, insertRows, type Transaction } from '../../database/index.js';

/** A command's body as it will be stored and sent: the XML of its `Command` dictionary. */
export interface PreparedBody {
  readonly requestType: string;
  readonly fragment: string;
  readonly sha256: string;
}

/** Renders a command body. Equal bodies have equal hashes and are stored once. */
export function prepareBody(body: PlistDict): PreparedBody {
  const fragment = commandFragment(body);
  return {
    requestType: String(body['RequestType']),
    fragment,
    sha256: createHash('sha256').update(fragment).digest('hex'),
  };
}

/** Stores bodies, each once, and returns the uuid of each by its hash. Three statements for up to 200 bodies. */
export async function storeBodies(
  tx: Transaction,
  bodies: readonly PreparedBody[],
  now: Clock,
): Promise<Map<string, string>> {
  const distinct = [...new Map(bodies.map((body) => [body.sha256, body])).values()];
  const stored = new Map<string, string>();
  for (const chunk of chunks(distinct, 200)) {
    const hashes = chunk.map((body) => body.sha256);
    const list = hashes.map(() => '?').join(', ');
    // Kept alive first: housekeeping deletes only bodies that were not used for long.
    await tx.run(`UPDATE command_bodies SET used_at = ? WHERE sha256 IN (${list})`, [now(), ...hashes]);
    await insertRows(
      tx,
      insertIgnore(tx.dialect) + ' command_bodies',
      ['uuid', 'request_type', 'sha256', 'fragment', 'used_at'],
      chunk.map((body) => [
        uuidv7(),
        body.requestType,
        body.sha256,
        Buffer.from(body.fragment, 'utf8'),
        now(),
      ]),
    );
    const rows = await tx.query<{ uuid: string; sha256: string }>(
      `SELECT uuid, sha256 FROM command_bodies WHERE sha256 IN (${list})`,
      hashes,
    );
    for (const row of rows) stored.set(row.sha256, row.uuid);
  }
  return stored;
}
