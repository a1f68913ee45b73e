import type { Clock } from '../clock.js';
import type { Database } from '../database/index.js';
import type { DepAccountStatus, DepAssignmentStatus } from '../entities/dep-enums.js';
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
  readonly dep: {
    readonly accounts: ReadonlyMap<DepAccountStatus, number>;
    /** Those that Apple has for this server now. */
    readonly devices: ReadonlyMap<DepAssignmentStatus, number>;
    /** When the account was in step with Apple that has waited longest; undefined when none has a server token. */
    readonly oldestSync: Date | undefined;
  };
  /** API tokens that are good now and end within thirty days. */
  readonly endingTokens: number;
}

interface Row {
  readonly what: 'command' | 'push' | 'device' | 'deployment' | 'token' | 'dep account' | 'dep device';
  readonly status: string;
  readonly count: number | string;
  readonly oldest: number | string | null;
}

const ENDING_MS = 30 * 24 * 60 * 60_000;

/** Counts by index, but for devices, accounts and tokens: one row for each status. */
const STATEMENT = `
  SELECT 'command' AS what, status, COUNT(*) AS count,
      MIN(CASE WHEN not_before IS NULL THEN queued_at WHEN not_before <= ? THEN not_before END) AS oldest
    FROM commands WHERE queue_channel_uuid IS NOT NULL GROUP BY status
  UNION ALL SELECT 'push', '', COUNT(*), MIN(queued_at) FROM pushes WHERE due_at IS NOT NULL
  UNION ALL SELECT 'device', enrollment_status, COUNT(*), NULL FROM devices GROUP BY enrollment_status
  UNION ALL SELECT 'deployment', status, COUNT(*), NULL FROM deployments GROUP BY status
  UNION ALL SELECT 'dep account', CASE WHEN sealed_token IS NULL THEN 'NEW' WHEN blocked = 1 THEN 'BLOCKED' ELSE 'READY' END AS standing,
      COUNT(*), MIN(CASE WHEN sealed_token IS NOT NULL THEN COALESCE(synced_at, token_uploaded_at, created_at) END)
    FROM dep_accounts GROUP BY standing
  UNION ALL SELECT 'dep device', assignment, COUNT(*), NULL FROM dep_devices WHERE removed_at IS NULL GROUP BY assignment
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
      dep: {
        accounts: countsOf(of('dep account')),
        devices: countsOf(of('dep device')),
        oldestSync: oldestOf(of('dep account')),
      },
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
