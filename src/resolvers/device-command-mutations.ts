import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { REFRESH } from '../services/commands/refresh.js';
import type { GraphqlContext } from './context.js';
import {
  DeviceClearPasscodeInput,
  DeviceDisableLostModeInput,
  DeviceEnableLostModeInput,
  DeviceEraseInput,
  DeviceLockInput,
  DeviceRefreshInput,
  DeviceRenameInput,
  DeviceRestartInput,
  DeviceShutDownInput,
} from './device-command-inputs.js';
import { deviceCommand, type DeviceCommand } from './device-command-types.js';
import { bulkCost } from './limits.js';
import { Requires } from './requires.js';

type Sent = ReturnType<DeviceCommand['send']>;

const LOCK = deviceCommand('DeviceLock', { whenWaiting: 'refuse' });
const ERASE = deviceCommand('DeviceErase', { whenWaiting: 'refuse' });
const CLEAR_PASSCODE = deviceCommand('DeviceClearPasscode', {
  whenWaiting: 'refuse',
  codes: ['FEATURE_NOT_AVAILABLE'],
});
const RESTART = deviceCommand('DeviceRestart', { whenWaiting: 'refuse' });
const SHUT_DOWN = deviceCommand('DeviceShutDown', { whenWaiting: 'refuse' });
const REFRESHED = deviceCommand('DeviceRefresh', { whenWaiting: 'join', several: true });
const ENABLE_LOST_MODE = deviceCommand('DeviceEnableLostMode');
const DISABLE_LOST_MODE = deviceCommand('DeviceDisableLostMode');
const RENAME = deviceCommand('DeviceRename');

/** The classes that answer the fields of these mutations' results. */
export const DEVICE_COMMAND_FIELDS = [
  LOCK,
  ERASE,
  CLEAR_PASSCODE,
  RESTART,
  SHUT_DOWN,
  REFRESHED,
  ENABLE_LOST_MODE,
  DISABLE_LOST_MODE,
  RENAME,
].map(({ Fields }) => Fields);

const ONE_AT_A_TIME =
  'While one waits for a device, that device is not sent a second (ALREADY_PENDING; commandCancel withdraws the first).';

/** The everyday commands by name. Whatever else Apple has is `commandSend`'s. */
@Resolver()
export class DeviceCommandMutations {
  @Requires('commands.destructive')
  @Mutation(() => LOCK.Payload, {
    complexity: bulkCost,
    description:
      'Locks devices (DeviceLock). A Mac must have a recovery partition, and one with Apple silicon macOS 11.5: before that, it ' +
      `is deactivated and has to be activated anew. ${ONE_AT_A_TIME}`,
  })
  deviceLock(
    @Arg('input', () => DeviceLockInput, { description: 'Which devices, and what they show.' })
    input: DeviceLockInput,
    @Ctx() context: GraphqlContext,
  ): Sent {
    const { message, phoneNumber, pin } = input;
    const parameters = given({ Message: message, PhoneNumber: phoneNumber, PIN: pin });
    return LOCK.send(context, input, { requestType: 'DeviceLock', parameters });
  }

  @Requires('commands.destructive')
  @Mutation(() => ERASE.Payload, {
    complexity: bulkCost,
    description: `Erases devices (EraseDevice): everything on them is gone, their enrolment too. ${ONE_AT_A_TIME}`,
  })
  deviceErase(
    @Arg('input', () => DeviceEraseInput, { description: 'Which devices, and how.' }) input: DeviceEraseInput,
    @Ctx() context: GraphqlContext,
  ): Sent {
    const parameters = given({
      PIN: input.pin,
      PreserveDataPlan: input.preserveDataPlan,
      DisallowProximitySetup: input.disallowProximitySetup,
      ObliterationBehavior: input.obliterationBehavior,
    });
    return ERASE.send(context, input, { requestType: 'EraseDevice', parameters });
  }

  @Requires('commands.destructive')
  @Mutation(() => CLEAR_PASSCODE.Payload, {
    complexity: bulkCost,
    description:
      'Takes the passcode off iPhones, iPads, Apple Watches and Apple Visions (ClearPasscode), with the UnlockToken that each ' +
      `gave when it enrolled. The token is put in when the device is handed the command, and shown to nobody. ${ONE_AT_A_TIME}`,
  })
  deviceClearPasscode(
    @Arg('input', () => DeviceClearPasscodeInput, { description: 'Which devices.' })
    input: DeviceClearPasscodeInput,
    @Ctx() context: GraphqlContext,
  ): Sent {
    return CLEAR_PASSCODE.send(context, input, {
      requestType: 'ClearPasscode',
      parameters: { UnlockToken: Buffer.alloc(0) },
    });
  }

