import type { ApplicationFields } from '../../services/catalog/applications.js';
import { Fields } from './fields.js';

/** `{"name", "manifest-url"}` (or `manifest_url`), or `itunes_store_id` in its place; and `bundle_identifier`. Throws BAD_USER_INPUT. */
export function readApplication(body: unknown): ApplicationFields {
  const fields = Fields.of(body);
  return {
    name: fields.requiredText('name'),
    manifestUrl: readManifestUrl(fields),
    itunesStoreId: fields.wholeNumber('itunes_store_id'),
    bundleIdentifier: fields.text('bundle_identifier'),
  };
}

export function readManifestUrl(fields: Fields): string | undefined {
  return fields.text('manifest-url', 'manifest_url')?.trim();
}
