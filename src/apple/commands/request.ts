import type { PlistDict } from '../plist/index.js';
import { commandType, commandTypes } from './catalogue.js';
import { checkConditions } from './conditions.js';
import { toDict } from './convert.js';
import { badParameter, CommandError } from './errors.js';
import { nearNames } from './near-names.js';
import { shown } from './scalars.js';

/**
 * Builds a command's body, RequestType first, from parameters as an API's JSON carries them: data as base64 strings, dates
 * as RFC 3339 strings, integers beyond 2^53 as decimal strings. `Buffer`, `Date` and `bigint` are taken as they are.
 * Keys the catalogue does not know pass, typed as JSON types them. Throws `CommandError`: `unknown-request-type`,
 * or `bad-parameter` with the path of what is missing, mistyped or not allowed.
 */
export function buildCommand(requestType: string, parameters: Record<string, unknown>): PlistDict {
  const type = commandType(requestType);
  if (type === undefined) throw unknownRequestType(requestType);
  const { RequestType: named, ...rest } = parameters;
  if (named !== undefined && named !== requestType) {
    throw badParameter(
      ['RequestType'],
      `is ${shown(named)}, but the command is ${requestType}; leave it out`,
    );
  }
  const command: PlistDict = Object.create(null) as PlistDict;
  command['RequestType'] = requestType;
  Object.assign(command, toDict(type.keys, rest, []));
  checkConditions(requestType, command);
  return command;
}

function unknownRequestType(requestType: string): CommandError {
  const names = commandTypes().map((type) => type.requestType);
  const near = nearNames(requestType, names);
  const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '';
  return new CommandError('unknown-request-type', `No command is called ${shown(requestType)}${hint}`, [
    'RequestType',
  ]);
}
