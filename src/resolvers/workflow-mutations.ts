import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Workflow } from '../entities/workflow.js';
import type { GraphqlContext } from './context.js';
import { uuidIn, uuidsIn } from './input.js';
import { answer, refusals } from './mutation.js';
import type { UserErrorEntry } from './plumbing/user-errors.js';
import { Requires } from './requires.js';

const CREATE = refusals('WorkflowCreate', ['INVALID', 'CONFLICT', 'CYCLE']);
const UPDATE = refusals('WorkflowUpdate', ['INVALID', 'NOT_FOUND', 'CONFLICT', 'CYCLE', 'STALE_REVISION']);
const DELETE = refusals('WorkflowDelete', ['NOT_FOUND', 'IN_USE']);

/** The input's names for the lists as the catalogue calls them. */
const NAMES = {
  profiles: 'profileIds',
  applications: 'applicationIds',
  includedWorkflows: 'includedWorkflowIds',
};

@InputType({ description: 'What a workflow contains.' })
class WorkflowMembersInput {
  @Field(() => String, { nullable: true, description: 'What the workflow is for, at most 1,024 characters.' })
  description?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Its profiles, in the order in which devices are sent them.',
  })
  profileIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Its applications, in order.' })
  applicationIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'The workflows it includes, in order. Never itself, at whatever distance.',
  })
  includedWorkflowIds?: string[] | null;
}

@InputType({ description: 'A new workflow.' })
export class WorkflowCreateInput extends WorkflowMembersInput {
  @Field(() => String, { description: 'Name. Unique, 1 to 255 characters.' })
  name: string;
}

@ObjectType({ description: 'What workflowCreate did.' })
export class WorkflowCreatePayload {
  @Field(() => Workflow, { nullable: true, description: 'The new workflow.' })
  workflow?: Workflow;

  @Field(() => [CREATE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({
  description: 'Changes to a workflow. What is left out stays; a list that is given replaces the whole list.',
})
export class WorkflowUpdateInput extends WorkflowMembersInput {
  @Field(() => ID, { description: 'The workflow.' })
  id: string;

  @Field(() => String, { nullable: true, description: 'Another name.' })
  name?: string | null;

  @Field(() => Int, { nullable: true, description: 'Refuse unless the workflow is at this revision.' })
  expectedRevision?: number | null;
}

@ObjectType({ description: 'What workflowUpdate did.' })
export class WorkflowUpdatePayload {
  @Field(() => Workflow, { nullable: true, description: 'The workflow as it is now.' })
  workflow?: Workflow;

  @Field(() => [UPDATE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'A workflow to delete.' })
export class WorkflowDeleteInput {
  @Field(() => ID, {
    description: 'The workflow. No device may have it and no workflow include it any more.',
  })
  id: string;
}

@ObjectType({ description: 'What workflowDelete did.' })
export class WorkflowDeletePayload {
  @Field(() => ID, { nullable: true, description: 'The id of the workflow that is gone.' })
  deletedWorkflowId?: string;

  @Field(() => [DELETE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@Resolver()
export class WorkflowMutations {
  @Requires('catalog.write')
  @Mutation(() => WorkflowCreatePayload, { description: 'Makes a workflow.' })
  workflowCreate(
    @Arg('input', () => WorkflowCreateInput, { description: 'The workflow.' }) input: WorkflowCreateInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<WorkflowCreatePayload> {
    const work = async () => ({
      workflow: await services.workflows.create({
        name: input.name,
        description: input.description,
        ...membersIn(input),
      }),
    });
    return answer(CREATE, work, NAMES);
  }

  @Requires('catalog.write')
  @Mutation(() => WorkflowUpdatePayload, {
    description:
      'Changes a workflow. Every device that has it, directly or by inclusion, is brought up to it.',
  })
  workflowUpdate(
    @Arg('input', () => WorkflowUpdateInput, { description: 'Which, and what changes.' })
    input: WorkflowUpdateInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<WorkflowUpdatePayload> {
    const work = async () => {
      const uuid = uuidIn(input.id, 'Workflow', ['input', 'id']);
      const { name, description, expectedRevision } = input;
      const fields = { ...(name == null ? {} : { name }), description, ...membersIn(input) };
      return { workflow: await services.workflows.update(uuid, fields, expectedRevision ?? undefined) };
    };
    return answer(UPDATE, work, NAMES);
  }

  @Requires('catalog.write')
  @Mutation(() => WorkflowDeletePayload, { description: 'Deletes a workflow that nothing needs any more.' })
  workflowDelete(
    @Arg('input', () => WorkflowDeleteInput, { description: 'Which.' }) { id }: WorkflowDeleteInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<WorkflowDeletePayload> {
    return answer(DELETE, async () => {
      await services.workflows.delete(uuidIn(id, 'Workflow', ['input', 'id']));
      return { deletedWorkflowId: id };
    });
  }
}

function membersIn(input: WorkflowMembersInput) {
  return {
    profileUuids: uuidsIn(input.profileIds, 'Profile', ['input', 'profileIds']),
    applicationUuids: uuidsIn(input.applicationIds, 'Application', ['input', 'applicationIds']),
    includedUuids: uuidsIn(input.includedWorkflowIds, 'Workflow', ['input', 'includedWorkflowIds']),
  };
}
