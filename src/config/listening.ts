import { isIP } from 'node:net';

/** The options that say where and how the server listens. */
interface ListeningOptions {
  readonly HOST: string;
  readonly PORT: number;
  readonly DEVICE_HOST: string | undefined;
  readonly DEVICE_PORT: number | undefined;
  readonly PLAIN_HTTP: 'loopback' | 'allow';
  readonly TLS_CERT_FILE: string | undefined;
  readonly TLS_KEY_FILE: string | undefined;
  readonly TLS_KEY_PASSPHRASE: string | undefined;
  readonly DEVICE_CLIENT_CERTS: 'off' | 'ask';
}

/** Whether only programs on this machine reach a listener there: 127.0.0.0/8, ::1 (also in brackets), `localhost`. */
export function isLoopback(host: string): boolean {
  const bare = host
    .toLowerCase()
    .replaceAll(/^\[|\]$/g, '')
    .replace(/^::ffff:(?=\d+\.)/, '');
  if (isIP(bare) === 4) return bare.startsWith('127.');
  return bare === '::1' || bare === 'localhost';
}

/** A sentence about options that will not do together, or undefined. */
export function whyNotListening(config: ListeningOptions): string | undefined {
  return whyNoTls(config) ?? whyNotApart(config) ?? whyNotPlain(config);
}

function whyNoTls({ TLS_CERT_FILE, TLS_KEY_FILE, TLS_KEY_PASSPHRASE }: ListeningOptions): string | undefined {
  if ((TLS_CERT_FILE === undefined) !== (TLS_KEY_FILE === undefined))
    return 'POMONA_TLS_CERT_FILE and POMONA_TLS_KEY_FILE go together: give both, or neither.';
  if (TLS_KEY_PASSPHRASE !== undefined && TLS_KEY_FILE === undefined)
    return 'POMONA_TLS_KEY_PASSPHRASE is the passphrase of POMONA_TLS_KEY_FILE, which is not given.';
  return undefined;
}

function whyNotApart(config: ListeningOptions): string | undefined {
  const { HOST, PORT, DEVICE_HOST, DEVICE_PORT } = config;
  if (DEVICE_PORT === undefined) {
    if (DEVICE_HOST !== undefined)
      return 'POMONA_DEVICE_HOST needs POMONA_DEVICE_PORT: without it devices come to the same listener as all others.';
    if (config.DEVICE_CLIENT_CERTS === 'ask')
      return 'POMONA_DEVICE_CLIENT_CERTS=ask needs POMONA_DEVICE_PORT: on a listener that people use too, their browsers would be asked for certificates.';
    return undefined;
  }
  if (DEVICE_PORT !== 0 && DEVICE_PORT === PORT && (DEVICE_HOST ?? HOST) === HOST)
    return `POMONA_DEVICE_PORT has to be another port than POMONA_PORT, which is ${PORT} too.`;
  if (config.DEVICE_CLIENT_CERTS === 'ask' && config.TLS_CERT_FILE === undefined)
    return 'POMONA_DEVICE_CLIENT_CERTS=ask needs POMONA_TLS_CERT_FILE and POMONA_TLS_KEY_FILE: certificates are shown in TLS.';
  return undefined;
}

/** Tokens of admins and secrets of devices travel on these connections. */
function whyNotPlain(config: ListeningOptions): string | undefined {
  if (config.PLAIN_HTTP === 'allow' || config.TLS_CERT_FILE !== undefined) return undefined;
  const { HOST, DEVICE_PORT, DEVICE_HOST } = config;
  const hosts = [
    ['POMONA_HOST', HOST],
    ['POMONA_DEVICE_HOST', DEVICE_PORT === undefined ? HOST : (DEVICE_HOST ?? HOST)],
  ] as const;
  const [name, host] = hosts.find(([, one]) => !isLoopback(one)) ?? [];
  if (name === undefined) return undefined;
  return (
    `${name}: "${host}" is reached from other machines, and plain HTTP is answered on loopback only. ` +
    'Give POMONA_TLS_CERT_FILE and POMONA_TLS_KEY_FILE, or POMONA_PLAIN_HTTP=allow behind a proxy that ends TLS.'
  );
}
