import { ArgsType, Field, InputType, registerEnumType } from 'type-graphql';
import type { GraphqlContext } from './context.js';
import { ConnectionArgs, type Connection } from './plumbing/connection.js';
import { connectionFromArray } from './plumbing/page.js';

export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}
registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Which end of an order comes first.',
  valuesConfig: {
    ASC: { description: 'Smallest, earliest or first in the alphabet first.' },
    DESC: { description: 'Largest, latest or last in the alphabet first.' },
  },
});

export enum CatalogOrderField {
  NAME = 'NAME',
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
}
registerEnumType(CatalogOrderField, {
  name: 'CatalogOrderField',
  description: 'What profiles, applications and workflows can be ordered by.',
  valuesConfig: {
    NAME: { description: 'Name; of profiles, the PayloadIdentifier.' },
    CREATED_AT: { description: 'When it was created.' },
    UPDATED_AT: { description: 'When it was last changed.' },
  },
});

@InputType({ description: 'The order of profiles, applications or workflows.' })
export class CatalogOrder {
  @Field(() => CatalogOrderField, { description: 'What to order by.' })
  field: CatalogOrderField;

  @Field(() => OrderDirection, { description: 'Which end comes first.', defaultValue: OrderDirection.ASC })
  direction: OrderDirection;
}

@InputType({ description: 'Narrows a list of profiles, applications or workflows.' })
export class CatalogFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Part of a name, identifier or description; case is ignored.',
  })
  search?: string | null;
}

@ArgsType()
export class CatalogArgs extends ConnectionArgs {
  @Field(() => CatalogFilter, { nullable: true, description: 'Which of them. All, when left out.' })
  filter?: CatalogFilter | null;

  @Field(() => CatalogOrder, { nullable: true, description: 'In which order. By name, when left out.' })
  orderBy?: CatalogOrder | null;
}

/** What profiles, applications and workflows have in common. */
export interface CatalogRecord {
  readonly uuid: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** How one kind of record is named and searched. */
export interface CatalogKind<T extends CatalogRecord> {
  /** Of the list, in cursors. */
  readonly list: string;
  readonly nameOf: (record: T) => string;
  readonly searched: (record: T) => readonly (string | null)[];
}

/** A page of the catalogue, which is in memory as a whole: no statement, however it is narrowed and ordered. */
export function catalogPage<T extends CatalogRecord>(
  records: Iterable<T>,
  args: CatalogArgs,
  kind: CatalogKind<T>,
  { cursors }: GraphqlContext,
): Connection<T> {
  const field = args.orderBy?.field ?? CatalogOrderField.NAME;
  const direction = args.orderBy?.direction ?? OrderDirection.ASC;
  const search = args.filter?.search?.trim().toLowerCase() ?? '';
  const matching = [...records].filter(
    (record) => search === '' || kind.searched(record).some((text) => text?.toLowerCase().includes(search)),
  );
  const sign = direction === OrderDirection.ASC ? 1 : -1;
  const keyOf = (record: T) => orderKey(record, field, kind);
  matching.sort((a, b) => sign * (compare(keyOf(a), keyOf(b)) || compare(a.uuid, b.uuid)));
  return connectionFromArray(
    matching,
    args,
    `${kind.list}:${field}:${direction}`,
    cursors,
    (record) => record.uuid,
  );
}

function orderKey<T extends CatalogRecord>(
  record: T,
  field: CatalogOrderField,
  kind: CatalogKind<T>,
): string | number {
  if (field === CatalogOrderField.NAME) return kind.nameOf(record);
  return (field === CatalogOrderField.CREATED_AT ? record.createdAt : record.updatedAt).getTime();
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
