import { isDict, type PlistDict } from '../../src/apple/plist/index.js';
import type { ScepRequestOptions } from '../scep/index.js';
import { failed, type Outcome } from './answers/outcome.js';
import { LinkError } from './identity-request.js';
import { BadProfileError, readProfile, type InstalledProfile } from './profile.js';
import type { Command } from './wire.js';

/** What a device does when it is sent its enrolment profile again. By default what Apple's do. */
export interface RenewalHabit {
  /** What it sends with its new identity: Authenticate and TokenUpdate (default), TokenUpdate alone, or nothing. */
  readonly checkIn?: 'both' | 'tokenUpdate' | 'none';
  /** Whether it acknowledges the command after it has checked in (default), or before. */
  readonly acknowledges?: 'after' | 'before';
  /** Which identity it goes on with: the new one (default), or the former until `useRenewed()`. */
  readonly speaksWith?: 'new' | 'former';
  /** What its SCEP request does differently. */
  readonly scep?: Partial<ScepRequestOptions>;
}

/** The SCEP payload of an enrolment profile that a command installs; undefined for any other command. */
export function renewalIn({ requestType, body }: Command): PlistDict | undefined {
  const payload = body['Payload'];
  if (requestType !== 'InstallProfile' || !(payload instanceof Uint8Array)) return undefined;
  const profile = readable(Buffer.from(payload));
  const managed = profile?.payloads.some(({ type }) => type === 'com.apple.mdm') === true;
  const scep = profile?.payloads.find(({ type }) => type === 'com.apple.security.scep')?.raw[
    'PayloadContent'
  ];
  return managed && isDict(scep) ? scep : undefined;
}

function readable(bytes: Buffer): InstalledProfile | undefined {
  try {
    return readProfile(bytes);
  } catch (error) {
    if (error instanceof BadProfileError) return undefined;
    throw error;
  }
}

/** What the device answers when the authority gave it no identity. */
export function failedRenewal(error: unknown): Outcome {
  if (!(error instanceof LinkError)) throw error;
  return failed(
    ['MCInstallationErrorDomain', 4001, 'Profile Installation Failed'],
    ['MCSCEPErrorDomain', 22013, error.message],
  );
}
