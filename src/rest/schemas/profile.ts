import { z } from 'zod';
import type { ProfileUpload } from '../../services/catalog/profiles.js';
import { agree, instant, maybe, optionalText, requiredText, revision, uuid } from './fields.js';

const NAMES = agree('payload_data', 'profile_data');
const NOT_BASE64 =
  'payload_data is not base64. Make it from the .mobileconfig file: base64 < profile.mobileconfig';

/** A profile to add; its data in base64 (RFC 4648), line breaks allowed. INVALID is what is not base64. */
export const newProfile = z
  .object({
    payload_identifier: requiredText.describe('The PayloadIdentifier that is inside the data.'),
    payload_data: optionalText.describe('The .mobileconfig, signed or not, in base64; line breaks allowed.'),
    profile_data: optionalText.describe('The name that payload_data had in 2016. Send one of them.'),
  })
  .refine(NAMES.test, NAMES.params)
  .refine((body) => dataOf(body) !== undefined, {
    path: ['payload_data'],
    error: 'payload_data is missing',
    abort: true,
  })
  .refine((body) => isBase64(dataOf(body) ?? ''), {
    path: ['payload_data'],
    error: NOT_BASE64,
    params: { code: 'INVALID' },
  })
  .meta({ id: 'NewProfile', anyOf: [{ required: ['payload_data'] }, { required: ['profile_data'] }] })
  .transform((body): ProfileUpload => {
    const content = Buffer.from(dataOf(body) ?? '', 'base64');
    return { payloadIdentifier: body.payload_identifier, content };
  });

/** Absent for who may not see it. */
const base64 = z.string().optional().meta({ contentEncoding: 'base64' });

export const profile = z
  .object({
    profile_uuid: uuid,
    payload_identifier: z.string(),
    payload_data: base64.describe(
      'The .mobileconfig, in base64. A secret: only for a token that may read secrets.',
    ),
    profile_data: base64.describe('The same, under the name of 2016.'),
    display_name: maybe,
    description: maybe,
    organization: maybe,
    payload_types: z.array(z.string()),
    signed: z.boolean(),
    size: z.int().describe('Bytes of the .mobileconfig.'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe('Of the .mobileconfig.'),
    revision,
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Profile' });
export type ProfileShape = z.output<typeof profile>;

interface Data {
  readonly payload_data?: string | undefined;
  readonly profile_data?: string | undefined;
}

function dataOf({ payload_data: documented, profile_data: historic }: Data): string | undefined {
  return documented ?? historic;
}

function isBase64(text: string): boolean {
  const bare = text.replaceAll(/\s+/g, '');
  return bare.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(bare);
}
