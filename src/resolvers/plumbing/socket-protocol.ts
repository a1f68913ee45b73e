import type { IncomingMessage } from 'node:http';
import { CloseCode, MessageType, parseMessage, type Message, type SubscribePayload } from 'graphql-ws';
import { PomonaError } from '../../errors.js';
import { newRequestId } from './core.js';
import type { EventStream } from './event-stream.js';
import type { SocketSettings } from './socket-options.js';

/** The socket below the protocol. */
export interface Line {
  /** Settles when the text left the process, or the socket is gone. */
  send(text: string): Promise<void>;
  close(code: number, reason: string): void;
}

/** An operation under way; `results` when it is a subscription that began. */
interface Operation {
  /** Aborted when the client completed it, or left. */
  readonly gone: AbortController;
  results?: EventStream;
}

/** What WebSocket itself says: try again later. graphql-ws' clients do, as they do not after 4429. */
const TRY_AGAIN_LATER = 1013;

/**
 * The server's side of graphql-transport-ws, for one socket. graphql-ws reads the messages; operations are run
 * here rather than by graphql-ws, for two reasons: a result that many subscribers share is written as text
 * once, and an id that is used again at once after `complete` must not be mistaken for the operation before.
 * Whatever is wrong with one operation is one `error` message; the socket stays open. What every operation
 * passes before it runs is in `prepare-operation.ts`.
 */
export class SocketProtocol<P extends object> {
  readonly #line: Line;
  readonly #request: IncomingMessage;
  readonly #settings: SocketSettings<P>;
  readonly #operations = new Map<string, Operation>();
  readonly #initTimer: NodeJS.Timeout;
  #initialised = false;
  #closed = false;
  #principal: P | undefined;
  #leave: () => void = () => undefined;

