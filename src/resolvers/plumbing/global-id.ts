import { PomonaError } from '../../errors.js';

/** What an opaque id names: a GraphQL object type and the row's UUID, lower case. */
export interface GlobalId {
  readonly type: string;
  readonly uuid: string;
}

const SHAPE = /^([A-Z][A-Za-z0-9]*):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;
const LONGEST = 128;

/** The `id` of an object: base64url of `Type:uuid`, unpadded (RFC 4648 section 5). */
export function toGlobalId(type: string, uuid: string): string {
  return Buffer.from(`${type}:${uuid.toLowerCase()}`, 'utf8').toString('base64url');
}

/**
 * Reads an `id` that a client sent back.
 * @throws PomonaError BAD_USER_INPUT when it is no id of ours, or names another type than `expectedType`.
 */
export function fromGlobalId(id: string, expectedType?: string): GlobalId {
  const parsed = parse(id);
  if (parsed === undefined) throw malformed(id, expectedType);
  if (expectedType !== undefined && parsed.type !== expectedType) {
    throw new PomonaError(
      'BAD_USER_INPUT',
      `"${id}" is the id of ${withArticle(parsed.type)}; the id of ${withArticle(expectedType)} is wanted here.`,
    );
  }
  return parsed;
}

function parse(id: string): GlobalId | undefined {
  if (id.length > LONGEST) return undefined;
  const text = Buffer.from(id, 'base64url').toString('utf8');
  const [, type, uuid] = SHAPE.exec(text) ?? [];
  if (type === undefined || uuid === undefined) return undefined;
  // Buffer skips characters that are not base64url, so only an id that encodes back to itself was ours.
  return toGlobalId(type, uuid) === id ? { type, uuid } : undefined;
}

function malformed(id: string, expectedType = 'node'): PomonaError {
  const given = id.length > 64 ? `${id.slice(0, 64)}…` : id;
  return new PomonaError(
    'BAD_USER_INPUT',
    `"${given}" is not an id. Send the \`id\` of ${withArticle(expectedType)} exactly as this API returned it; ` +
      'serial numbers, UDIDs and UUIDs have arguments of their own.',
  );
}

function withArticle(type: string): string {
  return `${/^[AEIOU]/i.test(type) ? 'an' : 'a'} ${type}`;
}
