import type { Sql } from '../../database/index.js';
import { ChannelKind, EnrollmentStatus } from '../../entities/enums.js';
import { PomonaError } from '../../errors.js';

interface Listening {
  readonly topic: string;
  readonly devices: number | string;
}

/** The most topics that are spelt out; there are two in practice. */
const MOST_NAMED = 3;

/**
 * Refuses a certificate whose topic enrolled devices do not listen to: they could not be woken, and nothing but enrolling them
 * anew would help. Throws CONFLICT with how many they are.
 */
export async function guardTopic(sql: Sql, topic: string): Promise<void> {
  const others = await listeningToOthers(sql, topic);
  const count = others.reduce((sum, { devices }) => sum + Number(devices), 0);
  if (count === 0) return;
  const named = others.slice(0, MOST_NAMED).map((one) => `${devicesOf(Number(one.devices))} to ${one.topic}`);
  const more = others.length > MOST_NAMED ? [`others to ${others.length - MOST_NAMED} more topics`] : [];
  throw new PomonaError(
    'CONFLICT',
    `This certificate is for the topic ${topic}, and ${devicesOf(count)} enrolled here would be orphaned: they listen to another ` +
      `topic (${[...named, ...more].join(', ')}), and could not be woken until they are enrolled anew. Renew the certificate they ` +
      'enrolled with at identity.apple.com/pushcert ("Renew", not "Create", with the Apple Account that made it). If this is what ' +
      'you want all the same, repeat with `force: true`.',
    { path: ['certificate'], details: { orphaned: count, topic } },
  );
}

function listeningToOthers(sql: Sql, topic: string): Promise<Listening[]> {
  return sql.query<Listening>(
    `SELECT c.push_topic AS topic, COUNT(*) AS devices
       FROM channels c JOIN devices d ON d.uuid = c.device_uuid
      WHERE c.kind = ? AND c.enabled AND d.enrollment_status = ? AND c.push_topic IS NOT NULL AND c.push_topic <> ?
      GROUP BY c.push_topic ORDER BY devices DESC`,
    [ChannelKind.DEVICE, EnrollmentStatus.ENROLLED, topic],
  );
}

function devicesOf(count: number): string {
  return count === 1 ? '1 device' : `${count} devices`;
}
