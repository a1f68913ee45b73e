import { once } from 'node:events';
import { connect } from 'node:net';
import fastify from 'fastify';
import { afterAll, describe, expect, it } from 'vitest';
import { limitEnrollment } from '../../src/enroll/limit.js';
import { Pruning } from '../../src/services/pruning.js';
import { closeDevices, installed, invite } from '../enrollment/kit.js';
import { useMdm } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { signDetached } from '../../simulator/cms-sign.js';
import { foreignCa, issueIdentity } from '../mdm/kit.js';

const DAY = 24 * 3_600;
const DAY_MS = DAY * 1_000;

describe('A stranger with large messages', () => {
  const mdm = useMdm('sqlite');

  /** Says that 32 MiB will come, sends hardly any, and waits for what is answered. */
  async function answered(headers: readonly string[]): Promise<string> {
    const { hostname, port } = new URL(mdm.app.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const head = ['PUT /mdm/connect HTTP/1.1', `Host: ${hostname}`, ...headers];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    const [data] = (await once(socket, 'data', { signal: AbortSignal.timeout(5_000) })) as [Buffer];
    socket.destroy();
    return data.toString('latin1').split('\r\n')[0] ?? '';
  }
  const HUGE = `Content-Length: ${32 * 1024 * 1024}`;
  const forged = signDetached(Buffer.from('x'), issueIdentity({}, foreignCa)).toString('base64');

  it.each<[string, readonly string[]]>([
    ['shows nothing of who it is', [HUGE]],
    ['sends the body in pieces', ['Transfer-Encoding: chunked']],
    ['signs with nonsense', [HUGE, 'Mdm-Signature: AAAA']],
    ['signs with a certificate of nobody we trust', [HUGE, `Mdm-Signature: ${forged}`]],
    ['has a header that no proxy of ours wrote', [HUGE, `X-Client-Cert: ${forged}`]],
  ])('that %s is refused before they are taken in', async (_what, headers) => {
    expect(await answered(headers)).toBe('HTTP/1.1 400 Bad Request');
  });
});

describe('Requests that are counted', () => {
  it('count for the network that one customer has, however many addresses of IPv6 are in it', async () => {
    const http = fastify();
    limitEnrollment(http as never, { requestsPerMinute: 3, isTrustedProxy: (from) => from === '10.0.0.1' });
    http.get('/enroll/x', () => 'x');
    const from = async (client: string): Promise<number> => {
      const headers = { 'x-forwarded-for': client };
      return (await http.inject({ url: '/enroll/x', remoteAddress: '10.0.0.1', headers })).statusCode;
    };
    const neighbours = ['2001:db8:1:2::1', '2001:0DB8:0001:0002:ffff::9', '2001:db8:1:2:3:4:5:6'];
    for (const address of neighbours) expect(await from(address)).toBe(200);
    expect(await from('2001:db8:1:2:aaaa:bbbb:cccc:dddd')).toBe(429);
    expect(await from('2001:db8:1:3::1')).toBe(200);
    await http.close();
  });
});

onBothDatabases('What strangers leave behind', (name) => {
  const mdm = useMdm(name);
  afterAll(closeDevices);

  it('is gone a day after it was good for anything: challenges nobody used, and visits', async () => {
    const { link } = await invite(mdm);
    for (let times = 0; times < 3; times += 1) await fetch(`${link}/profile`);
    for (let times = 0; times < 2; times += 1) await fetch(`${link}/ota`);
    await installed(link);
    const left = async (): Promise<number[]> => {
      const tables = ['enrollment_challenges', 'enrollment_sessions'];
      const counts = await Promise.all(tables.map((table) => mdm.query(`SELECT 1 FROM ${table}`)));
      return counts.map((rows) => rows.length);
    };
    const prune = (): Promise<void> =>
      new Pruning(mdm.app.database, { historyMs: DAY_MS, eventsMs: DAY_MS }, mdm.now).run();
    mdm.advance(20 * 3_600);
    await prune();
    expect(await left()).toEqual([4, 2]);
    mdm.advance(6 * 3_600);
    await prune();
    expect(await left()).toEqual([1, 0]);
  });
});
