import type { Reader } from './reader.js';

/** What must hold in every state that anyone can see. Each query finds what breaks its rule. */
const RULES: Readonly<Record<string, string>> = {
  'a device has its channel': `
    SELECT d.uuid FROM devices d WHERE NOT EXISTS (SELECT 1 FROM channels c WHERE c.device_uuid = d.uuid AND c.kind = 'DEVICE')`,
  'a device has a certificate bound to it': `
    SELECT d.uuid FROM devices d WHERE NOT EXISTS (SELECT 1 FROM identities i WHERE i.device_uuid = d.uuid AND i.status = 'ACTIVE')`,
  'an enrolled device can be pushed to, and no other can': `
    SELECT d.uuid, d.enrollment_status, c.enabled FROM devices d JOIN channels c ON c.device_uuid = d.uuid
     WHERE (d.enrollment_status = 'ENROLLED') <> (c.enabled = 1 AND c.push_token IS NOT NULL AND c.push_magic IS NOT NULL)`,
  'a command has its body': `
    SELECT k.uuid FROM commands k LEFT JOIN command_bodies b ON b.uuid = k.body_uuid WHERE b.uuid IS NULL`,
  'a command is in the queue exactly while it is active': `
    SELECT uuid, status FROM commands WHERE (queue_channel_uuid IS NULL) = (status IN ('QUEUED', 'SENT', 'NOT_NOW'))`,
  'a finished command says when, an active one does not': `
    SELECT uuid, status FROM commands WHERE (answered_at IS NULL) <> (queue_channel_uuid IS NOT NULL)`,
  'an answered command has its report': `
    SELECT uuid, status FROM commands WHERE status IN ('ACKNOWLEDGED', 'ERROR', 'FORMAT_ERROR') AND report IS NULL`,
  'an item on its way has an active command, on a device that is enrolled': `
    SELECT i.uuid, i.status, k.status AS command FROM deployment_items i JOIN devices d ON d.uuid = i.device_uuid
      LEFT JOIN commands k ON k.uuid = i.command_uuid AND k.queue_channel_uuid IS NOT NULL AND k.item_uuid = i.uuid
     WHERE i.status IN ('PENDING', 'SENT', 'REMOVING') AND d.enrollment_status = 'ENROLLED' AND k.uuid IS NULL`,
  'an item that has arrived has no command': `
    SELECT uuid, status FROM deployment_items WHERE status IN ('INSTALLED', 'REMOVED') AND command_uuid IS NOT NULL`,
  'a command of an active item is of that item': `
    SELECT k.uuid FROM commands k LEFT JOIN deployment_items i ON i.uuid = k.item_uuid AND i.command_uuid = k.uuid
     WHERE k.item_uuid IS NOT NULL AND k.queue_channel_uuid IS NOT NULL AND i.uuid IS NULL`,
  'a deployment is as its items are': `
    SELECT p.device_uuid, p.status FROM deployments p JOIN devices d ON d.uuid = p.device_uuid
     WHERE d.enrollment_status = 'ENROLLED' AND p.dirty = 0 AND (p.status = 'PENDING') <> EXISTS
       (SELECT 1 FROM deployment_items i WHERE i.device_uuid = p.device_uuid AND i.status IN ('PENDING', 'SENT', 'REMOVING'))`,
  'the last event of a command tells its state, and every command has one': `
    SELECT k.uuid, k.status, e.data FROM commands k LEFT JOIN events e ON e.seq =
      (SELECT MAX(x.seq) FROM events x WHERE x.type = 'COMMAND_UPDATED' AND x.subject_uuid = k.uuid)
     WHERE e.seq IS NULL OR e.data NOT LIKE CONCAT('%"status":"', k.status, '"%')`,
  'an event of a command or a push is about one that is there': `
    SELECT e.seq, e.type FROM events e
     WHERE (e.type = 'COMMAND_UPDATED' AND NOT EXISTS (SELECT 1 FROM commands k WHERE k.uuid = e.subject_uuid))
        OR (e.type = 'PUSH_UPDATED' AND NOT EXISTS (SELECT 1 FROM pushes p WHERE p.uuid = e.subject_uuid))`,
  'the last change told of a device is its enrolment status': `
    SELECT d.uuid, d.enrollment_status, e.data FROM devices d LEFT JOIN events e ON e.seq =
      (SELECT MAX(x.seq) FROM events x WHERE x.type = 'DEVICE_CHANGED' AND x.subject_uuid = d.uuid AND x.data LIKE '%ENROLLED%'
          OR x.type = 'DEVICE_CHANGED' AND x.subject_uuid = d.uuid AND x.data LIKE '%AUTHENTICATED%')
     WHERE e.seq IS NULL OR e.data NOT LIKE CONCAT('%"', d.enrollment_status, '"%')`,
  'a settled push was told of': `
    SELECT p.uuid, p.status FROM pushes p WHERE p.settled_at IS NOT NULL AND NOT EXISTS
      (SELECT 1 FROM events e WHERE e.type = 'PUSH_UPDATED' AND e.subject_uuid = p.uuid)`,
  'a device that has commands waiting is owed a push, or will be': `
    SELECT c.uuid FROM channels c WHERE c.enabled = 1 AND c.repush_at IS NULL
       AND EXISTS (SELECT 1 FROM commands k WHERE k.queue_channel_uuid = c.uuid)
       AND NOT EXISTS (SELECT 1 FROM pushes p WHERE p.channel_uuid = c.uuid AND p.settled_at IS NULL)`,
};

/** The rules that are broken, with the rows that break them. */
export function broken(reader: Reader): Promise<Record<string, unknown>> {
  return reader.snapshot(async (query) => {
    const found: Record<string, unknown> = {};
    for (const [rule, sql] of Object.entries(RULES)) {
      const rows = await query(sql);
      if (rows.length > 0) found[rule] = rows;
    }
    return found;
  });
}
