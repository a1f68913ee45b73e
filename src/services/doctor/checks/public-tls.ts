import type { Clock } from '../../../clock.js';
import { orNoAnswer } from '../answers.js';
import { failed, ok, skipped, warning, type Check, type Finding } from '../check.js';
import { shakeHands, type Handshake } from '../handshake.js';
import type { PublicProbe } from '../probe.js';

const DAY_MS = 24 * 60 * 60_000;
const NEAR_DAYS = 14;

const INCOMPLETE = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** Devices trust the certificate at the public address, as far as this machine, which has other roots, can tell. */
export function publicTls(probe: PublicProbe, now: Clock): Check {
  const look = async (signal: AbortSignal): Promise<Finding> => {
    const { url } = probe;
    if (url.protocol !== 'https:') return skipped('The public address is not https.');
    return judge(await shakeHands(url, signal), url.hostname, now());
  };
  return { name: 'public-tls', atStart: false, run: (signal) => orNoAnswer(() => look(signal)) };
}

function judge({ certificate, namesHost, distrust }: Handshake, host: string, now: number): Finding {
  const left = Math.floor((certificate.validToDate.getTime() - now) / DAY_MS);
  if (left < 0)
    return failed(`The certificate at the public address expired on ${day(certificate.validToDate)}.`, RENEW);
  if (certificate.validFromDate.getTime() > now)
    return failed(
      `The certificate at the public address is not valid before ${day(certificate.validFromDate)}.`,
      'Look at the clock of this machine; if it is right, use the certificate that is valid now.',
    );
  if (!namesHost)
    return failed(
      `The certificate at the public address is not for ${host}, but for ${certificate.subjectAltName ?? 'no name at all'}.`,
      `Get a certificate whose subjectAltName has ${host}, or make POMONA_PUBLIC_URL an address that this one is for.`,
    );
  if (distrust !== undefined) return distrusted(distrust);
  if (left < NEAR_DAYS) return warning(`The certificate at the public address ends in ${left} days.`, RENEW);
  return ok(`The certificate at the public address is trusted, and good for ${left} days.`);
}

const RENEW =
  'Renew it where TLS ends: in the proxy, or in POMONA_TLS_CERT_FILE. Let something renew it by itself (ACME).';

const OWN =
  'If the authority is your own, have the devices trust it before they enrol, and tell this machine of it by NODE_EXTRA_CA_CERTS.';

function distrusted(code: string): Finding {
  const message = `The certificate at the public address is not trusted by this machine (${code}).`;
  const fix = INCOMPLETE.has(code)
    ? 'Serve the whole chain: the certificate and then its intermediates in one file (with ACME, fullchain.pem).'
    : 'Use a certificate of an authority that Apple devices trust, for example one by ACME.';
  return failed(message, `${fix} ${OWN}`);
}

const day = (date: Date): string => date.toISOString().slice(0, 10);
