import type { FastifyBaseLogger, FastifyReply } from 'fastify';
import { MachineInfoError } from '../apple/machine-info/index.js';
import { PomonaError } from '../errors.js';
import { pageHtml } from './page.js';

/** What is told of a failure. */
interface Told {
  readonly status: number;
  readonly code: string;
  readonly sentence: string;
  /** Seconds until it is worth trying again. */
  readonly retryAfter?: number;
}

const NOT_NOW: Told = {
  status: 503,
  code: 'UNAVAILABLE',
  sentence: 'This server cannot answer now. Try again in a minute.',
  retryAfter: 30,
};

/** In JSON: programs read it, and administrators who look at what their server says. */
export function answerDevice(error: unknown, log: FastifyBaseLogger, reply: FastifyReply): FastifyReply {
  const told = tell(error, log, reply);
  return reply.send({ error: told.sentence, code: told.code });
}

/** A page in the web view of the device. */
export function answerPerson(error: unknown, log: FastifyBaseLogger, reply: FastifyReply): FastifyReply {
  const { sentence } = tell(error, log, reply);
  const again = 'To try again, close this page and begin anew in the settings of the device.';
  const page = pageHtml({ title: 'This device was not enrolled', paragraphs: [sentence, again] });
  return reply.type('text/html; charset=utf-8').send(page);
}

/** Notes a failure, and returns what is told of it. */
export function tell(error: unknown, log: FastifyBaseLogger, reply: FastifyReply): Told {
  const told = toldOf(error);
  if (told.status >= 500 && !(error instanceof PomonaError)) log.error({ err: error }, 'An enrolment failed');
  else log.warn({ reason: told.sentence }, 'An enrolment was refused');
  reply.code(told.status);
  if (told.retryAfter !== undefined) reply.header('retry-after', String(told.retryAfter));
  return told;
}

/** 403 would be taken for a verdict on the device (Apple: ErrorUnrecognizedDevice), 401 for a request to sign in: neither is meant. */
function toldOf(error: unknown): Told {
  if (error instanceof MachineInfoError)
    return {
      status: 400,
      code: 'BAD_USER_INPUT',
      sentence: `The device's attributes were refused: ${error.message}.`,
    };
  if (error instanceof PomonaError && error.face.expose) {
    const { code, message: sentence, details } = error;
    const seconds = details?.['seconds'];
    const retryAfter = typeof seconds === 'number' ? seconds : undefined;
    return { status: error.face.http, code, sentence, retryAfter };
  }
  const status = (error as { statusCode?: unknown }).statusCode;
  return typeof status === 'number' && status >= 400 && status < 500
    ? { status, code: 'BAD_USER_INPUT', sentence: 'The request could not be read.' }
    : NOT_NOW;
}
