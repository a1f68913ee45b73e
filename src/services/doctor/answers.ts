import { failed, type Finding } from './check.js';
import type { ProbeAnswer } from './probe.js';
import { ProbeFailure } from './probe-failure.js';

const LET_THROUGH =
  'Let requests to the paths /mdm, /scep, /enroll and /healthz through to Pomona without a login, a filter or a page in between: ' +
  'devices cannot answer those, and a 401 or 403 makes a device remove its management.';

/** What an answer that is not the server's own means: somebody between the device and the server gave it. */
export function strangeAnswer(path: string, { status, headers }: ProbeAnswer): Finding {
  if (status >= 300 && status < 400) return redirected(path, headers.location);
  if (status === 401 || status === 403 || status === 407)
    return failed(`${path} was answered ${status} by something before the server.`, LET_THROUGH);
  if (status === 413 || status === 414 || status === 431)
    return failed(
      `${path} was answered ${status}: what is before the server finds the request too large.`,
      'Raise the limits of the proxy: 16 KiB for one header, 12 MiB for a body (nginx: large_client_header_buffers, client_max_body_size).',
    );
  if (status === 502 || status === 503 || status === 504)
    return failed(
      `${path} was answered ${status}: what is before the server cannot reach it.`,
      'Point the proxy at the address the server listens on (POMONA_HOST and POMONA_PORT), and look whether it is up.',
    );
  return failed(
    `${path} was answered ${status}, which is not what this server answers.`,
    'Look whether POMONA_PUBLIC_URL is the address of this server, and whether the proxy passes the whole path on.',
  );
}

function redirected(path: string, location: string | undefined): Finding {
  return failed(
    `${path} is redirected${location === undefined ? '' : ` to ${location.slice(0, 200)}`}. Devices do not follow redirects.`,
    'Make POMONA_PUBLIC_URL the address it is redirected to, or stop redirecting.',
  );
}

/** What it means that no answer came; undefined when the error is another. */
export function noAnswer(error: unknown): Finding | undefined {
  if (!(error instanceof ProbeFailure)) return undefined;
  return failed(
    `Devices are told to come to POMONA_PUBLIC_URL, and ${error.message}.`,
    'Look at POMONA_PUBLIC_URL, the DNS name in it, the firewall and the proxy. If devices do reach the server, this machine just ' +
      'cannot reach its own public address (a router without hairpin NAT): give the name the inner address here, for example in /etc/hosts.',
  );
}

/** Runs a check whose only way to fail without an answer is that none came. */
export async function orNoAnswer(look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    const finding = noAnswer(error);
    if (finding === undefined) throw error;
    return finding;
  }
}
