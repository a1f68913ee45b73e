import { Field, InterfaceType, ObjectType, registerEnumType, type ClassType } from 'type-graphql';
import { PomonaError, type ErrorCode } from '../../errors.js';
import { inputPathOf } from './errors.js';

/**
 * What every mutation's own error type has. `code` is not here: GraphQL lets an implementation narrow a
 * field's type only to a subtype, an enum is none of String's, and each mutation is to have the enum of just
 * its own codes.
 */
@InterfaceType('UserError', { description: 'Why a mutation did not do, or not wholly do, what was asked.' })
export abstract class UserError {
  @Field(() => String, {
    description: 'For people: what was wrong and what would be right. Switch on `code`, not on this.',
  })
  message: string;

  @Field(() => [String], {
    nullable: true,
    description:
      'The offending input, outermost first, such as ["input", "profiles", "2"]; null when it is not one input.',
  })
  path: readonly string[] | null;
}

/** An entry of `userErrors` as services' errors become it. */
export interface UserErrorEntry<C extends ErrorCode = ErrorCode> {
  readonly code: C;
  readonly message: string;
  readonly path: readonly string[] | null;
}

const MEANING: Partial<Record<ErrorCode, string>> = {
  NOT_FOUND: 'Something the input refers to does not exist, or is not visible to you.',
  BAD_USER_INPUT: 'A value is malformed, out of range, or contradicts another.',
  INVALID: 'Well-formed, but not acceptable in this place.',
  CYCLE: 'A workflow would come to include itself; the message spells the path.',
  CONFLICT: 'Something else already has this name or identifier.',
  STALE_REVISION: 'It has changed since the revision you named; read it again and decide anew.',
  IN_USE: 'Something else still refers to it.',
  IDEMPOTENCY_KEY_REUSED:
    'The idempotencyKey was used before, for something else; the message says for what. Nothing was done.',
  ALREADY_PENDING:
    'The same command waits for the device already: the one in `command`. No second was queued.',
  NOT_ENROLLED: 'The device is not enrolled, so nothing can be sent to it.',
  FEATURE_NOT_AVAILABLE:
    'The device, its platform or its version, or this server’s configuration does not offer this.',
  PAYLOAD_TOO_LARGE: 'More bytes than are accepted here.',
  RATE_LIMITED: 'Too much at once; wait and try again.',
  UPSTREAM_REFUSED: 'Apple’s service refused; the message says what it answered.',
  TIMEOUT: 'It took too long and was given up.',
};

/**
 * Makes a mutation's error type and code enum: `userErrorType('ProfileCreate', ['INVALID', 'CONFLICT'])`
 * gives the GraphQL types `ProfileCreateUserError` and `ProfileCreateErrorCode`.
 * @returns the object type's class, for `@Field(() => [ProfileCreateUserError]) userErrors`.
 */
export function userErrorType<const C extends ErrorCode>(
  mutation: string,
  codes: readonly C[],
): ClassType<UserErrorEntry<C>> {
  const Code = Object.fromEntries(codes.map((code) => [code, code]));
  registerEnumType(Code, {
    name: `${mutation}ErrorCode`,
    description: `Why \`${mutation.charAt(0).toLowerCase()}${mutation.slice(1)}\` may refuse.`,
    valuesConfig: Object.fromEntries(codes.map((code) => [code, { description: MEANING[code] ?? code }])),
  });

  @ObjectType(`${mutation}UserError`, {
    implements: UserError,
    description: `One refusal of ${mutation}.`,
    simpleResolvers: true,
  })
  class MutationUserError extends UserError {
    @Field(() => Code, { description: 'Stable; made for switching on.' })
    code: C;
  }
  return MutationUserError;
}

/** A mutation's payload: what the work gave, or nothing of it but the reasons. */
export type WithUserErrors<P extends object, C extends ErrorCode> = Partial<P> & {
  userErrors: readonly UserErrorEntry<C>[];
};

/**
 * Runs a service call for a mutation. A PomonaError whose code is among `codes` becomes an entry of
 * `userErrors`; any other error goes on to the top-level `errors`. Work that succeeded in part may bring
 * `userErrors` of its own.
 */
export async function withUserErrors<P extends object, const C extends ErrorCode>(
  codes: readonly C[],
  work: () => Promise<P & { userErrors?: readonly UserErrorEntry<C>[] }>,
): Promise<WithUserErrors<P, C>> {
  try {
    const payload = await work();
    return { ...payload, userErrors: payload.userErrors ?? [] };
  } catch (error) {
    if (!(error instanceof PomonaError) || !includes(codes, error.code)) throw error;
    const nothing: Partial<P> = {};
    return {
      ...nothing,
      userErrors: [{ code: error.code, message: error.message, path: inputPathOf(error) ?? null }],
    };
  }
}

function includes<C extends ErrorCode>(codes: readonly C[], code: ErrorCode): code is C {
  return (codes as readonly ErrorCode[]).includes(code);
}
