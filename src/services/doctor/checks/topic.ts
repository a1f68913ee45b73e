import type { Database } from '../../../database/index.js';
import { ChannelKind } from '../../../entities/enums.js';
import { failed, ok, skipped, type Check } from '../check.js';

interface Row {
  readonly enrolled: number | string;
  readonly others: number | string | null;
}

const STATEMENT = `
  SELECT COUNT(*) AS enrolled, SUM(CASE WHEN push_topic = ? THEN 0 ELSE 1 END) AS others
    FROM channels WHERE kind = '${ChannelKind.DEVICE}' AND enabled = ?`;

/** The devices listen to the topic of the push certificate in use. One statement. */
export function topic(database: Database, current: () => string | undefined): Check {
  const run = async () => {
    const ours = current();
    if (ours === undefined) return skipped('There is no push certificate.');
    const [row] = await database.query<Row>(STATEMENT, [ours, true]);
    const enrolled = Number(row?.enrolled ?? 0);
    const others = Number(row?.others ?? 0);
    if (enrolled === 0) return ok('No device is enrolled yet.');
    if (others === 0)
      return ok(`All ${enrolled} enrolled devices listen to the topic of the push certificate.`);
    return failed(
      `${others} of ${enrolled} enrolled devices listen to another topic than that of the push certificate (${ours}): they cannot be woken.`,
      'Go back to the push certificate they enrolled with, renewed with the same Apple Account (pushCertificateUpload, or POMONA_APNS_CERT_FILE). If it is lost, ' +
        'those devices have to enrol again.',
    );
  };
  return { name: 'topic', atStart: true, run };
}
