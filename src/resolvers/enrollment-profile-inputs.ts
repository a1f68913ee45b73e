import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { EnrollmentProfile } from '../entities/enrollment-profile.js';
import { AccountDrivenMode } from '../entities/sign-in.js';
import { MinimumOsVersionsInput } from './minimum-os-input.js';
import { refusals } from './mutation.js';
import type { UserErrorEntry } from './plumbing/user-errors.js';

export const CREATE = refusals('EnrollmentProfileCreate', ['INVALID', 'CONFLICT']);
export const UPDATE = refusals('EnrollmentProfileUpdate', [
  'INVALID',
  'NOT_FOUND',
  'CONFLICT',
  'STALE_REVISION',
]);
export const REVOKE = refusals('EnrollmentProfileRevoke', ['NOT_FOUND']);

@InputType({ description: 'Names one enrollment profile. Give exactly one member.' })
export class EnrollmentProfileBy {
  @Field(() => ID, { nullable: true, description: 'Its global id.' })
  id?: string | null;

  @Field(() => GraphQLUUID, { nullable: true, description: "The server's own id of it." })
  uuid?: string | null;
}

@InputType({ description: 'Who may enrol, for how long, and what they are given.' })
class EnrollmentProfileFieldsInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The workflow that a device is given when it enrols, unless it has one already; null: none.',
  })
  workflowId?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'The serial numbers that may enrol, 10,000 at most. None: any device whose user has the link.',
  })
  allowedSerialNumbers?: string[] | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When the link stops working; null: never by itself.',
  })
  expiresAt?: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many devices may enrol by it from now on; null: any number.',
  })
  usesLeft?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Who manages the devices, at most 255 characters: what people read before they agree.',
  })
  organization?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      "Apple's AccessRights bits, 1 to 8191; 8191, which is everything, when left out of a new one.",
  })
  accessRights?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether devices are also told to trust this server's certificate authority.",
  })
  includesAuthority?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it is served at /mdm/enroll to whoever asks, without a link: then anyone who knows the server can enrol what it ' +
      'allows. At most one is; marking one takes the mark from another.',
  })
  isDefault?: boolean | null;

  @Field(() => AccountDrivenMode, {
    nullable: true,
    description:
      'How it enrols the devices of people who sign in with their account, and only theirs: it has no link then. One for each ' +
      'kind; marking one takes the mark from another, and closes its link for good. Null: it enrols by its link, a new one (newLink) ' +
      'when it had such a mark. The server needs POMONA_OIDC_ISSUER.',
  })
  accountDriven?: AccountDrivenMode | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether devices in Setup Assistant enrol by it (Automated Device Enrollment): those that allowedSerialNumbers names, each ' +
      'by one enrollment profile at most; and by /mdm/enroll/dep/<token> or /enroll/setup/<token>, with the token of its link, ' +
      'when it names none, any.',
  })
  servesAutomatedEnrollment?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether a device that is enrolled may enrol anew by it from Setup Assistant or over the air, as after a wipe, without ' +
      'deviceAllowReenrollment. What such a device says of itself is signed with a certificate from Apple, which names neither ' +
      'its serial number nor its UDID: whoever has one could end the enrolment of a device that this profile allows.',
  })
  allowsReenrollment?: boolean | null;

  @Field(() => MinimumOsVersionsInput, {
    nullable: true,
    description: 'The oldest operating systems that enrol by it from Setup Assistant; null: any.',
  })
  minimumOsVersions?: MinimumOsVersionsInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Whether a device that enrolled by it is told to erase itself and enrol again when its user hands it back (Apple's Return " +
      'to Service: iOS and visionOS 26, when Automated Device Enrollment put the device in that mode). It is sent this ' +
      'enrollment profile anew while that can be used, which counts as a use, and may enrol with it for a day.',
  })
  returnToService?: boolean | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The profile with the Wi-Fi that such a device joins once it is erased. None: it has to have Ethernet.',
  })
  wifiProfileId?: string | null;
}

@InputType({ description: 'A new enrollment profile.' })
export class EnrollmentProfileCreateInput extends EnrollmentProfileFieldsInput {
  @Field(() => String, { description: 'What people call it, 1 to 255 characters. Shown on its page.' })
  name: string;
}

