import type { EntityManager, EntityTarget, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { pageOf, type KeysetValues, type Page, type PageRequest } from './page.js';

/** One column of an ordering. The last column of an ordering must be unique. */
export interface OrderColumn {
  /** `alias.property`, or a bare SQL expression over the query's aliases. */
  readonly expression: string;
  readonly descending: boolean;
}

/** Narrows a query to the rows a caller asked for. */
export type Narrow<T extends ObjectLiteral> = (query: SelectQueryBuilder<T>) => void;

/** One keyset page of an entity (alias `row`), in one statement; its total is a second one, run only when asked for. */
export async function findPage<T extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<T>,
  request: PageRequest,
  ordering: readonly OrderColumn[],
  narrow: Narrow<T> = () => undefined,
): Promise<Page<T>> {
  const query = manager.createQueryBuilder(entity, 'row');
  narrow(query);
  if (request.after !== undefined) addKeyset(query, ordering, request.after, request.backward);
  for (const column of ordering) {
    query.addOrderBy(column.expression, directionOf(column, request.backward));
  }
  const rows = await query.limit(request.limit + 1).getMany();
  return pageOf(rows, request, async () => {
    const counting = manager.createQueryBuilder(entity, 'row');
    narrow(counting);
    return counting.getCount();
  });
}

/** A list that belongs to an owner: the commands of a device, the devices of a workflow. */
export interface OwnedList<T extends ObjectLiteral> {
  readonly entity: EntityTarget<T>;
  /** Property that names the owner. */
  readonly owner: keyof T & string;
  /** Property that is unique among all rows. */
  readonly key: keyof T & string;
  readonly ordering: readonly OrderColumn[];
  readonly narrow?: Narrow<T>;
}

/** One keyset page for each of many owners, in one statement however many they are; all their totals are a second one. */
export async function findPages<T extends ObjectLiteral>(
  manager: EntityManager,
  list: OwnedList<T>,
  owners: readonly string[],
  request: PageRequest,
): Promise<Map<string, Page<T>>> {
  const { entity, owner, key, ordering } = list;
  const order = ordering
    .map((column) => `${column.expression} ${directionOf(column, request.backward)}`)
    .join(', ');
  const ranked = ownedRows(manager, list, owners)
    .select(`row.${key}`, 'rowKey')
    .addSelect(`ROW_NUMBER() OVER (PARTITION BY row.${owner} ORDER BY ${order} )`, 'place');
  if (request.after !== undefined) addKeyset(ranked, ordering, request.after, request.backward);
  const query = manager
    .createQueryBuilder(entity, 'row')
    .innerJoin(`(${ranked.getQuery()})`, 'ranked', `ranked.rowKey = row.${key}`)
    .where('ranked.place <= :most')
    .setParameters({ ...ranked.getParameters(), most: request.limit + 1 });
  for (const column of ordering) query.addOrderBy(column.expression, directionOf(column, request.backward));
  const rows = Map.groupBy(await query.getMany(), (row) => String(row[owner]));
  let counts: Promise<Map<string, number>> | undefined;
  const total = async (uuid: string): Promise<number> =>
    (await (counts ??= countOwned(manager, list, owners))).get(uuid) ?? 0;
  return new Map(owners.map((uuid) => [uuid, pageOf(rows.get(uuid) ?? [], request, () => total(uuid))]));
}

async function countOwned<T extends ObjectLiteral>(
  manager: EntityManager,
  list: OwnedList<T>,
  owners: readonly string[],
): Promise<Map<string, number>> {
  const rows = await ownedRows(manager, list, owners)
    .select(`row.${list.owner}`, 'owner')
    .addSelect('COUNT(*)', 'count')
    .groupBy(`row.${list.owner}`)
    .getRawMany<{ owner: string; count: number | string }>();
  return new Map(rows.map((row) => [row.owner, Number(row.count)]));
}

function ownedRows<T extends ObjectLiteral>(
  manager: EntityManager,
  { entity, owner, narrow = () => undefined }: OwnedList<T>,
  owners: readonly string[],
): SelectQueryBuilder<T> {
  const query = manager.createQueryBuilder(entity, 'row').where(`row.${owner} IN (:...owners)`, { owners });
  narrow(query);
  return query;
}

function directionOf(column: OrderColumn, backward: boolean): 'ASC' | 'DESC' {
  return column.descending === backward ? 'ASC' : 'DESC';
}

/** (a > ?) OR (a = ? AND b > ?) …: the rows beyond the one the cursor names. */
function addKeyset<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  ordering: readonly OrderColumn[],
  after: KeysetValues,
  backward: boolean,
): void {
  const parameters: Record<string, string | number> = {};
  const alternatives = ordering.map((column, index) => {
    const beyond = column.descending === backward ? '>' : '<';
    parameters[`key${index}`] = after[index] as string | number;
    const equals = ordering.slice(0, index).map((earlier, at) => `${earlier.expression} = :key${at}`);
    return `(${[...equals, `${column.expression} ${beyond} :key${index}`].join(' AND ')})`;
  });
  query.andWhere(`(${alternatives.join(' OR ')})`, parameters);
}
