import type { PlistDict } from '../../../src/apple/plist/index.js';
import { BadProfileError, readProfile, type InstalledProfile, type ProfilePayload } from '../profile.js';
import { DONE, failed, type Answerer } from './outcome.js';

/** Installs, or replaces the profile of the same PayloadIdentifier. */
export const installProfile: Answerer = (request, { channel }) => {
  const payload = request['Payload'];
  if (!(payload instanceof Uint8Array)) return invalid('Payload is missing');
  try {
    const profile = readProfile(Buffer.from(payload));
    channel.profiles.set(profile.identifier, profile);
    return DONE;
  } catch (error) {
    if (error instanceof BadProfileError) return invalid(error.message);
    throw error;
  }
};

const invalid = (reason: string) =>
  failed(
    ['MCInstallationErrorDomain', 4001, 'Profile Installation Failed'],
    ['MCProfileErrorDomain', 1000, `Invalid Profile: ${reason}.`],
  );

export const removeProfile: Answerer = (request, { channel, facts }) => {
  const identifier = String(request['Identifier']);
  if (channel.profiles.delete(identifier)) return DONE;
  return facts.platform === 'macOS'
    ? failed(['MDMClientError', 89, `Profile with identifier '${identifier}' not found.`])
    : failed(['MCMDMErrorDomain', 12075, `The profile “${identifier}” is not installed.`]);
};

export const profileList: Answerer = (_request, { channel, facts }) => ({
  extra: {
    ProfileList: [...channel.profiles.values()].map((profile) => ({
      ...listed(profile),
      ...(facts.platform === 'iOS' && { IsManaged: true }),
    })),
  },
});

const LISTED_TEXTS = ['PayloadDisplayName', 'PayloadDescription', 'PayloadOrganization'];

function listed(profile: InstalledProfile): PlistDict {
  return {
    PayloadIdentifier: profile.identifier,
    PayloadUUID: profile.uuid,
    PayloadVersion: 1,
    ...copied(profile.dict, LISTED_TEXTS),
    PayloadRemovalDisallowed: profile.dict['PayloadRemovalDisallowed'] === true,
    HasRemovalPasscode: profile.dict['HasRemovalPasscode'] === true,
    IsEncrypted: profile.encrypted,
    ...(profile.signer !== undefined && { SignerCertificates: [profile.signer] }),
    PayloadContent: profile.payloads.map(listedPayload),
  };
}

const listedPayload = (payload: ProfilePayload): PlistDict => ({
  PayloadType: payload.type,
  PayloadVersion: 1,
  PayloadIdentifier: payload.identifier,
  PayloadUUID: payload.uuid,
  ...copied(payload.raw, LISTED_TEXTS),
});

function copied(from: PlistDict, keys: readonly string[]): PlistDict {
  return Object.fromEntries(keys.flatMap((key) => (typeof from[key] === 'string' ? [[key, from[key]]] : [])));
}

export const provisioningProfileList: Answerer = () => ({ extra: { ProvisioningProfileList: [] } });
