import { claimClause, placeholders, type Database, type Transaction } from '../../database/index.js';
import { PushStatus } from '../../entities/enums.js';

/** How long a sender may take over a push. After that it is taken for crashed, and the push is claimed again. */
export const LEASE_MS = 60_000;

/** A push that this sender, and nobody else, is to send now. */
export interface ClaimedPush {
  /** Its apns-id as well: the same at every attempt. */
  readonly uuid: string;
  readonly deviceUuid: string;
  readonly channelUuid: string;
  /** How often it was tried, this attempt included. */
  readonly attempts: number;
  /** Undefined when the channel is gone. */
  readonly target: PushTarget | undefined;
}

/** How the channel can be woken, read after the claim. */
export interface PushTarget {
  readonly enabled: boolean;
  readonly tokenRetired: boolean;
  readonly token: string | null;
  readonly magic: string | null;
  readonly topic: string | null;
  readonly workflowUuid: string | null;
}

interface DueRow {
  uuid: string;
  deviceUuid: string;
  channelUuid: string;
  attempts: number;
}

/**
 * Takes up to `most` pushes that are due (never sent, to be tried again, or left behind by a crashed sender) and holds
 * them for LEASE_MS. From here on a channel that needs another push is owed a new one. Three statements.
 */
export function claimDue(database: Database, now: number, most: number): Promise<ClaimedPush[]> {
  return database.transaction(async (tx) => {
    const due = await tx.query<DueRow>(
      `SELECT uuid, device_uuid AS deviceUuid, channel_uuid AS channelUuid, attempts
         FROM pushes WHERE due_at <= ? ORDER BY due_at, seq LIMIT ${most}${claimClause(tx.dialect)}`,
      [now],
    );
    if (due.length === 0) return [];
    await tx.run(
      `UPDATE pushes SET status = ?, owed_channel_uuid = NULL, due_at = ?, attempts = attempts + 1
        WHERE uuid IN ${placeholders(due.length)}`,
      [PushStatus.SENDING, now + LEASE_MS, ...due.map((row) => row.uuid)],
    );
    const channelUuids = [...new Set(due.map((row) => row.channelUuid))];
    const targets = await readTargets(tx, channelUuids);
    return due.map((row) => ({ ...row, attempts: row.attempts + 1, target: targets.get(row.channelUuid) }));
  });
}

/** When the next push is due, milliseconds since 1970; undefined when none is left. */
export async function nextDueAt(database: Database): Promise<number | undefined> {
  const [row] = await database.query<{ dueAt: number | string | null }>(
    'SELECT MIN(due_at) AS dueAt FROM pushes',
  );
  return row === undefined || row.dueAt === null ? undefined : Number(row.dueAt);
}

type Flag = number | boolean;

interface TargetRow {
  uuid: string;
  enabled: Flag;
  tokenRetired: Flag;
  token: string | null;
  magic: string | null;
  topic: string | null;
  workflowUuid: string | null;
}

/** Reads without locking: a claim must neither wait for a device's check-in nor be passed by because of one. */
async function readTargets(
  tx: Transaction,
  channelUuids: readonly string[],
): Promise<Map<string, PushTarget>> {
  const rows = await tx.query<TargetRow>(
    `SELECT c.uuid, c.enabled, c.token_retired AS tokenRetired, c.push_token AS token, c.push_magic AS magic,
            c.push_topic AS topic, d.workflow_uuid AS workflowUuid
       FROM channels c JOIN devices d ON d.uuid = c.device_uuid WHERE c.uuid IN ${placeholders(channelUuids.length)}`,
    channelUuids,
  );
  return new Map(
    rows.map(({ uuid, ...row }) => [
      uuid,
      { ...row, enabled: Boolean(row.enabled), tokenRetired: Boolean(row.tokenRetired) },
    ]),
  );
}
