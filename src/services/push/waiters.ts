import type { Push } from '../../entities/push.js';
import { PomonaError } from '../../errors.js';
import { Bell } from './bell.js';

/** How often to look for an outcome that another process may have settled. */
const LOOK_MS = 1000;

/** Those in this process who wait for the outcome of a push. */
export class SettledWaiters {
  readonly #bells = new Map<string, Set<Bell>>();

  constructor(private readonly read: (pushUuid: string) => Promise<Push | undefined>) {}

  tell(pushUuid: string): void {
    for (const bell of this.#bells.get(pushUuid) ?? []) bell.ring();
  }

  /** Resolves with the push once it is settled. Throws TIMEOUT, with what is known of it, after `timeoutMs` milliseconds. */
  async wait(pushUuid: string, timeoutMs: number): Promise<Push> {
    const bell = this.#hang(pushUuid);
    try {
      return await this.#untilSettled(pushUuid, bell, performance.now() + timeoutMs);
    } finally {
      this.#takeDown(pushUuid, bell);
    }
  }

  async #untilSettled(pushUuid: string, bell: Bell, deadline: number): Promise<Push> {
    for (;;) {
      const push = await this.read(pushUuid);
      if (push?.settledAt != null) return push;
      const left = deadline - performance.now();
      if (left <= 0) throw timedOut(pushUuid, push);
      await bell.wait(Math.min(left, LOOK_MS));
    }
  }

  #hang(pushUuid: string): Bell {
    const bell = new Bell();
    const others = this.#bells.get(pushUuid) ?? new Set();
    this.#bells.set(pushUuid, others.add(bell));
    return bell;
  }

  #takeDown(pushUuid: string, bell: Bell): void {
    const bells = this.#bells.get(pushUuid);
    bells?.delete(bell);
    if (bells?.size === 0) this.#bells.delete(pushUuid);
  }
}

function timedOut(pushUuid: string, push: Push | undefined): PomonaError {
  const last = push?.reason == null ? '' : ` The last attempt ended with “${push.reason}”.`;
  return new PomonaError(
    'TIMEOUT',
    `The push has no outcome yet; it goes on, and can be looked up as ${pushUuid}.${last}`,
    {
      details: {
        pushUuid,
        status: push?.status ?? null,
        attempts: push?.attempts ?? null,
        reason: push?.reason ?? null,
      },
    },
  );
}
