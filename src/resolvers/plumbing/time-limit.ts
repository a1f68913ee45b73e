import { PomonaError } from '../../errors.js';
import { under } from '../../deadline.js';

/** How long executing may take, in milliseconds. */
export interface TimeLimits {
  /** A query. Default 15,000. */
  readonly query: number;
  /** A mutation: all fields of the operation together. Default 60,000. */
  readonly mutation: number;
  /** What a subscription tells of one event. Default 15,000. */
  readonly subscription: number;
}

export const DEFAULT_TIME_LIMITS: TimeLimits = { query: 15_000, mutation: 60_000, subscription: 15_000 };

/**
 * Does work that has to be done in time. When it is not, or when whoever wants it goes away, this throws at once, and the
 * work is stopped behind it: it sends no further statement to the database, and the one that is running is ended.
 * @param gone aborted when nobody waits for the answer any more
 * @throws PomonaError TIMEOUT
 */
export async function withinTime<T>(
  kind: keyof TimeLimits,
  limits: TimeLimits,
  gone: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(tooLate(kind, limits[kind])), limits[kind]);
  const left = (): void => over.abort(new PomonaError('TIMEOUT', 'Nobody waited for the answer.'));
  gone?.addEventListener('abort', left, { once: true });
  if (gone?.aborted === true) left();
  try {
    return await Promise.race([under(over.signal, work), failure(over.signal)]);
  } finally {
    clearTimeout(timer);
    gone?.removeEventListener('abort', left);
  }
}

function failure(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function tooLate(kind: keyof TimeLimits, limit: number): PomonaError {
  const seconds = limit / 1_000;
  const messages: Record<keyof TimeLimits, string> = {
    query: `This query took longer than ${seconds} s and was stopped. Ask for less: smaller pages, or fewer nested lists.`,
    mutation:
      `This mutation took longer than ${seconds} s and was stopped. Each of its changes was made whole or not at all: ` +
      'read what you meant to change before you send it again.',
    subscription: `What was asked of this event took longer than ${seconds} s and was stopped. Ask for less of each event.`,
  };
  return new PomonaError('TIMEOUT', messages[kind]);
}
