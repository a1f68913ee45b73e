import { Field, ID, ObjectType } from 'type-graphql';
import { Device } from '../entities/device.js';
import { PomonaError, type ErrorCode } from '../errors.js';
import { uuidIn } from './input.js';
import { MAX_BULK } from './limits.js';
import type { Loaders } from './loaders.js';
import { entryOf, type Refusals } from './mutation.js';
import type { UserErrorEntry } from './plumbing/user-errors.js';

/** What a mutation over many devices answers for each; mutations add their own fields. */
@ObjectType({ description: 'What became of one device.' })
export abstract class DeviceResult {
  @Field(() => ID, { description: 'The id, as it was given.' })
  deviceId: string;

  @Field(() => Device, { nullable: true, description: 'The device; null when there is none.' })
  device: Device | null | Promise<Device | null>;
}

/** What the work says of one device. */
export interface Outcome<T> {
  readonly problem?: PomonaError | undefined;
  readonly fields: T;
}

type Result<T, C extends ErrorCode> = T & {
  deviceId: string;
  device: Device | null | Promise<Device | null>;
  error: UserErrorEntry<C> | null;
};

/**
 * Works on many devices at once and answers for each, in the order of `ids`. An id that is none is that device's problem
 * alone. Problems are told with the device, and in `userErrors` with the path of its index.
 * @param nothing the fields of a device that was not worked on
 * @throws PomonaError BAD_USER_INPUT for more than 10,000 devices
 */
export async function forEachDevice<T extends object, C extends ErrorCode>(
  refusals: Refusals<C>,
  ids: readonly string[],
  loaders: Loaders,
  nothing: T,
  work: (uuids: readonly string[]) => Promise<ReadonlyMap<string, Outcome<T>>>,
): Promise<{ results: Result<T, C>[]; userErrors: UserErrorEntry<C>[] }> {
  refuseTooMany(ids, 'deviceIds', 'devices');
  const targets = ids.map((id, index) => ({ id, ...readId(id, ['input', 'deviceIds', String(index)]) }));
  const uuids = [...new Set(targets.flatMap(({ uuid }) => uuid ?? []))];
  const outcomes = await work(uuids);
  const results = targets.map(({ id, uuid, problem, path }) => {
    const outcome = uuid === undefined ? undefined : outcomes.get(uuid);
    const why = problem ?? outcome?.problem;
    const error = why === undefined ? null : entryOf(refusals, why, path);
    const result = { ...nothing, ...outcome?.fields, deviceId: id, error };
    return withDevice(result, () => (uuid === undefined ? null : loaders.device.load(uuid)));
  });
  return { results, userErrors: results.flatMap(({ error }) => error ?? []) };
}

/**
 * A result whose device is loaded only when it is selected. Not enumerable, because type-graphql copies a result to call the
 * resolvers of its fields: the copy would load the device, and nobody would hear of a failure.
 */
function withDevice<R extends object>(
  result: R,
  load: () => DeviceResult['device'],
): R & Pick<DeviceResult, 'device'> {
  return Object.defineProperty(result, 'device', { get: load }) as R & Pick<DeviceResult, 'device'>;
}

/** The outcome of work that only tells which devices it did not know. */
export function unlessUnknown(
  uuids: readonly string[],
  unknown: readonly string[],
): Map<string, Outcome<object>> {
  const strangers = new Set(unknown);
  return new Map(
    uuids.map((uuid) => [
      uuid,
      strangers.has(uuid) ? { problem: noDevice(uuid), fields: {} } : { fields: {} },
    ]),
  );
}

export function noDevice(uuid: string): PomonaError {
  return new PomonaError('NOT_FOUND', `There is no device ${uuid}.`);
}

/** @throws PomonaError BAD_USER_INPUT */
export function refuseTooMany(ids: readonly string[], field: string, what: string): void {
  if (ids.length <= MAX_BULK) return;
  throw new PomonaError(
    'BAD_USER_INPUT',
    `At most ${MAX_BULK} ${what} at once; these are ${ids.length}. Send several mutations.`,
    {
      path: ['input', field],
    },
  );
}

function readId(
  id: string,
  path: readonly string[],
): { uuid?: string; problem?: PomonaError; path: readonly string[] } {
  try {
    return { uuid: uuidIn(id, 'Device', path), path };
  } catch (error) {
    if (error instanceof PomonaError) return { problem: error, path };
    throw error;
  }
}
