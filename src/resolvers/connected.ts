import type { Logger } from '../log.js';
import type { Principal } from '../services/access.js';
import type { ApiTokens } from '../services/api-tokens.js';

/** How long a connection may go on after another process revoked its token. One statement in this time, for all of them. */
const POLL_MS = 2_000;
/** setTimeout takes no more, and fires at once instead. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Watched {
  readonly gone: () => void;
  expiry?: NodeJS.Timeout;
}

/**
 * Who is connected, and whether they still may be. A token that expires is noticed by a timer, one that this process revokes
 * at once, one that another process revokes within two seconds; so nothing needs to be asked for each event.
 */
export class Connected {
  readonly #watched = new Map<Principal, Watched>();
  /** Each connection has a principal object of its own. */
  readonly #gone = new WeakSet<Principal>();
  readonly #stopListening: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly tokens: Pick<ApiTokens, 'noLongerValid' | 'onRevoked'>,
    private readonly log: Pick<Logger, 'error'>,
    private readonly pollMs = POLL_MS,
  ) {
    this.#stopListening = tokens.onRevoked((uuid) => this.#revoked(uuid));
  }

  /** Whether a caller who was let in may still be. */
  allowed(principal: Principal): boolean {
    return !this.#gone.has(principal) && !expired(principal);
  }

  /** Calls `gone`, once, when the principal may no longer be connected. Returns how to stop. */
  watch(principal: Principal, gone: () => void): () => void {
    const watched: Watched = { gone };
    this.#watched.set(principal, watched);
    this.#awaitExpiry(principal, watched);
    this.#timer ??= setInterval(() => void this.#poll(), this.pollMs).unref();
    return () => this.#forget(principal);
  }

  stop(): void {
    this.#stopListening();
    for (const principal of this.#watched.keys()) this.#forget(principal);
  }

  #awaitExpiry(principal: Principal, watched: Watched): void {
    if (principal.expiresAt === null) return;
    const left = Math.min(principal.expiresAt.getTime() - Date.now(), LONGEST_TIMER_MS);
    watched.expiry = setTimeout(() => {
      if (expired(principal)) this.#drop(principal);
      else this.#awaitExpiry(principal, watched);
    }, left).unref();
  }

  #revoked(uuid: string): void {
    for (const principal of this.#watched.keys()) {
      if (principal.tokenUuid === uuid) this.#drop(principal);
    }
  }

  async #poll(): Promise<void> {
    try {
      for (const principal of await this.tokens.noLongerValid([...this.#watched.keys()]))
        this.#drop(principal);
    } catch (error) {
      // They stay connected: without the database nothing is told to them either.
      this.log.error({ err: error }, 'The tokens of open connections could not be checked');
    }
  }

  #drop(principal: Principal): void {
    const watched = this.#watched.get(principal);
    this.#gone.add(principal);
    this.#forget(principal);
    watched?.gone();
  }

  #forget(principal: Principal): void {
    clearTimeout(this.#watched.get(principal)?.expiry);
    this.#watched.delete(principal);
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function expired({ expiresAt }: Principal): boolean {
  return expiresAt !== null && expiresAt.getTime() <= Date.now();
}
