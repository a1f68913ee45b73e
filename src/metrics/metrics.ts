import type { FastifyInstance } from 'fastify';
import type { NewEvent } from '../events/index.js';
import { deviceCounter, type AnsweredDevice } from './devices.js';
import { eventCounter } from './happened.js';
import { timeRequests } from './http.js';
import { createInstruments, type Instruments } from './instruments.js';
import { operationMeter, type AnsweredOperation } from './operations.js';

/** What the rest of the server tells of itself while it works. Nothing here waits, and nothing asks the database. */
export class Metrics {
  readonly instruments: Instruments = createInstruments();
  /** A device was answered. */
  readonly device: (answered: AnsweredDevice) => void = deviceCounter(this.instruments);
  /** A GraphQL operation was answered. */
  readonly operation: (answered: AnsweredOperation) => void = operationMeter(this.instruments);
  /** This process committed events. */
  readonly happened: (events: readonly NewEvent[]) => void = eventCounter(this.instruments);

  timeRequests(http: FastifyInstance): void {
    timeRequests(http, this.instruments);
  }
}
