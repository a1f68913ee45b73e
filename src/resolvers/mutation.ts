import type { ClassType } from 'type-graphql';
import { PomonaError, type ErrorCode } from '../errors.js';
import {
  userErrorType,
  withUserErrors,
  type UserErrorEntry,
  type WithUserErrors,
} from './plumbing/user-errors.js';

/** The refusals a mutation tells in `userErrors`: their GraphQL type, and the codes it may have. */
export interface Refusals<C extends ErrorCode> {
  readonly type: ClassType<UserErrorEntry<C>>;
  readonly codes: readonly C[];
}

/** Every mutation may be sent an id that is none. */
const ALWAYS = ['BAD_USER_INPUT'] as const;

export function refusals<const C extends ErrorCode>(
  mutation: string,
  codes: readonly C[],
): Refusals<C | 'BAD_USER_INPUT'> {
  const all = [...ALWAYS, ...codes];
  return { type: userErrorType(mutation, all), codes: all };
}

/**
 * Carries out a mutation. Its refusals become `userErrors`, located in the input by the client's names.
 * @param names the input's names for those of the service, where they differ
 */
export function answer<P extends object, C extends ErrorCode>(
  { codes }: Refusals<C>,
  work: () => Promise<P & { userErrors?: readonly UserErrorEntry<C>[] }>,
  names: Readonly<Record<string, string>> = {},
): Promise<WithUserErrors<P, C>> {
  return withUserErrors(codes, async () => {
    try {
      return await work();
    } catch (error) {
      throw located(error, names);
    }
  });
}

function located(error: unknown, names: Readonly<Record<string, string>>): unknown {
  if (!(error instanceof PomonaError) || error.inputPath === undefined || error.inputPath[0] === 'input')
    return error;
  const [field = '', ...rest] = error.inputPath;
  const path = ['input', names[field] ?? field, ...rest];
  return new PomonaError(error.code, error.message, { path, details: error.details ?? {}, cause: error });
}

/** A problem with one of many as an entry of `userErrors`. Throws what the mutation has no code for. */
export function entryOf<C extends ErrorCode>(
  { codes }: Refusals<C>,
  problem: PomonaError,
  path: readonly string[],
): UserErrorEntry<C> {
  const code = codes.find((one) => one === problem.code);
  if (code === undefined) throw problem;
  return { code, message: problem.message, path };
}
