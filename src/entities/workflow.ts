import { Field, Int, ObjectType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { Entity, Index, PrimaryColumn } from 'typeorm';
import { BigIntColumn, InstantColumn, IntColumn, TextColumn, UuidColumn, UuidKey } from './columns.js';
import { Node } from './node.js';

/** A group of profiles, applications and other workflows, each in order. */
@ObjectType({
  implements: Node,
  description: 'A group of profiles and applications that may include other workflows.',
})
@Entity('workflows')
export class Workflow extends Node {
  @Field(() => GraphQLUUID, { description: "The server's own id of the workflow." })
  @UuidKey()
  uuid: string;

  @Field(() => String, { description: 'Name. Unique.' })
  @Index('IDX_workflows_name', { unique: true })
  @TextColumn('name', 255)
  name: string;

  @Field(() => String, { nullable: true, description: 'What the workflow is for.' })
  @TextColumn('description', 1024, { nullable: true })
  description: string | null;

  @Field(() => Int, {
    description: 'Counts edits. Send it back with an update to be told of an edit that came between.',
  })
  @IntColumn('revision')
  revision: number;

  @Field(() => Date, { description: 'When the workflow was created.' })
  @InstantColumn('created_at')
  createdAt: Date;

  @Field(() => Date, { description: 'When the workflow was last edited.' })
  @InstantColumn('updated_at')
  updatedAt: Date;
}

/** The profiles of a workflow, in order. */
@Entity('workflow_profiles')
@Index('IDX_workflow_profiles_profile', ['profileUuid'])
export class WorkflowProfile {
  @UuidKey('workflow_uuid')
  workflowUuid: string;

  @PrimaryColumn({ name: 'position', type: 'int' })
  position: number;

  @UuidColumn('profile_uuid')
  profileUuid: string;
}

/** The applications of a workflow, in order. */
@Entity('workflow_applications')
@Index('IDX_workflow_applications_application', ['applicationUuid'])
export class WorkflowApplication {
  @UuidKey('workflow_uuid')
  workflowUuid: string;

  @PrimaryColumn({ name: 'position', type: 'int' })
  position: number;

  @UuidColumn('application_uuid')
  applicationUuid: string;
}

/** The workflows a workflow includes, in order. Never a cycle: checked when saved, under the lock of the catalogue. */
@Entity('workflow_includes')
@Index('IDX_workflow_includes_included', ['includedUuid'])
export class WorkflowInclude {
  @UuidKey('workflow_uuid')
  workflowUuid: string;

  @PrimaryColumn({ name: 'position', type: 'int' })
  position: number;

  @UuidColumn('included_uuid')
  includedUuid: string;
}

/** One row. Whoever changes a profile, an application or a workflow locks it and moves its revision; caches are keyed by it. */
@Entity('catalog_state')
export class CatalogState {
  @PrimaryColumn({ name: 'id', type: 'int' })
  id: number;

  @BigIntColumn('revision')
  revision: number;
}
