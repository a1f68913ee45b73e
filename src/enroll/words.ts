import type { EnrollmentProfile } from '../entities/enrollment-profile.js';
import type { Opened } from '../services/enrolment-profiles/links.js';
import { drawQr } from '../services/enrolment-profiles/qr-code.js';
import type { PageContent } from './page.js';

/** What `com.apple.mdm` AccessRights allow, as people would say it; each with the bits that mean it. */
const RIGHTS: readonly (readonly [bits: number, words: string])[] = [
  [1 | 2, 'settings and configuration profiles'],
  [4 | 8, 'locking the device and erasing it'],
  [16 | 32 | 1024, 'what the device and its network are, and how it is secured'],
  [64 | 128 | 256 | 4096, 'installed applications'],
  [512, 'restrictions'],
  [2048, 'device settings such as its name'],
];

/** The addresses a page tells of: its own, as other devices reach it, and the profile's. */
export interface Addresses {
  readonly link: string;
  readonly href: string;
}

/** The page of a link that can be used. */
export function invitation(
  profile: EnrollmentProfile,
  { link, href }: Addresses,
  reachable: boolean,
): PageContent {
  const who = profile.organization ?? profile.name;
  const only =
    profile.allowedSerialNumbers.length === 0
      ? []
      : ['This link is for certain devices: another one can download the profile, but not enrol with it.'];
  const insecure = reachable
    ? []
    : ['This server has no https address: Apple devices refuse it. It is good for simulated devices only.'];
  return {
    title: `${who} would like to manage this device`,
    paragraphs: [
      `“${profile.name}” lets ${who} manage this device. These are managed:`,
      ...only,
      ...insecure,
      'Download the profile, then install it: on an iPhone or iPad in Settings, on a Mac in System Settings. You can remove it there later.',
    ],
    points: managed(profile),
    button: { label: 'Download the profile', href },
    code: {
      drawing: drawQr(link),
      label: 'QR code of the address of this page',
      caption: 'To enrol another device, open this page there: point its camera at this code.',
    },
  };
}

/** What is managed by a profile, as people would say it. */
export function managed({ accessRights }: EnrollmentProfile): string[] {
  return RIGHTS.filter(([bits]) => (accessRights & bits) !== 0).map(([, words]) => words);
}

const GONE = {
  REVOKED: 'This link was revoked.',
  EXPIRED: 'This link has expired.',
  USED_UP: 'This link has been used as often as it could be.',
} as const;

/** A link that leads nowhere, in a sentence. */
export function whyNot(opened: Exclude<Opened, { kind: 'OPEN' }>): string {
  return opened.kind === 'GONE'
    ? GONE[opened.state]
    : 'There is no such link. Look at it again: it may be cut short.';
}

/** What a person reads whose link opens nothing. */
export function refusal(sentence: string): PageContent {
  return {
    title: 'This device cannot be enrolled here',
    paragraphs: [sentence, 'Ask whoever gave you the link for a new one.'],
  };
}

/** Something else than the link is in the way. */
export function failure(sentence: string): PageContent {
  return { title: 'This device cannot be enrolled now', paragraphs: [sentence] };
}

/** The operator has something left to do. */
export function notReady(): PageContent {
  return {
    title: 'This server is not ready yet',
    paragraphs: [
      'No push certificate is configured, so no device can be woken, and none can enrol. The link stays good: try it again once the server has one.',
    ],
  };
}

/** Too many requests came from where this one came from. */
export function tooMany(seconds: number): PageContent {
  return {
    title: 'Too many requests',
    paragraphs: [
      `More requests came from your network than this server answers in a minute. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    ],
  };
}
