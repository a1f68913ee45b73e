/** Nothing came back from the public address. The message says why. */
export class ProbeFailure extends Error {}

const WORDS: Readonly<Record<string, (url: URL) => string>> = {
  ENOTFOUND: ({ hostname }) => `the name ${hostname} does not resolve`,
  EAI_AGAIN: ({ hostname }) => `the name ${hostname} could not be looked up`,
  ECONNREFUSED: ({ host }) => `nothing listens at ${host}`,
  ECONNRESET: ({ host }) => `${host} closed the connection without an answer`,
  EPIPE: ({ host }) => `${host} closed the connection without an answer`,
  ETIMEDOUT: ({ host }) => `${host} did not answer`,
  ABORT_ERR: ({ host }) => `${host} did not answer in time`,
  EHOSTUNREACH: ({ host }) => `there is no way to ${host}`,
  ENETUNREACH: ({ host }) => `there is no way to ${host}`,
  EPROTO: ({ host }) => `${host} does not speak TLS as it should`,
  ERR_SSL_WRONG_VERSION_NUMBER: ({ host }) => `${host} answers plain HTTP, not TLS`,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ({ host }) => `${host} answers plain HTTP, not TLS`,
};

/** Puts the error of a socket into words. */
export function wordsOf(error: unknown, url: URL): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return WORDS[code]?.(url) ?? `${url.host}: ${message}`;
}
