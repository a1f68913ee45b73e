import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeApns } from '../../simulator/apns/index.js';
import { authority, clientOf, notification, notifications, pushIssued, startFake } from './setup.js';

let fake: FakeApns;

beforeEach(async () => {
  fake = await startFake();
});

afterEach(() => fake.close());

describe('an idle connection', () => {
  it('is closed after its time, and the next send makes another', async () => {
    const client = clientOf(fake.url, { idleTimeoutMs: 20 });
    await client.send(notification());
    await expect.poll(() => fake.open, { interval: 10 }).toBe(0);
    expect((await client.send(notification())).status).toBe(200);
    expect(fake.connections).toBe(2);
    await client.close();
  });

  it('does not keep the process alive', async () => {
    const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
    const child = spawn(
      process.execPath,
      [
        '--experimental-transform-types',
        '--disable-warning=ExperimentalWarning',
        '--import',
        path('typescript-hook.mjs'),
        path('send-one.ts'),
      ],
      {
        env: {
          ...process.env,
          APNS: fake.url,
          CA: authority.certPem,
          CERT: pushIssued.certPem,
          KEY: pushIssued.keyPem,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = await once(child, 'exit');
    expect(await output).toEqual(['200', '']);
    expect(code).toBe(0);
  });
});

describe('close', () => {
  it('lets the sends there are finish, waiting ones too, and takes no more', async () => {
    fake.slow(30);
    const client = clientOf(fake.url, { maxConcurrent: 5 });
    const sends = notifications(15).map((n) => client.send(n));
    const closed = client.close();
    expect(await client.send(notification())).toEqual({ status: 0, error: 'the APNs client is closed' });
    await closed;
    expect((await Promise.all(sends)).every(({ status }) => status === 200)).toBe(true);
    expect(fake.received).toHaveLength(15);
    await expect.poll(() => fake.open, { interval: 10 }).toBe(0);
  });

  it('waits no longer than for one request, and leaves no send without an outcome', async () => {
    fake.hang();
    const client = clientOf(fake.url, { requestTimeoutMs: 100, maxConcurrent: 1 });
    const sends = notifications(4).map((n) => client.send(n));
    await client.close();
    const outcomes = await Promise.all(sends);
    expect(outcomes.every(({ status, error }) => status === 0 && error !== undefined)).toBe(true);
  });

  it('while the server is away ends the retries', async () => {
    await fake.refuseConnections(true);
    const client = clientOf(fake.url, { requestTimeoutMs: 50 });
    const send = client.send(notification());
    await client.close();
    expect(await send).toEqual({ status: 0, error: 'the APNs client is closed' });
  });

  it('twice is once', async () => {
    const client = clientOf(fake.url);
    expect(client.close()).toBe(client.close());
    await client.close();
  });
});
