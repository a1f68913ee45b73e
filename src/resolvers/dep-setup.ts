import { Field, InputType, ObjectType } from 'type-graphql';
import { SETUP_PANES } from '../apple/dep/index.js';
import type { SetupFields } from '../services/dep/index.js';

const maybeText = (description: string) => Field(() => String, { nullable: true, description });
const maybeFlag = (description: string) => Field(() => Boolean, { nullable: true, description });
const maybeTexts = (description: string) => Field(() => [String], { nullable: true, description });

/** Every key of Apple's Profile that people choose: the same for reading and for writing. */
@InputType('DepSetupInput', {
  description: "What a device does in Setup Assistant. What is left out, or null, is Apple's default.",
})
@ObjectType('DepSetup', {
  description: "What a device does in Setup Assistant. What is null is Apple's default.",
})
export class DepSetup {
  @maybeText(
    'An https page that the device shows in place of enrolling at once, for signing in: what it downloads at the end is the ' +
      'enrollment profile.',
  )
  configurationWebUrl?: string | null;

  @maybeText('Tells services of the organization apart, 1 to 250 characters.')
  orgMagic?: string | null;

  @maybeText('The department, shown during setup, 1 to 125 characters.')
  department?: string | null;

  @maybeText('The telephone number for support, shown during setup, 1 to 50 characters.')
  supportPhoneNumber?: string | null;

  @maybeText("The support's address for e-mail, shown during setup, 1 to 250 characters.")
  supportEmailAddress?: string | null;

  @maybeFlag('Whether it pairs with any computer. Deprecated by Apple: a restriction does it.')
  allowPairing?: boolean | null;

  @maybeFlag('Whether it is supervised. Always so since iOS 13 and macOS 11.')
  isSupervised?: boolean | null;

  @maybeFlag('Whether it is a Shared iPad.')
  isMultiUser?: boolean | null;

  @maybeFlag('Whether its user cannot skip enrolling. Always so since iOS 13.')
  isMandatory?: boolean | null;

  @maybeFlag('Whether its user may remove the management. False needs a supervised device.')
  isMdmRemovable?: boolean | null;

  @maybeFlag(
    'Whether it waits in Setup Assistant until it has what its workflow wants; this server lets it go on by itself.',
  )
  awaitDeviceConfigured?: boolean | null;

  @maybeFlag('Whether Setup Assistant goes through by itself: Apple TV, and Macs with Ethernet.')
  autoAdvanceSetup?: boolean | null;

  @maybeFlag('Whether the profile in a backup that is restored does not count.')
  doNotUseProfileFromBackup?: boolean | null;

  @maybeFlag(
    'Whether it is in the mode that Return to Service needs (see EnrollmentProfile.returnToService).',
  )
  isReturnToService?: boolean | null;

  @maybeText('The language for autoAdvanceSetup: a code of ISO 639 such as en.')
  language?: string | null;

  @maybeText('The region for autoAdvanceSetup: a code of ISO 3166-1 such as US.')
  region?: string | null;

  @maybeTexts(
    `Panes that are not shown, 100 at most. Known here: ${SETUP_PANES.join(', ')}. Newer ones can be named as well.`,
  )
  skipSetupItems?: string[] | null;

  @maybeTexts(
    "Certificates that the device trusts for this server's address in place of its own roots: DER, each as base64. 20 at most.",
  )
  anchorCerts?: string[] | null;

  @maybeTexts(
    'Certificates of computers that it pairs with although pairing is not allowed: DER, each as base64. 20 at most.',
  )
  supervisingHostCerts?: string[] | null;
}

/** Without what is null. */
export function setupIn(input: DepSetup): SetupFields {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value != null));
}
