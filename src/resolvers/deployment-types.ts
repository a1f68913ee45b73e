import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import { Application } from '../entities/application.js';
import type { DeploymentItem } from '../entities/deployment.js';
import { ItemStatus, SubjectKind } from '../entities/enums.js';
import { Profile } from '../entities/profile.js';
import type { CatalogSnapshot } from '../services/catalog/snapshot.js';
import { connectionOf } from './plumbing/connection.js';

export const DeploymentSubject = createUnionType({
  name: 'DeploymentSubject',
  description: 'What a device shall have: a profile or an application.',
  types: () => [Profile, Application] as const,
});

/** The profile or application with this uuid; undefined when it was deleted. */
export function subjectOf(
  catalog: CatalogSnapshot,
  kind: SubjectKind,
  uuid: string,
): Profile | Application | undefined {
  return kind === SubjectKind.PROFILE ? catalog.profiles.get(uuid) : catalog.applications.get(uuid);
}

@ObjectType('DeploymentItem', {
  description: 'One profile or application that a device shall have, has, or shall lose.',
})
export class DeploymentItemView {
  @Field(() => SubjectKind, { description: 'What it is about.' })
  kind: SubjectKind;

  @Field(() => String, {
    nullable: true,
    description: 'What the device knows it by: PayloadIdentifier or bundle identifier.',
  })
  identifier: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The revision the device shall have; null when it is to be removed.',
  })
  wantedRevision: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The revision the device is known to have; null when it has none.',
  })
  knownRevision: string | null;

  @Field(() => ItemStatus, { description: 'Where it stands.' })
  status: ItemStatus;

  @Field(() => String, { nullable: true, description: "The device's own words, when it refused." })
  reason: string | null;

  @Field(() => Date, { description: 'When it last changed.' })
  changedAt: Date;

  readonly uuid: string;
  readonly subjectUuid: string;
  readonly commandUuid: string | null;

  constructor(item: DeploymentItem) {
    const {
      uuid,
      kind,
      subjectUuid,
      identifier,
      wantedRevision,
      knownRevision,
      status,
      reason,
      changedAt,
      commandUuid,
    } = item;
    Object.assign(this, {
      uuid,
      kind,
      subjectUuid,
      identifier,
      wantedRevision,
      knownRevision,
      status,
      reason,
      changedAt,
      commandUuid,
    });
  }
}

export const DeploymentItemConnection = connectionOf<DeploymentItemView>(
  () => DeploymentItemView,
  'DeploymentItem',
);

@ObjectType({ description: 'How many items of a deployment stand where.' })
export class ItemCounts {
  @Field(() => Int, { description: 'All of them.' })
  total: number;

  @Field(() => Int, { description: 'Waiting for the device.' })
  pending: number;

  @Field(() => Int, { description: 'Handed to the device, not answered yet.' })
  sent: number;

  @Field(() => Int, { description: 'On the device as wanted.' })
  installed: number;

  @Field(() => Int, { description: 'Refused by the device.' })
  failed: number;

  @Field(() => Int, { description: 'Being removed.' })
  removing: number;

  @Field(() => Int, { description: 'No longer wanted, and gone.' })
  removed: number;
}

/** Counts by status. */
export function itemCounts(counts: Readonly<Partial<Record<ItemStatus, number>>>): ItemCounts {
  const of = (status: ItemStatus): number => counts[status] ?? 0;
  return {
    total: Object.values(counts).reduce((sum, count) => sum + count, 0),
    pending: of(ItemStatus.PENDING),
    sent: of(ItemStatus.SENT),
    installed: of(ItemStatus.INSTALLED),
    failed: of(ItemStatus.FAILED),
    removing: of(ItemStatus.REMOVING),
    removed: of(ItemStatus.REMOVED),
  };
}
