import { createHash, randomBytes } from 'node:crypto';
import { ok, skipped, warning, type Check, type Finding } from '../check.js';
import type { PublicProbe } from '../probe.js';
import { ProbeFailure } from '../probe-failure.js';

/** RFC 6455 section 1.3: what proves that the other side understood the handshake. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const APART =
  'Devices have a listener of their own (POMONA_DEVICE_PORT); the address that people and programs come to is not known here.';

const FIX =
  'Let the proxy pass WebSockets on at /graphql (nginx: proxy_http_version 1.1 and the headers Upgrade and Connection). Devices need ' +
  'none of it: only programs that subscribe do, and they may use /graphql/stream instead.';

/**
 * Subscriptions come over a WebSocket, which proxies do not pass by themselves.
 * @param apart whether devices have a listener of their own, so that the public address is not where people subscribe
 */
export function subscriptions(probe: PublicProbe, apart: boolean): Check {
  return {
    name: 'subscriptions',
    atStart: false,
    run: async (signal) => (apart ? skipped(APART) : look(probe, signal)),
  };
}

async function look(probe: PublicProbe, signal: AbortSignal): Promise<Finding> {
  const key = randomBytes(16).toString('base64');
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': key,
    'sec-websocket-protocol': 'graphql-transport-ws',
  };
  try {
    const answer = await probe.ask('/graphql', { headers }, signal);
    const proof = createHash('sha1').update(`${key}${GUID}`).digest('base64');
    if (answer.status === 101 && answer.headers['sec-websocket-accept'] === proof)
      return ok('Subscriptions over WebSocket come through.');
    return warning(
      `Subscriptions do not come through: the handshake at /graphql was answered ${answer.status}.`,
      FIX,
    );
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error;
    return warning(`Subscriptions do not come through: ${error.message}.`, FIX);
  }
}
