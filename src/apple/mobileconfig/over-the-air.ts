import { buildPlist } from '../plist/index.js';
import { scepPayload, type IdentityContent } from './enrollment.js';

/** What phase 3 needs as well as phase 2: who the device is. VERSION is the build. */
const ATTRIBUTES = ['UDID', 'SERIAL', 'PRODUCT', 'VERSION', 'IMEI', 'MEID'];

export interface ProfileServiceContent {
  /** What the person reads who installs it. */
  readonly displayName: string;
  readonly organization: string | undefined;
  /** The same one every time. */
  readonly uuid: string;
  /** Where the device sends its attributes, signed. */
  readonly url: string;
  /** What it sends along. */
  readonly challenge: string;
}

/**
 * Phase 1 of over-the-air enrolment: asks the device for its attributes. Source: Apple, "Over-the-Air Profile Delivery and
 * Configuration", whose "Profile Service" is no payload of a profile but takes the place of one.
 */
export function buildProfileService(content: ProfileServiceContent): Buffer {
  return buildPlist({
    PayloadType: 'Profile Service',
    PayloadVersion: 1,
    PayloadIdentifier: 'pomona.enrollment.profile-service',
    PayloadUUID: content.uuid,
    PayloadDisplayName: content.displayName,
    PayloadDescription: `Asks this device who it is, so that ${content.organization ?? 'the organization'} can manage it.`,
    PayloadOrganization: content.organization,
    PayloadContent: { URL: content.url, DeviceAttributes: ATTRIBUTES, Challenge: content.challenge },
  });
}

export interface IdentityProfileContent extends IdentityContent {
  readonly displayName: string;
  readonly uuids: { readonly profile: string; readonly scep: string };
}

/** What answers phase 2: a profile with nothing but the certificate that the device signs phase 3 with. Source: as above. */
export function buildIdentityProfile(content: IdentityProfileContent): Buffer {
  return buildPlist({
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadIdentifier: 'pomona.enrollment.identity',
    PayloadUUID: content.uuids.profile,
    PayloadDisplayName: content.displayName,
    PayloadDescription: 'Gives this device a certificate to enroll with.',
    PayloadOrganization: content.organization,
    PayloadScope: 'System',
    PayloadContent: [scepPayload(content)],
  });
}
