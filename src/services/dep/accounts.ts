import { createPrivateKey, X509Certificate } from 'node:crypto';
import { IsNull, Not } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  DepError,
  MOST_DEVICES,
  readServerToken,
  ServerTokenError,
  type DepAccountDetail,
  type ServerToken,
} from '../../apple/dep/index.js';
import { createAuthority, type Authority } from '../../apple/x509/index.js';
import type { Clock } from '../../clock.js';
import { isDuplicate, lockClause, type Database, type Transaction } from '../../database/index.js';
import { DepAccount } from '../../entities/dep-account.js';
import { PomonaError } from '../../errors.js';
import { stale } from '../catalog/profiles.js';
import type { Page, PageRequest } from '../page.js';
import { findPage } from '../paging.js';
import type { SecretPlace, Vault } from '../vault.js';
import type { DepClients } from './clients.js';
import { toPomonaError } from './failures.js';
import { standingOf, type DepStanding } from './standing.js';

const TEN_YEARS_MS = 10 * 365 * 24 * 60 * 60_000;

/** Where the key of an account is kept. */
const keyAt = (row: string): SecretPlace => ({ table: 'dep_accounts', column: 'sealed_key', row });

/** The accounts at Apple: each its own key pair and server token, both sealed. */
export class DepAccounts {
  /** Told when a token was taken, before whoever uploaded it is answered. */
  onToken: () => Promise<void> = async () => undefined;

  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly clients: DepClients,
    private readonly now: Clock,
  ) {}

  /** Makes an account and its key pair; the certificate is for Apple. Throws INVALID, naming the field. */
  async create(givenName: string): Promise<DepAccount> {
    const name = checkedName(givenName);
    const uuid = uuidv7();
    const at = this.now();
    const pair = createAuthority({
      commonName: `Pomona ${name}`.slice(0, 64),
      notBefore: new Date(at - 60 * 60_000),
      notAfter: new Date(at + TEN_YEARS_MS),
    });
    const key = createPrivateKey(pair.privateKeyPem).export({ type: 'pkcs8', format: 'der' });
    const account = Object.assign(new DepAccount(), {
      uuid,
      name,
      certificate: pair.certificatePem,
      sealedKey: this.vault.seal(key, keyAt(uuid)),
      ...EMPTY,
      createdAt: new Date(at),
      updatedAt: new Date(at),
    });
    await this.database.transaction((tx) => tx.manager.insert(DepAccount, account)).catch(refuseTaken);
    return account;
  }

  /** Throws NOT_FOUND, INVALID, STALE_REVISION. */
  rename(uuid: string, givenName: string, expectedRevision?: number): Promise<DepAccount> {
    const name = checkedName(givenName);
    return this.database
      .transaction(async (tx) => {
        const account = await this.#mustLock(tx, uuid);
        if (expectedRevision !== undefined && expectedRevision !== account.revision)
          throw stale('DEP account', account.revision);
        const changed = { name, revision: account.revision + 1, updatedAt: new Date(this.now()) };
        await tx.manager.update(DepAccount, { uuid }, changed);
        return Object.assign(account, changed);
      })
      .catch(refuseTaken);
  }

  /**
   * Takes the server token (`.p7m`) that Apple made for this account, after asking Apple whose it is. The inventory stays. A
   * token of another server or organisation is refused, since the devices would be others; forced, all of them are read anew.
   * @throws PomonaError NOT_FOUND, INVALID, CONFLICT, UPSTREAM_REFUSED
   */
  async uploadToken(uuid: string, file: Buffer, force = false): Promise<DepAccount> {
    const account = await this.mustFind(uuid);
    const token = this.#read(account, file);
    const detail = await this.#detailOf(token, account);
    const taken = await this.database.transaction(async (tx) => {
      const held = await this.#mustLock(tx, uuid);
      const other = differenceOf(held, token, detail);
      if (other !== undefined && !force)
        throw new PomonaError(
          'CONFLICT',
          `This token is of ${other}. Upload one of the server this account is for, make another account for it, or force it, ` +
            'which reads all devices anew.',
          { path: ['token'] },
        );
      const changed = {
        ...this.#columnsOf(uuid, token, detail),
        ...(other === undefined ? {} : { phase: 'FETCH' as const, cursor: '' }),
        revision: held.revision + 1,
      };
      await tx.manager.update(DepAccount, { uuid }, changed);
      return Object.assign(held, changed);
    });
    await this.onToken();
    return taken;
  }

  get(uuid: string): Promise<DepAccount | null> {
    return this.database.manager.findOneBy(DepAccount, { uuid });
  }

  getMany(uuids: readonly string[]): Promise<DepAccount[]> {
    return this.database.manager
      .createQueryBuilder(DepAccount, 'row')
      .where('row.uuid IN (:...uuids)', { uuids })
      .getMany();
  }

  /** Those that can be synced, oldest first. */
  withToken(): Promise<DepAccount[]> {
    return this.database.manager.find(DepAccount, {
      where: { tokenExpiresAt: Not(IsNull()) },
      order: { uuid: 'ASC' },
    });
  }

  standing(account: DepAccount): DepStanding {
    return standingOf(account, this.now());
  }

  /** Throws NOT_FOUND. */
  async mustFind(uuid: string): Promise<DepAccount> {
    const account = await this.get(uuid);
    if (account === null) throw notFound(uuid);
    return account;
  }

  /** Oldest first. Keyset: `[uuid]`. */
  list(page: PageRequest): Promise<Page<DepAccount>> {
    return findPage(this.database.manager, DepAccount, page, [{ expression: 'row.uuid', descending: false }]);
  }

  #read(account: DepAccount, file: Buffer): ServerToken {
    try {
      return readServerToken(file, this.#keysOf(account));
    } catch (error) {
      if (!(error instanceof ServerTokenError)) throw error;
      throw new PomonaError('INVALID', error.message, { path: ['token'], cause: error });
    }
  }

  #keysOf({ uuid, certificate, sealedKey }: DepAccount): Authority {
    const key = this.vault.open(sealedKey, keyAt(uuid));
    return {
      certificate: new X509Certificate(certificate),
      privateKey: createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
    };
  }

  /** Whose the token is; undefined while Apple tells nobody anything because of its terms. */
  async #detailOf(token: ServerToken, account: DepAccount): Promise<DepAccountDetail | undefined> {
    if (token.accessTokenExpiry.getTime() <= this.now())
      throw new PomonaError('INVALID', 'This server token has expired: download a new one.', {
        path: ['token'],
      });
    try {
      return await this.clients.with(token).account();
    } catch (error) {
      const same = account.consumerKey === null || account.consumerKey === token.consumerKey;
      if (error instanceof DepError && error.failure === 'TERMS_NOT_SIGNED' && same) return undefined;
      throw toPomonaError(error);
    }
  }

  #columnsOf(uuid: string, token: ServerToken, detail: DepAccountDetail | undefined) {
    const at = new Date(this.now());
    return {
      sealedToken: this.clients.seal(uuid, token),
      consumerKey: token.consumerKey,
      tokenExpiresAt: token.accessTokenExpiry,
      tokenUploadedAt: at,
      updatedAt: at,
      nextSyncAt: at,
      blocked: false,
      failure: null,
      failureMessage: null,
      failingSince: null,
      failures: 0,
      // A sync that is under way asked by the former token: what it still hears is not to be written.
      leaseHolder: null,
      leaseUntil: null,
      ...(detail === undefined ? {} : organisationOf(detail)),
    };
  }

  async #mustLock(tx: Transaction, uuid: string): Promise<DepAccount> {
    await tx.query(`SELECT 1 FROM dep_accounts WHERE uuid = ?${lockClause(tx.dialect)}`, [uuid]);
    const account = await tx.manager.findOneBy(DepAccount, { uuid });
    if (account === null) throw notFound(uuid);
    return account;
  }
}

