import { In } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  MobileconfigError,
  readConfigurationProfile,
  type ConfigurationProfile,
} from '../../apple/mobileconfig/index.js';
import type { Clock } from '../../clock.js';
import type { Database, Transaction } from '../../database/index.js';
import { Profile, ProfileRevision } from '../../entities/profile.js';
import { PomonaError } from '../../errors.js';
import type { Page, PageRequest } from '../page.js';
import { findPage, type OrderColumn } from '../paging.js';
import type { Catalog } from './catalog.js';
import type { CatalogSnapshot } from './snapshot.js';

/** Who has to know that workflows now come down to something else. */
export interface AffectedDevices {
  mark(tx: Transaction, workflowUuids: Iterable<string>): Promise<void>;
}

export interface ProfileUpload {
  /** The .mobileconfig, signed or not. */
  readonly content: Buffer;
  /** When given, the PayloadIdentifier inside must be this. */
  readonly payloadIdentifier?: string | undefined;
}

/** Characters that the columns hold. Names and descriptions only tell people, so longer ones are cut. */
const NAME_LENGTH = 255;
const DESCRIPTION_LENGTH = 1_024;

const BY_IDENTIFIER: readonly OrderColumn[] = [{ expression: 'row.payloadIdentifier', descending: false }];

/** Configuration profiles. A revision's content never changes; replacing makes the next one and reaches every device. */
export class Profiles {
  constructor(
    private readonly database: Database,
    private readonly catalog: Catalog,
    private readonly affected: AffectedDevices,
    private readonly now: Clock,
  ) {}

  /** Adds a profile. Throws INVALID (with the reason) when it is not a configuration profile, CONFLICT when its identifier is taken. */
  create(upload: ProfileUpload): Promise<Profile> {
    const read = readUpload(upload);
    return this.database.transaction(async (tx) => {
      const before = await this.catalog.lock(tx);
      const taken = findByIdentifier(before, read.payloadIdentifier);
      if (taken !== undefined) throw identifierTaken(taken);
      const profile = Object.assign(new Profile(), {
        uuid: uuidv7(),
        revision: 0,
        createdAt: new Date(this.now()),
      });
      const revision = this.#revise(profile, read, upload.content);
      await tx.manager.insert(Profile, profile);
      await tx.manager.insert(ProfileRevision, revision);
      await this.catalog.changed(tx);
      return profile;
    });
  }

  /**
   * Gives a profile a new content, which every device that has it will be brought up to. The same content again changes nothing.
   * Throws NOT_FOUND, INVALID, or STALE_REVISION when `expectedRevision` is no longer the current one.
   */
  replace(uuid: string, upload: ProfileUpload, expectedRevision?: number): Promise<Profile> {
    const read = readUpload(upload);
    return this.database.transaction(async (tx) => {
      const before = await this.catalog.lock(tx);
      const current = mustHave(before, uuid);
      if (expectedRevision !== undefined && expectedRevision !== current.revision)
        throw stale('profile', current.revision);
      if (read.payloadIdentifier !== current.payloadIdentifier)
        throw otherIdentifier(current.payloadIdentifier, read.payloadIdentifier);
      if (read.sha256 === current.sha256) return current;
      const profile = Object.assign(new Profile(), current);
      const revision = this.#revise(profile, read, upload.content);
      await tx.manager.insert(ProfileRevision, revision);
      await tx.manager.update(Profile, { uuid }, profile);
      await this.catalog.changed(tx);
      const users = before.usersOf('profileUuids', uuid).map((workflow) => workflow.uuid);
      await this.affected.mark(tx, before.dependents(users));
      return profile;
    });
  }

  /** Deletes a profile with its revisions. Throws NOT_FOUND, or IN_USE naming what still needs it. */
  delete(uuid: string): Promise<Profile> {
    return this.database.transaction(async (tx) => {
      const before = await this.catalog.lock(tx);
      const profile = mustHave(before, uuid);
      refuseInUse(
        'profile',
        profile.payloadIdentifier,
        before.usersOf('profileUuids', uuid).map((workflow) => workflow.name),
      );
      await refuseReturning(tx, profile);
      await tx.manager.delete(ProfileRevision, { profileUuid: uuid });
      await tx.manager.delete(Profile, { uuid });
      await this.catalog.changed(tx);
      return profile;
    });
  }

  async get(uuid: string): Promise<Profile | undefined> {
    return (await this.catalog.current()).profiles.get(uuid);
  }

  async findByIdentifier(payloadIdentifier: string): Promise<Profile | undefined> {
    return findByIdentifier(await this.catalog.current(), payloadIdentifier);
  }

  list(page: PageRequest): Promise<Page<Profile>> {
    return findPage(this.database.manager, Profile, page, BY_IDENTIFIER);
  }

  /** The bytes of a profile's current revision. Throws NOT_FOUND. */
  async content(profile: Profile): Promise<Buffer> {
    const revision = await this.database.manager.findOneBy(ProfileRevision, {
      uuid: profile.currentRevisionUuid,
    });
    if (revision === null) throw notFound(profile.uuid);
    return revision.content;
  }

