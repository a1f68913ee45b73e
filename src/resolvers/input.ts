import { PomonaError } from '../errors.js';
import { fromGlobalId } from './plumbing/global-id.js';

/**
 * The UUID in a global id that came as input.
 * @throws PomonaError BAD_USER_INPUT, at `path`, when it is no id, or not one of a `type`.
 */
export function uuidIn(id: string, type: string, path: readonly string[]): string {
  try {
    return fromGlobalId(id, type).uuid;
  } catch (error) {
    if (!(error instanceof PomonaError)) throw error;
    throw new PomonaError(error.code, error.message, { path, cause: error });
  }
}

/** The same for a list; undefined stays undefined. */
export function uuidsIn(ids: readonly string[], type: string, path: readonly string[]): string[];
export function uuidsIn(
  ids: readonly string[] | null | undefined,
  type: string,
  path: readonly string[],
): string[] | undefined;
export function uuidsIn(
  ids: readonly string[] | null | undefined,
  type: string,
  path: readonly string[],
): string[] | undefined {
  return ids?.map((id, index) => uuidIn(id, type, [...path, String(index)]));
}

/** The one member of a look-up that was given. @throws PomonaError BAD_USER_INPUT unless it is exactly one. */
export function onlyOne<K extends string>(by: Readonly<Partial<Record<K, string | null>>>): [K, string] {
  const given = (Object.entries(by) as [K, string | null | undefined][]).filter(
    (entry): entry is [K, string] => entry[1] != null,
  );
  const [one, another] = given;
  if (one !== undefined && another === undefined) return one;
  throw new PomonaError(
    'BAD_USER_INPUT',
    `Give exactly one member of \`by\`; ${given.length === 0 ? 'none was' : `${given.length} were`} given.`,
    {
      path: ['by'],
    },
  );
}
