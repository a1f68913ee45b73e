import type { SelectQueryBuilder } from 'typeorm';
import { placeholders, type Database } from '../../database/index.js';
import { DepDevice } from '../../entities/dep-device.js';
import type { DepAssignmentStatus } from '../../entities/dep-enums.js';
import type { Page, PageRequest } from '../page.js';
import { findPage } from '../paging.js';
import { PATTERN_FIELDS, type Patterns } from './matching.js';

export interface DepDeviceFilter {
  readonly accountUuid?: string | undefined;
  readonly profileUuid?: string | undefined;
  /** Those that this rule is about, and no rule before it. */
  readonly ruleUuid?: string | undefined;
  /** Those that a rule with these patterns would be about. */
  readonly patterns?: Patterns | undefined;
  readonly assignment?: DepAssignmentStatus | undefined;
  /** Those that were taken away at Apple; by default only those that are there. */
  readonly removed?: boolean | undefined;
  /** Whether the device is enrolled. */
  readonly enrolled?: boolean | undefined;
  /** Part of a serial number, model, description or asset tag; case is ignored. */
  readonly search?: string | undefined;
}

const SEARCHED = ['row.serialNumber', 'row.model', 'row.description', 'row.assetTag'];

/** What Apple says of devices, as the doors read it. */
export class DepDevices {
  constructor(private readonly database: Database) {}

  /** By serial number. Keyset: `[serialNumber]`. */
  list(filter: DepDeviceFilter, page: PageRequest): Promise<Page<DepDevice>> {
    return findPage(
      this.database.manager,
      DepDevice,
      page,
      [{ expression: 'row.serialNumber', descending: false }],
      (query) => narrow(query, filter),
    );
  }

  getMany(deviceUuids: readonly string[]): Promise<DepDevice[]> {
    return this.database.manager
      .createQueryBuilder(DepDevice, 'row')
      .where('row.deviceUuid IN (:...deviceUuids)', { deviceUuids })
      .getMany();
  }

  /** How many devices each account has now: one statement. */
  counts(accountUuids: readonly string[]): Promise<Map<string, number>> {
    return this.#countBy('account_uuid', accountUuids);
  }

  /** How many devices shall have each profile now: one statement. */
  countsOfProfiles(profileUuids: readonly string[]): Promise<Map<string, number>> {
    return this.#countBy('wanted_profile_uuid', profileUuids);
  }

  async #countBy(
    column: 'account_uuid' | 'wanted_profile_uuid',
    uuids: readonly string[],
  ): Promise<Map<string, number>> {
    const rows = await this.database.query<{ uuid: string; count: number | string }>(
      `SELECT ${column} AS uuid, COUNT(*) AS count FROM dep_devices
        WHERE removed_at IS NULL AND ${column} IN ${placeholders(uuids.length)} GROUP BY ${column}`,
      uuids,
    );
    return new Map(rows.map(({ uuid, count }) => [uuid, Number(count)]));
  }
}

function narrow(query: SelectQueryBuilder<DepDevice>, filter: DepDeviceFilter): void {
  query.andWhere(filter.removed === true ? 'row.removedAt IS NOT NULL' : 'row.removedAt IS NULL');
  if (filter.accountUuid !== undefined)
    query.andWhere('row.accountUuid = :accountUuid', { accountUuid: filter.accountUuid });
  if (filter.profileUuid !== undefined)
    query.andWhere('row.wantedProfileUuid = :profileUuid', { profileUuid: filter.profileUuid });
  if (filter.ruleUuid !== undefined)
    query.andWhere('row.ruleUuid = :ruleUuid', { ruleUuid: filter.ruleUuid });
  narrowByPatterns(query, filter.patterns ?? {});
  if (filter.assignment !== undefined)
    query.andWhere('row.assignment = :assignment', { assignment: filter.assignment });
  if (filter.enrolled !== undefined) {
    const enrolled = `EXISTS (SELECT 1 FROM devices v WHERE v.uuid = row.deviceUuid AND v.enrollment_status = 'ENROLLED')`;
    query.andWhere(filter.enrolled ? enrolled : `NOT ${enrolled}`);
  }
  if (filter.search === undefined || filter.search.trim() === '') return;
  const search = `%${escaped(filter.search.trim())}%`;
  const any = SEARCHED.map((column) => `LOWER(${column}) LIKE :search ESCAPE '!'`).join(' OR ');
  query.andWhere(`(${any})`, { search });
}

/** As `matching.ts` reads patterns, in SQL. */
function narrowByPatterns(query: SelectQueryBuilder<DepDevice>, patterns: Patterns): void {
  for (const field of PATTERN_FIELDS) {
    const pattern = patterns[field]?.trim() ?? '';
    if (pattern === '') continue;
    const like = escaped(pattern).replaceAll('*', '%').replaceAll('?', '_');
    query.andWhere(`LOWER(COALESCE(row.${field}, '')) LIKE :${field} ESCAPE '!'`, { [field]: like });
  }
}

/** In lower case, for LIKE. `!` escapes in every dialect; a backslash would mean something else to each. */
function escaped(text: string): string {
  return text.toLowerCase().replaceAll(/[!%_]/g, '!$&');
}