  /** The bytes of the current revisions of several profiles, by profile: one statement. A profile deleted meanwhile is left out. */
  async contents(profiles: readonly Profile[]): Promise<Map<string, Buffer>> {
    if (profiles.length === 0) return new Map();
    const uuid = In(profiles.map((profile) => profile.currentRevisionUuid));
    const revisions = await this.database.manager.findBy(ProfileRevision, { uuid });
    return new Map(revisions.map((revision) => [revision.profileUuid, revision.content]));
  }

  #revise(profile: Profile, read: ConfigurationProfile, content: Buffer): ProfileRevision {
    const now = new Date(this.now());
    const revision = Object.assign(new ProfileRevision(), {
      uuid: uuidv7(),
      profileUuid: profile.uuid,
      revision: profile.revision + 1,
      payloadUuid: read.payloadUUID,
      content,
      sha256: read.sha256,
      createdAt: now,
    });
    Object.assign(profile, {
      payloadIdentifier: read.payloadIdentifier,
      displayName: read.displayName?.slice(0, NAME_LENGTH) ?? null,
      description: read.description?.slice(0, DESCRIPTION_LENGTH) ?? null,
      organization: read.organization?.slice(0, NAME_LENGTH) ?? null,
      payloadTypes: read.payloadTypes,
      signed: read.signed,
      size: read.size,
      sha256: read.sha256,
      revision: revision.revision,
      currentRevisionUuid: revision.uuid,
      updatedAt: now,
    });
    return revision;
  }
}

function readUpload(upload: ProfileUpload): ConfigurationProfile {
  const read = readProfile(upload.content);
  checkKept('PayloadIdentifier', read.payloadIdentifier);
  checkKept('PayloadUUID', read.payloadUUID);
  if (upload.payloadIdentifier !== undefined && upload.payloadIdentifier !== read.payloadIdentifier) {
    throw otherIdentifier(upload.payloadIdentifier, read.payloadIdentifier);
  }
  return read;
}

/** What a profile is known by is kept whole; and MySQL takes names that differ in white space at the end for the same. */
function checkKept(key: string, value: string): void {
  if (value.length <= NAME_LENGTH && value.trim() === value) return;
  const how = `${key} must have ${NAME_LENGTH} characters at most, and no white space around it.`;
  throw new PomonaError('INVALID', how, { path: ['content'] });
}

function readProfile(content: Buffer): ConfigurationProfile {
  try {
    return readConfigurationProfile(content);
  } catch (error) {
    if (!(error instanceof MobileconfigError)) throw error;
    const code = error.code === 'too-large' ? 'PAYLOAD_TOO_LARGE' : 'INVALID';
    throw new PomonaError(code, error.message, {
      path: ['content'],
      details: { reason: error.code },
      cause: error,
    });
  }
}

function findByIdentifier(catalog: CatalogSnapshot, identifier: string): Profile | undefined {
  for (const profile of catalog.profiles.values())
    if (profile.payloadIdentifier === identifier) return profile;
  return undefined;
}

function mustHave(catalog: CatalogSnapshot, uuid: string): Profile {
  const profile = catalog.profiles.get(uuid);
  if (profile === undefined) throw notFound(uuid);
  return profile;
}

function notFound(uuid: string): PomonaError {
  return new PomonaError('NOT_FOUND', `There is no profile ${uuid}.`);
}

function identifierTaken(profile: Profile): PomonaError {
  return new PomonaError(
    'CONFLICT',
    `The profile ${profile.uuid} already has the PayloadIdentifier ${profile.payloadIdentifier}. Replace it, or change the identifier.`,
    { path: ['payloadIdentifier'], details: { uuid: profile.uuid } },
  );
}

function otherIdentifier(expected: string, found: string): PomonaError {
  return new PomonaError(
    'INVALID',
    `The profile's PayloadIdentifier is ${found}, where ${expected} was expected.`,
    {
      path: ['payloadIdentifier'],
    },
  );
}

/** An edit was based on a revision that is no longer the current one. */
export function stale(what: string, current: number): PomonaError {
  return new PomonaError(
    'STALE_REVISION',
    `The ${what} was changed meanwhile: it is at revision ${current} now. Read it again, then repeat the edit.`,
    {
      path: ['expectedRevision'],
      details: { revision: current },
    },
  );
}

/** Throws IN_USE while devices that are returned to service get their Wi-Fi by it. */
async function refuseReturning(tx: Transaction, { uuid, payloadIdentifier }: Profile): Promise<void> {
  const rows = await tx.query<{ name: string }>(
    'SELECT name FROM enrollment_profiles WHERE wifi_profile_uuid = ? AND revoked_at IS NULL ORDER BY uuid LIMIT 10',
    [uuid],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => name);
  throw new PomonaError(
    'IN_USE',
    `The profile ${payloadIdentifier} is the Wi-Fi of devices that enrolled by ${names.map((name) => `"${name}"`).join(', ')} and are returned to service. Change or revoke that first.`,
    { details: { enrollmentProfiles: names } },
  );
}

/** Throws IN_USE naming the workflows that still need it. */
export function refuseInUse(what: string, name: string, workflows: readonly string[]): void {
  if (workflows.length === 0) return;
  const list = workflows.map((workflow) => `"${workflow}"`).join(', ');
  throw new PomonaError('IN_USE', `The ${what} ${name} is used by ${list}. Take it out there first.`, {
    details: { workflows },
  });
}
