import type { z } from 'zod';
import type { Services } from '../services/services.js';
import { checked } from './checked.js';
import type { Answer, Call, Route } from './route.js';
import type { FailureShape } from './schemas/failure.js';

export type Tag = 'Devices' | 'Profiles' | 'Workflows' | 'Applications';

/** What a status of an operation means, and how its body looks: by a schema and an example, or there is none. */
export interface DocumentedAnswer {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  /** For failures: an example for each way to fail, by name. */
  readonly failures?: Readonly<Record<string, FailureShape>>;
}

export interface BodyExample {
  readonly summary: string;
  readonly value: object;
}

/** What an operation takes. Each schema checks requests, and is what the document says of them. */
export interface Input<P, Q, B> {
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
}

/** A route with what there is to say of it. Examples are requests that can be sent as they are. */
export interface Operation extends Route, Input<unknown, unknown, unknown> {
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  readonly paramExamples?: Readonly<Record<string, string>>;
  readonly queryExamples?: Readonly<Record<string, string | number>>;
  readonly bodyExamples?: Readonly<Record<string, BodyExample>>;
  /** By status, without the failures that every operation has. */
  readonly answers: Readonly<Record<number, DocumentedAnswer>>;
}

type Spec<P, Q, B> = Omit<Operation, 'handle' | keyof Input<P, Q, B>> &
  Input<P, Q, B> & { readonly handle: (services: Services, call: Call<P, Q, B>) => Promise<Answer> };

/** An operation whose handler is given what its schemas read: first the address, then the query, then the body. */
export function operation<P = Call['params'], Q = Call['query'], B = unknown>(
  spec: Spec<P, Q, B>,
): Operation {
  const { params, query, body, handle } = spec;
  return {
    ...spec,
    handle: (services, call) =>
      handle(services, {
        ...call,
        params: read(params, call.params),
        query: read(query, call.query),
        body: read(body, call.body),
      }),
  };
}

/** Without a schema the handler has no use for the value, and its type says so. */
function read<T>(schema: z.ZodType<T> | undefined, value: unknown): T {
  return schema === undefined ? (value as T) : checked(schema, value);
}
