import {
  createSourceEventStream,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLError,
  type GraphQLFormattedError,
} from 'graphql';
import { PomonaError } from '../../errors.js';
import { Counted } from './counted.js';
import { asGraphQLError } from './errors.js';
import { EventStream, type EventSource } from './event-stream.js';
import { observed, type Underway } from './observe.js';
import { withLiveDefaults, type LiveOptions, type LiveSettings } from './live-options.js';
import { operationKey } from './operation-key.js';
import { prepareOperation, type OperationRequest, type PreparedOperation } from './prepare-operation.js';
import { SharedResults } from './shared-results.js';

/** Who asks, and under which id errors are told and logged. */
export interface Caller<P extends object> {
  readonly principal: P;
  readonly requestId: string;
  /** Told when the principal turns out to be no longer allowed. */
  readonly withdrawn: () => void;
  /** May not change anything, because of the way it came (GraphQL over HTTP, section 6.2: GET). */
  readonly readOnly?: boolean;
  /** Aborted when the caller waits for the answer no more: a query is stopped then. */
  readonly gone?: AbortSignal;
}

/** What became of an operation: refused before it ran; one result; or results as they happen. */
export type Answer =
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLFormattedError[] }
  | { readonly kind: 'result'; readonly text: string; readonly errors?: readonly GraphQLFormattedError[] }
  | { readonly kind: 'stream'; readonly results: EventStream };

/**
 * Runs the operations of every live connection, whatever its transport: the same guard, masking, permission
 * and caps for all of them, and one execution for all who subscribed to the same.
 */
export class Live<P extends object> {
  readonly #settings: LiveSettings<P>;
  readonly #shared = new SharedResults();
  readonly #users: Counted;
  #subscriptions = 0;

  constructor(options: LiveOptions<P>) {
    this.#settings = withLiveDefaults(options);
    this.#users = new Counted(this.#settings.maxConnectionsPerUser);
  }

  get core(): LiveSettings<P>['core'] {
    return this.#settings.core;
  }

  /** Subscriptions under way. */
  get subscriptions(): number {
    return this.#subscriptions;
  }

  /**
   * Counts one more connection of the principal, and watches over it: `gone` is called when the principal may
   * no longer be connected. Returns how to leave. Throws RATE_LIMITED when the user has too many already.
   */
  enter(principal: P, gone: () => void): () => void {
    const user = this.#settings.userOf(principal);
    const leave = user === undefined ? () => undefined : this.#users.enter(user);
    if (leave === undefined) {
      const most = this.#settings.maxConnectionsPerUser;
      throw new PomonaError('RATE_LIMITED', `This token has ${most} connections open; close one first.`);
    }
    const stopWatching = this.#settings.onWithdrawn(principal, gone);
    return () => {
      leave();
      stopWatching();
    };
  }

