import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../clock.js';
import { GatherReads, isDuplicate, placeholders, type Database } from '../database/index.js';
import { ApiToken } from '../entities/api-token.js';
import { wordsIn } from '../entities/columns.js';
import { Role, type Scope } from '../entities/enums.js';
import { PomonaError } from '../errors.js';
import { mayHold, SCOPES, type Principal } from './access.js';
import { findPage } from './paging.js';
import type { Page, PageRequest } from './page.js';
import { secretHash } from './secret-hash.js';

const PREFIX = 'pomona_';
const LAST_USED_STEP_MS = 60_000;

export interface NewApiToken {
  readonly name: string;
  readonly role: Role;
  /** None, when left out: a role has no scope by itself. */
  readonly scopes?: readonly Scope[] | undefined;
  readonly expiresAt?: Date | null;
}

/** What every request is checked against. */
type KnownToken = Pick<ApiToken, 'uuid' | 'name' | 'role' | 'scopes' | 'expiresAt' | 'revokedAt'>;

interface TokenRow extends Pick<ApiToken, 'sha256' | 'uuid' | 'name' | 'role'> {
  /** As the column has it: words with commas between. */
  readonly scopes: string | null;
  readonly expiresAt: number | string | null;
  readonly revokedAt: number | string | null;
}

function toKnown({ uuid, name, role, scopes, expiresAt, revokedAt }: TokenRow): KnownToken {
  return {
    uuid,
    name,
    role,
    scopes: wordsIn<Scope>(scopes),
    expiresAt: toInstant(expiresAt),
    revokedAt: toInstant(revokedAt),
  };
}

function toInstant(at: number | string | null): Date | null {
  return at === null ? null : new Date(Number(at));
}

/** The keys to the API: made, checked, revoked. Only hashes are kept. */
export class ApiTokens {
  readonly #lastNoted = new Map<string, number>();
  readonly #revocations = new Set<(uuid: string) => void>();
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
    const found = await this.#byHash.ask(secretHash(token));
    if (found === undefined || !this.#usable(found)) return undefined;
    this.#noteUse(found.uuid);
    const { uuid, name, role, scopes, expiresAt } = found;
    return { tokenUuid: uuid, name, role, scopes, expiresAt };
  }

