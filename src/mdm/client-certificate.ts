import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** A connection shows its certificate once, however many requests it carries. */
const shown = new WeakMap<TLSSocket, X509Certificate>();

/**
 * The certificate that a client showed when it connected to us by TLS, and proved to have the key of; also in a session that
 * was resumed, which carries it. Who issued it, nobody has looked at yet. Undefined without one, or without TLS.
 */
export function certificateShownBy(socket: Socket): X509Certificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const known = shown.get(socket);
  if (known !== undefined) return known;
  const certificate = socket.getPeerX509Certificate();
  if (certificate !== undefined) shown.set(socket, certificate);
  return certificate;
}
