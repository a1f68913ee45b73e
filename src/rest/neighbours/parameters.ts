import { commandType, type CommandKey } from '../../apple/commands/index.js';
import { PomonaError } from '../../errors.js';
import { fieldName } from '../errors.js';
import { snakeCase } from '../names.js';

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The parameters of a command under Apple's names, whichever spelling they came in: `manifest_url`, `manifest-url` and
 * `ManifestURL` are one. Null is as good as absent. Throws INVALID for a name that Apple's command does not have, and for
 * one given twice. Of a request type nobody knows nothing can be told: the parameters are returned as they are.
 */
export function toAppleNames(requestType: string, parameters: JsonObject): Record<string, unknown> {
  const type = commandType(requestType);
  if (type === undefined) return { ...parameters };
  return dictionaryOf(named(requestType, type.keys), parameters, [requestType]);
}

/** A command as this API answers it: the names of Apple's catalogue in snake case, everything else as it is. */
export function toSnakeNames(command: JsonObject): Record<string, unknown> {
  const { RequestType: requestType, ...parameters } = command;
  const type = commandType(String(requestType));
  return { request_type: requestType, ...snakeDictionary(type?.keys ?? [], parameters) };
}

/** `iTunesStoreID` → `itunes_store_id`, as it was always written. */
export function parameterName(key: string): string {
  return snakeCase(key).replace(/^([a-z])_/, '$1');
}

/** The same name, however it is spelled. */
function folded(name: string): string {
  return name.replaceAll(/[_-]/g, '').toLowerCase();
}

const HISTORIC: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Restrictions: { restrictions: 'ProfileRestrictions' },
};

/** The keys of a command by folded name, with those that had another name in 2016. */
function named(requestType: string, keys: readonly CommandKey[]): Map<string, CommandKey> {
  const byName = byFoldedName(keys);
  for (const [name, key] of Object.entries(HISTORIC[requestType] ?? {})) {
    const meant = byName.get(folded(key));
    if (meant !== undefined) byName.set(name, meant);
  }
  return byName;
}

function byFoldedName(keys: readonly CommandKey[]): Map<string, CommandKey> {
  return new Map(keys.map((key) => [folded(key.key), key]));
}

function dictionaryOf(
  known: ReadonlyMap<string, CommandKey>,
  object: JsonObject,
  path: readonly string[],
  anyKey = false,
): Record<string, unknown> {
  const result = new Map<string, unknown>();
  for (const [name, value] of Object.entries(object)) {
    if (value == null) continue;
    const key = known.get(folded(name));
    if (key === undefined && !anyKey) throw unknown(known, [...path, name]);
    const own = key?.key ?? name;
    if (result.has(own)) throw refused([...path, name], `is ${own} a second time`);
    result.set(own, key === undefined ? value : valueOf(key, value, [...path, name]));
  }
  return Object.fromEntries(result);
}

/** What is not of the kind that the key wants passes: the command's own check says so better. */
function valueOf(key: CommandKey, value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) {
    return value.map((entry: unknown, index) => itemOf(key, entry, [...path, String(index)]));
  }
  const open = key.anyKey === true || key.keys === undefined;
  return isObject(value) ? dictionaryOf(byFoldedName(key.keys ?? []), value, path, open) : value;
}

function itemOf(list: CommandKey, item: unknown, path: readonly string[]): unknown {
  if (list.oneOf === undefined) return list.item === undefined ? item : valueOf(list.item, item, path);
  if (!isObject(item)) return item;
  const shape = shapeOf(list.oneOf, item);
  const names = byFoldedName(shape?.keys ?? []);
  if (shape !== undefined) return dictionaryOf(names, item, path, shape.anyKey);
  const rest = Object.entries(item).map(([name, value]) => [folded(name) === 'item' ? 'Item' : name, value]);
  return Object.fromEntries(rest);
}

/** Several shapes of one list are told apart by their `Item`. */
function shapeOf(shapes: readonly CommandKey[], item: JsonObject): CommandKey | undefined {
  const [, name] = Object.entries(item).find(([key]) => folded(key) === 'item') ?? [];
  return shapes.find((shape) => shape.key === name);
}

function snakeDictionary(keys: readonly CommandKey[], object: JsonObject): Record<string, unknown> {
  const known = new Map(keys.map((key) => [key.key, key]));
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => {
      const key = known.get(name);
      return key === undefined ? [name, value] : [parameterName(name), snakeValue(key, value)];
    }),
  );
}

function snakeValue(key: CommandKey, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => snakeItem(key, item));
  return isObject(value) ? snakeDictionary(key.keys ?? [], value) : value;
}

function snakeItem(list: CommandKey, item: unknown): unknown {
  if (!isObject(item)) return item;
  const shape = list.oneOf === undefined ? list.item : shapeOf(list.oneOf, item);
  return snakeDictionary(shape?.keys ?? [], item);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknown(known: ReadonlyMap<string, CommandKey>, path: readonly string[]): PomonaError {
  const names = [...new Set([...known.values()].map(({ key }) => parameterName(key)))];
  const allowed = names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`;
  return refused(path, `is no parameter of ${placeOf(path)}; ${allowed}`);
}

function refused([requestType = '', ...names]: readonly string[], sentence: string): PomonaError {
  const shown = fieldName(names).slice(0, 200);
  return new PomonaError('INVALID', `${shown === '' ? requestType : shown} ${sentence}.`, { path: names });
}

/** What holds the parameter: the command, or a dictionary in it. */
function placeOf([requestType = '', ...names]: readonly string[]): string {
  const holder = names.slice(0, -1);
  return holder.length === 0 ? requestType : `${fieldName(holder)} of ${requestType}`;
}
