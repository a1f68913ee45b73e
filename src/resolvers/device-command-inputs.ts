import { Field, InputType, registerEnumType } from 'type-graphql';
import { DeviceCommandInput } from './device-command-types.js';

const OBLITERATION = {
  DEFAULT: 'Default',
  DO_NOT_OBLITERATE: 'DoNotObliterate',
  OBLITERATE_WITH_WARNING: 'ObliterateWithWarning',
  ALWAYS: 'Always',
} as const;
type Obliteration = (typeof OBLITERATION)[keyof typeof OBLITERATION];
registerEnumType(OBLITERATION, {
  name: 'ObliterationBehavior',
  description:
    'What a Mac with Apple silicon or the T2 chip (macOS 12 and later) does when it cannot erase all content and settings. ' +
    'Other Macs are obliterated in any case.',
  valuesConfig: {
    DEFAULT: { description: 'It answers Error when it finds so beforehand, and obliterates itself.' },
    DO_NOT_OBLITERATE: { description: 'It answers Error when it finds so beforehand, and is not erased.' },
    OBLITERATE_WITH_WARNING: { description: 'It answers Acknowledged, and obliterates itself.' },
    ALWAYS: { description: 'It does not try, and obliterates itself.' },
  },
});

const PIN =
  'Macs only: six characters, which open the Mac again. Whether it needs one, DeviceInformation tells';

@InputType({ description: 'The devices to lock, and what they show.' })
export class DeviceLockInput extends DeviceCommandInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Shown on the lock screen, if the device has a passcode. Not on a Shared iPad or Apple Vision.',
  })
  message?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Shown on the lock screen, if the device has a passcode. On Macs, only with Apple silicon.',
  })
  phoneNumber?: string | null;

  @Field(() => String, { nullable: true, description: `${PIN} (PINRequiredForDeviceLock).` })
  pin?: string | null;
}

@InputType({ description: 'The devices to erase, and how.' })
export class DeviceEraseInput extends DeviceCommandInput {
  @Field(() => String, { nullable: true, description: `${PIN} (PINRequiredForEraseDevice).` })
  pin?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'iPhone, iPad, Apple Watch: keep the data plan of the eSIM.',
  })
  preserveDataPlan?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'iPhone and iPad: no setup from a device nearby afterwards. Before iOS 14, alone or not at all.',
  })
  disallowProximitySetup?: boolean | null;

  @Field(() => OBLITERATION, {
    nullable: true,
    description: 'Macs: what to do when erasing all content and settings fails.',
  })
  obliterationBehavior?: Obliteration | null;
}

@InputType({ description: 'The devices whose passcode to take off.' })
export class DeviceClearPasscodeInput extends DeviceCommandInput {}

@InputType({ description: 'The devices to restart.' })
export class DeviceRestartInput extends DeviceCommandInput {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Macs: ask the user to restart when it suits them, instead of restarting at once.',
  })
  notifyUser?: boolean | null;
}

@InputType({ description: 'The devices to shut down.' })
export class DeviceShutDownInput extends DeviceCommandInput {}

@InputType({ description: 'The devices to ask about themselves.' })
export class DeviceRefreshInput extends DeviceCommandInput {}

@InputType({
  description: 'The devices that are lost, and what they show. Give message or phoneNumber, or both.',
})
export class DeviceEnableLostModeInput extends DeviceCommandInput {
  @Field(() => String, { nullable: true, description: 'Shown on the lock screen.' })
  message?: string | null;

  @Field(() => String, { nullable: true, description: 'Shown on the lock screen, to be called from there.' })
  phoneNumber?: string | null;

  @Field(() => String, { nullable: true, description: 'Shown in place of “Slide to Unlock”.' })
  footnote?: string | null;
}

@InputType({ description: 'The devices that were found.' })
export class DeviceDisableLostModeInput extends DeviceCommandInput {}

@InputType({ description: 'The devices to rename, and the name.' })
export class DeviceRenameInput extends DeviceCommandInput {
  @Field(() => String, { description: 'The name, the same for all of them.' })
  name: string;
}
