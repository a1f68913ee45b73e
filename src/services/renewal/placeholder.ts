import { prepareBody } from '../commands/bodies.js';

/** At most one renewal waits for a device. */
export const RENEWAL_KEY = 'IdentityRenewal';

/**
 * What is queued in place of the enrolment profile, one body for all devices: the profile has a secret in it, so it is written
 * when the device is handed the command. A device that is handed this says that it is no profile.
 */
export const RENEWAL = prepareBody({
  RequestType: 'InstallProfile',
  Payload: Buffer.from('The enrolment profile, which is written when the device connects.'),
});

/** Whether a command stands for a renewal. */
export function isRenewal({ fragment }: { readonly fragment: string }): boolean {
  return fragment === RENEWAL.fragment;
}
