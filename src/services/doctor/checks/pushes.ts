import type { Clock } from '../../../clock.js';
import type { Database } from '../../../database/index.js';
import { PushStatus } from '../../../entities/enums.js';
import { failed, ok, warning, type Check, type Finding } from '../check.js';

const MINUTE_MS = 60_000;
const LATELY_MS = 60 * MINUTE_MS;
/** A push that is due waits for seconds; a sender that died gives up its lease in less than this. */
const STUCK_MS = 10 * MINUTE_MS;
/** A few failures say nothing. */
const LEAST_FAILURES = 5;
const MANY = 0.5;
const SOME = 0.1;

interface Row {
  readonly due: number | string | null;
  readonly sent: number | string;
  readonly refused: number | string | null;
}

const STATEMENT = `
  SELECT (SELECT MIN(due_at) FROM pushes WHERE due_at <= ?) AS due, COUNT(*) AS sent,
      SUM(CASE WHEN status IN ('${PushStatus.FAILED}', '${PushStatus.NOT_CONFIGURED}') THEN 1 ELSE 0 END) AS refused
    FROM pushes WHERE settled_at > ?`;

/** Pushes are sent when they are due, and taken. One statement. */
export function pushes(database: Database, now: Clock): Check {
  const run = async () => {
    const [row] = await database.query<Row>(STATEMENT, [now(), now() - LATELY_MS]);
    const due = row?.due == null ? undefined : now() - Number(row.due);
    return judge(due, Number(row?.sent ?? 0), Number(row?.refused ?? 0));
  };
  return { name: 'pushes', atStart: false, run };
}

function judge(dueForMs: number | undefined, sent: number, refused: number): Finding {
  if (dueForMs !== undefined && dueForMs > STUCK_MS)
    return failed(
      `A push has been due for ${Math.round(dueForMs / MINUTE_MS)} minutes: pushes are not being sent.`,
      'Look in the log for what the sender of pushes says, and whether a process of Pomona hangs; restart it if it does.',
    );
  const message = `${refused} of the ${sent} pushes of the last hour failed.`;
  const fix =
    'Look at pushes { nodes { status reason } }, and at the checks push-service, certificates and topic.';
  if (refused < LEAST_FAILURES || refused < SOME * sent) return ok(message);
  return refused >= MANY * sent ? failed(message, fix) : warning(message, fix);
}
