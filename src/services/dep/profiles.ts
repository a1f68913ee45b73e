import { IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../clock.js';
import { isDuplicate, type Database, type Transaction } from '../../database/index.js';
import { DepDevice } from '../../entities/dep-device.js';
import { DepDefinition, DepProfile, DepRule } from '../../entities/dep-profile.js';
import { EnrollmentProfile } from '../../entities/enrollment-profile.js';
import { PomonaError } from '../../errors.js';
import { stale } from '../catalog/profiles.js';
import type { Page, PageRequest } from '../page.js';
import { findPage } from '../paging.js';
import { checkFields, type SetupFields } from './profile-fields.js';
import { lockRules, moveRevision } from './state.js';

export interface NewDepProfile {
  readonly name: string;
  readonly enrollmentProfileUuid: string;
  readonly fields: SetupFields;
}

/** What devices do in Setup Assistant. An edit makes another profile at Apple, and devices are given that one. */
export class DepProfiles {
  /** Told when a profile changed: devices have to be judged anew. */
  onChanged: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly now: Clock,
  ) {}

  /** Throws INVALID, naming the field. */
  create({ name, enrollmentProfileUuid, fields }: NewDepProfile): Promise<DepProfile> {
    return this.#edit(async (tx) => {
      await mustHaveEnrollmentProfile(tx, enrollmentProfileUuid);
      const at = new Date(this.now());
      const profile = Object.assign(new DepProfile(), {
        uuid: uuidv7(),
        name: checkedName(name),
        fields: checkFields(fields),
        enrollmentProfileUuid,
        revision: 1,
        createdAt: at,
        updatedAt: at,
      });
      await tx.manager.insert(DepProfile, profile);
      return profile;
    });
  }

  /** Changes what is given; fields that are given are all replaced. Throws NOT_FOUND, INVALID, STALE_REVISION. */
  update(uuid: string, given: Partial<NewDepProfile>, expectedRevision?: number): Promise<DepProfile> {
    return this.#edit(async (tx) => {
      const profile = await mustFind(tx, uuid);
      if (expectedRevision !== undefined && expectedRevision !== profile.revision)
        throw stale('DEP profile', profile.revision);
      if (given.enrollmentProfileUuid !== undefined)
        await mustHaveEnrollmentProfile(tx, given.enrollmentProfileUuid);
      const changed = {
        ...(given.name === undefined ? {} : { name: checkedName(given.name) }),
        ...(given.fields === undefined ? {} : { fields: checkFields(given.fields) }),
        ...(given.enrollmentProfileUuid === undefined
          ? {}
          : { enrollmentProfileUuid: given.enrollmentProfileUuid }),
        revision: profile.revision + 1,
        updatedAt: new Date(this.now()),
      };
      await tx.manager.update(DepProfile, { uuid }, changed);
      return Object.assign(profile, changed);
    });
  }

  /** Throws NOT_FOUND, and IN_USE while a rule names it or devices shall have it that Apple tells of. */
  delete(uuid: string): Promise<DepProfile> {
    return this.#edit(async (tx) => {
      const profile = await mustFind(tx, uuid);
      const rules = await tx.manager.countBy(DepRule, { profileUuid: uuid });
      const devices = await tx.manager.countBy(DepDevice, { wantedProfileUuid: uuid, removedAt: IsNull() });
      if (rules + devices > 0)
        throw new PomonaError(
          'IN_USE',
          `The profile "${profile.name}" is in use: ${rules} rules name it, and ${devices} devices shall have it.`,
        );
      await tx.manager.delete(DepDefinition, { profileUuid: uuid });
      // Those that are gone follow the rules, should they come back.
      await tx.manager.update(
        DepDevice,
        { wantedProfileUuid: uuid },
        { wantedProfileUuid: null, choice: null },
      );
      await tx.manager.delete(DepProfile, { uuid });
      return profile;
    });
  }

  get(uuid: string): Promise<DepProfile | null> {
    return this.database.manager.findOneBy(DepProfile, { uuid });
  }

  getMany(uuids: readonly string[]): Promise<DepProfile[]> {
    return this.database.manager
      .createQueryBuilder(DepProfile, 'row')
      .where('row.uuid IN (:...uuids)', { uuids })
      .getMany();
  }

  /** Oldest first. Keyset: `[uuid]`. */
  list(page: PageRequest): Promise<Page<DepProfile>> {
    return findPage(this.database.manager, DepProfile, page, [{ expression: 'row.uuid', descending: false }]);
  }

  async #edit(edit: (tx: Transaction) => Promise<DepProfile>): Promise<DepProfile> {
    return this.database
      .transaction(async (tx) => {
        await lockRules(tx);
        const profile = await edit(tx);
        await moveRevision(tx);
        tx.afterCommit(() => this.onChanged());
        return profile;
      })
      .catch(refuseTaken);
  }
}

/** Apple takes up to 125 characters. */
function checkedName(given: string): string {
  const name = given.trim();
  if (name !== '' && name.length <= 125) return name;
  throw new PomonaError('INVALID', 'A DEP profile needs a name of 1 to 125 characters.', { path: ['name'] });
}

async function mustFind(tx: Transaction, uuid: string): Promise<DepProfile> {
  const profile = await tx.manager.findOneBy(DepProfile, { uuid });
  if (profile === null) throw new PomonaError('NOT_FOUND', `There is no DEP profile ${uuid}.`);
  return profile;
}

async function mustHaveEnrollmentProfile(tx: Transaction, uuid: string): Promise<void> {
  const found = await tx.manager.findOneBy(EnrollmentProfile, { uuid });
  if (found !== null && found.revokedAt === null) return;
  const why =
    found === null
      ? `There is no enrollment profile ${uuid}.`
      : `The enrollment profile "${found.name}" was revoked.`;
  throw new PomonaError('INVALID', why, { path: ['enrollmentProfileUuid'] });
}

function refuseTaken(error: unknown): never {
  if (!isDuplicate(error)) throw error;
  throw new PomonaError('CONFLICT', 'There is a DEP profile of that name already.', {
    path: ['name'],
    cause: error,
  });
}
