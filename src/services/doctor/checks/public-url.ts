import { orNoAnswer, strangeAnswer } from '../answers.js';
import { failed, ok, warning, type Check, type Finding } from '../check.js';
import type { PublicProbe } from '../probe.js';

/** The header of `/healthz` by which the server recognises itself. */
export const INSTALLATION_HEADER = 'pomona-installation';

/**
 * Devices enrol over https only; http does for a simulator on this machine.
 * @param isLoopback whether only programs on this machine reach a host
 */
export function publicUrlKind(probe: PublicProbe, isLoopback: (host: string) => boolean): Check {
  return {
    name: 'public-url',
    atStart: false,
    run: async () => kindOf(probe.url, isLoopback),
  };
}

function kindOf(url: URL, isLoopback: (host: string) => boolean): Finding {
  if (url.protocol === 'https:') return ok(`Devices are told to come to ${url.href}`);
  if (!isLoopback(url.hostname))
    return failed(
      `Devices are told to come to ${url.href}, and Apple devices enrol over https only.`,
      'Set POMONA_PUBLIC_URL to an address that begins with https://, and have a certificate for its name (docs/tls.md).',
    );
  return warning(
    `Devices are told to come to ${url.href}, an address of this machine: only programs that run on it can enrol.`,
    'Set POMONA_PUBLIC_URL to the https:// address that devices reach this server by.',
  );
}

/** The public address leads to this server: to this database, by whichever process. */
export function publicUrlReach(probe: PublicProbe, installation: string): Check {
  const look = async (signal: AbortSignal): Promise<Finding> => {
    const answer = await probe.ask('/healthz', {}, signal);
    const found = answer.headers[INSTALLATION_HEADER];
    if (answer.status !== 200) return strangeAnswer('/healthz', answer);
    if (found === installation) return ok('The public address leads to this server.');
    if (found === undefined)
      return failed(
        'Something else than this server answers at the public address.',
        'Look whether POMONA_PUBLIC_URL is right, and where its DNS name and the proxy lead to. A proxy must not take the header ' +
          `${INSTALLATION_HEADER} away.`,
      );
    return failed(
      'Another Pomona answers at the public address, one with another database.',
      'Look where the DNS name of POMONA_PUBLIC_URL and the proxy lead to. All processes behind one address need the same POMONA_DATABASE_URL.',
    );
  };
  return { name: 'public-url-reach', atStart: false, run: (signal) => orNoAnswer(() => look(signal)) };
}
