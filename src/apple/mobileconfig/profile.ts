import { hash, type X509Certificate } from 'node:crypto';
import { MobileconfigError } from './errors.js';
import { BOOLEAN, optional, requiredName, STRING, type Named } from './keys.js';
import { openProfile } from './open.js';
import { readContent, readVersion } from './payloads.js';

/** What a configuration profile says of itself. */
export interface ConfigurationProfile {
  readonly payloadIdentifier: string;
  readonly payloadUUID: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly organization?: string;
  readonly scope?: 'System' | 'User';
  readonly removalDisallowed: boolean;
  readonly payloadVersion: number;
  /** PayloadType of each payload, in order; empty when `encrypted`. */
  readonly payloadTypes: string[];
  /** Only the device that it was made for can read the payloads. */
  readonly encrypted: boolean;
  /** Signed, and the signature is right; whether a device trusts the signer is for the device to say. */
  readonly signed: boolean;
  /** The common name, else the organization, in the signer's certificate. */
  readonly signerName?: string;
  /** Bytes of the file, the signature included. */
  readonly size: number;
  /** SHA-256 of the file, the signature included, in lower-case hexadecimal. */
  readonly sha256: string;
}

function checkType(profile: Named): void {
  const type = profile.dict['PayloadType'];
  if (type === 'Configuration') return;
  const found = typeof type === 'string' ? `is "${type.slice(0, 80)}"` : 'is missing or not a string';
  throw new MobileconfigError(
    'not-a-profile',
    `PayloadType ${found}; a configuration profile's is "Configuration"`,
  );
}

function readScope(profile: Named): 'System' | 'User' | undefined {
  const scope = optional(profile, 'PayloadScope', STRING);
  if (scope === undefined || scope === 'System' || scope === 'User') return scope;
  throw new MobileconfigError(
    'bad-key',
    `PayloadScope is "${scope.slice(0, 80)}"; it has to be "System" or "User"`,
  );
}

function nameOf(signer: X509Certificate): string | undefined {
  const { CN, O } = signer.toLegacyObject().subject;
  return [CN ?? O].flat()[0];
}

/**
 * Reads a `.mobileconfig`: a property list, XML or binary, signed or not, of at most 8 MiB. Checks the keys that every
 * profile and payload has; what a payload of a given type needs is left to the device. Source: Apple's TopLevel and
 * CommonPayloadKeys.
 * @throws MobileconfigError
 */
export function readConfigurationProfile(bytes: Uint8Array): ConfigurationProfile {
  const { dict, signer } = openProfile(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const profile: Named = { dict, prefix: '' };
  checkType(profile);
  return {
    payloadIdentifier: requiredName(profile, 'PayloadIdentifier'),
    payloadUUID: requiredName(profile, 'PayloadUUID'),
    payloadVersion: readVersion(profile),
    displayName: optional(profile, 'PayloadDisplayName', STRING),
    description: optional(profile, 'PayloadDescription', STRING),
    organization: optional(profile, 'PayloadOrganization', STRING),
    scope: readScope(profile),
    removalDisallowed: optional(profile, 'PayloadRemovalDisallowed', BOOLEAN) ?? false,
    ...readContent(profile),
    signed: signer !== undefined,
    signerName: signer && nameOf(signer),
    size: bytes.length,
    sha256: hash('sha256', bytes, 'hex'),
  };
}
