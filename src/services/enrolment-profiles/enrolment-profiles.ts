import { randomBytes } from 'node:crypto';
import { In } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../clock.js';
import { isDuplicate, lockClause, type Database, type Transaction } from '../../database/index.js';
import { EnrollmentProfile, type EnrollmentProfileState } from '../../entities/enrollment-profile.js';
import type { AccountDrivenMode } from '../../entities/sign-in.js';
import type { Profile } from '../../entities/profile.js';
import { PomonaError } from '../../errors.js';
import type { Catalog } from '../catalog/catalog.js';
import { stale } from '../catalog/profiles.js';
import { LED_TO } from '../dep/assigned-profile.js';
import type { Page, PageRequest } from '../page.js';
import { findPage } from '../paging.js';
import { keepSerials } from './automated-serials.js';
import { checkFields, DEFAULTS, refuseUseless, type EnrollmentProfileFields } from './fields.js';
import { stateOf } from './standing.js';
import { secretHash } from '../secret-hash.js';

export type NewEnrollmentProfile = Pick<EnrollmentProfileFields, 'name'> & Partial<EnrollmentProfileFields>;

export interface EnrollmentProfileChanges extends Partial<EnrollmentProfileFields> {
  /** Make a new link; the former one stops working. */
  readonly newLink?: boolean;
}

/** A profile, and its link when one was made just now. */
export interface WithLink {
  readonly profile: EnrollmentProfile;
  readonly link: string | undefined;
}

/**
 * The ways to enrol. A link's token has 256 random bits and only its hash is kept: the link is told once, and whoever has lost
 * it has a new one made. A database that leaks enrols nobody.
 */
export class EnrollmentProfiles {
  constructor(
    private readonly database: Database,
    private readonly catalog: Catalog,
    private readonly publicUrl: () => string,
    private readonly now: Clock,
  ) {}

