import { RENEWAL } from '../../certificates.js';
import { NEAR_DAYS } from '../../expiry-warnings.js';
import type { CertificateStatus } from '../../server-status.js';
import { failed, ok, skipped, warning, type Check, type Finding } from '../check.js';

/** None of the certificates the server lives on has ended or is about to. */
export function certificates(held: () => readonly CertificateStatus[]): Check {
  return { name: 'certificates', atStart: true, run: async () => judge(held()) };
}

function judge(held: readonly CertificateStatus[]): Finding {
  if (held.length === 0) return skipped('The server has no certificates.');
  const near = held.filter(({ daysLeft }) => daysLeft < NEAR_DAYS).sort((a, b) => a.daysLeft - b.daysLeft);
  const [nearest] = near;
  if (nearest === undefined)
    return ok(
      held.length === 1
        ? `The one certificate is good for ${NEAR_DAYS} days or more.`
        : `All ${held.length} certificates are good for ${NEAR_DAYS} days or more.`,
    );
  const fix = [...new Set(near.map(({ purpose }) => RENEWAL[purpose]))].join(' ');
  const message = near.map(sentenceOf).join(' ');
  return nearest.daysLeft < 0 ? failed(message, fix) : warning(message, fix);
}

function sentenceOf({ purpose, subject, daysLeft, notAfter }: CertificateStatus): string {
  const ends =
    daysLeft < 0
      ? `ended on ${notAfter.toISOString().slice(0, 10)}`
      : `ends in ${daysLeft} ${daysLeft === 1 ? 'day' : 'days'}`;
  return `${purpose} (${subject.slice(0, 200)}) ${ends}.`;
}
