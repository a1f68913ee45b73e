import type { FastifyInstance } from 'fastify';
import { documentRoutes } from './openapi/routes.js';
import type { Operation } from './operation.js';
import { APPLICATIONS } from './operations/applications.js';
import { DEVICES } from './operations/devices.js';
import { PROFILES } from './operations/profiles.js';
import { WORKFLOWS } from './operations/workflows.js';
import { serve, type RestDoor } from './route.js';

/** The management API, whole. `:uuid` is the server's own id of a record; `:udid` is Apple's id of a device. */
export const OPERATIONS: readonly Operation[] = [...DEVICES, ...PROFILES, ...WORKFLOWS, ...APPLICATIONS];

/** Door 2: the API of 2016's `/management/v1`, on the same services as GraphQL. To be registered under that prefix. */
export function restRoutes(door: RestDoor): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    serve(app, door, OPERATIONS);
    await documentRoutes(app, door, OPERATIONS);
  };
}
