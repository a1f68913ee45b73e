import type { Database } from '../../database/index.js';
import { CommandStatus, ChannelKind } from '../../entities/enums.js';

/** What a report is about. */
export interface ReportSubject {
  /** Empty when nobody is known whose report it could be. */
  readonly channelKey: string;
  /** Empty when it is about no command. */
  readonly commandUuid: string;
  /** False when the channel is a guess, so that nothing may be handed out on it. */
  readonly certain: boolean;
}

/** What could still be told from a report that cannot be read. */
export interface Remains {
  readonly channelKey: string | undefined;
  readonly commandUuid: string | undefined;
}

type Reader = Pick<Database, 'query'>;

/**
 * Whose report it is, and of which command, when the report itself does not say: the certificate knows the device, and what
 * a device answers is what it was handed last. The report's own words win where there are any. Left unattributed, the
 * device would send it again for ever, or be handed the same command again for ever.
 */
export async function attribute(
  database: Reader,
  certificate: string,
  remains: Remains,
): Promise<ReportSubject> {
  const { channelKey, commandUuid } = remains;
  const found = await handedOut(database, certificate, remains);
  const certain = channelKey !== undefined || (found !== undefined && commandUuid !== undefined);
  if (found !== undefined) return { ...found, certain };
  return {
    channelKey: channelKey ?? (await ownChannel(database, certificate)),
    commandUuid: commandUuid ?? '',
    certain,
  };
}

/** The command named, or else the one handed out last and not answered yet, to a channel of the certificate's device. */
async function handedOut(
  database: Reader,
  certificate: string,
  { channelKey, commandUuid }: Remains,
): Promise<{ channelKey: string; commandUuid: string } | undefined> {
  const command =
    commandUuid === undefined
      ? `c.queue_channel_uuid = ch.uuid AND c.status = '${CommandStatus.SENT}'`
      : 'c.channel_uuid = ch.uuid AND c.uuid = ?';
  const channel = channelKey === undefined ? '' : 'AND ch.enrollment_key = ?';
  const [row] = await database.query<{ channelKey: string; commandUuid: string }>(
    `SELECT ch.enrollment_key AS channelKey, c.uuid AS commandUuid
       FROM identities i JOIN channels ch ON ch.device_uuid = i.device_uuid ${channel} JOIN commands c ON ${command}
      WHERE i.sha256 = ? ORDER BY c.sent_at DESC LIMIT 1`,
    [channelKey, commandUuid, certificate].filter((parameter) => parameter !== undefined),
  );
  return row;
}

async function ownChannel(database: Reader, certificate: string): Promise<string> {
  const [row] = await database.query<{ channelKey: string }>(
    `SELECT ch.enrollment_key AS channelKey FROM identities i JOIN channels ch ON ch.device_uuid = i.device_uuid
      WHERE i.sha256 = ? AND ch.kind = '${ChannelKind.DEVICE}'`,
    [certificate],
  );
  return row?.channelKey ?? '';
}
