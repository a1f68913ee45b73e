import { chunks, placeholders, type Sql } from '../../database/index.js';
import { PomonaError } from '../../errors.js';
import { ACTIVE, type NewCommand } from './queue.js';

/**
 * What to do when such a command is active for the device already. `refuse`: any of the same request type is the problem.
 * `join`: the very same command is the answer, in place of a second one.
 */
export type WhenWaiting = 'refuse' | 'join';

/** The dedupe key of a command that is sent this way: its channel has at most one active, whoever else sends it this way now. */
export function dedupeKeyOf(
  whenWaiting: WhenWaiting,
  command: { readonly requestType: string; readonly bodyKey: string },
): string {
  return whenWaiting === 'refuse' ? typeKey(command.requestType) : bodyKey(command.bodyKey);
}

const typeKey = (requestType: string): string => `type:${requestType}`;
const bodyKey = (key: string): string => `body:${key}`;

/**
 * The active commands in whose place these would be sent, whether they were sent this way or not: of each its CommandUUID; the
 * oldest where there are several. Commands without a dedupe key have none. One statement for 500 commands.
 */
export async function waitingAlready(
  sql: Sql,
  commands: readonly NewCommand[],
): Promise<Map<NewCommand, string>> {
  const waiting = new Map<NewCommand, string>();
  const single = commands.filter(({ dedupeKey }) => dedupeKey != null);
  for (const chunk of chunks(single, 500)) {
    const found = await activeOnes(sql, chunk);
    for (const command of chunk) {
      const uuid = found.get(`${command.channelUuid} ${command.dedupeKey}`);
      if (uuid !== undefined) waiting.set(command, uuid);
    }
  }
  return waiting;
}

/** The channels' active commands of these request types, under both keys that they could have been sent with. */
async function activeOnes(sql: Sql, commands: readonly NewCommand[]): Promise<Map<string, string>> {
  const channels = [...new Set(commands.map(({ channelUuid }) => channelUuid))];
  const types = [...new Set(commands.map(({ body }) => body.requestType))];
  const rows = await sql.query<{ uuid: string; channelUuid: string; requestType: string; sha256: string }>(
    `SELECT c.uuid, c.channel_uuid AS channelUuid, c.request_type AS requestType, b.sha256
       FROM commands c JOIN command_bodies b ON b.uuid = c.body_uuid
      WHERE c.${ACTIVE} AND c.queue_channel_uuid IN ${placeholders(channels.length)}
        AND c.request_type IN ${placeholders(types.length)} ORDER BY c.seq DESC`,
    [...channels, ...types],
  );
  return new Map(
    rows.flatMap(({ uuid, channelUuid, requestType, sha256 }) => [
      [`${channelUuid} ${typeKey(requestType)}`, uuid],
      [`${channelUuid} ${bodyKey(sha256)}`, uuid],
    ]),
  );
}

export function alreadyPending(deviceUuid: string, requestType: string, commandUuid: string): PomonaError {
  return new PomonaError(
    'ALREADY_PENDING',
    `The ${requestType} command ${commandUuid} still waits for the device ${deviceUuid}. Wait for its answer, or cancel it.`,
  );
}
