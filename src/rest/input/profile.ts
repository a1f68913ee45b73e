import { PomonaError } from '../../errors.js';
import type { ProfileUpload } from '../../services/catalog/profiles.js';
import { Fields } from './fields.js';

/**
 * `{"payload_identifier", "payload_data"}` (or `profile_data`, as it was once called), the data in base64 (RFC 4648), line
 * breaks allowed. Throws BAD_USER_INPUT for what is missing, INVALID for what is not base64.
 */
export function readProfileUpload(body: unknown): ProfileUpload {
  const fields = Fields.of(body);
  const payloadIdentifier = fields.requiredText('payload_identifier');
  const base64 = fields.requiredText('payload_data', 'profile_data').replaceAll(/\s+/g, '');
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    const how =
      'payload_data is not base64. Make it from the .mobileconfig file: base64 < profile.mobileconfig';
    throw new PomonaError('INVALID', how, { path: ['payload_data'] });
  }
  return { payloadIdentifier, content: Buffer.from(base64, 'base64') };
}