const EMPTY = {
  sealedToken: null,
  consumerKey: null,
  tokenExpiresAt: null,
  tokenUploadedAt: null,
  serverName: null,
  serverUuid: null,
  adminId: null,
  orgName: null,
  orgId: null,
  orgType: null,
  orgEmail: null,
  orgPhone: null,
  deviceLimit: null,
  phase: 'FETCH',
  cursor: '',
  generation: 0,
  syncedAt: null,
  nextSyncAt: null,
  leaseHolder: null,
  leaseUntil: null,
  failure: null,
  failureMessage: null,
  failingSince: null,
  failures: 0,
  blocked: false,
  revision: 1,
} as const;

function organisationOf(detail: DepAccountDetail) {
  const limit = detail.limits['/profile/devices'];
  return {
    serverName: cut(detail.serverName),
    serverUuid: cut(detail.serverUuid),
    adminId: cut(detail.adminId),
    orgName: cut(detail.orgName),
    orgId: cut(detail.orgId),
    orgType: cut(detail.orgType, 64),
    orgEmail: cut(detail.orgEmail),
    orgPhone: cut(detail.orgPhone),
    deviceLimit: limit === undefined ? null : Math.min(limit, MOST_DEVICES),
  };
}

const cut = (text: string | null, most = 255): string | null => text?.slice(0, most) ?? null;

/** In words, what is not the same as before; undefined: it is the same server, or the first token. */
function differenceOf(
  held: DepAccount,
  token: ServerToken,
  detail: DepAccountDetail | undefined,
): string | undefined {
  if (held.consumerKey === null) return undefined;
  if (detail?.orgId != null && held.orgId !== null && detail.orgId !== held.orgId)
    return `another organization (${detail.orgName ?? detail.orgId}; this account is of ${held.orgName ?? held.orgId})`;
  if (detail?.serverUuid != null && held.serverUuid !== null && detail.serverUuid !== held.serverUuid)
    return `another server (${detail.serverName ?? detail.serverUuid}; this account is for ${held.serverName ?? held.serverUuid})`;
  return held.consumerKey === token.consumerKey
    ? undefined
    : 'another server (its consumer key is another one)';
}

function checkedName(given: string): string {
  const name = given.trim();
  if (name !== '' && name.length <= 255) return name;
  throw new PomonaError('INVALID', 'An account needs a name of 1 to 255 characters.', { path: ['name'] });
}

function refuseTaken(error: unknown): never {
  if (!isDuplicate(error)) throw error;
  throw new PomonaError('CONFLICT', 'There is an account of that name already.', {
    path: ['name'],
    cause: error,
  });
}

function notFound(uuid: string): PomonaError {
  return new PomonaError('NOT_FOUND', `There is no DEP account ${uuid}.`);
}
