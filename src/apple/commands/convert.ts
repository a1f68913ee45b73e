import type { PlistDict, PlistValue } from '../plist/index.js';
import type { CommandKey } from './catalogue.js';
import { badParameter } from './errors.js';
import { shown, toData, toDate, toInteger, toScalar, toText } from './scalars.js';

/** Deeper than any command; a bound for what we have no description of. */
const MAX_DEPTH = 32;

type Path = readonly string[];

/**
 * Turns a JSON object into a dictionary by the members' descriptions, in the order sent. Members under other names pass,
 * typed as JSON types them: devices are newer than the catalogue. Throws `CommandError` `bad-parameter`.
 */
export function toDict(keys: readonly CommandKey[], value: object, path: Path): PlistDict {
  const dict: PlistDict = Object.create(null) as PlistDict;
  const described = new Map(keys.map((key) => [key.key, key]));
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const at = [...path, name];
    const key = described.get(toText(name, at));
    dict[name] = key === undefined ? asSent(member, at) : toValue(key, member, at);
  }
  for (const { key, required } of keys) {
    if (required && dict[key] === undefined)
      throw badParameter([...path, key], 'is required and was not given');
  }
  return dict;
}

function toValue(key: CommandKey, value: unknown, path: Path): PlistValue {
  if (key.type === 'any') return asSent(value, path);
  if (key.type === 'array') return toArray(key, value, path);
  if (key.type === 'dictionary') return toDict(key.keys ?? [], requireObject(value, path), path);
  return toScalar(key, value, path);
}

function toArray(key: CommandKey, value: unknown, path: Path): PlistValue[] {
  if (!Array.isArray(value)) throw badParameter(path, `expected an array, got ${shown(value)}`);
  return value.map((item: unknown, index) => {
    const at = [...path, String(index)];
    if (key.oneOf !== undefined) return toUnionMember(key.oneOf, item, at);
    return key.item === undefined ? asSent(item, at) : toValue(key.item, item, at);
  });
}

/** A shape we do not know passes as sent; one without the `Item` that names its shape means nothing to any device. */
function toUnionMember(shapes: readonly CommandKey[], value: unknown, path: Path): PlistDict {
  const object = requireObject(value, path);
  const name: unknown = Reflect.get(object, 'Item');
  if (typeof name !== 'string') {
    throw badParameter(
      [...path, 'Item'],
      `is required: one of ${shapes.map((shape) => shape.key).join(', ')}`,
    );
  }
  return toDict(shapes.find((shape) => shape.key === name)?.keys ?? [], object, path);
}

function requireObject(value: unknown, path: Path): object {
  if (isPlainObject(value)) return value;
  throw badParameter(path, `expected an object, got ${shown(value)}`);
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof Date) && !(value instanceof Uint8Array);
}

function asSent(value: unknown, path: Path): PlistValue {
  if (path.length > MAX_DEPTH)
    throw badParameter(path.slice(0, 4), `is nested deeper than ${MAX_DEPTH} levels`);
  if (typeof value === 'string') return toText(value, path);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'bigint') return toInteger(value, path);
  if (value instanceof Date) return toDate(value, path);
  if (value instanceof Uint8Array) return toData(value, path);
  if (Array.isArray(value))
    return value.map((item: unknown, index) => asSent(item, [...path, String(index)]));
  if (isPlainObject(value)) return toDict([], value, path);
  throw badParameter(path, `a property list has no ${shown(value)}; leave the key out`);
}
