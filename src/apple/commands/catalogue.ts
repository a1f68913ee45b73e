import catalogue from './catalogue.json' with { type: 'json' };

export type Platform = 'iOS' | 'macOS' | 'tvOS' | 'visionOS' | 'watchOS';

export type KeyType =
  'string' | 'integer' | 'real' | 'boolean' | 'date' | 'data' | 'array' | 'dictionary' | 'any';

/** Versions are dotted numbers ("10.13.4"): compare them part by part. */
interface Availability {
  readonly introduced?: string;
  readonly deprecated?: string;
  readonly removed?: string;
  /** `forbidden`: not on a user-enrolled device; `required`: only there. */
  readonly userEnrollment?: 'forbidden' | 'required';
}

/** Where one platform takes a command, and what it asks of the enrolment. */
export interface CommandPlatform extends Availability {
  readonly platform: Platform;
  readonly supervised: boolean;
  readonly requiresDEP: boolean;
  /** The bit of the MDM payload's AccessRights that the command needs, 0 for none; absent: the schema does not say. */
  readonly accessRight?: number;
  readonly deviceChannel: boolean;
  readonly userChannel: boolean;
  /** On iOS: the same two for a Shared iPad, which differs. */
  readonly sharedIPad?: { readonly deviceChannel: boolean; readonly userChannel: boolean };
}

/** What a platform changes for one key; null: the platform does not take the key. A platform unnamed: as the command. */
export type KeyPlatforms = {
  readonly [P in Platform]?: (Availability & { readonly supervised?: boolean }) | null;
};

/** One request key. An array's `item.key` and a union member's `key` are names for people and never on the wire. */
export interface CommandKey {
  readonly key: string;
  readonly type: KeyType;
  readonly required: boolean;
  readonly default?: string | number | boolean;
  /** The only values allowed. */
  readonly values?: readonly (string | number)[];
  /** Values known from prose; there may be others. */
  readonly valuesHint?: readonly (string | number)[];
  /** Values that are themselves introduced over time, so a newer device may know others. */
  readonly options?: readonly { readonly name: string; readonly os?: KeyPlatforms }[];
  readonly os?: KeyPlatforms;
  /** A dictionary's members; with `anyKey`, members of any other name and type as well. */
  readonly keys?: readonly CommandKey[];
  readonly anyKey?: boolean;
  /** An array's item. */
  readonly item?: CommandKey;
  /** An array of several shapes of dictionary, told apart by the one value of their key `Item`. */
  readonly oneOf?: readonly CommandKey[];
}

export interface CommandType {
  readonly requestType: string;
  readonly platforms: readonly CommandPlatform[];
  readonly keys: readonly CommandKey[];
}

const TYPES = catalogue.commands as unknown as readonly CommandType[];
const BY_NAME: ReadonlyMap<string, CommandType> = new Map(TYPES.map((type) => [type.requestType, type]));

/** Every MDM command Apple's schema describes, by name (facts and licence: `catalogue.json`, `NOTICE`). */
export function commandTypes(): readonly CommandType[] {
  return TYPES;
}

export function commandType(requestType: string): CommandType | undefined {
  return BY_NAME.get(requestType);
}
