import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../clock.js';
import { GatherReads, placeholders, type Database } from '../database/index.js';
import { ApiToken } from '../entities/api-token.js';
import type { Role } from '../entities/enums.js';
import { PomonaError } from '../errors.js';
import type { Principal } from './access.js';
import { findPage } from './paging.js';
import type { Page, PageRequest } from './page.js';

const PREFIX = 'pomona_';
const LAST_USED_STEP_MS = 60_000;

export interface NewApiToken {
  readonly name: string;
  readonly role: Role;
  readonly expiresAt?: Date | null;
}

/** What every request is checked against. */
type KnownToken = Pick<ApiToken, 'uuid' | 'name' | 'role' | 'expiresAt' | 'revokedAt'>;

interface TokenRow extends Pick<ApiToken, 'sha256' | 'uuid' | 'name' | 'role'> {
  readonly expiresAt: number | string | null;
  readonly revokedAt: number | string | null;
}

function toKnown({ uuid, name, role, expiresAt, revokedAt }: TokenRow): KnownToken {
  return { uuid, name, role, expiresAt: toInstant(expiresAt), revokedAt: toInstant(revokedAt) };
}

function toInstant(at: number | string | null): Date | null {
  return at === null ? null : new Date(Number(at));
}

/** The keys to the API: made, checked, revoked. Only hashes are kept. */
export class ApiTokens {
  readonly #lastNoted = new Map<string, number>();
  readonly #byHash: GatherReads<string, KnownToken | undefined>;

  constructor(
    private readonly database: Database,
    private readonly now: Clock,
  ) {
    this.#byHash = new GatherReads({ most: 100, atOnce: 2 }, (hashes) => this.#find(hashes));
  }

  /**
   * Who holds this token. One look-up by hash, shared with requests that come at about the same time; `last_used_at` is noted once a minute at most, not waited for.
   * Returns undefined for a token that is unknown, revoked or expired.
   */
  async authenticate(token: string): Promise<Principal | undefined> {
    if (token.length < 16 || token.length > 512) return undefined;
    const found = await this.#byHash.ask(hash(token));
    if (found === undefined || !this.#usable(found)) return undefined;
    this.#noteUse(found.uuid);
    return { tokenUuid: found.uuid, name: found.name, role: found.role, expiresAt: found.expiresAt };
  }

  /** Whether a caller who was let in may still be. Asked again by long-lived connections. */
  async stillValid(principal: Principal): Promise<boolean> {
    const found = await this.database.manager.findOneBy(ApiToken, { uuid: principal.tokenUuid });
    return found !== null && this.#usable(found) && found.role === principal.role;
  }

  /** Makes a token. Its text is returned here and never again. */
  async create(input: NewApiToken): Promise<{ token: string; record: ApiToken }> {
    const name = input.name.trim();
    if (name === '' || name.length > 255) {
      throw new PomonaError('INVALID', 'A token needs a name of 1 to 255 characters.', { path: ['name'] });
    }
    if (input.expiresAt != null && input.expiresAt.getTime() <= this.now()) {
      throw new PomonaError('INVALID', 'expiresAt must lie in the future.', { path: ['expiresAt'] });
    }
    const token = PREFIX + randomBytes(32).toString('base64url');
    return { token, record: await this.#keep(token, { ...input, name }) };
  }

  /** Revokes a token at once. Throws NOT_FOUND. Revoking twice changes nothing. */
  async revoke(uuid: string): Promise<ApiToken> {
    await this.database.run('UPDATE api_tokens SET revoked_at = ? WHERE uuid = ? AND revoked_at IS NULL', [
      this.now(),
      uuid,
    ]);
    const record = await this.database.manager.findOneBy(ApiToken, { uuid });
    if (record === null) throw new PomonaError('NOT_FOUND', `There is no API token ${uuid}.`);
    return record;
  }

  get(uuid: string): Promise<ApiToken | null> {
    return this.database.manager.findOneBy(ApiToken, { uuid });
  }

  list(page: PageRequest): Promise<Page<ApiToken>> {
    return findPage(this.database.manager, ApiToken, page, [{ expression: 'row.uuid', descending: false }]);
  }

  /**
   * Sees to it that there is an admin token. With `given` (POMONA_ADMIN_TOKEN) that one works from now on; without, the
   * first start makes one. Returns the text of a token that was made, so that it can be shown once.
   */
  async ensureFirst(given: string | undefined, adminRole: Role): Promise<string | undefined> {
    if (given !== undefined) {
      const known = await this.database.manager.findOneBy(ApiToken, { sha256: hash(given) });
      if (known === null) await this.#keep(given, { name: 'POMONA_ADMIN_TOKEN', role: adminRole });
      return undefined;
    }
    if ((await this.database.manager.countBy(ApiToken, {})) > 0) return undefined;
    return (await this.create({ name: 'First admin', role: adminRole })).token;
  }

  async #keep(token: string, input: NewApiToken): Promise<ApiToken> {
    const record = Object.assign(new ApiToken(), {
      uuid: uuidv7(),
      name: input.name,
      role: input.role,
      sha256: hash(token),
      createdAt: new Date(this.now()),
      expiresAt: input.expiresAt ?? null,
      revokedAt: null,
      lastUsedAt: null,
    });
    await this.database.transaction((tx) => tx.manager.insert(ApiToken, record));
    return record;
  }

  async #find(hashes: readonly string[]): Promise<(KnownToken | undefined)[]> {
    const distinct = [...new Set(hashes)];
    const rows = await this.database.query<TokenRow>(
      `SELECT sha256, uuid, name, role, expires_at AS expiresAt, revoked_at AS revokedAt
         FROM api_tokens WHERE sha256 IN ${placeholders(distinct.length)}`,
      distinct,
    );
    const byHash = new Map(rows.map((row) => [row.sha256, toKnown(row)]));
    return hashes.map((sha256) => byHash.get(sha256));
  }

  #usable(token: Pick<ApiToken, 'revokedAt' | 'expiresAt'>): boolean {
    return token.revokedAt === null && (token.expiresAt === null || token.expiresAt.getTime() > this.now());
  }

  #noteUse(uuid: string): void {
    const now = this.now();
    if (now - (this.#lastNoted.get(uuid) ?? 0) < LAST_USED_STEP_MS) return;
    this.#lastNoted.set(uuid, now);
    this.database
      .run('UPDATE api_tokens SET last_used_at = ? WHERE uuid = ?', [now, uuid])
      .catch(() => undefined);
  }
}

function hash(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}