  @Requires('commands.write')
  @Mutation(() => RESTART.Payload, {
    complexity: bulkCost,
    description: `Restarts devices (RestartDevice): Macs, and supervised iPhones, iPads and Apple TVs. ${ONE_AT_A_TIME}`,
  })
  deviceRestart(
    @Arg('input', () => DeviceRestartInput, { description: 'Which devices.' }) input: DeviceRestartInput,
    @Ctx() context: GraphqlContext,
  ): Sent {
    const parameters = given({ NotifyUser: input.notifyUser });
    return RESTART.send(context, input, { requestType: 'RestartDevice', parameters });
  }

  @Requires('commands.write')
  @Mutation(() => SHUT_DOWN.Payload, {
    complexity: bulkCost,
    description: `Shuts devices down (ShutDownDevice): Macs, and supervised iPhones and iPads. ${ONE_AT_A_TIME}`,
  })
  deviceShutDown(
    @Arg('input', () => DeviceShutDownInput, { description: 'Which devices.' }) input: DeviceShutDownInput,
    @Ctx() context: GraphqlContext,
  ): Sent {
    return SHUT_DOWN.send(context, input, { requestType: 'ShutDownDevice' });
  }

  @Requires('commands.write')
  @Mutation(() => REFRESHED.Payload, {
    complexity: bulkCost,
    description:
      'Asks devices about themselves: DeviceInformation, SecurityInfo, ProfileList, InstalledApplicationList and ' +
      'CertificateList. What they answer is in Device.information, securityInfo, installedProfiles and so on. A question that ' +
      'waits for a device already is not asked twice.',
  })
  deviceRefresh(
    @Arg('input', () => DeviceRefreshInput, { description: 'Which devices.' }) input: DeviceRefreshInput,
    @Ctx() context: GraphqlContext,
  ): Sent {
    return REFRESHED.send(context, input, ...REFRESH);
  }

  @Requires('commands.destructive')
  @Mutation(() => ENABLE_LOST_MODE.Payload, {
    complexity: bulkCost,
    description:
      'Puts supervised iPhones and iPads in lost mode (EnableLostMode): locked, with what is shown here, until ' +
      'deviceDisableLostMode.',
  })
  deviceEnableLostMode(
    @Arg('input', () => DeviceEnableLostModeInput, { description: 'Which devices, and what they show.' })
    input: DeviceEnableLostModeInput,
    @Ctx() context: GraphqlContext,
  ): Sent {
    const { message, phoneNumber, footnote } = input;
    const parameters = given({ Message: message, PhoneNumber: phoneNumber, Footnote: footnote });
    return ENABLE_LOST_MODE.send(context, input, { requestType: 'EnableLostMode', parameters });
  }

  @Requires('commands.write')
  @Mutation(() => DISABLE_LOST_MODE.Payload, {
    complexity: bulkCost,
    description: 'Ends lost mode (DisableLostMode).',
  })
  deviceDisableLostMode(
    @Arg('input', () => DeviceDisableLostModeInput, { description: 'Which devices.' })
    input: DeviceDisableLostModeInput,
    @Ctx() context: GraphqlContext,
  ): Sent {
    return DISABLE_LOST_MODE.send(context, input, { requestType: 'DisableLostMode' });
  }

  @Requires('commands.write')
  @Mutation(() => RENAME.Payload, {
    complexity: bulkCost,
    description:
      'Gives devices a name (Settings, DeviceName): Macs and Apple TVs, and supervised iPhones, iPads and Apple Visions. ' +
      'Device.name follows with the next DeviceInformation.',
  })
  deviceRename(
    @Arg('input', () => DeviceRenameInput, { description: 'Which devices, and the name.' })
    input: DeviceRenameInput,
    @Ctx() context: GraphqlContext,
  ): Sent {
    const parameters = { Settings: [{ Item: 'DeviceName', DeviceName: input.name }] };
    return RENAME.send(context, input, { requestType: 'Settings', parameters });
  }
}

/** The parameters that were given: to a device, null is nothing. */
function given(parameters: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value != null));
}
