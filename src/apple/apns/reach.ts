import { createSecureContext } from 'node:tls';
import type { PushCertificate } from './certificate.js';
import { ApnsConnection } from './connection.js';

export interface ReachOptions {
  /** `https://host` or `https://host:port`. */
  readonly url: string;
  readonly certificate: PushCertificate;
  /** PEM of the only authority to trust for the server, instead of the system's. */
  readonly ca?: string | undefined;
}

/**
 * Connects to APNs with the push certificate and sends nothing: undefined once APNs has taken the certificate (its first word
 * comes after that), else what is wrong, in words. `signal` gives up.
 */
export async function reachApns(options: ReachOptions, signal: AbortSignal): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const connection = new ApnsConnection(connectionOptions(options), {
    hasRoom: () => resolve(undefined),
    retired: () => undefined,
    closed: (_connection, failure) => resolve(failure.words),
  });
  const stop = (): void => resolve(`no answer in time (${options.url})`);
  signal.addEventListener('abort', stop);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    connection.destroy(undefined);
  }
}

/** The times are longer than anyone waits: the signal ends it. */
function connectionOptions({ url, certificate: { certPem, chainPem, keyPem }, ca }: ReachOptions) {
  const cert = [certPem, ...chainPem].join('\n');
  return {
    url: new URL(url),
    secureContext: createSecureContext({ cert, key: keyPem, ...(ca === undefined ? {} : { ca }) }),
    requestTimeoutMs: 10_000,
    pingIntervalMs: 10_000,
    connectTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
  };
}
