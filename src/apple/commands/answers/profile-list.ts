import type { Report } from '../../messages/index.js';
import type { PlistDict } from '../../plist/index.js';
import { dictsOf, flagOf, numberOf, textOf } from './members.js';

/** One payload of an installed profile. */
export interface InstalledPayload {
  type?: string;
  identifier?: string;
  uuid?: string;
  displayName?: string;
}

export interface InstalledProfile {
  identifier?: string;
  uuid?: string;
  version?: number;
  displayName?: string;
  description?: string;
  organization?: string;
  source?: string;
  isManaged?: boolean;
  isEncrypted?: boolean;
  isRemovalDisallowed?: boolean;
  hasRemovalPasscode?: boolean;
  /** Distinct, in the profile's order. */
  payloadTypes: string[];
  payloads: InstalledPayload[];
}

/** Reads an acknowledged ProfileList. */
export function readProfileList(report: Report): InstalledProfile[] {
  return dictsOf(report.body, 'ProfileList').map(readProfile);
}

function readProfile(entry: PlistDict): InstalledProfile {
  const payloads = dictsOf(entry, 'PayloadContent').map(readPayload);
  const types = payloads.map((payload) => payload.type).filter((type) => type !== undefined);
  return {
    identifier: textOf(entry, 'PayloadIdentifier'),
    uuid: textOf(entry, 'PayloadUUID'),
    version: numberOf(entry, 'PayloadVersion'),
    displayName: textOf(entry, 'PayloadDisplayName'),
    description: textOf(entry, 'PayloadDescription'),
    organization: textOf(entry, 'PayloadOrganization'),
    source: textOf(entry, 'Source'),
    isManaged: flagOf(entry, 'IsManaged'),
    isEncrypted: flagOf(entry, 'IsEncrypted'),
    isRemovalDisallowed: flagOf(entry, 'PayloadRemovalDisallowed'),
    hasRemovalPasscode: flagOf(entry, 'HasRemovalPasscode'),
    payloadTypes: [...new Set(types)],
    payloads,
  };
}

function readPayload(payload: PlistDict): InstalledPayload {
  return {
    type: textOf(payload, 'PayloadType'),
    identifier: textOf(payload, 'PayloadIdentifier'),
    uuid: textOf(payload, 'PayloadUUID'),
    displayName: textOf(payload, 'PayloadDisplayName'),
  };
}
