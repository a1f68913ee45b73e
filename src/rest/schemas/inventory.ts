import { z } from 'zod';
import { instant, maybe } from './fields.js';

const flag = z.boolean().optional();

export const installedApplication = z
  .object({
    identifier: maybe.describe('The bundle identifier.'),
    name: maybe,
    version: maybe,
    short_version: maybe,
    external_version_identifier: maybe.describe("The App Store's number for the version, decimal."),
    distributor_identifier: maybe,
    source: maybe,
    bundle_size: z.number().optional().describe('Bytes.'),
    dynamic_size: z.number().optional().describe('Bytes of its documents and data.'),
    is_app_store_vendable: flag,
    is_device_based_vpp: flag,
    is_beta: flag,
    is_ad_hoc_code_signed: flag,
    is_app_clip: flag,
    is_validated: flag,
    has_update_available: flag,
    installing: flag,
    download_waiting: flag,
    download_paused: flag,
    download_failed: flag,
    download_cancelled: flag,
  })
  .meta({ id: 'InstalledApplication' });

export const deviceCertificate = z
  .object({
    common_name: maybe,
    is_identity: flag.describe('True when the device has the private key as well.'),
    sha256: maybe.describe('Lower-case hex, over the bytes as sent.'),
    subject: maybe,
    issuer: maybe,
    serial_number: maybe,
    not_before: instant.optional(),
    not_after: instant.optional(),
  })
  .meta({ id: 'DeviceCertificate' });
