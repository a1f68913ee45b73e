import type { Clock } from '../../clock.js';
import { chunks, type Database } from '../../database/index.js';
import { PushStatus } from '../../entities/enums.js';
import type { OwedChannel, Pushes } from '../push/index.js';

/** What waited for a certificate longer than this has been pushed again for its commands meanwhile, or has none. */
const WITHIN_MS = 24 * 60 * 60_000;
const BATCH = 500;

/**
 * Owes the channels a push once more whose last one ended NOT_CONFIGURED and that a certificate of this topic can wake. Safe to
 * run in any number of processes: a channel is owed one push however many ask.
 */
export class PushesAgain {
  constructor(
    private readonly database: Database,
    private readonly pushes: Pushes,
    private readonly now: Clock,
  ) {}

  /** Returns how many channels that were. */
  async run(topic: string): Promise<number> {
    const channels = await this.#waiting(topic);
    for (const chunk of chunks(channels, BATCH)) await this.owe(chunk);
    return channels.length;
  }

  /** The same for channels that are known to be such. */
  owe(channels: readonly OwedChannel[]): Promise<void> {
    return this.database.transaction((tx) => this.pushes.owe(tx, channels));
  }

  #waiting(topic: string): Promise<OwedChannel[]> {
    return this.database.query<OwedChannel>(
      `SELECT DISTINCT c.uuid AS channelUuid, c.device_uuid AS deviceUuid
         FROM pushes p JOIN channels c ON c.uuid = p.channel_uuid
        WHERE p.settled_at > ? AND p.status = ? AND c.push_topic = ? AND c.enabled AND NOT c.token_retired
          AND NOT EXISTS (SELECT 1 FROM pushes later WHERE later.device_uuid = p.device_uuid
                             AND later.seq > p.seq AND later.channel_uuid = p.channel_uuid)`,
      [this.now() - WITHIN_MS, PushStatus.NOT_CONFIGURED, topic],
    );
  }
}
