import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../clock.js';
import { chunks, insertIgnore, insertRows, type Transaction } from '../../database/index.js';
import { CommandSource, CommandStatus } from '../../entities/enums.js';
import { EventType, type Outbox } from '../../events/index.js';
import type { Vault } from '../vault.js';
import { CommandBodies, type PreparedBody } from './bodies.js';

/*
 * The command queue: one row a command and channel, inserted and never rewritten as a whole.
 *
 *   QUEUED ──delivered──▶ SENT ──────────answered──────────▶ ACKNOWLEDGED | ERROR | FORMAT_ERROR
 *      │                  │  ▲
 *      │              NotNow  delivered again, same CommandUUID
 *      │                  ▼  │
 *      │                NOT_NOW
 *      └──────────── from any of the three ────────────────▶ CANCELLED | EXPIRED
 *
 * States only move forward: every change names the condition `queue_channel_uuid IS NOT NULL` (still active), so a
 * duplicate, late or reordered report finds nothing to change. The statement that finishes a command also takes it out of
 * the queue index, which therefore holds active commands only. Order of delivery: priority (queue_rank), then seq.
 */

/** The condition for a command to be active, in every statement that moves one. */
export const ACTIVE = 'queue_channel_uuid IS NOT NULL';

/** Priorities outside this range gain nobody anything. */
export const PRIORITY_LIMIT = 100;

export interface NewCommand {
  readonly deviceUuid: string;
  readonly channelUuid: string;
  readonly body: PreparedBody;
  readonly source: CommandSource;
  /** Higher overtakes lower; 0 when absent. */
  readonly priority?: number;
  readonly notBefore?: Date | null;
  readonly expiresAt?: Date | null;
  /** At most one active command of the channel carries a given key: a second is not queued. */
  readonly dedupeKey?: string | null;
  readonly itemUuid?: string | null;
}

export interface QueuedCommand {
  readonly command: NewCommand;
  readonly uuid: string;
  readonly deviceUuid: string;
  readonly channelUuid: string;
  readonly itemUuid: string | null;
}

/** Channels that now have something waiting. */
export interface OwedPushes {
  owe(tx: Transaction, channels: readonly { channelUuid: string; deviceUuid: string }[]): Promise<void>;
}

const COLUMNS = [
  'uuid',
  'device_uuid',
  'channel_uuid',
  'queue_channel_uuid',
  'queue_expires_at',
  'request_type',
  'status',
  'queue_rank',
  'source',
  'body_uuid',
  'dedupe_key',
  'item_uuid',
  'queued_at',
  'not_before',
  'expires_at',
  'delivery_count',
  'not_now_count',
] as const;

/** Puts commands into the queues of devices. */
export class CommandQueue {
  readonly #bodies: CommandBodies;

  constructor(
    private readonly outbox: Outbox,
    private readonly pushes: OwedPushes,
    vault: Vault,
    private readonly now: Clock,
  ) {
    this.#bodies = new CommandBodies(vault, now);
  }

  /** What a body is stored under. */
  bodyKey(body: PreparedBody): string {
    return this.#bodies.keyOf(body);
  }

  /**
   * Queues commands, tells of each, and owes their channels a push. Statements grow with their number by five hundred, not one.
   * @param wake false when the device is connected right now and will be handed the command on this very connection
   * @returns those that were queued; a command whose dedupe key is already active is left out
   */
  async enqueue(tx: Transaction, commands: readonly NewCommand[], wake = true): Promise<QueuedCommand[]> {
    if (commands.length === 0) return [];
    const bodies = await this.#bodies.store(
      tx,
      commands.map((command) => command.body),
    );
    const numbered = commands.map((command) => ({ command, uuid: uuidv7() }));
    const deduped = commands.some((command) => command.dedupeKey != null);
    const into = deduped ? insertIgnore(tx.dialect) : 'INSERT INTO';
    await insertRows(
      tx,
      `${into} commands`,
      COLUMNS,
      numbered.map(({ command, uuid }) => this.#row(command, uuid, bodies)),
    );
    const kept = deduped
      ? await existing(
          tx,
          numbered.map(({ uuid }) => uuid),
        )
      : undefined;
    const queued = numbered.filter(({ uuid }) => kept?.has(uuid) ?? true);
    this.#tell(tx, queued);
    const result = queued.map(({ command, uuid }) => ({
      command,
      uuid,
      deviceUuid: command.deviceUuid,
      channelUuid: command.channelUuid,
      itemUuid: command.itemUuid ?? null,
    }));
    if (wake) await this.pushes.owe(tx, result);
    return result;
  }