  /** Runs one operation. Never throws: whatever is wrong with it is in the answer. */
  async run(caller: Caller<P>, request: OperationRequest): Promise<Answer> {
    const { operationName } = request;
    const underway: Underway = { requestId: caller.requestId, begun: performance.now(), operationName };
    const answer = await this.#run(caller, request, underway);
    const errors = answer.kind === 'stream' ? [] : answer.errors;
    observed(this.#settings.observe, underway, answer.kind !== 'refused', errors);
    return answer;
  }

  async #run(caller: Caller<P>, request: OperationRequest, underway: Underway): Promise<Answer> {
    const { requestId, principal } = caller;
    try {
      await this.#permit(caller);
      const prepared = await prepareOperation(principal, request, requestId, this.#settings);
      if ('length' in prepared) return this.#refused(prepared, requestId);
      const { operation, args } = prepared;
      const named = { operationName: operation.name?.value, type: operation.operation };
      Object.assign(underway, named, { contextValue: args.contextValue });
      if (caller.readOnly === true) refuseMutation(prepared);
      if (operation.operation === 'subscription') return await this.#subscribe(prepared, caller);
      // A mutation goes on without its client: stopping it half way helps nobody.
      const wanted = operation.operation === 'query' ? caller.gone : undefined;
      return this.#result(await this.core.executor.execute(prepared.args, wanted), requestId);
    } catch (error) {
      return this.#refused([asGraphQLError(error)], requestId);
    }
  }

  /** An error as the client may see it. */
  format(error: unknown, requestId: string): GraphQLFormattedError {
    return this.core.format(asGraphQLError(error), requestId);
  }

  async #permit({ principal, withdrawn }: Caller<P>): Promise<void> {
    if (await this.#settings.stillAllowed(principal)) return;
    withdrawn();
    throw noLongerValid();
  }

  async #subscribe(prepared: PreparedOperation, caller: Caller<P>): Promise<Answer> {
    const leave = this.#countSubscription();
    try {
      const source = await createSourceEventStream(prepared.args);
      if (Symbol.asyncIterator in source) {
        const events = source[Symbol.asyncIterator]();
        return { kind: 'stream', results: this.#results(events, prepared, caller, leave) };
      }
      leave();
      return this.#result(source, caller.requestId);
    } catch (error) {
      leave();
      throw error;
    }
  }

  #countSubscription(): () => void {
    const { maxSubscriptions } = this.#settings;
    if (this.#subscriptions >= maxSubscriptions) {
      throw new PomonaError('RATE_LIMITED', 'The server has as many subscriptions as it serves; try later.');
    }
    this.#subscriptions += 1;
    return () => (this.#subscriptions -= 1);
  }

  #results(
    source: EventSource,
    prepared: PreparedOperation,
    caller: Caller<P>,
    released: () => void,
  ): EventStream {
    const { stillAllowed, audienceOf, startArguments } = this.#settings;
    const audience = audienceOf(caller.principal);
    const key = audience === undefined ? undefined : operationKey(prepared, startArguments, audience);
    return new EventStream(source, {
      allowed: () => stillAllowed(caller.principal),
      refused: caller.withdrawn,
      released,
      resultOf: (event) => {
        const identity = key === undefined ? undefined : source.identityOf?.(event);
        const make = () => this.#resultOf(event, source, prepared, caller);
        return identity === undefined ? make() : this.#shared.of(`${key} ${identity}`, make);
      },
    });
  }

  /** A context of its own for every event: loaders of the last event would serve rows as they were then. */
  async #resultOf(
    rootValue: unknown,
    source: EventSource,
    { args }: PreparedOperation,
    { principal, requestId }: Caller<P>,
  ): Promise<string | undefined> {
    if ((await source.fits?.(rootValue)) === false) return undefined;
    const contextValue = await this.#settings.contextFor(principal, 'event', requestId);
    return this.#text(await this.core.executor.execute({ ...args, rootValue, contextValue }), requestId);
  }

  #refused(errors: readonly GraphQLError[], requestId: string): Answer {
    return { kind: 'refused', errors: errors.map((error) => this.core.format(error, requestId)) };
  }

  #result(result: ExecutionResult, requestId: string): Answer {
    const shown = this.#shown(result, requestId);
    return { kind: 'result', text: JSON.stringify(shown), errors: shown.errors };
  }

  #text(result: ExecutionResult, requestId: string): string {
    return JSON.stringify(this.#shown(result, requestId));
  }

  #shown({ errors, ...rest }: ExecutionResult, requestId: string): FormattedExecutionResult {
    if (errors === undefined) return rest;
    return { ...rest, errors: errors.map((error) => this.core.format(error, requestId)) };
  }
}

/** What a connection is told whose token was revoked or ran out. */
export function noLongerValid(): PomonaError {
  return new PomonaError('UNAUTHENTICATED', 'What this connection was opened with is no longer valid.');
}

function refuseMutation({ operation }: PreparedOperation): void {
  if (operation.operation === 'mutation')
    throw new PomonaError('BAD_USER_INPUT', 'Send mutations with POST.');
}
