import { lockClause, placeholders, updateRows, type Transaction } from '../../database/index.js';
import { repushPause } from './backoff.js';
import type { Settlement, Verdict } from './verdict.js';

/** What the verdicts on pushes change about a channel. */
interface ChannelState {
  readonly uuid: string;
  readonly token: string | null;
  readonly tokenUpdatedAt: number | null;
  readonly repushCount: number;
  /** When a command that must wait may be handed out; the earliest such time. */
  readonly nextCommandAt: number | null;
  tokenRetired: boolean;
  repushAt: number | null;
}

/** Records final verdicts on the channels: whether the token is still good, and when to push again. Two statements. */
export async function recordOnChannels(
  tx: Transaction,
  settlements: readonly Settlement[],
  now: number,
): Promise<void> {
  const final = settlements.filter(({ verdict }) => verdict.retryInMs === undefined);
  if (final.length === 0) return;
  const channels = await readChannels(tx, [...new Set(final.map(({ push }) => push.channelUuid))], now);
  for (const settlement of final) {
    const channel = channels.get(settlement.push.channelUuid);
    if (channel !== undefined) apply(channel, settlement, now);
  }
  const rows = [...channels.values()].map((channel) => ({
    key: channel.uuid,
    set: { repush_at: channel.repushAt, token_retired: channel.tokenRetired },
  }));
  await updateRows(tx, { table: 'channels', keyColumn: 'uuid' }, rows);
}

function apply(channel: ChannelState, { push, verdict }: Settlement, now: number): void {
  const renewed = verdict.tokenInvalidSince !== undefined && channel.token !== push.target?.token;
  if (!renewed && retires(channel, verdict)) channel.tokenRetired = true;
  if (channel.tokenRetired || verdict.repush === undefined) channel.repushAt = null;
  else if (renewed) channel.repushAt = now;
  else channel.repushAt = Math.min(now + pause(channel, verdict.repush), channel.nextCommandAt ?? Infinity);
}

/**
 * Whether the token, still the one that was sent to, is no longer valid. A 410 is about the token as it was at the time APNs
 * names: one the device reported later is good, even when it is the same (Apple: "Handling notification responses from
 * APNs", `timestamp`).
 */
function retires(channel: ChannelState, { tokenInvalidSince }: Verdict): boolean {
  if (tokenInvalidSince === undefined) return false;
  if (tokenInvalidSince === 'unknown' || channel.tokenUpdatedAt === null) return true;
  return tokenInvalidSince.getTime() > channel.tokenUpdatedAt;
}

function pause(channel: ChannelState, repush: 'back-off' | number): number {
  return repush === 'back-off' ? repushPause(channel.repushCount) : repush;
}

interface ChannelRow {
  uuid: string;
  token: string | null;
  tokenUpdatedAt: number | string | null;
  repushCount: number;
  tokenRetired: number | boolean;
  nextCommandAt: number | string | null;
}

async function readChannels(
  tx: Transaction,
  uuids: readonly string[],
  now: number,
): Promise<Map<string, ChannelState>> {
  const rows = await tx.query<ChannelRow>(
    `SELECT c.uuid, c.push_token AS token, c.token_updated_at AS tokenUpdatedAt, c.repush_count AS repushCount,
            c.token_retired AS tokenRetired,
            (SELECT MIN(k.not_before) FROM commands k
              WHERE k.queue_channel_uuid = c.uuid AND k.not_before > ?) AS nextCommandAt
       FROM channels c WHERE c.uuid IN ${placeholders(uuids.length)}${lockClause(tx.dialect)}`,
    [now, ...uuids],
  );
  return new Map(rows.map((row) => [row.uuid, toState(row)]));
}

function toState(row: ChannelRow): ChannelState {
  return {
    uuid: row.uuid,
    token: row.token,
    tokenUpdatedAt: row.tokenUpdatedAt === null ? null : Number(row.tokenUpdatedAt),
    repushCount: row.repushCount,
    nextCommandAt: row.nextCommandAt === null ? null : Number(row.nextCommandAt),
    tokenRetired: Boolean(row.tokenRetired),
    repushAt: null,
  };
}
