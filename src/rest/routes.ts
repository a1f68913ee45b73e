import type { FastifyInstance } from 'fastify';
import * as applications from './handlers/applications.js';
import * as devices from './handlers/devices.js';
import * as profiles from './handlers/profiles.js';
import * as workflows from './handlers/workflows.js';
import { serve, type RestDoor, type Route } from './route.js';

const route = (
  method: Route['method'],
  path: string,
  permission: Route['permission'],
  handle: Route['handle'],
  failure?: Route['failure'],
): Route => ({ method, path, permission, handle, ...(failure === undefined ? {} : { failure }) });

/** The management API, whole. `:uuid` is the server's own id of a record; on `…/push` alone it is the UDID of the device. */
export const ROUTES: readonly Route[] = [
  route('GET', '/devices', 'read', devices.listDevices),
  route('GET', '/devices/:uuid', 'read', devices.showDevice),
  route('PATCH', '/devices/:uuid', 'devices.write', devices.assignWorkflow),
  route('GET', '/devices/:uuid/applications', 'read', devices.listInventory('INSTALLED_APPLICATION_LIST')),
  route('GET', '/devices/:uuid/certificates', 'read', devices.listInventory('CERTIFICATE_LIST')),
  route('POST', '/devices/:uuid/push', 'devices.push', devices.pushDevice, { status: 'failure' }),
  route('POST', '/devices/fetch', 'devices.write', devices.fetchDevices),

  route('GET', '/profiles', 'read', profiles.listProfiles),
  route('POST', '/profiles', 'catalog.write', profiles.addProfile),
  route('GET', '/profiles/:uuid', 'read', profiles.showProfile),
  route('DELETE', '/profiles/:uuid', 'catalog.write', profiles.deleteProfile),

  route('GET', '/workflows', 'read', workflows.listWorkflows),
  route('POST', '/workflows', 'catalog.write', workflows.addWorkflow),
  route('GET', '/workflows/:uuid', 'read', workflows.showWorkflow),
  route('PATCH', '/workflows/:uuid', 'catalog.write', workflows.changeWorkflow),
  route('DELETE', '/workflows/:uuid', 'catalog.write', workflows.deleteWorkflow),

  route('GET', '/applications', 'read', applications.listApplications),
  route('POST', '/applications', 'catalog.write', applications.addApplication),
  route('GET', '/applications/:uuid', 'read', applications.showApplication),
  route('DELETE', '/applications/:uuid', 'catalog.write', applications.deleteApplication),
];

/** Door 2: the API of 2016's `/management/v1`, on the same services as GraphQL. To be registered under that prefix. */
export function restRoutes(door: RestDoor): (app: FastifyInstance) => Promise<void> {
  return async (app) => serve(app, door, ROUTES);
}
