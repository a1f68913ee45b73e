import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A request of a device, once it was answered. */
export interface AnsweredDevice {
  readonly door: 'checkin' | 'connect';
  /** The MessageType, or the Status of the report; `unreadable` when that much could not be told. */
  readonly message: string;
  /** HTTP status. */
  readonly status: number;
  /** Whether a command was handed out. */
  readonly handedOut: boolean;
}

type Note = { -readonly [Name in Exclude<keyof AnsweredDevice, 'status'>]: AnsweredDevice[Name] };

/** Keeps what is found out of each request while it is handled, for whoever wants to know when it was answered. */
export class AnsweredDevices {
  readonly #notes = new WeakMap<FastifyRequest, Note>();

  constructor(app: FastifyInstance, tell: (answered: AnsweredDevice) => void) {
    app.addHook('onResponse', async (request, { statusCode }) => {
      const note = this.#notes.get(request);
      if (note !== undefined) tell({ ...note, status: statusCode });
    });
  }

  note(request: FastifyRequest, found: Partial<Note>): void {
    const note = this.#notes.get(request);
    if (note !== undefined) Object.assign(note, found);
    else this.#notes.set(request, { door: 'checkin', message: 'unreadable', handedOut: false, ...found });
  }
}
