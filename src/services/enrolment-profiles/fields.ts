import { AccountDrivenMode } from '../../entities/sign-in.js';
import { PomonaError } from '../../errors.js';
import type { MinimumOsVersions } from '../../entities/minimum-os-versions.js';
import { checkedMinimums } from './automated-os.js';
import { sameSerial } from './standing.js';

/** What an enrolment profile is made of. */
export interface EnrollmentProfileFields {
  readonly name: string;
  /** The workflow that a device is given when it enrols, unless it has one. */
  readonly workflowUuid: string | null;
  /** Empty: any device whose user has the link. */
  readonly allowedSerialNumbers: readonly string[];
  readonly organization: string | null;
  /** Apple's AccessRights bits. */
  readonly accessRights: number;
  /** Whether the profile also carries our authority's certificate as a trusted root. */
  readonly includesAuthority: boolean;
  /** Whether it is the one served at `/mdm/enroll`. */
  readonly isDefault: boolean;
  /** How it enrols the devices of people who sign in, and by nothing else; null: it enrols by its link. */
  readonly accountDriven: AccountDrivenMode | null;
  /** Whether devices in Setup Assistant enrol by it: those it names, or those sent to it by its token when it names none. */
  readonly servesAutomatedEnrollment: boolean;
  /** Whether a device that is enrolled may enrol anew by it, without anybody allowing it first. */
  readonly allowsReenrollment: boolean;
  /** The oldest operating systems that enrol from Setup Assistant; null: any. */
  readonly minimumOsVersions: MinimumOsVersions | null;
  readonly expiresAt: Date | null;
  /** How many more devices may enrol by it; null: any number. */
  readonly usesLeft: number | null;
  /** Whether a device that came by it is told, when its user hands it back, to erase itself and enrol again. */
  readonly returnToService: boolean;
  /** The profile of the Wi-Fi that it joins then; null: it has Ethernet. */
  readonly wifiProfileUuid: string | null;
}

const ALL_RIGHTS = 8191;
const MOST_SERIALS = 10_000;
const MOST_USES = 1_000_000;

export const DEFAULTS: Omit<EnrollmentProfileFields, 'name'> = {
  workflowUuid: null,
  allowedSerialNumbers: [],
  organization: null,
  accessRights: ALL_RIGHTS,
  includesAuthority: false,
  isDefault: false,
  accountDriven: null,
  servesAutomatedEnrollment: false,
  allowsReenrollment: false,
  minimumOsVersions: null,
  expiresAt: null,
  usesLeft: null,
  returnToService: false,
  wifiProfileUuid: null,
};

/**
 * The fields as they are kept. Throws INVALID, naming the field. A time that has passed is refused only in `given`: an
 * expired profile can be edited.
 */
export function checkFields(
  fields: EnrollmentProfileFields,
  given: Partial<EnrollmentProfileFields>,
  now: number,
): EnrollmentProfileFields {
  if (given.expiresAt != null && !(given.expiresAt.getTime() > now))
    throw invalid('expiresAt', 'expiresAt must lie in the future.');
  checkAccountDriven(fields);
  return {
    ...fields,
    name: checkedName(fields.name),
    organization: checkedOrganization(fields.organization),
    allowedSerialNumbers: checkedSerials(fields.allowedSerialNumbers),
    accessRights: checkedRights(fields.accessRights),
    usesLeft: checkedUses(fields.usesLeft),
    minimumOsVersions: checkedMinimums(fields.minimumOsVersions),
  };
}

function checkAccountDriven(fields: EnrollmentProfileFields): void {
  const { accountDriven, isDefault, returnToService, allowedSerialNumbers } = fields;
  if (accountDriven === null) return;
  if (fields.servesAutomatedEnrollment)
    throw invalid(
      'accountDriven',
      'From Setup Assistant devices enrol by their serial numbers: nobody signs in.',
    );
  if (returnToService)
    throw invalid('accountDriven', 'Return to Service enrols without a person, and nobody could sign in.');
  if (isDefault)
    throw invalid(
      'accountDriven',
      'A default profile is served to whoever asks: it cannot ask people to sign in.',
    );
  if (accountDriven === AccountDrivenMode.BYOD && allowedSerialNumbers.length > 0)
    throw invalid(
      'accountDriven',
      'In User Enrollment (BYOD) devices do not tell their serial numbers: allowedSerialNumbers has to be empty.',
    );
}

function checkedName(given: string): string {
  const name = given.trim();
  if (name !== '' && name.length <= 255) return name;
  throw invalid('name', 'An enrollment profile needs a name of 1 to 255 characters.');
}

function checkedOrganization(given: string | null): string | null {
  const organization = given?.trim() ?? '';
  if (organization.length > 255) throw invalid('organization', 'organization has at most 255 characters.');
  return organization === '' ? null : organization;
}

function checkedSerials(given: readonly string[]): string[] {
  const serials = [...new Set(given.map(sameSerial))];
  if (serials.length > MOST_SERIALS)
    throw invalid(
      'allowedSerialNumbers',
      `At most ${MOST_SERIALS} serial numbers; these are ${serials.length}.`,
    );
  const wrong = serials.find((serial) => !/^[A-Z0-9-]{1,64}$/.test(serial));
  if (wrong === undefined) return serials;
  throw invalid(
    'allowedSerialNumbers',
    `"${wrong.slice(0, 64)}" is no serial number: they are letters and digits, as in C02XXXXXXXXX.`,
  );
}

/** Apple, `com.apple.mdm` AccessRights: 2 needs 1, 128 needs 64, and never 0. */
function checkedRights(rights: number): number {
  if (!Number.isInteger(rights) || rights < 1 || rights > ALL_RIGHTS)
    throw invalid(
      'accessRights',
      `accessRights is a sum of Apple's bits, 1 to ${ALL_RIGHTS}; ${rights} is not.`,
    );
  for (const [bit, needed] of [
    [2, 1],
    [128, 64],
  ] as const) {
    if ((rights & bit) !== 0 && (rights & needed) === 0)
      throw invalid(
        'accessRights',
        `accessRights has the bit ${bit}, which needs the bit ${needed} as well.`,
      );
  }
  return rights;
}

function checkedUses(uses: number | null): number | null {
  if (uses === null || (Number.isInteger(uses) && uses >= 0 && uses <= MOST_USES)) return uses;
  throw invalid('usesLeft', `usesLeft is a whole number from 0 to ${MOST_USES}, or null for any number.`);
}

/** Throws INVALID for a new one that no device could enrol by; a former one is closed so. */
export function refuseUseless({ usesLeft }: Partial<EnrollmentProfileFields>): void {
  if (usesLeft === 0)
    throw invalid('usesLeft', 'usesLeft is 0: no device could enrol. Give a number from 1, or null for any.');
}

function invalid(field: string, message: string): PomonaError {
  return new PomonaError('INVALID', message, { path: [field] });
}