  /** Throws INVALID, naming the field. */
  async create(given: NewEnrollmentProfile): Promise<WithLink> {
    refuseUseless(given);
    const fields = checkFields({ ...DEFAULTS, ...given }, given, this.now());
    const token = newToken();
    const at = new Date(this.now());
    const made = {
      uuid: uuidv7(),
      tokenSha256: secretHash(token),
      usedCount: 0,
      revokedAt: null,
      revision: 1,
    };
    const profile = Object.assign(new EnrollmentProfile(), columnsOf(fields), made, {
      linkMadeAt: at,
      createdAt: at,
      updatedAt: at,
    });
    await this.#write(fields, profile.uuid, (tx) => tx.manager.insert(EnrollmentProfile, profile));
    return { profile, link: this.#linkOfNew(token, fields) };
  }

  /**
   * Changes what is given and leaves the rest. Throws NOT_FOUND, INVALID, STALE_REVISION, and CONFLICT for one that was revoked:
   * that is for good.
   */
  async update(
    uuid: string,
    { newLink = false, ...given }: EnrollmentProfileChanges,
    expectedRevision?: number,
  ): Promise<WithLink> {
    const token = newLink ? newToken() : undefined;
    const profile = await this.database
      .transaction(async (tx) => {
        const former = await mustLock(tx, uuid);
        refuseStale(former, expectedRevision);
        const { accountDriven } = former;
        const fields = checkFields({ ...fieldsOf(former), ...given }, given, this.now());
        const otherWay = fields.accountDriven !== accountDriven;
        const at = new Date(this.now());
        const changed = Object.assign(former, columnsOf(fields), {
          ...linkColumns(token, otherWay && fields.accountDriven !== null, at),
          revision: former.revision + 1,
          updatedAt: at,
        });
        // What was downloaded by the link enrols nobody once people have to sign in.
        if (newLink || otherWay) await voidDownloads(tx, uuid);
        await this.#writeIn(tx, fields, uuid, () => tx.manager.update(EnrollmentProfile, { uuid }, changed));
        return changed;
      })
      .catch(refuseSecondMark);
    return { profile, link: this.#linkOfNew(token, profile) };
  }

  /** Ends it at once and for good, also for devices that have the profile and did not enrol yet. Throws NOT_FOUND. Twice changes nothing. */
  revoke(uuid: string): Promise<EnrollmentProfile> {
    return this.database.transaction(async (tx) => {
      const profile = await mustLock(tx, uuid);
      if (profile.revokedAt !== null) return profile;
      const at = new Date(this.now());
      const changed = {
        revokedAt: at,
        updatedAt: at,
        defaultMark: null,
        accountDriven: null,
        revision: profile.revision + 1,
      };
      await tx.manager.update(EnrollmentProfile, { uuid }, changed);
      await voidDownloads(tx, uuid);
      await keepSerials(tx, uuid, []);
      return Object.assign(profile, changed);
    });
  }

  get(uuid: string): Promise<EnrollmentProfile | null> {
    return this.database.manager.findOneBy(EnrollmentProfile, { uuid });
  }

  getMany(uuids: readonly string[]): Promise<EnrollmentProfile[]> {
    return this.database.manager.findBy(EnrollmentProfile, { uuid: In([...uuids]) });
  }

  /** Oldest first. Keyset: `[uuid]`. */
  list(page: PageRequest): Promise<Page<EnrollmentProfile>> {
    return findPage(this.database.manager, EnrollmentProfile, page, [
      { expression: 'row.uuid', descending: false },
    ]);
  }

  stateOf(profile: EnrollmentProfile): EnrollmentProfileState {
    return stateOf(profile, this.now());
  }

  /** Whose link this is: one look-up by hash, as long for a token nobody has as for any other. */
  findByToken(token: string): Promise<EnrollmentProfile | null> {
    return this.database.manager.findOneBy(EnrollmentProfile, { tokenSha256: secretHash(token) });
  }

  /** The one that is served to whoever asks, if the operator marked one. */
  findDefault(): Promise<EnrollmentProfile | null> {
    return this.database.manager.findOneBy(EnrollmentProfile, { defaultMark: 1 });
  }

  /**
   * The one that a device in Setup Assistant enrols by: the one that Apple's assignment leads to, or else the one that names its
   * serial number. One statement.
   */
  findBySerial(serialNumber: string): Promise<EnrollmentProfile | null> {
    const named =
      'SELECT s.profile_uuid FROM enrollment_profile_serials s WHERE s.serial_number = :serialNumber';
    const ledTo = LED_TO.replace('?', ':serialNumber');
    return this.database.manager
      .createQueryBuilder(EnrollmentProfile, 'row')
      .where(`row.uuid = COALESCE((${ledTo}), (${named}))`, { serialNumber })
      .getOne();
  }

  /** The one for people who sign in, if the operator marked one for this way. */
  findAccountDriven(accountDriven: AccountDrivenMode): Promise<EnrollmentProfile | null> {
    return this.database.manager.findOneBy(EnrollmentProfile, { accountDriven });
  }

  /** The address that a token makes. */
  linkOf(token: string): string {
    return `${this.publicUrl().replace(/\/$/, '')}/enroll/${token}`;
  }

  /** A profile for people who sign in is opened by no link. */
  #linkOfNew(
    token: string | undefined,
    { accountDriven }: Pick<EnrollmentProfileFields, 'accountDriven'>,
  ): string | undefined {
    return token === undefined || accountDriven !== null ? undefined : this.linkOf(token);
  }

  async #write(
    fields: EnrollmentProfileFields,
    uuid: string,
    write: (tx: Transaction) => Promise<unknown>,
  ): Promise<void> {
    await this.database
      .transaction((tx) => this.#writeIn(tx, fields, uuid, () => write(tx)))
      .catch(refuseSecondMark);
  }

  /** Under the catalogue's lock, so that the workflow and the Wi-Fi profile cannot go away meanwhile. */
  async #writeIn(
    tx: Transaction,
    fields: EnrollmentProfileFields,
    uuid: string,
    write: () => Promise<unknown>,
  ): Promise<void> {
    const { workflowUuid, wifiProfileUuid, isDefault, accountDriven } = fields;
    const { workflows, profiles } = await this.catalog.during(tx);
    if (workflowUuid !== null && !workflows.has(workflowUuid))
      throw new PomonaError('INVALID', `There is no workflow ${workflowUuid}.`, { path: ['workflowUuid'] });
    if (wifiProfileUuid !== null) mustBeWifi(profiles.get(wifiProfileUuid), wifiProfileUuid);
    if (isDefault) {
      await tx.run(
        'UPDATE enrollment_profiles SET default_mark = NULL WHERE default_mark = 1 AND uuid <> ?',
        [uuid],
      );
    }
    if (accountDriven !== null) {
      await tx.run(
        'UPDATE enrollment_profiles SET account_driven = NULL WHERE account_driven = ? AND uuid <> ?',
        [accountDriven, uuid],
      );
    }
    await write();
    await keepSerials(tx, uuid, fields.servesAutomatedEnrollment ? fields.allowedSerialNumbers : []);
  }
}

