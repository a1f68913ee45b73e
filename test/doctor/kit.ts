import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll } from 'vitest';
import { createAuthority, issueServerCertificate, type Issued } from '../../simulator/pki.js';
import type { Check, Finding } from '../../src/services/doctor/check.js';
import { PublicProbe } from '../../src/services/doctor/probe.js';

/** An authority that this process trusts, as a machine does that was told so. */
export const authority = createAuthority('Public Root', { keyType: 'ec' });
setDefaultCACertificates([...getCACertificates('default'), authority.certPem]);

export const trusted = issueServerCertificate(authority);

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.filter(({ listening: open }) => open).map(close));
});

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await closed;
}

/** Listens on any free port of loopback until the tests of the file are over. */
export async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A real server that answers as it is told: https with a certificate, http without. */
export async function serve(answer: RequestListener, identity?: Issued): Promise<PublicProbe> {
  const server =
    identity === undefined
      ? createHttp(answer)
      : createHttps({ cert: identity.certPem, key: identity.keyPem }, answer);
  const port = await listening(server);
  return new PublicProbe(() => `${identity === undefined ? 'http' : 'https'}://localhost:${port}`);
}

/** A proxy that answers by itself, with this status. */
export const answering = (status: number, headers: Record<string, string> = {}): RequestListener => {
  return (request: IncomingMessage, response) => {
    request.resume();
    response.writeHead(status, headers).end('The proxy says so.');
  };
};

/** Runs a check as the doctor does, with so much patience. */
export function look(check: Check, patienceMs = 5_000): Promise<Finding> {
  return check.run(AbortSignal.timeout(patienceMs));
}
