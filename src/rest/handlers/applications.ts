import { PomonaError } from '../../errors.js';
import type { Services } from '../../services/services.js';
import { batches } from '../batches.js';
import { readApplication } from '../input/application.js';
import { uuidIn } from '../input/fields.js';
import { pageOf, readPaging } from '../input/paging.js';
import type { Answer, Call } from '../route.js';
import { applicationShape } from '../shapes/application.js';

export async function listApplications(services: Services, { query }: Call): Promise<Answer> {
  const paging = readPaging(query);
  const { applications } = await services.catalog.current();
  return { status: 200, rows: batches(pageOf(applications.values(), paging).map(applicationShape), 100) };
}

export async function showApplication(services: Services, { params }: Call): Promise<Answer> {
  const uuid = uuidIn(params, 'application');
  const application = await services.applications.get(uuid);
  if (application === undefined) throw new PomonaError('NOT_FOUND', `There is no application ${uuid}.`);
  return { status: 200, body: applicationShape(application) };
}

export async function addApplication(services: Services, { body }: Call): Promise<Answer> {
  const application = await services.applications.create(readApplication(body));
  const location = `/applications/${application.uuid}`;
  return { status: 201, location, body: applicationShape(application) };
}

export async function deleteApplication(services: Services, { params }: Call): Promise<Answer> {
  await services.applications.delete(uuidIn(params, 'application'));
  return { status: 204 };
}
