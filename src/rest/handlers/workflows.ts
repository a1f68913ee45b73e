import { PomonaError } from '../../errors.js';
import type { NamedWorkflowFields } from '../../services/catalog/workflows.js';
import type { Services } from '../../services/services.js';
import { batches } from '../batches.js';
import type { Answer, Call } from '../route.js';
import type { RecordAddress } from '../schemas/address.js';
import { pageOf, type Paging } from '../schemas/paging.js';
import { workflowShape } from '../shapes/workflow.js';

export async function listWorkflows(services: Services, { query }: Call<unknown, Paging>): Promise<Answer> {
  const catalog = await services.catalog.current();
  const workflows = pageOf(catalog.workflows.values(), query).map((workflow) =>
    workflowShape(catalog, workflow),
  );
  return { status: 200, rows: batches(workflows, 100) };
}

export async function showWorkflow(services: Services, { params }: Call<RecordAddress>): Promise<Answer> {
  const { uuid } = params;
  const catalog = await services.catalog.current();
  const workflow = catalog.workflows.get(uuid);
  if (workflow === undefined) throw new PomonaError('NOT_FOUND', `There is no workflow ${uuid}.`);
  return { status: 200, body: workflowShape(catalog, workflow) };
}

export async function addWorkflow(
  services: Services,
  { body }: Call<unknown, unknown, NamedWorkflowFields>,
): Promise<Answer> {
  const workflow = await services.workflows.createNamed(body);
  const shape = workflowShape(await services.catalog.current(), workflow);
  return { status: 201, location: `/workflows/${workflow.uuid}`, body: shape };
}

export async function changeWorkflow(
  services: Services,
  { params, body }: Call<RecordAddress, unknown, Partial<NamedWorkflowFields>>,
): Promise<Answer> {
  await services.workflows.updateNamed(params.uuid, body);
  return { status: 204 };
}

export async function deleteWorkflow(services: Services, { params }: Call<RecordAddress>): Promise<Answer> {
  await services.workflows.delete(params.uuid);
  return { status: 204 };
}