  #row(command: NewCommand, uuid: string, bodies: ReadonlyMap<string, string>): (string | number | null)[] {
    const expiresAt = command.expiresAt?.getTime() ?? null;
    const priority = Math.max(-PRIORITY_LIMIT, Math.min(PRIORITY_LIMIT, command.priority ?? 0));
    return [
      uuid,
      command.deviceUuid,
      command.channelUuid,
      command.channelUuid,
      expiresAt,
      command.body.requestType,
      CommandStatus.QUEUED,
      0 - priority,
      command.source,
      bodies.get(command.body.sha256) ?? '',
      command.dedupeKey ?? null,
      command.itemUuid ?? null,
      this.now(),
      command.notBefore?.getTime() ?? null,
      expiresAt,
      0,
      0,
    ];
  }

  #tell(tx: Transaction, queued: readonly { command: NewCommand; uuid: string }[]): void {
    this.outbox.emit(
      tx,
      ...queued.map(({ command, uuid }) => ({
        type: EventType.COMMAND_UPDATED,
        deviceUuid: command.deviceUuid,
        subjectUuid: uuid,
        data: { status: CommandStatus.QUEUED, requestType: command.body.requestType },
      })),
    );
  }
}

async function existing(tx: Transaction, uuids: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const chunk of chunks(uuids, 500)) {
    const rows = await tx.query<{ uuid: string }>(
      `SELECT uuid FROM commands WHERE uuid IN (${chunk.map(() => '?').join(', ')})`,
      chunk,
    );
    for (const row of rows) found.add(row.uuid);
  }
  return found;
}

/** Why commands left the queue without an answer. */
export interface Withdrawal {
  readonly status: CommandStatus.CANCELLED | CommandStatus.EXPIRED;
  /** Shown as the command's only error, so that nobody wonders. */
  readonly reason: string;
}

/**
 * Takes active commands out of the queue and tells of each.
 * @param where a condition over `commands`, with its parameters
 * @returns those that were active, with the deployment item each carried
 */
export async function withdraw(
  tx: Transaction,
  outbox: Outbox,
  where: string,
  parameters: readonly (string | number)[],
  why: Withdrawal,
  now: number,
): Promise<{ uuid: string; deviceUuid: string; itemUuid: string | null }[]> {
  const lock = tx.dialect === 'sqlite' ? '' : ' FOR UPDATE';
  const rows = await tx.query<{
    seq: number;
    uuid: string;
    deviceUuid: string;
    itemUuid: string | null;
    requestType: string;
  }>(
    `SELECT seq, uuid, device_uuid AS deviceUuid, item_uuid AS itemUuid, request_type AS requestType
       FROM commands WHERE ${ACTIVE} AND ${where} ORDER BY seq${lock}`,
    parameters,
  );
  const errors = JSON.stringify([
    { code: null, domain: 'Pomona', localizedDescription: null, usEnglishDescription: why.reason },
  ]);
  for (const chunk of chunks(rows, 500)) {
    await tx.run(
      `UPDATE commands SET status = ?, answered_at = ?, errors = ?, queue_channel_uuid = NULL, queue_expires_at = NULL
        WHERE ${ACTIVE} AND seq IN (${chunk.map(() => '?').join(', ')})`,
      [why.status, now, errors, ...chunk.map((row) => row.seq)],
    );
  }
  outbox.emit(
    tx,
    ...rows.map((row) => ({
      type: EventType.COMMAND_UPDATED,
      deviceUuid: row.deviceUuid,
      subjectUuid: row.uuid,
      data: { status: why.status, requestType: row.requestType, reason: why.reason },
    })),
  );
  return rows;
}
