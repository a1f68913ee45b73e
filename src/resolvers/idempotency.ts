import { Field } from 'type-graphql';
import { PomonaError } from '../errors.js';
import type { KeyedCall } from '../services/idempotency.js';
import type { GraphqlContext } from './context.js';

/** 1 to 255 characters that can be seen; no control characters, no line breaks. */
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}]{1,255}$/u;

/** The `idempotencyKey` of an input whose mutation reaches devices. */
export function IdempotencyKeyField(): PropertyDecorator {
  return Field(() => String, {
    nullable: true,
    description:
      'Your choice, new for each act, such as a UUID: 1 to 255 printable characters. The same key with the same input is ' +
      'carried out once and answered the same each time, for 24 hours; so a call whose answer was lost can simply be sent ' +
      'again. With another input it is refused (IDEMPOTENCY_KEY_REUSED). Keys belong to the API token, and what was ' +
      'refused as a whole leaves none.',
  }) as PropertyDecorator;
}

interface Keyed {
  readonly idempotencyKey?: string | null;
}

/**
 * The call that is to be carried out once; undefined without a key.
 * @param operation the mutation's name
 * @throws PomonaError BAD_USER_INPUT
 */
export function keyedCall(
  { principal }: Pick<GraphqlContext, 'principal'>,
  operation: string,
  { idempotencyKey, ...body }: Keyed,
): KeyedCall | undefined {
  if (idempotencyKey == null || principal === undefined) return undefined;
  if (!PRINTABLE.test(idempotencyKey)) {
    throw new PomonaError(
      'BAD_USER_INPUT',
      'An idempotencyKey has 1 to 255 characters, none of them a control character or a line break.',
      { path: ['input', 'idempotencyKey'] },
    );
  }
  return { tokenUuid: principal.tokenUuid, key: idempotencyKey, operation, body };
}
