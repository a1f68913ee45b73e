import { PomonaError } from '../../errors.js';
import type { ApplicationFields } from '../../services/catalog/applications.js';
import type { Services } from '../../services/services.js';
import { batches } from '../batches.js';
import type { Answer, Call } from '../route.js';
import type { RecordAddress } from '../schemas/address.js';
import { pageOf, type Paging } from '../schemas/paging.js';
import { applicationShape } from '../shapes/application.js';

export async function listApplications(
  services: Services,
  { query }: Call<unknown, Paging>,
): Promise<Answer> {
  const { applications } = await services.catalog.current();
  return { status: 200, rows: batches(pageOf(applications.values(), query).map(applicationShape), 100) };
}

export async function showApplication(services: Services, { params }: Call<RecordAddress>): Promise<Answer> {
  const { uuid } = params;
  const application = await services.applications.get(uuid);
  if (application === undefined) throw new PomonaError('NOT_FOUND', `There is no application ${uuid}.`);
  return { status: 200, body: applicationShape(application) };
}

export async function addApplication(
  services: Services,
  { body }: Call<unknown, unknown, ApplicationFields>,
): Promise<Answer> {
  const application = await services.applications.create(body);
  const location = `/applications/${application.uuid}`;
  return { status: 201, location, body: applicationShape(application) };
}

export async function deleteApplication(
  services: Services,
  { params }: Call<RecordAddress>,
): Promise<Answer> {
  await services.applications.delete(params.uuid);
  return { status: 204 };
}
