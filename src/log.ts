import { pino, type Logger } from 'pino';

export type { Logger };

/** Standard output. */
const output = pino.destination(1);

/** Structured log on standard output, one JSON object a line. Secrets are never passed to it. */
export function createLog(level: string): Logger {
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, output);
}

/** Writes for people what is no line of the log, below the lines that were logged before. */
export function print(text: string): void {
  output.write(text);
}
