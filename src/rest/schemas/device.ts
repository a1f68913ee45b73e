import { z } from 'zod';
import { instant, maybe, uuid, uuidOrNone } from './fields.js';

const MISSING = 'workflow_uuid is missing. Send {"workflow_uuid": "…"}, or "" to take the workflow away';

/** The workflow to give, or null to take it away. */
export const assignment = z
  .object({
    workflow_uuid: uuidOrNone(MISSING).describe('The workflow to give; "" or null takes it away.'),
  })
  .meta({ id: 'Assignment' });
export type Assignment = z.output<typeof assignment>;

/** What Apple says of the profile that a device has there. */
export const depProfileStatus = z
  .enum(['empty', 'assigned', 'pushed', 'removed'])
  .describe('What Apple says of its profile there; pushed: the device has it.');

const secret = maybe.describe('A secret: only for a token that may read secrets.');

export const device = z
  .object({
    uuid,
    udid: z.string().nullable().describe('Null for a User Enrollment.'),
    serial_number: z.string().nullable().describe('Null for a User Enrollment.'),
    os_version: maybe,
    build_version: maybe,
    product_name: maybe,
    imei: maybe,
    meid: maybe,
    mdm_topic: maybe,
    push_magic: secret,
    awaiting_configuration: z.boolean(),
    token: secret,
    unlock_token: secret,
    enrolled: z.boolean(),
    workflow_uuid: uuid.optional(),
    dep_device: z.boolean().describe('Whether Apple Business (or School) Manager assigns it to this server.'),
    description: maybe.describe('As Apple describes it.'),
    model: maybe,
    color: maybe,
    asset_tag: maybe,
    dep_profile_status: depProfileStatus.optional(),
    dep_profile_uuid: maybe.describe("Apple's id of the profile it has there."),
    dep_profile_assign_time: instant.optional().describe('When it was assigned that profile.'),
    dep_profile_push_time: instant.optional().describe('When it fetched that profile.'),
    dep_profile_assigned_date: instant.optional().describe('When it was assigned to this server at Apple.'),
    dep_profile_assigned_by: maybe.describe('Who assigned it to this server.'),
    last_checkin: instant.optional(),
    device_name: maybe,
    last_query_response: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('What it last answered to DeviceInformation, in the names of Apple. Not in lists.'),
  })
  .meta({ id: 'Device', description: 'What is not known is absent, but for udid and serial_number.' });
export type DeviceShape = z.output<typeof device>;

export const pushAnswer = z
  .object({
    status: z.literal('success'),
    push_notification_id: z.string().nullable().describe('The apns-id, by which APNs knows the push.'),
  })
  .meta({ id: 'PushAnswer' });
export type PushAnswer = z.output<typeof pushAnswer>;