@ObjectType({ description: 'What enrollmentProfileCreate did.' })
export class EnrollmentProfileCreatePayload {
  @Field(() => EnrollmentProfile, { nullable: true, description: 'The new enrollment profile.' })
  enrollmentProfile?: EnrollmentProfile;

  @Field(() => String, {
    nullable: true,
    description: 'The link to give to people. It is shown this once and kept nowhere.',
  })
  link?: string | undefined;

  @Field(() => String, { nullable: true, description: 'The QR code of the link, an SVG document.' })
  qrCode?: string | undefined;

  @Field(() => [CREATE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({
  description:
    'Changes to an enrollment profile. What is left out stays. Devices that are enrolled are not touched.',
})
export class EnrollmentProfileUpdateInput extends EnrollmentProfileFieldsInput {
  @Field(() => ID, { description: 'The enrollment profile.' })
  id: string;

  @Field(() => String, { nullable: true, description: 'Another name.' })
  name?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Make a new link. The former one, and every profile downloaded by it, work no more.',
  })
  newLink?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Refuse unless the enrollment profile is at this revision.',
  })
  expectedRevision?: number | null;
}

@ObjectType({ description: 'What enrollmentProfileUpdate did.' })
export class EnrollmentProfileUpdatePayload {
  @Field(() => EnrollmentProfile, { nullable: true, description: 'The enrollment profile as it is now.' })
  enrollmentProfile?: EnrollmentProfile;

  @Field(() => String, {
    nullable: true,
    description: 'The new link, when one was asked for. It is shown this once and kept nowhere.',
  })
  link?: string | undefined;

  @Field(() => String, { nullable: true, description: 'The QR code of the new link, an SVG document.' })
  qrCode?: string | undefined;

  @Field(() => [UPDATE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'An enrollment profile to revoke.' })
export class EnrollmentProfileRevokeInput {
  @Field(() => ID, { description: 'The enrollment profile.' })
  id: string;
}

@ObjectType({ description: 'What enrollmentProfileRevoke did.' })
export class EnrollmentProfileRevokePayload {
  @Field(() => EnrollmentProfile, {
    nullable: true,
    description: 'The enrollment profile that enrols nobody any more.',
  })
  enrollmentProfile?: EnrollmentProfile;

  @Field(() => [REVOKE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

/**
 * What the service is told: null stays null where that means something, and is left out where it means nothing.
 * @param references what the global ids in the input stand for
 */
export function fieldsIn(
  input: EnrollmentProfileFieldsInput,
  { workflowUuid, wifiProfileUuid }: Record<'workflowUuid' | 'wifiProfileUuid', string | null | undefined>,
) {
  const { allowedSerialNumbers, expiresAt, usesLeft, organization } = input;
  const { accessRights, includesAuthority, isDefault, accountDriven, returnToService } = input;
  return {
    ...(workflowUuid === undefined ? {} : { workflowUuid }),
    ...(wifiProfileUuid === undefined ? {} : { wifiProfileUuid }),
    ...(returnToService == null ? {} : { returnToService }),
    ...(allowedSerialNumbers === undefined ? {} : { allowedSerialNumbers: allowedSerialNumbers ?? [] }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(usesLeft === undefined ? {} : { usesLeft }),
    ...(organization === undefined ? {} : { organization }),
    ...(accessRights == null ? {} : { accessRights }),
    ...(includesAuthority == null ? {} : { includesAuthority }),
    ...(isDefault == null ? {} : { isDefault }),
    ...(accountDriven === undefined ? {} : { accountDriven }),
    ...automatedIn(input),
  };
}

function automatedIn(input: EnrollmentProfileFieldsInput) {
  const { servesAutomatedEnrollment, allowsReenrollment, minimumOsVersions } = input;
  return {
    ...(servesAutomatedEnrollment == null ? {} : { servesAutomatedEnrollment }),
    ...(allowsReenrollment == null ? {} : { allowsReenrollment }),
    ...(minimumOsVersions === undefined ? {} : { minimumOsVersions }),
  };
}
