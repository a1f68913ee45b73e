import { BoundedLabel, OTHER } from './bounded-label.js';
import type { Instruments } from './instruments.js';

/** Names are chosen by clients: the first so many have a series of their own. */
const MOST_NAMES = 200;
const MOST_CODES = 60;
const UNNAMED = 'unnamed';

/** A GraphQL operation, once it was answered. */
export interface AnsweredOperation {
  readonly operationName: string | undefined;
  /** Undefined when the document could not be read that far. */
  readonly type: 'query' | 'mutation' | 'subscription' | undefined;
  /** `refused`: nothing was executed. */
  readonly outcome: 'ok' | 'failed' | 'refused';
  /** `extensions.code` of each error. */
  readonly codes: readonly string[];
  readonly ms: number;
  /** Undefined when no token came along. */
  readonly caller: string | undefined;
}

/**
 * Measures GraphQL operations by name. Only what was executed for a known caller is a name worth remembering: nobody fills
 * the table of names without a token.
 */
export function operationMeter({
  operations,
  graphqlErrors,
}: Instruments): (answered: AnsweredOperation) => void {
  const names = new BoundedLabel(MOST_NAMES);
  const codes = new BoundedLabel(MOST_CODES);
  return ({ operationName, type, outcome, ms, caller, codes: found }) => {
    const trusted = caller !== undefined && outcome !== 'refused';
    const name = operationName ?? UNNAMED;
    const operation = trusted ? names.learn(name) : names.known(name);
    operations.observe({ operation, type: type ?? OTHER, outcome }, ms / 1_000);
    for (const code of found) graphqlErrors.inc({ code: codes.learn(code) });
  };
}
