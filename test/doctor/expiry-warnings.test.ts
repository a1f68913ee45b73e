import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/index.js';
import { Outbox } from '../../src/events/index.js';
import type { CertificateSource } from '../../src/services/certificates.js';
import { ExpiryWarnings } from '../../src/services/expiry-warnings.js';
import { ServerStatus } from '../../src/services/server-status.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';

const DAY_MS = 24 * 60 * 60_000;
const START = Date.parse('2026-01-01T00:00:00Z');

onBothDatabases('warnings of the end of certificates', (name) => {
  let store: Store;
  let database: Database;
  let other: Database;
  let now = START;
  const lines: Record<string, unknown>[] = [];
  const log = pino({ base: undefined }, { write: (line: string) => void lines.push(JSON.parse(line)) });

  beforeAll(async () => {
    store = await freshStore(name);
    database = await store.open();
    other = await store.open();
  });
  afterAll(async () => {
    await database.close();
    await other.close();
    await store.remove();
  });

  /** A process of the server that holds these. */
  const processWith = (sources: readonly CertificateSource[], on = database): ExpiryWarnings => {
    const status = new ServerStatus(
      on,
      sources,
      () => 'https://mdm.example.org',
      () => now,
    );
    return new ExpiryWarnings({
      database: on,
      outbox: new Outbox(() => undefined),
      certificates: () => status.certificates,
      log,
      now: () => now,
    });
  };

  const certificate = (sha256: string, lastsDays: number): CertificateSource => {
    const notAfter = new Date(START + lastsDays * DAY_MS);
    return () => [{ purpose: 'PUSH', subject: `CN=${sha256}`, topic: null, notAfter, sha256 }];
  };

  const alertsAbout = async (sha256: string): Promise<Record<string, unknown>[]> => {
    const rows = await database.query<{ data: string }>(
      "SELECT data FROM events WHERE type = 'ALERT' ORDER BY seq",
    );
    return rows
      .map(({ data }) => JSON.parse(data) as Record<string, unknown>)
      .filter(({ subject }) => subject === `CN=${sha256}`);
  };

  const daysLeftTold = async (sha256: string) => (await alertsAbout(sha256)).map(({ daysLeft }) => daysLeft);

  it('are given once for each threshold, whatever restarts in between', async () => {
    const source = certificate('every-hour', 40);
    for (let hour = 0; hour <= 45 * 24; hour += 6) {
      now = START + hour * 60 * 60_000;
      await processWith([source]).run();
    }
    expect(await daysLeftTold('every-hour')).toEqual([30, 14, 7, 1, 0]);
  });

  it('say what ends, when, and what to do', async () => {
    now = START;
    lines.length = 0;
    await processWith([certificate('told', 29.5)]).run();
    const alert = {
      alert: 'CERTIFICATE_EXPIRING',
      purpose: 'PUSH',
      subject: 'CN=told',
      daysLeft: 29,
      notAfter: '2026-01-30T12:00:00.000Z',
    };
    const [told] = await alertsAbout('told');
    expect(told).toEqual({ ...alert, whatToDo: expect.stringContaining('identity.apple.com') as string });
    expect(lines).toMatchObject([
      { level: 40, ...alert, msg: 'A certificate the server lives on expires in 29 days' },
    ]);
  });

  it('are one, not several, for a certificate that is met late', async () => {
    now = START;
    await processWith([certificate('late', 5)]).run();
    expect(await daysLeftTold('late')).toEqual([5]);
    await processWith([certificate('ended', -3)]).run();
    expect(await daysLeftTold('ended')).toEqual([-3]);
    expect(lines.at(-1)).toMatchObject({ msg: 'A certificate the server lives on has expired' });
  });

  it('begin anew for the certificate that takes its place', async () => {
    now = START;
    await processWith([certificate('old', 6)]).run();
    await processWith([certificate('new', 365)]).run();
    expect(await daysLeftTold('new')).toEqual([]);
    now = START + 352 * DAY_MS;
    await processWith([certificate('new', 365)]).run();
    expect(await daysLeftTold('new')).toEqual([13]);
  });

  it('are for each purpose of a certificate', async () => {
    now = START;
    const [held] = certificate('both', 3)();
    await processWith([() => [held!, { ...held!, purpose: 'TLS' as const }]]).run();
    expect((await alertsAbout('both')).map(({ purpose }) => purpose)).toEqual(['PUSH', 'TLS']);
  });

  it('are given by one of the processes that come at the same time', async () => {
    now = START;
    const source = certificate('race', 10);
    const processes = [database, other, database, other].map((on) => processWith([source], on));
    lines.length = 0;
    await Promise.all(processes.map((one) => one.run()));
    expect(await daysLeftTold('race')).toEqual([10]);
    expect(lines).toHaveLength(1);
  });

  it('are not given for what lasts', async () => {
    now = START;
    await processWith([certificate('lasts', 31)]).run();
    expect(await daysLeftTold('lasts')).toEqual([]);
  });
});