  constructor(line: Line, request: IncomingMessage, settings: SocketSettings<P>) {
    this.#line = line;
    this.#request = request;
    this.#settings = settings;
    this.#initTimer = setTimeout(
      () => this.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout'),
      settings.connectionInitWaitTimeout,
    );
  }

  /** Takes one message of the client. Settles when it was dealt with. */
  async receive(text: string): Promise<void> {
    if (this.#closed) return;
    const message = read(text);
    if (message instanceof Error) return this.close(CloseCode.BadRequest, message.message);
    switch (message.type) {
      case MessageType.ConnectionInit:
        return this.#initialise(message.payload ?? {});
      case MessageType.Ping:
        return this.#send({ type: MessageType.Pong, ...(message.payload && { payload: message.payload }) });
      case MessageType.Pong:
        return;
      case MessageType.Subscribe:
        return this.#subscribe(message.id, message.payload);
      case MessageType.Complete:
        return this.#complete(message.id);
      default:
        return this.close(CloseCode.BadRequest, `Only the server sends ${message.type}`);
    }
  }

  /** Closes the socket, once, and lets go of everything. */
  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#line.close(code, closeReason(reason));
    this.dispose();
  }

  /** The socket is gone. */
  dispose(): void {
    this.#closed = true;
    clearTimeout(this.#initTimer);
    this.#leave();
    this.#leave = () => undefined;
    for (const id of this.#operations.keys()) void this.#complete(id);
  }

  async #initialise(params: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.#initialised) {
      return this.close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
    }
    this.#initialised = true;
    clearTimeout(this.#initTimer);
    try {
      const principal = await this.#settings.onConnect(params, this.#request);
      if (this.#closed) return;
      if (principal === undefined) return this.close(CloseCode.Forbidden, 'Forbidden');
      this.#leave = this.#settings.live.enter(principal, () => this.#withdrawn());
      this.#principal = principal;
    } catch (error) {
      return this.#refuse(error);
    }
    await this.#send({ type: MessageType.ConnectionAck });
  }

  #refuse(error: unknown): void {
    const code = error instanceof PomonaError ? error.code : undefined;
    if (code === 'UNAUTHENTICATED' || code === 'FORBIDDEN') {
      return this.close(CloseCode.Forbidden, 'Forbidden');
    }
    if (code === 'RATE_LIMITED') return this.close(TRY_AGAIN_LATER, (error as PomonaError).message);
    this.#settings.live.core.log.error({ err: error }, 'A socket could not be admitted');
    this.close(TRY_AGAIN_LATER, 'Try again later');
  }

  #withdrawn(): void {
    this.close(CloseCode.Forbidden, 'Forbidden');
  }

  async #subscribe(id: string, payload: SubscribePayload): Promise<void> {
    if (this.#principal === undefined) return this.close(CloseCode.Unauthorized, 'Unauthorized');
    if (this.#operations.has(id)) {
      return this.close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
    }
    const operation: Operation = { gone: new AbortController() };
    const requestId = newRequestId();
    if (this.#operations.size >= this.#settings.maxOperations) return this.#tooMany(id, requestId);
    this.#operations.set(id, operation);
    try {
      await this.#run(id, operation, payload, requestId, this.#principal);
    } catch (error) {
      await this.#end(id, operation, MessageType.Error, [this.#settings.live.format(error, requestId)]);
    }
  }

  #tooMany(id: string, requestId: string): Promise<void> {
    const { live, maxOperations } = this.#settings;
    const error = new PomonaError(
      'RATE_LIMITED',
      `This socket already has ${maxOperations} operations under way; complete one first.`,
    );
    return this.#send({ id, type: MessageType.Error, payload: [live.format(error, requestId)] });
  }

  async #run(
    id: string,
    operation: Operation,
    payload: SubscribePayload,
    requestId: string,
    principal: P,
  ): Promise<void> {
    const { signal: gone } = operation.gone;
    const caller = { principal, requestId, withdrawn: () => this.#withdrawn(), gone };
    const answer = await this.#settings.live.run(caller, payload);
    if (answer.kind === 'refused') return this.#end(id, operation, MessageType.Error, answer.errors);
    if (answer.kind === 'result') await this.#next(id, operation, answer.text);
    else await this.#tell(id, operation, answer.results);
    await this.#end(id, operation, MessageType.Complete);
  }

  async #tell(id: string, operation: Operation, results: EventStream): Promise<void> {
    // The client may have completed it while it was being begun.
    if (!this.#current(id, operation)) return void (await results.return());
    operation.results = results;
    for await (const text of results) await this.#next(id, operation, text);
  }

  /** The result is JSON already. */
  async #next(id: string, operation: Operation, result: string): Promise<void> {
    if (!this.#current(id, operation)) return;
    await this.#line.send(`{"id":${JSON.stringify(id)},"type":"next","payload":${result}}`);
  }

  /** The id is free again before the client is told so. */
  async #end(
    id: string,
    operation: Operation,
    type: MessageType,
    payload?: readonly object[],
  ): Promise<void> {
    if (!this.#current(id, operation)) return;
    this.#operations.delete(id);
    await this.#send({ id, type, ...(payload && { payload }) });
  }

  async #complete(id: string): Promise<void> {
    const operation = this.#operations.get(id);
    this.#operations.delete(id);
    operation?.gone.abort();
    await operation?.results?.return();
  }

  /** Whether the operation is under way still: neither completed, nor ended with its socket. */
  #current(id: string, operation: Operation): boolean {
    return this.#operations.get(id) === operation;
  }

  #send(message: object): Promise<void> {
    return this.#line.send(JSON.stringify(message));
  }
}

function read(text: string): Message | Error {
  try {
    return parseMessage(text);
  } catch (error) {
    return error instanceof Error ? error : new Error('Invalid message received');
  }
}

/** A close frame has room for 123 bytes (RFC 6455 section 5.5). */
function closeReason(reason: string): string {
  return reason.replaceAll(/[^ -~]/g, '?').slice(0, 123);
}
