import { Field, ID, InputType, ObjectType, type ClassType } from 'type-graphql';
import { Device } from '../entities/device.js';
import type { ErrorCode } from '../errors.js';
import type { Choices } from '../services/dep/index.js';
import { DeviceResult, forEachDevice } from './bulk.js';
import type { GraphqlContext } from './context.js';
import { answer, refusals } from './mutation.js';
import type { UserErrorEntry, WithUserErrors } from './plumbing/user-errors.js';

type Payload = WithUserErrors<{ results: DeviceResult[] }, ErrorCode>;

/** A mutation that does one thing with many devices of Apple Business Manager: its payload, and how it is answered. */
export interface DepDevicesMutation {
  readonly Payload: ClassType<object>;
  answer(
    context: GraphqlContext,
    deviceIds: readonly string[],
    work: (uuids: readonly string[]) => Promise<Choices>,
  ): Promise<Payload>;
}

/** The input's names for what the service calls otherwise. */
const NAMES = { profileUuid: 'profileId' };

/** @param mutation its name, beginning with a capital: `DepDevicesAssign` gives `DepDevicesAssignPayload`… */
export function depDevicesMutation(mutation: string, codes: readonly ErrorCode[] = []): DepDevicesMutation {
  const refused = refusals<ErrorCode>(mutation, ['NOT_FOUND', ...codes]);
  const operation = `${mutation.charAt(0).toLowerCase()}${mutation.slice(1)}`;

  @ObjectType(`${mutation}Result`, { description: `What ${operation} did for one device.` })
  class Result extends DeviceResult {
    @Field(() => refused.type, { nullable: true, description: 'Why it was refused; null when it was not.' })
    error: UserErrorEntry | null;
  }

  @ObjectType(`${mutation}Payload`, { description: `What ${operation} did.` })
  class ResultsPayload {
    @Field(() => [Result], {
      nullable: true,
      description: 'For each device, in the order given; null when all was refused.',
    })
    results?: Result[];

    @Field(() => [refused.type], { description: 'What was refused; empty when nothing was.' })
    userErrors: readonly UserErrorEntry[];
  }

  return {
    Payload: ResultsPayload,
    answer: ({ loaders }, deviceIds, work) => {
      const each = async (uuids: readonly string[]) =>
        new Map([...(await work(uuids))].map(([uuid, problem]) => [uuid, { problem, fields: {} }]));
      return answer(refused, () => forEachDevice(refused, deviceIds, loaders, {}, each), NAMES);
    },
  };
}

@InputType({ description: 'Which devices.' })
abstract class DepDevicesInput {
  @Field(() => [ID], { description: 'The devices (Device.id), 10,000 at most.' })
  deviceIds: string[];
}

@InputType({ description: 'Which devices shall have which DEP profile.' })
export class DepDevicesAssignInput extends DepDevicesInput {
  @Field(() => ID, { description: 'The DEP profile.' })
  profileId: string;
}

@InputType({ description: 'The devices that shall have no DEP profile.' })
export class DepDevicesUnassignInput extends DepDevicesInput {}

@InputType({ description: 'The devices that shall follow the rules again.' })
export class DepDevicesFollowRulesInput extends DepDevicesInput {}

@InputType({ description: 'The devices that leave the organization for good.' })
export class DepDevicesDisownInput extends DepDevicesInput {
  @Field(() => [String], {
    description: 'The serial numbers of exactly these devices once more, in any order: it cannot be undone.',
  })
  confirmSerialNumbers: string[];
}

export const LOCK = refusals('DepDeviceLockActivation', ['NOT_FOUND', 'INVALID', 'UPSTREAM_REFUSED']);

@InputType({ description: 'The device whose activation is locked.' })
export class DepDeviceLockActivationInput {
  @Field(() => ID, { description: 'The device (Device.id).' })
  deviceId: string;

  @Field(() => String, {
    nullable: true,
    description: 'Shown on the locked device, at most 1,000 characters.',
  })
  lostMessage?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The hash of a bypass code that you keep, as Apple's escrow_key. Without it, only the Apple Account that made the server " +
      'token, or Apple Business Manager, unlocks the device.',
  })
  escrowKey?: string | null;
}

@ObjectType({ description: 'What depDeviceLockActivation did.' })
export class DepDeviceLockActivationPayload {
  @Field(() => Device, { nullable: true, description: 'The device, whose activation is locked.' })
  device?: Device | null;

  @Field(() => [LOCK.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}
