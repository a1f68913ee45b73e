import { Field, Int, ObjectType } from 'type-graphql';
import { Entity, Index } from 'typeorm';
import { DeploymentStatus, ItemStatus, SubjectKind } from './enums.js';
import { FlagColumn, InstantColumn, IntColumn, TextColumn, UuidColumn, UuidKey } from './columns.js';

/** Where a device stands against the workflow it was given. One row a device that ever had one. */
@ObjectType({ description: 'Where a device stands against the workflow it was given.' })
@Entity('deployments')
@Index('IDX_deployments_workflow_status', ['workflowUuid', 'status'])
@Index('IDX_deployments_dirty', ['dirty', 'deviceUuid'])
export class Deployment {
  @UuidKey('device_uuid')
  deviceUuid: string;

  @UuidColumn('workflow_uuid', { nullable: true })
  workflowUuid: string | null;

  @Field(() => DeploymentStatus, { description: 'Whether the device has what its workflow wants.' })
  @TextColumn('status', 16)
  status: DeploymentStatus;

  @Field(() => Date, { nullable: true, description: 'Since when it has; null while it has not.' })
  @InstantColumn('converged_at', { nullable: true })
  convergedAt: Date | null;

  @Field(() => Date, { description: 'When the status last changed.' })
  @InstantColumn('changed_at')
  changedAt: Date;

  /** The workflow, or something in it, changed: the reconciler has to look at this device. */
  @FlagColumn('dirty')
  dirty: boolean;
}

/** One profile or application that a device shall have, has, or shall lose. */
@Entity('deployment_items')
@Index('IDX_deployment_items_subject', ['deviceUuid', 'kind', 'subjectUuid'], { unique: true })
@Index('IDX_deployment_items_by_subject', ['subjectUuid', 'status'])
@Index('IDX_deployment_items_command', ['commandUuid'])
export class DeploymentItem {
  @UuidKey()
  uuid: string;

  @UuidColumn('device_uuid')
  deviceUuid: string;

  @TextColumn('kind', 16)
  kind: SubjectKind;

  @UuidColumn('subject_uuid')
  subjectUuid: string;

  /** What the device knows the subject by: PayloadIdentifier, or the bundle identifier once it is known. */
  @TextColumn('identifier', 255, { nullable: true })
  identifier: string | null;

  @IntColumn('position')
  position: number;

  /** The revision the device shall have: the profile revision's UUID or the application's number; null to be removed. */
  @TextColumn('wanted_revision', 36, { nullable: true })
  wantedRevision: string | null;

  /** The revision the device is known to have; null when it has none. */
  @TextColumn('known_revision', 36, { nullable: true })
  knownRevision: string | null;

  @TextColumn('status', 16)
  status: ItemStatus;

  /** The command that carries it now. */
  @UuidColumn('command_uuid', { nullable: true })
  commandUuid: string | null;

  /** The device's own words, when it refused. */
  @TextColumn('reason', 1024, { nullable: true })
  reason: string | null;

  /** Times the device was found without what it had acknowledged; bounded, so that a quarrel ends. */
  @IntColumn('corrections')
  corrections: number;

  @InstantColumn('changed_at')
  changedAt: Date;
}

/** How many devices of a workflow stand where. */
@ObjectType({ description: 'How many of the devices that were given a workflow stand where.' })
export class Rollout {
  @Field(() => Int, { description: 'Devices the workflow is assigned to.' })
  total: number;

  @Field(() => Int, { description: 'Devices that have everything it wants.' })
  converged: number;

  @Field(() => Int, { description: 'Devices on their way.' })
  pending: number;

  @Field(() => Int, { description: 'Devices where something failed.' })
  failed: number;
}
