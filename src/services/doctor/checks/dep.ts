import type { Clock } from '../../../clock.js';
import type { Database } from '../../../database/index.js';
import { failed, ok, skipped, warning, type Check, type Finding } from '../check.js';

/** Syncs that may be missed before somebody is told. */
const MISSED = 3;

interface Row {
  readonly name: string;
  readonly failureMessage: string | null;
  readonly blocked: number | boolean;
  readonly since: number | string;
}

/** Accounts that have a token, with since when they are not in step with Apple. */
const STATEMENT = `
  SELECT name, failure_message AS failureMessage, blocked, COALESCE(synced_at, token_uploaded_at, created_at) AS since
    FROM dep_accounts WHERE sealed_token IS NOT NULL ORDER BY name`;

/** The accounts at Apple are read as often as they should be. One statement; that their tokens end is seen with the certificates. */
export function dep(database: Database, everyMs: number, now: Clock): Check {
  const run = async (): Promise<Finding> => {
    const accounts = await database.query<Row>(STATEMENT);
    if (accounts.length === 0) return skipped('There is no DEP account with a server token.');
    const blocked = accounts.filter((account) => Boolean(account.blocked));
    const late = accounts.filter((account) => now() - Number(account.since) > MISSED * everyMs);
    const silent = late.filter((account) => !blocked.includes(account));
    if (blocked.length > 0) return failed([...blocked, ...silent].map(wordsOf).join(' '), FIX);
    if (silent.length > 0) return warning(silent.map(wordsOf).join(' '), FIX);
    return ok(`All ${accounts.length} DEP accounts are in step with Apple.`);
  };
  return { name: 'dep', atStart: false, run };
}

const FIX =
  'Look at depAccounts { nodes { name status failure { message since } } }: it says what Apple answered. When that is mended, depAccountSync tries again at once.';

function wordsOf({ name, failureMessage, since }: Row): string {
  const day = new Date(Number(since)).toISOString();
  return `"${name}" was last in step with Apple at ${day}: ${failureMessage ?? 'no sync has ended since.'}`;
}
