import { errorOf, mayPass, PomonaError } from './errors.ts';
import { pause } from './pause.ts';
import type { Settings } from './settings.ts';
import { Lost, type Socket } from './socket.ts';

export interface Subscribing {
  readonly settings: Settings;
  readonly socket: Socket;
  /** Where the stream of events is now. */
  readonly eventCursor: (signal: AbortSignal | undefined) => Promise<string>;
}

/** Failures in a row after which there is no hope, unless the socket had been open before. */
const TRIES = 5;
/** A socket that lived this long, in milliseconds, owes nothing to the failures before it. */
const LONG = 30_000;

/**
 * What a subscription tells, across lost sockets: after each it goes on behind the last `cursor`. Without `after` it begins
 * at the cursor of now. Ends when the signal is aborted.
 * @throws PomonaError
 */
export async function* follow(
  { settings, socket, eventCursor }: Subscribing,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown, void, undefined> {
  const resumes = canResume(query);
  try {
    let after = variables['after'] ?? (resumes ? await eventCursor(signal) : undefined);
    for (let failures = 0; ; await pause(settings.delay(failures), signal)) {
      const began = Date.now();
      try {
        const now = after === undefined ? variables : { ...variables, after };
        for await (const { data, errors } of socket.results(query, now, signal)) {
          if (errors !== undefined) throw errorOf(errors, { data });
          failures = 0;
          after = cursorIn(data) ?? after;
          yield data;
        }
        // Subscriptions have no end of their own: a server that ends one is going down.
        throw new Lost('The server ended the subscription.');
      } catch (error) {
        signal?.throwIfAborted();
        failures = Date.now() - began > LONG ? 1 : failures + 1;
        refuseHopeless(error, failures, socket, resumes);
      }
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

/** Throws unless it is worth trying again. */
function refuseHopeless(error: unknown, failures: number, socket: Socket, resumes: boolean): void {
  const lost = error instanceof Lost;
  if (!lost && !mayPass(error)) throw error;
  if (lost && socket.wasOpen && !resumes) {
    const message =
      'The socket was lost, and this subscription cannot say where to go on, so events would be missed. ' +
      'Declare `$after: String`, give it as `after`, and select `cursor` and `resync`.';
    throw new PomonaError(message, { code: 'CONNECTION_LOST', cause: error });
  }
  if (failures < TRIES || socket.wasOpen) return;
  if (!lost) throw error;
  throw new PomonaError('No socket could be opened. Does the server allow the origin of this page?', {
    code: 'CONNECTION_LOST',
    cause: error,
  });
}

/** Whether a subscription can go on where it was: it takes `$after` and tells cursors. */
function canResume(query: string): boolean {
  return /\$after\b/.test(query) && /\bcursor\b/.test(query);
}

/** The event in a subscription's data: the one field it has. */
export function eventIn(data: unknown): { readonly cursor?: unknown; readonly resync?: unknown } | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const [event] = Object.values(data) as unknown[];
  return typeof event === 'object' && event !== null ? event : undefined;
}

function cursorIn(data: unknown): string | undefined {
  const cursor = eventIn(data)?.cursor;
  return typeof cursor === 'string' ? cursor : undefined;
}
