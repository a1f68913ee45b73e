import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { ProbeFailure, wordsOf } from './probe-failure.js';

/** What a TLS server showed of itself. */
export interface Handshake {
  readonly certificate: X509Certificate;
  /** Whether a certificate of that name may speak for the host of the URL. */
  readonly namesHost: boolean;
  /** What OpenSSL says against the chain, as `CERT_HAS_EXPIRED`; undefined when it is trusted. */
  readonly distrust: string | undefined;
}

/**
 * Shakes hands and looks at the certificate, whatever it is worth.
 * @throws ProbeFailure, in words
 */
export async function shakeHands(url: URL, signal: AbortSignal): Promise<Handshake> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const socket = connect({
    host,
    port: Number(url.port || 443),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: false,
  });
  const stop = (): void => void socket.destroy(new ProbeFailure(`${url.host} did not answer in time`));
  signal.addEventListener('abort', stop);
  try {
    await secured(socket, url);
    return handshakeOf(socket, host);
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}

function secured(socket: TLSSocket, url: URL): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once('secureConnect', resolve);
  socket.once('error', (error) => reject(new ProbeFailure(wordsOf(error, url), { cause: error })));
  socket.once('close', () => reject(new ProbeFailure(`${url.host} closed the connection without an answer`)));
  return promise;
}

function handshakeOf(socket: TLSSocket, host: string): Handshake {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) throw new ProbeFailure(`${host} showed no certificate`);
  const named = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
  const said: unknown = socket.authorized ? undefined : socket.authorizationError;
  // It is a code, not the Error that its type promises; that of a wrong name is told by `namesHost`.
  const code = said === undefined || said === null ? undefined : String(said);
  const distrust = code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? undefined : code;
  return { certificate, namesHost: named !== undefined, distrust };
}
