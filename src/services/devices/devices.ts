import type { SelectQueryBuilder } from 'typeorm';
import type { Clock } from '../../clock.js';
import { chunks, placeholders, type Database } from '../../database/index.js';
import { Channel } from '../../entities/channel.js';
import { Device } from '../../entities/device.js';
import type { EnrollmentStatus, Platform } from '../../entities/enums.js';
import type { Page, PageRequest } from '../page.js';
import { findPage, findPages, type OrderColumn } from '../paging.js';

/** The natural keys of a device. */
export type DeviceKey = { uuid: string } | { udid: string } | { serialNumber: string };

export interface DeviceFilter {
  readonly enrollmentStatus?: EnrollmentStatus | undefined;
  readonly platform?: Platform | undefined;
  readonly workflowUuid?: string | undefined;
  /** Part of a name, serial number, UDID or model; case is ignored. */
  readonly search?: string | undefined;
  readonly uuids?: readonly string[] | undefined;
}

export type DeviceOrderField = 'CREATED_AT' | 'SERIAL_NUMBER' | 'NAME';

const ORDER_EXPRESSIONS: Record<DeviceOrderField, string> = {
  CREATED_AT: 'row.createdAt',
  SERIAL_NUMBER: "COALESCE(row.serialNumber, '')",
  NAME: "COALESCE(row.name, '')",
};

const SEARCHED = ['row.name', 'row.serialNumber', 'row.udid', 'row.model', 'row.modelName'];
/** How long a device that may enrol again has for it. */
export const REENROLLMENT_WINDOW_MS = 24 * 60 * 60_000;

/** Devices, as the doors read them. */
export class Devices {
  constructor(
    private readonly database: Database,
    private readonly now: Clock,
  ) {}

  list(
    filter: DeviceFilter,
    order: { field: DeviceOrderField; descending: boolean },
    page: PageRequest,
  ): Promise<Page<Device>> {
    return findPage(this.database.manager, Device, page, orderColumns(order), (query) =>
      narrow(query, filter),
    );
  }

  /** A serial number may occur twice (a restored row, a repaired device): the latest is meant. */
  find(key: DeviceKey): Promise<Device | null> {
    return this.database.manager.findOne(Device, { where: key, order: { createdAt: 'DESC' } });
  }

  getMany(uuids: readonly string[]): Promise<Device[]> {
    return this.database.manager
      .createQueryBuilder(Device, 'row')
      .where('row.uuid IN (:...uuids)', { uuids })
      .getMany();
  }

  /** A page of the devices that each workflow is assigned to, oldest first: one statement for all workflows. Keyset: `[uuid]`. */
  ofWorkflows(workflowUuids: readonly string[], page: PageRequest): Promise<Map<string, Page<Device>>> {
    const ordering = [{ expression: 'row.uuid', descending: false }];
    const list = { entity: Device, owner: 'workflowUuid', key: 'uuid', ordering } as const;
    return findPages(this.database.manager, list, workflowUuids, page);
  }

  /** Every channel of the devices, the devices' own first. */
  channelsOf(deviceUuids: readonly string[]): Promise<Channel[]> {
    return this.database.manager
      .createQueryBuilder(Channel, 'row')
      .where('row.deviceUuid IN (:...deviceUuids)', { deviceUuids })
      .orderBy('row.kind')
      .addOrderBy('row.createdAt')
      .getMany();
  }

  /** Lets each of these devices enrol again with a fresh certificate, for a day. Returns those that are not known. */
  async allowReenrollment(uuids: readonly string[]): Promise<{ unknown: string[] }> {
    const until = this.now() + REENROLLMENT_WINDOW_MS;
    const known = new Set<string>();
    await this.database.transaction(async (tx) => {
      for (const chunk of chunks([...new Set(uuids)], 500)) {
        const list = placeholders(chunk.length);
        const rows = await tx.query<{ uuid: string }>(
          `SELECT uuid FROM devices WHERE uuid IN ${list}`,
          chunk,
        );
        for (const row of rows) known.add(row.uuid);
        await tx.run(`UPDATE devices SET reenrollment_allowed_until = ? WHERE uuid IN ${list}`, [
          until,
          ...chunk,
        ]);
      }
    });
    return { unknown: uuids.filter((uuid) => !known.has(uuid)) };
  }

  /** Walks all devices in the order of their ids (those behind `afterUuid`, when given), a page at a time, without holding more than a page. */
  async *all(pageSize = 100, afterUuid?: string): AsyncGenerator<Device> {
    let after: readonly string[] | undefined = afterUuid === undefined ? undefined : [afterUuid];
    for (;;) {
      const request = { limit: pageSize, backward: false, ...(after === undefined ? {} : { after }) };
      const page = await findPage(this.database.manager, Device, request, [
        { expression: 'row.uuid', descending: false },
      ]);
      yield* page.rows;
      const last = page.rows.at(-1);
      if (!page.hasMore || last === undefined) return;
      after = [last.uuid];
    }
  }
}

/** The columns of an ordering; the id makes it total. */
export function orderColumns(order: { field: DeviceOrderField; descending: boolean }): OrderColumn[] {
  return [
    { expression: ORDER_EXPRESSIONS[order.field], descending: order.descending },
    { expression: 'row.uuid', descending: order.descending },
  ];
}

/** The values of an ordering's columns at one device: what its cursor is made of. */
export function orderValues(field: DeviceOrderField, device: Device): readonly (string | number)[] {
  const first = {
    CREATED_AT: device.createdAt.getTime(),
    SERIAL_NUMBER: device.serialNumber ?? '',
    NAME: device.name ?? '',
  }[field];
  return [first, device.uuid];
}

function narrow(query: SelectQueryBuilder<Device>, filter: DeviceFilter): void {
  if (filter.enrollmentStatus !== undefined)
    query.andWhere('row.enrollmentStatus = :status', { status: filter.enrollmentStatus });
  if (filter.platform !== undefined)
    query.andWhere('row.platform = :platform', { platform: filter.platform });
  if (filter.workflowUuid !== undefined)
    query.andWhere('row.workflowUuid = :workflow', { workflow: filter.workflowUuid });
  if (filter.uuids !== undefined)
    query.andWhere(filter.uuids.length === 0 ? '1 = 0' : 'row.uuid IN (:...uuids)', { uuids: filter.uuids });
  if (filter.search !== undefined && filter.search.trim() !== '') {
    // `!` escapes in every dialect; a backslash would mean something else to each.
    const search = `%${filter.search.trim().toLowerCase().replaceAll(/[!%_]/g, '!$&')}%`;
    query.andWhere(`(${SEARCHED.map((column) => `LOWER(${column}) LIKE :search ESCAPE '!'`).join(' OR ')})`, {
      search,
    });
  }
}
