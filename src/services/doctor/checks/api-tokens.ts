import { NEAR_DAYS } from '../../expiry-warnings.js';
import { ok, warning, type Check } from '../check.js';

const DAY_MS = 24 * 60 * 60_000;

/** @param ending how many good tokens end within so many milliseconds */
export function apiTokens(ending: (withinMs: number) => Promise<number>): Check {
  const run = async () => {
    const count = await ending(NEAR_DAYS * DAY_MS);
    if (count === 0) return ok(`No API token ends within ${NEAR_DAYS} days.`);
    return warning(
      `${count} API ${count === 1 ? 'token ends' : 'tokens end'} within ${NEAR_DAYS} days.`,
      'Look at apiTokens { nodes { name expiresAt } }, and give whoever uses them new ones (apiTokenCreate) before that.',
    );
  };
  return { name: 'api-tokens', atStart: true, run };
}
