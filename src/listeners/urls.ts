import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Where a listener was told to listen, and with which certificate, if any. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly certificate: X509Certificate | undefined;
}

/**
 * By which URL a listener is reached, as far as it can know. Port 0 is known once it listens. With TLS the name has to be one
 * that the certificate is for, or nobody would trust it.
 */
export function urlOf({ server }: FastifyInstance, { host, port, certificate }: Place): string {
  const address = server.address();
  const bound = address === null || typeof address === 'string' ? port : address.port;
  const name = certificate === undefined ? reachable(host) : (nameIn(certificate, host) ?? reachable(host));
  const scheme = certificate === undefined ? 'http' : 'https';
  return `${scheme}://${isIP(name) === 6 ? `[${name}]` : name}:${bound}`;
}

/** The host itself if the certificate is for it, or the first name that it is for; undefined when it has only wildcards. */
function nameIn(certificate: X509Certificate, host: string): string | undefined {
  const covered = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
  if (covered !== undefined) return host;
  const names = (certificate.subjectAltName ?? '').split(', ');
  return names.find((name) => /^DNS:[\w.-]+$/.test(name))?.slice('DNS:'.length);
}

/** To listen on all addresses is no address to go to; this machine's own reaches it, too. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' || host === '' ? '::1' : host;
}
