import type { Application } from '../../entities/application.js';
import type { ApplicationEntry, ApplicationShape } from '../schemas/application.js';

export function applicationShape(application: Application): ApplicationShape {
  return {
    ...applicationEntry(application),
    bundle_identifier: application.bundleIdentifier ?? undefined,
    revision: application.revision,
    created_at: application.createdAt.toISOString(),
    updated_at: application.updatedAt.toISOString(),
  };
}

/** An application as a workflow lists it. */
export function applicationEntry(application: Application): ApplicationEntry {
  return {
    application_uuid: application.uuid,
    name: application.name,
    'manifest-url': application.manifestUrl ?? undefined,
    itunes_store_id: application.itunesStoreId ?? undefined,
  };
}
