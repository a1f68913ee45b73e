import { PomonaError } from '../../errors.js';
import type { Services } from '../../services/services.js';
import { batches } from '../batches.js';
import { uuidIn } from '../input/fields.js';
import { pageOf, readPaging } from '../input/paging.js';
import { readNewWorkflow, readWorkflowChange } from '../input/workflow.js';
import type { Answer, Call } from '../route.js';
import { workflowShape } from '../shapes/workflow.js';

export async function listWorkflows(services: Services, { query }: Call): Promise<Answer> {
  const paging = readPaging(query);
  const catalog = await services.catalog.current();
  const workflows = pageOf(catalog.workflows.values(), paging).map((workflow) =>
    workflowShape(catalog, workflow),
  );
  return { status: 200, rows: batches(workflows, 100) };
}

export async function showWorkflow(services: Services, { params }: Call): Promise<Answer> {
  const uuid = uuidIn(params, 'workflow');
  const catalog = await services.catalog.current();
  const workflow = catalog.workflows.get(uuid);
  if (workflow === undefined) throw new PomonaError('NOT_FOUND', `There is no workflow ${uuid}.`);
  return { status: 200, body: workflowShape(catalog, workflow) };
}

export async function addWorkflow(services: Services, { body }: Call): Promise<Answer> {
  const workflow = await services.workflows.createNamed(readNewWorkflow(body));
  const shape = workflowShape(await services.catalog.current(), workflow);
  return { status: 201, location: `/workflows/${workflow.uuid}`, body: shape };
}

export async function changeWorkflow(services: Services, { params, body }: Call): Promise<Answer> {
  await services.workflows.updateNamed(uuidIn(params, 'workflow'), readWorkflowChange(body));
  return { status: 204 };
}

export async function deleteWorkflow(services: Services, { params }: Call): Promise<Answer> {
  await services.workflows.delete(uuidIn(params, 'workflow'));
  return { status: 204 };
}
