import type { Profile } from '../../entities/profile.js';
import type { ProfileShape } from '../schemas/profile.js';

/** A profile with its content, under both of the names the data has had; without it for those who may not see it. */
export function profileShape(profile: Profile, content: Buffer | undefined): ProfileShape {
  const data = content?.toString('base64');
  return {
    profile_uuid: profile.uuid,
    payload_identifier: profile.payloadIdentifier,
    payload_data: data,
    profile_data: data,
    display_name: profile.displayName ?? undefined,
    description: profile.description ?? undefined,
    organization: profile.organization ?? undefined,
    payload_types: profile.payloadTypes,
    signed: profile.signed,
    size: profile.size,
    sha256: profile.sha256,
    revision: profile.revision,
    created_at: profile.createdAt.toISOString(),
    updated_at: profile.updatedAt.toISOString(),
  };
}
