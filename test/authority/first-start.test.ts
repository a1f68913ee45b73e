import { spawn } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority, issueDeviceIdentity } from '../../simulator/pki.js';
import { build, type Build } from '../support/build.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';
import { startServer } from '../support/server.js';

const YEAR_MS = 365.25 * 24 * 60 * 60_000;

onBothDatabases('The device authority', (name) => {
  let store: Store;
  beforeEach(async () => {
    store = await freshStore(name);
  });
  afterEach(() => store.remove());
  const file = (named: string, content: string): string => {
    writeFileSync(join(store.dataDir, named), content);
    return join(store.dataDir, named);
  };

  it('is made at the first start, for twenty years, and is the same at the next', async () => {
    const first = await startServer(store);
    const { certificate, privateKey } = first.app.services.authority.current;
    expect(certificate.subject).toContain('CN=Pomona Device Authority');
    expect(certificate.checkPrivateKey(privateKey)).toBe(true);
    expect((certificate.validToDate.getTime() - Date.now()) / YEAR_MS).toBeCloseTo(20, 1);
    const { server } = await first.data('{ server { features certificates { purpose subject daysLeft } } }');
    expect(server).toEqual({
      features: ['DEVICE_ENROLLMENT'],
      certificates: [
        {
          purpose: 'DEVICE_CA',
          subject: expect.stringContaining('Pomona Device Authority'),
          daysLeft: 7_304,
        },
      ],
    });
    await first.stop();
    const second = await startServer(store);
    expect(second.app.services.authority.current.certificate.fingerprint256).toBe(certificate.fingerprint256);
    await second.stop();
  });

  it('is one when several start at once', async () => {
    const servers = await Promise.all(Array.from({ length: 4 }, () => startServer(store)));
    const prints = servers.map(({ app }) => app.services.authority.current.certificate.fingerprint256);
    expect(new Set(prints).size).toBe(1);
    expect(await servers[0]!.app.database.query('SELECT uuid FROM authorities')).toHaveLength(1);
    await Promise.all(servers.map((server) => server.stop()));
  });

  it('cannot be opened with another secret key, and the start says so', async () => {
    const server = await startServer(store, { SECRET_KEY: '11'.repeat(32) });
    await server.stop();
    await expect(startServer(store, { SECRET_KEY: '22'.repeat(32) })).rejects.toThrow(
      /sealed with another secret key.*POMONA_SECRET_KEY/,
    );
    await (await startServer(store, { SECRET_KEY: '11'.repeat(32) })).stop();
  });

  it('sealed for another row is not opened', async () => {
    const server = await startServer(store);
    await server.app.database.run("UPDATE authorities SET uuid = '01890000-0000-7000-8000-000000000009'");
    await server.stop();
    await expect(startServer(store)).rejects.toThrow(/altered, or belongs to another row/);
  });

  it('and the challenges are in no file of the database in clear', async () => {
    const server = await startServer(store);
    const { authority } = server.app.services;
    const challenge = await server.app.database.transaction((tx) =>
      authority.challenges.mint(tx, { enrollmentProfileUuid: null }),
    );
    const canaries = [
      ...secretsOf(authority.current.privateKey),
      Buffer.from(challenge),
      Buffer.from(challenge, 'base64url'),
    ];
    const kept = Buffer.concat([await everythingIn(server.app.database), filesOf(store.dataDir)]);
    // The search finds what is there.
    expect(kept.indexOf(authority.current.certificate.raw)).toBeGreaterThan(0);
    expect(canaries.filter((canary) => kept.indexOf(canary) >= 0)).toEqual([]);
    await server.stop();
    const after = filesOf(store.dataDir);
    expect(canaries.filter((canary) => after.indexOf(canary) >= 0)).toEqual([]);
  });

  describe('that the operator brings', () => {
    const ca = createAuthority('Orchard CA');
    const options = (cert = ca.certPem, key = ca.keyPem): Record<string, string> => ({
      IDENTITY_CA_CERT_FILE: file('ca.pem', cert),
      IDENTITY_CA_KEY_FILE: file('ca.key', key),
    });

    it('issues, and nothing is made; one that was made before is still believed', async () => {
      const fresh = await startServer(store, options());
      const { authority } = fresh.app.services;
      expect(authority.current.certificate.raw).toEqual(ca.certDer);
      expect(await fresh.app.database.query('SELECT uuid FROM authorities')).toEqual([]);
      await fresh.stop();
      const own = await startServer(store);
      const { certificate } = own.app.services.authority.current;
      await own.stop();
      const brought = await startServer(store, options());
      expect(brought.app.services.authority.anchors().map(({ fingerprint256 }) => fingerprint256)).toEqual([
        new X509Certificate(ca.certDer).fingerprint256,
        certificate.fingerprint256,
      ]);
      await brought.stop();
    });

    const other = createAuthority('Other CA');
    const bad: [string, () => Record<string, string>, RegExp][] = [
      ['with the key of another', () => options(ca.certPem, other.keyPem), /is not the key of/],
      [
        'that has expired',
        () => {
          const old = createAuthority('Old CA', { key: ca.key, notAfter: new Date(Date.now() - 1_000) });
          return options(old.certPem);
        },
        /expired on 20/,
      ],
      [
        'that is not valid yet',
        () =>
          options(
            createAuthority('New CA', { key: ca.key, notBefore: new Date(Date.now() + 60_000) }).certPem,
          ),
        /not valid before 20/,
      ],
      [
        'that is no authority',
        () => options(issueDeviceIdentity(other, 'leaf', { key: ca.key }).certPem),
        /no authority.*CA:TRUE/,
      ],
      [
        'with an elliptic key',
        () => {
          const ec = createAuthority('EC CA', { keyType: 'ec' });
          return options(ec.certPem, ec.keyPem);
        },
        /not RSA.*SCEP/,
      ],
      ['that is no PEM', () => options('nothing'), /IDENTITY_CA_CERT_FILE: .* holds no certificate/],
      [
        'that is damaged',
        () => options(ca.certPem.replaceAll(/MII/g, 'AAA')),
        /holds a certificate that cannot be read/,
      ],
      [
        'with a key that is none',
        () => options(ca.certPem, 'nothing'),
        /IDENTITY_CA_KEY_FILE: .* no private key/,
      ],
      ['without its key', () => ({ IDENTITY_CA_CERT_FILE: file('ca.pem', ca.certPem) }), /go together/],
      [
        'that is not there',
        () => ({ ...options(), IDENTITY_CA_KEY_FILE: '/nowhere' }),
        /cannot be read \(ENOENT\)/,
      ],
    ];
    it.each(bad)('%s stops the start in words, before anything is written', async (_what, given, words) => {
      await expect(startServer(store, given())).rejects.toThrow(words);
      expect(readdirSync(store.dataDir).filter((one) => !one.startsWith('ca.'))).toEqual([]);
    });
  });
});

