import type { Clock } from '../../../clock.js';
import { failed, ok, type Check, type Finding } from '../check.js';
import type { PublicProbe } from '../probe.js';
import { ProbeFailure } from '../probe-failure.js';

/** More than this, in seconds, and certificates and signatures are judged wrongly. */
const MOST_SECONDS = 60;

/** A clock beside ours: how many milliseconds it is ahead, or undefined when it cannot be read. */
interface Compared {
  readonly whose: string;
  readonly aheadMs: number | undefined;
}

/**
 * The clock of this machine agrees with others.
 * @param databaseClock milliseconds since 1970; undefined when the database has no clock of its own
 */
export function clockCheck(
  probe: PublicProbe,
  databaseClock: () => Promise<number | undefined>,
  now: Clock,
): Check {
  const run = async (signal: AbortSignal): Promise<Finding> =>
    judge([
      { whose: 'the database', aheadMs: await ahead(databaseClock, now) },
      { whose: 'what answers at the public address', aheadMs: await ahead(() => dateOf(probe, signal), now) },
    ]);
  return { name: 'clock', atStart: false, run };
}

/** What was read lies between the question and the answer: the nearest of these is what counts. */
async function ahead(read: () => Promise<number | undefined>, now: Clock): Promise<number | undefined> {
  const asked = now();
  const theirs = await read();
  if (theirs === undefined) return undefined;
  const answered = now();
  if (theirs < asked) return theirs - asked;
  return theirs > answered ? theirs - answered : 0;
}

/** A public address that does not answer is another check's business. A Date has whole seconds. */
async function dateOf(probe: PublicProbe, signal: AbortSignal): Promise<number | undefined> {
  try {
    const { headers } = await probe.ask('/healthz', {}, signal);
    const date = Date.parse(headers.date ?? '');
    return Number.isNaN(date) ? undefined : date;
  } catch (error) {
    if (error instanceof ProbeFailure) return undefined;
    throw error;
  }
}

function judge(compared: readonly Compared[]): Finding {
  const read = compared.filter(({ aheadMs }) => aheadMs !== undefined);
  const off = read.filter(({ aheadMs = 0 }) => Math.abs(aheadMs) > MOST_SECONDS * 1_000);
  if (off.length > 0)
    return failed(
      off.map(sentenceOf).join(' '),
      'Set the clocks by NTP, of this machine first (timedatectl set-ntp true), then of the other one.',
    );
  const whose = read.map((one) => one.whose).join(' and ');
  return ok(
    read.length === 0
      ? 'There is no other clock to compare with: the database is on this machine.'
      : `The clock agrees with that of ${whose}.`,
  );
}

function sentenceOf({ whose, aheadMs = 0 }: Compared): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  return `The clock of ${whose} is ${seconds} seconds ${aheadMs > 0 ? 'ahead of' : 'behind'} that of this machine.`;
}
