import { pino, type Logger } from 'pino';

export type { Logger };

/** Structured log on standard output, one JSON object a line. Secrets are never passed to it. */
export function createLog(level: string): Logger {
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime });
}