/** Throws INVALID for anything else than a profile that brings a Wi-Fi network. */
function mustBeWifi(profile: Profile | undefined, uuid: string): void {
  if (profile?.payloadTypes.includes('com.apple.wifi.managed') === true) return;
  const message =
    profile === undefined
      ? `There is no profile ${uuid}.`
      : `The profile ${profile.payloadIdentifier} has no Wi-Fi in it (a payload of type com.apple.wifi.managed).`;
  throw new PomonaError('INVALID', message, { path: ['wifiProfileUuid'] });
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** @param closed nobody is to come by the former link any more, also when people need not sign in again one day */
function linkColumns(token: string | undefined, closed: boolean, at: Date): Partial<EnrollmentProfile> {
  if (token !== undefined) return { tokenSha256: secretHash(token), linkMadeAt: at };
  return closed ? { tokenSha256: secretHash(newToken()) } : {};
}

function columnsOf({ isDefault, ...fields }: EnrollmentProfileFields): Partial<EnrollmentProfile> {
  const allowedSerialNumbers = [...fields.allowedSerialNumbers];
  return { ...fields, allowedSerialNumbers, defaultMark: isDefault ? 1 : null };
}

function fieldsOf(profile: EnrollmentProfile): EnrollmentProfileFields {
  const { name, workflowUuid, allowedSerialNumbers, organization, accessRights } = profile;
  const {
    includesAuthority,
    defaultMark,
    accountDriven,
    servesAutomatedEnrollment,
    allowsReenrollment,
    minimumOsVersions,
    expiresAt,
    usesLeft,
    returnToService,
    wifiProfileUuid,
  } = profile;
  const isDefault = defaultMark === 1;
  return {
    name,
    workflowUuid,
    allowedSerialNumbers,
    organization,
    accessRights,
    includesAuthority,
    isDefault,
    accountDriven,
    servesAutomatedEnrollment: servesAutomatedEnrollment === true,
    allowsReenrollment: allowsReenrollment === true,
    minimumOsVersions,
    expiresAt,
    usesLeft,
    returnToService: returnToService === true,
    wifiProfileUuid,
  };
}

/** The row, locked until the transaction ends: a device that enrols meanwhile counts before or after the edit, never in between. */
async function mustLock(tx: Transaction, uuid: string): Promise<EnrollmentProfile> {
  const rows = await tx.query(`SELECT 1 FROM enrollment_profiles WHERE uuid = ?${lockClause(tx.dialect)}`, [
    uuid,
  ]);
  const profile = rows.length === 0 ? null : await tx.manager.findOneBy(EnrollmentProfile, { uuid });
  if (profile === null) throw new PomonaError('NOT_FOUND', `There is no enrollment profile ${uuid}.`);
  return profile;
}

/** Profiles that were downloaded by a link get no certificate any more; those that enrolled devices were sent for their renewal do. */
async function voidDownloads(tx: Transaction, uuid: string): Promise<void> {
  await tx.run(
    `DELETE FROM enrollment_challenges
      WHERE enrollment_profile_uuid = ? AND used_at IS NULL AND renewal_of_device_uuid IS NULL`,
    [uuid],
  );
}

function refuseStale({ revision, revokedAt, name }: EnrollmentProfile, expected: number | undefined): void {
  if (revokedAt !== null)
    throw new PomonaError('CONFLICT', `The enrollment profile "${name}" was revoked. Make a new one.`);
  if (expected !== undefined && expected !== revision) throw stale('enrollment profile', revision);
}

/** Two at once asked to be the default one, or the one of a kind: the unique index lets one. */
function refuseSecondMark(error: unknown): never {
  if (!isDuplicate(error)) throw error;
  throw new PomonaError(
    'CONFLICT',
    'Another enrollment profile was given the same mark (isDefault, accountDriven) just now. Try again.',
    { cause: error },
  );
}
