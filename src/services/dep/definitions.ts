import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { DepClient, DepProfileFields } from '../../apple/dep/index.js';
import type { Clock } from '../../clock.js';
import { insertIgnore, type Database, type Sql } from '../../database/index.js';
import { DepDefinition, type DepProfile } from '../../entities/dep-profile.js';
import type { SetupFields } from './profile-fields.js';

/** What is sent to Apple for a profile, and what tells it from other contents. */
export interface DefinitionContent {
  readonly fields: DepProfileFields;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
}

/** Profiles as Apple knows them: defined once for each account and content. */
export class DepDefinitions {
  /** @param enrollUrl where devices that have a profile ask for their enrolment profile */
  constructor(
    private readonly database: Database,
    private readonly enrollUrl: () => string,
    private readonly now: Clock,
  ) {}

  contentOf(profile: DepProfile): DefinitionContent {
    const fields = { ...(profile.fields as SetupFields), profileName: profile.name, url: this.enrollUrl() };
    const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
    return { fields, hash: createHash('sha256').update(JSON.stringify(sorted)).digest('hex') };
  }

  /** Apple's ids of these profiles as they are now, by `profile account`; those not defined yet are missing. */
  async known(sql: Pick<Sql, 'query'>, profiles: readonly DepProfile[]): Promise<Map<string, string>> {
    if (profiles.length === 0) return new Map();
    const hashes = profiles.map((profile) => this.contentOf(profile).hash);
    const rows = await sql.query<{ profileUuid: string; accountUuid: string; appleUuid: string }>(
      `SELECT profile_uuid AS profileUuid, account_uuid AS accountUuid, apple_uuid AS appleUuid FROM dep_definitions
        WHERE content IN (${hashes.map(() => '?').join(', ')})`,
      hashes,
    );
    return new Map(rows.map((row) => [`${row.profileUuid} ${row.accountUuid}`, row.appleUuid]));
  }

  /** Apple's id of a profile as it is now; defines it there when that was not done yet. Throws DepError. */
  async ensure(client: DepClient, profile: DepProfile, accountUuid: string): Promise<string> {
    const { fields, hash } = this.contentOf(profile);
    const wanted = { profileUuid: profile.uuid, accountUuid, content: hash };
    const known = await this.database.manager.findOneBy(DepDefinition, wanted);
    if (known !== null) return known.appleUuid;
    const appleUuid = await client.defineProfile(fields);
    // Another process may have defined it meanwhile: both are the same, and the first counts.
    await this.database.run(
      `${insertIgnore(this.database.dialect)} dep_definitions (uuid, profile_uuid, account_uuid, content, apple_uuid, created_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
      [uuidv7(), profile.uuid, accountUuid, hash, appleUuid, this.now()],
    );
    return (await this.database.manager.findOneByOrFail(DepDefinition, wanted)).appleUuid;
  }

  /** A profile that Apple no longer knows is defined anew the next time. */
  async forget(appleUuid: string): Promise<void> {
    await this.database.run('DELETE FROM dep_definitions WHERE apple_uuid = ?', [appleUuid]);
  }
}
