import { z } from 'zod';
import type { ApplicationFields } from '../../services/catalog/applications.js';
import {
  agree,
  instant,
  maybe,
  optionalText,
  optionalWholeNumber,
  requiredText,
  revision,
  uuid,
} from './fields.js';

/** The address of a manifest under both of its names. */
export const manifest = {
  fields: {
    'manifest-url': optionalText.describe('https:// address of the manifest property list.'),
    manifest_url: optionalText.describe('The same as manifest-url, for languages without hyphens.'),
  },
  names: agree('manifest-url', 'manifest_url'),
  of: (body: ManifestFields): string | undefined => (body['manifest-url'] ?? body.manifest_url)?.trim(),
};

interface ManifestFields {
  readonly 'manifest-url'?: string | undefined;
  readonly manifest_url?: string | undefined;
}

export const newApplication = z
  .object({
    name: requiredText,
    ...manifest.fields,
    itunes_store_id: optionalWholeNumber.describe(
      'The App Store id, in place of manifest-url for an App Store application.',
    ),
    bundle_identifier: optionalText.describe('Learnt from the first device that has it, otherwise.'),
  })
  .refine(manifest.names.test, manifest.names.params)
  .meta({ id: 'NewApplication' })
  .transform((body): ApplicationFields => ({
    name: body.name,
    manifestUrl: manifest.of(body),
    itunesStoreId: body.itunes_store_id,
    bundleIdentifier: body.bundle_identifier,
  }));

const entry = {
  application_uuid: uuid,
  name: z.string(),
  'manifest-url': maybe,
  itunes_store_id: z.int().optional(),
};

/** An application as a workflow lists it. */
export const applicationEntry = z.object(entry).meta({ id: 'ApplicationEntry' });
export type ApplicationEntry = z.output<typeof applicationEntry>;

export const application = z
  .object({
    ...entry,
    bundle_identifier: maybe,
    revision,
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Application' });
export type ApplicationShape = z.output<typeof application>;
