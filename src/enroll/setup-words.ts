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

export function setupRefusal(sentence: string): PageContent {
  return {
    title: 'This device cannot be set up here',
    paragraphs: [sentence, 'Tell whoever gave you the device what stands here.'],
  };
}
