import { chunks, insertRows, placeholders, type Sql, type Transaction } from '../../database/index.js';
import type { Logger } from '../../log.js';
import { VaultError, type Vault } from '../vault.js';
import type { NextCommand } from './lookup.js';

/** What stands in `command_bodies` in place of a fragment that is sealed. */
export const SEALED_FRAGMENT = '';

interface Row {
  readonly bodyUuid: string;
  readonly sealed: Uint8Array;
}

/** Keeps the fragments of bodies that carry a secret. @param fragments by the uuid of their body, none of which has one yet */
export async function sealFragments(
  tx: Transaction,
  vault: Vault,
  fragments: readonly (readonly [bodyUuid: string, fragment: string])[],
  now: number,
): Promise<void> {
  if (fragments.length === 0) return;
  await insertRows(
    tx,
    'INSERT INTO sealed_bodies',
    ['body_uuid', 'sealed_fragment', 'created_at'],
    fragments.map(([uuid, fragment]) => [
      uuid,
      vault.seal(Buffer.from(fragment, 'utf8'), placeOf(uuid)),
      now,
    ]),
  );
}

/** Opens the fragments of bodies that carry a secret: for the devices they are sent to, and for those who may read them. */
export class SealedBodies {
  constructor(
    private readonly sql: Sql,
    private readonly vault: Vault,
    private readonly log: Logger,
  ) {}

  /** Fragments by body, of those of these bodies that are sealed and can be opened. */
  async open(bodyUuids: readonly string[]): Promise<Map<string, string>> {
    const opened = new Map<string, string>();
    for (const chunk of chunks(bodyUuids, 500)) {
      const rows = await this.sql.query<Row>(
        `SELECT body_uuid AS bodyUuid, sealed_fragment AS sealed FROM sealed_bodies
          WHERE body_uuid IN ${placeholders(chunk.length)}`,
        chunk,
      );
      for (const row of rows) {
        const fragment = this.#open(row);
        if (fragment !== undefined) opened.set(row.bodyUuid, fragment);
      }
    }
    return opened;
  }

  /**
   * The command as the device is to have it; a command that is not sealed costs nothing here. Undefined when it cannot be opened:
   * a command without its PIN would be another command.
   */
  async fill(next: NextCommand): Promise<NextCommand | undefined> {
    if (next.fragment !== SEALED_FRAGMENT) return next;
    const [row] = await this.sql.query<Row>(
      `SELECT s.body_uuid AS bodyUuid, s.sealed_fragment AS sealed
         FROM commands c JOIN sealed_bodies s ON s.body_uuid = c.body_uuid WHERE c.seq = ?`,
      [next.seq],
    );
    const fragment = row === undefined ? undefined : this.#open(row);
    if (fragment !== undefined) return { ...next, fragment };
    this.log.error(
      { command: next.uuid, device: next.deviceUuid },
      'A sealed command cannot be opened, and holds up what is queued behind it: cancel it, or bring back the secret key it was sealed with',
    );
    return undefined;
  }

  #open({ bodyUuid, sealed }: Row): string | undefined {
    try {
      return this.vault.open(Buffer.from(sealed), placeOf(bodyUuid)).toString('utf8');
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      this.log.warn({ body: bodyUuid, code: error.code }, 'A sealed command cannot be opened');
      return undefined;
    }
  }
}

function placeOf(bodyUuid: string) {
  return { table: 'sealed_bodies', column: 'sealed_fragment', row: bodyUuid } as const;
}
