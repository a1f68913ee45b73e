import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { PomonaError } from '../errors.js';
import type { GraphqlContext } from './context.js';
import {
  DepDeviceLockActivationInput,
  DepDeviceLockActivationPayload,
  DepDevicesAssignInput,
  DepDevicesDisownInput,
  DepDevicesFollowRulesInput,
  depDevicesMutation,
  DepDevicesUnassignInput,
  LOCK,
  type DepDevicesMutation,
} from './dep-device-types.js';
import { uuidIn } from './input.js';
import { bulkCost } from './limits.js';
import { answer } from './mutation.js';
import { Requires } from './requires.js';

type Answered = ReturnType<DepDevicesMutation['answer']>;

const ASSIGN = depDevicesMutation('DepDevicesAssign', ['INVALID']);
const UNASSIGN = depDevicesMutation('DepDevicesUnassign');
const FOLLOW_RULES = depDevicesMutation('DepDevicesFollowRules');
const DISOWN = depDevicesMutation('DepDevicesDisown', ['INVALID', 'UPSTREAM_REFUSED']);

const LONGEST_MESSAGE = 1_000;
const LONGEST_KEY = 1_000;

const TOLD =
  'Apple is told soon; see Device.dep.assignment, or the subscription deviceChanged, for what it says.';

@Resolver()
export class DepDeviceMutations {
  @Requires('devices.write')
  @Mutation(() => ASSIGN.Payload, {
    complexity: bulkCost,
    description: `Chooses a DEP profile for devices by hand, whatever the rules say. ${TOLD}`,
  })
  depDevicesAssign(
    @Arg('input', () => DepDevicesAssignInput, { description: 'Which devices, which DEP profile.' })
    { deviceIds, profileId }: DepDevicesAssignInput,
    @Ctx() context: GraphqlContext,
  ): Answered {
    return ASSIGN.answer(context, deviceIds, async (uuids) =>
      context.services.dep.choosing.assign(uuids, uuidIn(profileId, 'DepProfile', ['input', 'profileId'])),
    );
  }

  @Requires('devices.write')
  @Mutation(() => UNASSIGN.Payload, {
    complexity: bulkCost,
    description: `Takes the DEP profile from devices by hand, whatever the rules say. ${TOLD}`,
  })
  depDevicesUnassign(
    @Arg('input', () => DepDevicesUnassignInput, { description: 'Which devices.' })
    { deviceIds }: DepDevicesUnassignInput,
    @Ctx() context: GraphqlContext,
  ): Answered {
    return UNASSIGN.answer(context, deviceIds, (uuids) => context.services.dep.choosing.unassign(uuids));
  }

  @Requires('devices.write')
  @Mutation(() => FOLLOW_RULES.Payload, {
    complexity: bulkCost,
    description: `Lets the rules decide again about devices that were chosen for by hand. ${TOLD}`,
  })
  depDevicesFollowRules(
    @Arg('input', () => DepDevicesFollowRulesInput, { description: 'Which devices.' })
    { deviceIds }: DepDevicesFollowRulesInput,
    @Ctx() context: GraphqlContext,
  ): Answered {
    return FOLLOW_RULES.answer(context, deviceIds, (uuids) =>
      context.services.dep.choosing.followRules(uuids),
    );
  }

  @Requires('commands.destructive')
  @Mutation(() => DISOWN.Payload, {
    complexity: bulkCost,
    description:
      'Takes devices out of the organization at Apple, at once and for good: neither this server nor Apple Business Manager brings ' +
      'them back. INVALID unless their serial numbers are named once more.',
  })
  depDevicesDisown(
    @Arg('input', () => DepDevicesDisownInput, { description: 'Which devices.' })
    { deviceIds, confirmSerialNumbers }: DepDevicesDisownInput,
    @Ctx() context: GraphqlContext,
  ): Answered {
    return DISOWN.answer(context, deviceIds, (uuids) =>
      context.services.dep.irrevocable.disown(uuids, confirmSerialNumbers),
    );
  }

  @Requires('commands.destructive')
  @Mutation(() => DepDeviceLockActivationPayload, {
    description:
      'Locks the activation of a device at Apple, at once: whoever has it cannot set it up. It does not have to be enrolled, and ' +
      'this server cannot unlock it.',
  })
  depDeviceLockActivation(
    @Arg('input', () => DepDeviceLockActivationInput, { description: 'Which device, and what it shows.' })
    input: DepDeviceLockActivationInput,
    @Ctx() { services, loaders }: GraphqlContext,
  ): Promise<DepDeviceLockActivationPayload> {
    return answer(LOCK, async () => {
      const uuid = uuidIn(input.deviceId, 'Device', ['input', 'deviceId']);
      const message = textIn('lostMessage', input.lostMessage, LONGEST_MESSAGE);
      const escrowKey = textIn('escrowKey', input.escrowKey, LONGEST_KEY);
      await services.dep.irrevocable.lockActivation(uuid, message, escrowKey);
      return { device: await loaders.device.load(uuid) };
    });
  }
}

function textIn(field: string, text: string | null | undefined, most: number): string | undefined {
  if (text == null || text === '') return undefined;
  if (text.length <= most) return text;
  throw new PomonaError('BAD_USER_INPUT', `${field} has ${text.length} characters; ${most} are the most.`, {
    path: ['input', field],
  });
}
