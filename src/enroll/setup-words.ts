import type { EnrollmentProfile } from '../entities/enrollment-profile.js';
import type { PageContent } from './page.js';
import { managed } from './words.js';

/** What a person reads in Setup Assistant before the device is enrolled. `form`: what gets the profile. */
export function setupPage(profile: EnrollmentProfile, form: NonNullable<PageContent['form']>): PageContent {
  const who = profile.organization ?? profile.name;
  return {
    title: `${who} will manage this device`,
    paragraphs: [`This device belongs to ${who}. These are managed:`],
    points: managed(profile),
    form,
  };
}

/** What they read before that, where somebody has to sign in. @param href where they do */
export function signInPage(profile: EnrollmentProfile, href: string): PageContent {
  const who = profile.organization ?? profile.name;
  return {
    title: `${who} will manage this device`,
    paragraphs: [`This device belongs to ${who}. Sign in with your account there to set it up.`],
    button: { label: 'Sign in', href },
  };
}

/** Something was wrong about the sign-in, and the device is still waiting for one. */
export function signInAgain(sentence: string, href: string): PageContent {
  return {
    title: 'You are not signed in',
    paragraphs: [sentence, 'This device can be set up once somebody has signed in.'],
    button: { label: 'Sign in again', href },
  };
}

/** What a person in Setup Assistant reads when their device may not enrol. */
export function setupRefusal(sentence: string): PageContent {
  return {
    title: 'This device cannot be set up here',
    paragraphs: [sentence, 'Tell whoever gave you the device what stands here.'],
  };
}
