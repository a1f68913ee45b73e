import { z } from 'zod';
import { text } from './reading.js';

const EndPoint = z.object({ uri: z.string(), limit: z.object({ maximum: z.int().positive() }) });

/** Whose server this is (Apple: AccountDetail). */
export const Account = z
  .object({
    server_name: text,
    server_uuid: text,
    admin_id: text,
    facilitator_id: text,
    org_name: text,
    org_email: text,
    org_phone: text,
    org_address: text,
    org_id: text,
    org_id_hash: text,
    org_type: text,
    org_version: text,
    urls: z.array(z.unknown()).nullish(),
  })
  .transform((raw) => ({
    serverName: raw.server_name,
    serverUuid: raw.server_uuid,
    adminId: raw.admin_id ?? raw.facilitator_id,
    orgName: raw.org_name,
    orgEmail: raw.org_email,
    orgPhone: raw.org_phone,
    orgAddress: raw.org_address,
    orgId: raw.org_id,
    orgIdHash: raw.org_id_hash,
    orgType: raw.org_type,
    orgVersion: raw.org_version,
    /** Most entries of one request, by end point, as far as Apple says. */
    limits: Object.fromEntries(
      (raw.urls ?? []).flatMap((row) => {
        const endPoint = EndPoint.safeParse(row).data;
        return endPoint === undefined ? [] : [[endPoint.uri, endPoint.limit.maximum]];
      }),
    ) as Readonly<Record<string, number>>,
  }));

export type DepAccountDetail = z.output<typeof Account>;
