import { z } from 'zod';
import { waitOf } from './errors.js';

/** What a device does in Setup Assistant (Apple: Profile). What is left out is Apple's default. */
export interface DepProfileFields {
  readonly profileName: string;
  /** Where the device asks for its enrolment profile. */
  readonly url: string;
  /** A page that the device shows instead, and whose download is the enrolment profile. */
  readonly configurationWebUrl?: string | undefined;
  readonly orgMagic?: string | undefined;
  readonly department?: string | undefined;
  readonly supportPhoneNumber?: string | undefined;
  readonly supportEmailAddress?: string | undefined;
  readonly allowPairing?: boolean | undefined;
  readonly isSupervised?: boolean | undefined;
  readonly isMultiUser?: boolean | undefined;
  readonly isMandatory?: boolean | undefined;
  readonly isMdmRemovable?: boolean | undefined;
  readonly awaitDeviceConfigured?: boolean | undefined;
  readonly autoAdvanceSetup?: boolean | undefined;
  readonly doNotUseProfileFromBackup?: boolean | undefined;
  readonly isReturnToService?: boolean | undefined;
  /** ISO 639. */
  readonly language?: string | undefined;
  /** ISO 3166-1, two letters. */
  readonly region?: string | undefined;
  readonly skipSetupItems?: readonly string[] | undefined;
  /** DER, base64: what the device trusts for our URL, in place of its own roots. */
  readonly anchorCerts?: readonly string[] | undefined;
  /** DER, base64: hosts it pairs with although pairing is not allowed. */
  readonly supervisingHostCerts?: readonly string[] | undefined;
}

const NAMES = {
  profileName: 'profile_name',
  url: 'url',
  configurationWebUrl: 'configuration_web_url',
  orgMagic: 'org_magic',
  department: 'department',
  supportPhoneNumber: 'support_phone_number',
  supportEmailAddress: 'support_email_address',
  allowPairing: 'allow_pairing',
  isSupervised: 'is_supervised',
  isMultiUser: 'is_multi_user',
  isMandatory: 'is_mandatory',
  isMdmRemovable: 'is_mdm_removable',
  awaitDeviceConfigured: 'await_device_configured',
  autoAdvanceSetup: 'auto_advance_setup',
  doNotUseProfileFromBackup: 'do_not_use_profile_from_backup',
  isReturnToService: 'is_return_to_service',
  language: 'language',
  region: 'region',
  skipSetupItems: 'skip_setup_items',
  anchorCerts: 'anchor_certs',
  supervisingHostCerts: 'supervising_host_certs',
} as const satisfies Record<keyof DepProfileFields, string>;

const KEYS = Object.entries(NAMES) as [keyof DepProfileFields, string][];

/** In Apple's words; fields that are undefined are left out. */
export function writeProfile(fields: DepProfileFields): Record<string, unknown> {
  return Object.fromEntries(
    KEYS.flatMap(([field, name]) => (fields[field] === undefined ? [] : [[name, fields[field]]])),
  );
}

const flag = z.boolean().nullish();
const text = z.string().nullish();
const texts = z.array(z.string()).nullish();

const AppleProfile = z.object({
  profile_uuid: z.string().min(1),
  profile_name: z.string().default(''),
  url: z.string().default(''),
  configuration_web_url: text,
  org_magic: text,
  department: text,
  support_phone_number: text,
  support_email_address: text,
  allow_pairing: flag,
  is_supervised: flag,
  is_multi_user: flag,
  is_mandatory: flag,
  is_mdm_removable: flag,
  await_device_configured: flag,
  auto_advance_setup: flag,
  do_not_use_profile_from_backup: flag,
  is_return_to_service: flag,
  language: text,
  region: text,
  skip_setup_items: texts,
  anchor_certs: texts,
  supervising_host_certs: texts,
});

/** A profile as Apple has it. */
export interface DepProfile {
  readonly uuid: string;
  readonly fields: DepProfileFields;
}

export const readProfile = AppleProfile.transform((raw): DepProfile => {
  const known = KEYS.flatMap(([field, name]) => {
    const value = raw[name as keyof typeof raw];
    return value == null ? [] : [[field, value]];
  });
  return { uuid: raw.profile_uuid, fields: Object.fromEntries(known) as unknown as DepProfileFields };
});

/** What became of one device: Apple's word, of which more may come. */
export type DepOutcome = 'SUCCESS' | 'NOT_ACCESSIBLE' | 'FAILED' | 'THROTTLED';

/** By serial number, in capitals. A word that we do not know is no success. */
const byDevice = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((raw): Readonly<Record<string, DepOutcome>> =>
    Object.fromEntries(
      Object.entries(raw ?? {}).map(([serial, word]) => [serial.trim().toUpperCase(), outcomeOf(word)]),
    ),
  );

function outcomeOf(word: unknown): DepOutcome {
  return word === 'SUCCESS' || word === 'NOT_ACCESSIBLE' || word === 'THROTTLED' ? word : 'FAILED';
}

/** Apple's ids have 32 letters and digits. */
export const Defined = z.object({ profile_uuid: z.string().regex(/^[\x21-\x7e]{1,64}$/) });

export const Outcomes = z.object({ devices: byDevice }).transform(({ devices }) => devices);

/** What became of an assignment, device by device. */
export interface DepAssignment {
  readonly outcomes: Readonly<Record<string, DepOutcome>>;
  /** When throttled devices may be tried again, in milliseconds. */
  readonly retryAfterMs: number | undefined;
}

export const Assignment = z
  .object({ devices: byDevice, retry_after_seconds: z.unknown().optional() })
  .transform((raw): DepAssignment => {
    const seconds = raw.retry_after_seconds;
    const said = typeof seconds === 'number' && seconds >= 0;
    return { outcomes: raw.devices, retryAfterMs: said ? waitOf(seconds) : undefined };
  });

export const Locked = z.object({ response_status: z.string() });
