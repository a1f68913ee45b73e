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
    query.addOrderBy(column.expression, column.descending === request.backward ? 'ASC' : 'DESC');
  }
  const rows = await query.limit(request.limit + 1).getMany();
  return pageOf(rows, request, async () => {
    const counting = manager.createQueryBuilder(entity, 'row');
    narrow(counting);
    return counting.getCount();
  });
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
