import type { FastifyInstance } from 'fastify';
import type { Logger } from '../log.js';
import type { Services } from '../services/services.js';

export interface GraphqlDoorOptions {
  readonly services: Services;
  readonly log: Logger;
  /** Signs cursors; 32 bytes. */
  readonly cursorKey: Buffer;
  readonly production: boolean;
  readonly allowedOrigins: readonly string[];
}

export async function mountGraphqlDoor(_http: FastifyInstance, _options: GraphqlDoorOptions): Promise<void> {}
