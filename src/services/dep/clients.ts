import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { DepClient, type ServerToken } from '../../apple/dep/index.js';
import type { Clock } from '../../clock.js';
import type { DepAccount } from '../../entities/dep-account.js';
import { PomonaError } from '../../errors.js';
import type { SecretPlace, Vault } from '../vault.js';

export interface DepServiceOptions {
  /** Of Apple's service, or of a stand-in. */
  readonly baseUrl: string;
  readonly userAgent: string;
  readonly protocolVersion: number;
}

const StoredToken = z.object({
  consumerKey: z.string(),
  consumerSecret: z.string(),
  accessToken: z.string(),
  accessSecret: z.string(),
  accessTokenExpiry: z.iso.datetime(),
});

const tokenAt = (row: string): SecretPlace => ({ table: 'dep_accounts', column: 'sealed_token', row });

/** Clients of Apple's service, one an account and token: each keeps its session. */
export class DepClients {
  readonly #clients = new LRUCache<string, DepClient>({ max: 200 });

  constructor(
    private readonly vault: Vault,
    private readonly options: DepServiceOptions,
    private readonly now: Clock,
  ) {}

  /** Throws FEATURE_NOT_AVAILABLE for an account that has no server token. */
  of({ uuid, name, sealedToken }: DepAccount): DepClient {
    if (sealedToken === null) throw withoutToken(name);
    const key = `${uuid} ${sealedToken.toString('base64')}`;
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const client = this.with(this.#open(uuid, sealedToken));
    this.#clients.set(key, client);
    return client;
  }

  /** A client for a token that is not kept yet. */
  with(token: ServerToken): DepClient {
    return new DepClient({ ...this.options, token, now: this.now });
  }

  seal(uuid: string, token: ServerToken): Buffer {
    return this.vault.seal(Buffer.from(JSON.stringify(token), 'utf8'), tokenAt(uuid));
  }

  #open(uuid: string, sealed: Buffer): ServerToken {
    const stored = StoredToken.parse(JSON.parse(this.vault.open(sealed, tokenAt(uuid)).toString('utf8')));
    return { ...stored, accessTokenExpiry: new Date(stored.accessTokenExpiry) };
  }
}

function withoutToken(name: string): PomonaError {
  return new PomonaError(
    'FEATURE_NOT_AVAILABLE',
    `The account "${name}" has no server token yet: upload its certificate in Apple Business Manager, and the .p7m from there with depAccountTokenUpload.`,
  );
}