/** The parts of a private key that only its owner knows, in the forms they are written in. */
function secretsOf(key: ReturnType<typeof createPrivateKey>): Buffer[] {
  const jwk = key.export({ format: 'jwk' });
  const numbers = [jwk.d, jwk.p, jwk.q, jwk.dp].map((text) => Buffer.from(text ?? '', 'base64url'));
  const der = key.export({ type: 'pkcs8', format: 'der' });
  const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString().split('\n').slice(2, 20);
  return [
    ...numbers,
    der.subarray(300, 400),
    Buffer.from(der.toString('hex').slice(600, 700)),
    ...pem.map((line) => Buffer.from(line)),
  ];
}

async function everythingIn(database: {
  query<Row>(sql: string): Promise<Row[]>;
  dialect: string;
}): Promise<Buffer> {
  if (database.dialect === 'sqlite') return Buffer.alloc(0);
  const tables = await database.query<Record<string, string>>('SHOW TABLES');
  const parts: Buffer[] = [];
  for (const table of tables.flatMap((row) => Object.values(row))) {
    for (const row of await database.query<Record<string, unknown>>(`SELECT * FROM ${table}`))
      for (const value of Object.values(row))
        parts.push(value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value)));
  }
  return Buffer.concat(parts);
}

/** Database, write-ahead log and all else that lies beside them. */
function filesOf(directory: string): Buffer {
  return Buffer.concat(readdirSync(directory).map((one) => readFileSync(join(directory, one))));
}

onBothDatabases('Processes that start at once on an empty database', (name) => {
  let built: Build;
  let store: Store;
  beforeAll(async () => {
    built = build();
    store = await freshStore(name);
  });
  afterAll(async () => {
    built.remove();
    await store.remove();
  });

  /** Starts a server, asks it for its authority, and stops it. */
  async function authorityOf(): Promise<string> {
    const env = {
      ...process.env,
      POMONA_PORT: '0',
      POMONA_DATA_DIR: store.dataDir,
      POMONA_LOG_LEVEL: 'silent',
      ...(store.url === undefined ? {} : { POMONA_DATABASE_URL: store.url }),
    };
    const child = spawn(process.execPath, [built.path('src/main.js')], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let url = '';
    for await (const line of createInterface(child.stdout)) {
      url = /GraphQL +(\S+)\/graphql/.exec(line)?.[1] ?? url;
      if (url !== '') break;
    }
    const answer = await fetch(`${url}/scep?operation=GetCACert`);
    const certificate = Buffer.from(await answer.arrayBuffer());
    child.kill('SIGTERM');
    await once(child, 'exit');
    return new X509Certificate(certificate).fingerprint256;
  }

  it('have one authority', async () => {
    const prints = await Promise.all(Array.from({ length: 4 }, authorityOf));
    expect(new Set(prints).size).toBe(1);
  }, 60_000);
});