  /** Which of those who were let in may no longer be: revoked, expired, or of other rights by now. One statement for all. */
  async noLongerValid(principals: readonly Principal[]): Promise<Principal[]> {
    const uuids = [...new Set(principals.map(({ tokenUuid }) => tokenUuid))];
    if (uuids.length === 0) return [];
    const found = await this.database.query<TokenRow>(
      `SELECT sha256, uuid, name, role, scopes, expires_at AS expiresAt, revoked_at AS revokedAt
         FROM api_tokens WHERE uuid IN ${placeholders(uuids.length)}`,
      uuids,
    );
    const known = new Map(found.map((row) => [row.uuid, toKnown(row)]));
    return principals.filter((principal) => !this.#stillGrants(known.get(principal.tokenUuid), principal));
  }

  /** Tells of each token that this process revokes, by uuid. Returns how to stop. */
  onRevoked(tell: (uuid: string) => void): () => void {
    this.#revocations.add(tell);
    return () => this.#revocations.delete(tell);
  }

  /**
   * Makes a token. Its text is returned here and never again. Throws INVALID, naming what was wrong, and FORBIDDEN for a
   * scope that the one who asks has not: otherwise a token without scopes would be as good as one with all of them.
   * @param by who asks; undefined when it is the server itself
   */
  async create(input: NewApiToken, by?: Principal): Promise<{ token: string; record: ApiToken }> {
    const name = input.name.trim();
    if (name === '' || name.length > 255) {
      throw new PomonaError('INVALID', 'A token needs a name of 1 to 255 characters.', { path: ['name'] });
    }
    if (input.expiresAt != null && input.expiresAt.getTime() <= this.now()) {
      throw new PomonaError('INVALID', 'expiresAt must lie in the future.', { path: ['expiresAt'] });
    }
    const scopes = SCOPES.filter((scope) => input.scopes?.includes(scope));
    refuseScopes(input.role, scopes, by);
    const token = PREFIX + randomBytes(32).toString('base64url');
    return { token, record: await this.#keep(token, { ...input, name, scopes }) };
  }

  /** Revokes a token at once. Throws NOT_FOUND. Revoking twice changes nothing. */
  async revoke(uuid: string): Promise<ApiToken> {
    await this.database.run('UPDATE api_tokens SET revoked_at = ? WHERE uuid = ? AND revoked_at IS NULL', [
      this.now(),
      uuid,
    ]);
    const record = await this.database.manager.findOneBy(ApiToken, { uuid });
    if (record === null) throw new PomonaError('NOT_FOUND', `There is no API token ${uuid}.`);
    for (const tell of this.#revocations) tell(uuid);
    return record;
  }

  /** How many tokens that are good now end within so many milliseconds. */
  async countEnding(withinMs: number): Promise<number> {
    const now = this.now();
    const rows = await this.database.query<{ count: number | string }>(
      'SELECT COUNT(*) AS count FROM api_tokens WHERE revoked_at IS NULL AND expires_at > ? AND expires_at <= ?',
      [now, now + withinMs],
    );
    return Number(rows[0]?.count ?? 0);
  }

  get(uuid: string): Promise<ApiToken | null> {
    return this.database.manager.findOneBy(ApiToken, { uuid });
  }

  list(page: PageRequest): Promise<Page<ApiToken>> {
    return findPage(this.database.manager, ApiToken, page, [{ expression: 'row.uuid', descending: false }]);
  }

  /**
   * Sees to it that there is an admin token that may do everything. With `given` (POMONA_ADMIN_TOKEN) that one works from
   * now on; without, the first start makes one. Returns the text of a token that was made, so that it can be shown once.
   */
  async ensureFirst(given: string | undefined): Promise<string | undefined> {
    const all = { role: Role.ADMIN, scopes: SCOPES };
    if (given !== undefined) {
      const known = await this.database.manager.findOneBy(ApiToken, { sha256: secretHash(given) });
      if (known === null)
        await this.#keep(given, { name: 'POMONA_ADMIN_TOKEN', ...all }).catch(keptByAnother);
      return undefined;
    }
    if ((await this.database.manager.countBy(ApiToken, {})) > 0) return undefined;
    return (await this.create({ name: 'First admin', ...all })).token;
  }

  async #keep(token: string, input: NewApiToken): Promise<ApiToken> {
    const record = Object.assign(new ApiToken(), {
      uuid: uuidv7(),
      name: input.name,
      role: input.role,
      scopes: [...(input.scopes ?? [])],
      sha256: secretHash(token),
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
      `SELECT sha256, uuid, name, role, scopes, expires_at AS expiresAt, revoked_at AS revokedAt
         FROM api_tokens WHERE sha256 IN ${placeholders(distinct.length)}`,
      distinct,
    );
    const byHash = new Map(rows.map((row) => [row.sha256, toKnown(row)]));
    return hashes.map((sha256) => byHash.get(sha256));
  }

  #usable(token: Pick<ApiToken, 'revokedAt' | 'expiresAt'>): boolean {
    return token.revokedAt === null && (token.expiresAt === null || token.expiresAt.getTime() > this.now());
  }

  #stillGrants(known: KnownToken | undefined, { role, scopes }: Principal): boolean {
    if (known === undefined || !this.#usable(known)) return false;
    return known.role === role && known.scopes.join() === scopes.join();
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

/** A process that started at the same time was first. */
function keptByAnother(error: unknown): void {
  if (!isDuplicate(error)) throw error;
}

function refuseScopes(role: Role, scopes: readonly Scope[], by: Principal | undefined): void {
  const impossible = scopes.find((scope) => !mayHold(role, scope));
  if (impossible !== undefined) {
    throw new PomonaError(
      'INVALID',
      `A ${role} sends no commands, so it cannot have the scope ${impossible}: leave the scope out, or make it an OPERATOR or ADMIN.`,
      { path: ['scopes'] },
    );
  }
  const beyond = by === undefined ? [] : scopes.filter((scope) => !by.scopes.includes(scope));
  if (by === undefined || beyond.length === 0) return;
  throw new PomonaError(
    'FORBIDDEN',
    `The token "${by.name}" has not the scope ${beyond.join(', ')}, and a token gives others only scopes that it has itself.`,
  );
}
