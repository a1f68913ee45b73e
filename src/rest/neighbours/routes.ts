import type { FastifyInstance } from 'fastify';
import type { ServerStatus } from '../../services/server-status.js';
import { serve, type RestDoor, type Route } from '../route.js';
import * as commands from './commands.js';

/** Below `/mdm/commands`. */
export const COMMAND_ROUTES: readonly Route[] = [
  { method: 'POST', path: '/', permission: 'commands.write', handle: commands.sendCommand },
  { method: 'GET', path: '/:udid', permission: 'read', handle: commands.listQueue },
  { method: 'GET', path: '/:udid/next', permission: 'read', handle: commands.nextCommand },
  { method: 'DELETE', path: '/:udid/:uuid', permission: 'commands.write', handle: commands.cancelCommand },
];

/** What stood beside the management API in 2016 and scripts call: the command queue. To be registered at `/mdm/commands`. */
export function commandRoutes(door: RestDoor): (app: FastifyInstance) => Promise<void> {
  return async (app) => serve(app, door, COMMAND_ROUTES);
}

/** `GET /_version`, for anyone. */
export function versionRoute(http: FastifyInstance, { version }: ServerStatus): void {
  http.get('/_version', () => ({ version }));
}
