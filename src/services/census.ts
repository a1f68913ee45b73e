import type { Clock } from '../clock.js';
import type { Database } from '../database/index.js';
import type { CommandStatus, DeploymentStatus, EnrollmentStatus } from '../entities/enums.js';

/** How many of each kind wait, and since when the one that has waited longest could have been served. */
export interface Waiting<Kind extends string> {
  readonly counts: ReadonlyMap<Kind, number>;
  readonly oldest: Date | undefined;
}

/** How much there is of what, in the whole installation. */
export interface Counted {
  /** Commands that are not finished. One whose time has not come yet counts, but does not wait. */
  readonly commands: Waiting<CommandStatus>;
  /** Pushes whose outcome is not known yet. */
  readonly pushes: { readonly count: number; readonly oldest: Date | undefined };
  readonly devices: ReadonlyMap<EnrollmentStatus, number>;
  readonly deployments: ReadonlyMap<DeploymentStatus, number>;
  /** API tokens that are good now and end within thirty days. */
  readonly endingTokens: number;
}

interface Row {
  readonly what: 'command' | 'push' | 'device' | 'deployment' | 'token';
  readonly status: string;
  readonly count: number | string;
  readonly oldest: number | string | null;
}

const ENDING_MS = 30 * 24 * 60 * 60_000;

/** Counts by index, but for devices and tokens: one row for each status. */
const STATEMENT = `
  SELECT 'command' AS what, status, COUNT(*) AS count,
      MIN(CASE WHEN not_before IS NULL THEN queued_at WHEN not_before <= ? THEN not_before END) AS oldest
    FROM commands WHERE queue_channel_uuid IS NOT NULL GROUP BY status
  UNION ALL SELECT 'push', '', COUNT(*), MIN(queued_at) FROM pushes WHERE due_at IS NOT NULL
  UNION ALL SELECT 'device', enrollment_status, COUNT(*), NULL FROM devices GROUP BY enrollment_status
  UNION ALL SELECT 'deployment', status, COUNT(*), NULL FROM deployments GROUP BY status
  UNION ALL SELECT 'token', '', COUNT(*), NULL FROM api_tokens
    WHERE revoked_at IS NULL AND expires_at > ? AND expires_at <= ?`;

/** Counts everything that someone who watches the server wants to know. */
export class Census {
  constructor(
    private readonly database: Database,
    private readonly now: Clock,
  ) {}

  /** One statement, which reads every device: not to be asked for often. Throws UNAVAILABLE. */
  async take(): Promise<Counted> {
    const now = this.now();
    const rows = await this.database.query<Row>(STATEMENT, [now, now, now + ENDING_MS]);
    const of = (what: Row['what']): Row[] => rows.filter((row) => row.what === what);
    const [push] = of('push');
    return {
      commands: { counts: countsOf(of('command')), oldest: oldestOf(of('command')) },
      pushes: { count: Number(push?.count ?? 0), oldest: oldestOf(of('push')) },
      devices: countsOf(of('device')),
      deployments: countsOf(of('deployment')),
      endingTokens: Number(of('token')[0]?.count ?? 0),
    };
  }
}

function countsOf<Kind extends string>(rows: readonly Row[]): Map<Kind, number> {
  return new Map(rows.map(({ status, count }) => [status as Kind, Number(count)]));
}

function oldestOf(rows: readonly Row[]): Date | undefined {
  const times = rows.flatMap(({ oldest }) => (oldest === null ? [] : [Number(oldest)]));
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}
