import type { Clock } from '../../../clock.js';
import type { Database } from '../../../database/index.js';
import { CommandStatus } from '../../../entities/enums.js';
import { ok, warning, type Check } from '../check.js';

const HOUR_MS = 60 * 60_000;
const LONG_MS = 7 * 24 * HOUR_MS;

interface Row {
  readonly count: number | string;
  readonly oldest: number | string | null;
}

const STATEMENT = `
  SELECT COUNT(*) AS count, MIN(CASE WHEN not_before IS NULL THEN queued_at ELSE not_before END) AS oldest
    FROM commands
    WHERE queue_channel_uuid IS NOT NULL AND status = '${CommandStatus.QUEUED}' AND (not_before IS NULL OR not_before <= ?)`;

/** Commands that could be handed out are. One statement. */
export function commands(database: Database, now: Clock): Check {
  const run = async () => {
    const [row] = await database.query<Row>(STATEMENT, [now()]);
    const count = Number(row?.count ?? 0);
    if (row?.oldest == null) return ok('No command waits to be handed out.');
    const waitedMs = now() - Number(row.oldest);
    const message = `${count} commands wait to be handed out, the oldest for ${Math.round(waitedMs / HOUR_MS)} hours.`;
    if (waitedMs < LONG_MS) return ok(message);
    return warning(
      message,
      'A device that is switched off is no fault: cancel its commands, or give such commands an expiresAt. If many devices are silent, ' +
        'look at the checks devices, push-service and device-door.',
    );
  };
  return { name: 'commands', atStart: false, run };
}
