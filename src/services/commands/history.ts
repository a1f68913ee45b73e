import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { plistToJson, type JsonValue } from '../../apple/commands/index.js';
import { parsePlist, PlistError } from '../../apple/plist/index.js';
import type { Clock } from '../../clock.js';
import { chunks, type Database } from '../../database/index.js';
import { Command, CommandBody } from '../../entities/command.js';
import { ChannelKind, type CommandStatus } from '../../entities/enums.js';
import { decompress } from '../devices/findings.js';
import { SEALED_FRAGMENT, type SealedBodies } from './sealed-bodies.js';
import type { SealedReports } from './sealed-reports.js';
import type { Page, PageRequest } from '../page.js';
import { findPage, findPages, type OrderColumn, type OwnedList } from '../paging.js';

export interface CommandFilter {
  readonly deviceUuids?: readonly string[] | undefined;
  readonly statuses?: readonly CommandStatus[] | undefined;
  readonly requestType?: string | undefined;
  /** True: waiting or sent. False: finished. */
  readonly active?: boolean | undefined;
}

const NEWEST_FIRST: readonly OrderColumn[] = [{ expression: 'row.seq', descending: true }];
const DELIVERY: readonly OrderColumn[] = [
  { expression: 'row.rank', descending: false },
  { expression: 'row.seq', descending: false },
];
const OF_DEVICE: Omit<OwnedList<Command>, 'ordering'> = { entity: Command, owner: 'deviceUuid', key: 'seq' };

/** Commands and their answers, for reading. */
export class CommandHistory {
  constructor(
    private readonly database: Database,
    private readonly sealedBodies: SealedBodies,
    private readonly sealedReports: SealedReports,
    private readonly now: Clock = Date.now,
  ) {}

  list(filter: CommandFilter, page: PageRequest): Promise<Page<Command>> {
    return findPage(this.database.manager, Command, page, NEWEST_FIRST, (query) => narrow(query, filter));
  }

  /** A page of each device's commands, newest first: one statement for all devices. Keyset: `[seq]`. */
  ofDevices(
    deviceUuids: readonly string[],
    filter: CommandFilter,
    page: PageRequest,
  ): Promise<Map<string, Page<Command>>> {
    const list: OwnedList<Command> = {
      ...OF_DEVICE,
      ordering: NEWEST_FIRST,
      narrow: (query) => narrow(query, filter),
    };
    return findPages(this.database.manager, list, deviceUuids, page);
  }

  /** A page of each device's queue, in the order of delivery: one statement for all devices. Keyset: `[rank, seq]`. */
  queuesOf(deviceUuids: readonly string[], page: PageRequest): Promise<Map<string, Page<Command>>> {
    const list: OwnedList<Command> = {
      ...OF_DEVICE,
      ordering: DELIVERY,
      narrow: (query) => narrow(query, { active: true }),
    };
    return findPages(this.database.manager, list, deviceUuids, page);
  }

  /** The command that a device would be handed if it connected now and had nothing to report. Its users' channels are not looked at. */
  async nextOf(deviceUuid: string): Promise<Command | undefined> {
    const ofDevice =
      '(SELECT ch.uuid FROM channels ch WHERE ch.device_uuid = :deviceUuid AND ch.kind = :kind)';
    const query = this.database.manager
      .createQueryBuilder(Command, 'row')
      .where(`row.queueChannelUuid IN ${ofDevice}`, { deviceUuid, kind: ChannelKind.DEVICE })
      .andWhere('(row.notBefore IS NULL OR row.notBefore <= :now)', { now: this.now() })
      .andWhere('(row.expiresAt IS NULL OR row.expiresAt > :now)');
    for (const { expression } of DELIVERY) query.addOrderBy(expression, 'ASC');
    return (await query.limit(1).getOne()) ?? undefined;
  }

  /** @param manager of the transaction that has just queued them */
  async byUuids(
    uuids: readonly string[],
    manager: EntityManager = this.database.manager,
  ): Promise<Command[]> {
    const found: Command[] = [];
    for (const chunk of chunks(uuids, 500)) {
      found.push(
        ...(await manager
          .createQueryBuilder(Command, 'row')
          .where('row.uuid IN (:...uuids)', { uuids: chunk })
          .getMany()),
      );
    }
    return found;
  }

  /** What is sent, by body: the XML of each `Command` dictionary. One that is sealed and cannot be opened is left out. */
  async fragments(bodyUuids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.database.manager
      .createQueryBuilder(CommandBody, 'row')
      .where('row.uuid IN (:...bodyUuids)', { bodyUuids })
      .getMany();
    const fragments = new Map(rows.map((row) => [row.uuid, row.fragment.toString('utf8')]));
    const sealed = rows.map(({ uuid }) => uuid).filter((uuid) => fragments.get(uuid) === SEALED_FRAGMENT);
    for (const uuid of sealed) fragments.delete(uuid);
    return new Map([...fragments, ...(await this.sealedBodies.open(sealed))]);
  }

  /** What devices answered, by command: the whole report as JSON. A report that cannot be read is given as base64 under `unreadable`. */
  async reports(seqs: readonly number[]): Promise<Map<number, JsonValue>> {
    const rows = await this.database.query<{ seq: number | string; report: Uint8Array }>(
      `SELECT seq, report FROM commands WHERE report IS NOT NULL AND seq IN (${seqs.map(() => '?').join(', ')})`,
      seqs,
    );
    const reports = new Map<number, Uint8Array>(rows.map((row) => [Number(row.seq), row.report]));
    const rest = seqs.filter((seq) => !reports.has(seq));
    const opened = rest.length === 0 ? [] : await this.sealedReports.open(rest);
    const read = await Promise.all(
      [...reports, ...opened].map(async ([seq, report]) => [seq, toJson(await decompress(report))] as const),
    );
    return new Map(read);
  }
}

/** A stored fragment as JSON. */
export function fragmentToJson(fragment: string): JsonValue {
  return plistToJson(parsePlist(Buffer.from(`<plist version="1.0">${fragment}</plist>`, 'utf8')));
}

function toJson(report: Buffer): JsonValue {
  try {
    return plistToJson(parsePlist(report));
  } catch (error) {
    if (error instanceof PlistError) return { unreadable: report.toString('base64') };
    throw error;
  }
}

function narrow(query: SelectQueryBuilder<Command>, filter: CommandFilter): void {
  const { deviceUuids, statuses, requestType, active } = filter;
  if (deviceUuids !== undefined)
    query.andWhere(deviceUuids.length === 0 ? '1 = 0' : 'row.deviceUuid IN (:...deviceUuids)', {
      deviceUuids,
    });
  if (statuses !== undefined)
    query.andWhere(statuses.length === 0 ? '1 = 0' : 'row.status IN (:...statuses)', { statuses });
  if (requestType !== undefined) query.andWhere('row.requestType = :requestType', { requestType });
  if (active !== undefined) query.andWhere(`row.queueChannelUuid IS ${active ? 'NOT NULL' : 'NULL'}`);
}
