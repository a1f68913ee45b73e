import { spawn, type ChildProcess } from 'node:child_process';
import { createPrivateKey, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { isDict } from '../../src/apple/plist/index.js';
import { Vault } from '../../src/services/vault.js';
import { deviceFromLink, downloadProfile, type SimulatedDevice } from '../../simulator/device/index.js';
import { readProfile } from '../../simulator/device/profile.js';
import { issuePushCertificate, pkcs12 } from '../../simulator/pki.js';
import { selfSigned } from '../../simulator/pki/certificate.js';
import { authority as apnsAuthority, startFake, TOPIC } from '../apns/setup.js';
import { build, type Build } from '../support/build.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';
import type { Json } from '../support/server.js';
import { databaseFiles, everyQuery, sightings, sightingsIn, type Canary } from './canary.js';
import { partsOf } from './canary.js';

const ADMIN_TOKEN = `canary-${randomUUID()}`;
const text = (): string => `Canary${randomBytes(12).toString('hex')}`;

/** The server as it ships, in a process of its own, with all that it says. */
class Shipped {
  url = '';
  said = '';
  readonly #child: ChildProcess;

  constructor(built: Build, options: Record<string, string>) {
    const given = Object.entries(options).map(([name, value]) => [`POMONA_${name}`, value]);
    const env = { ...process.env, ...Object.fromEntries(given) };
    this.#child = spawn(process.execPath, [built.path('src/main.js')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (data: Buffer) => (this.said += data.toString()));
  }

  async ready(): Promise<void> {
    await vi.waitUntil(() => /GraphQL +(\S+)\/graphql/.test(this.said), { timeout: 20_000 });
    this.url = /GraphQL +(\S+)\/graphql/.exec(this.said)?.[1] ?? '';
  }

  async graphql(query: string, variables: Json = {}, token = ADMIN_TOKEN): Promise<Json> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const body = JSON.stringify({ query, variables });
    return (await fetch(`${this.url}/graphql`, { method: 'POST', headers, body })).json();
  }

  async get(path: string, token: string): Promise<string> {
    return (await fetch(this.url + path, { headers: { authorization: `Bearer ${token}` } })).text();
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }
}

onBothDatabases('Secrets that the server was trusted with', (name) => {
  const marker = `Marker${randomBytes(8).toString('hex')}`;
  const uploaded = issuePushCertificate(apnsAuthority, TOPIC);
  const signer = selfSigned({ commonName: 'Profiles' });
  const [filePassphrase, uploadPassphrase, pin] = [text(), text(), '733190'];
  const [firmwarePassword, recoveryKey] = [text(), randomBytes(40)];
  const unlockToken = randomBytes(40);
  const bootstrapToken = randomBytes(40);
  const escrow: Canary[] = [
    { name: 'unlock token', bytes: unlockToken },
    { name: 'bootstrap token', bytes: bootstrapToken },
    { name: 'PIN in a command', bytes: Buffer.from(`<string>${pin}</string>`) },
    { name: 'firmware password', bytes: Buffer.from(firmwarePassword) },
    { name: 'recovery key of an answer', bytes: recoveryKey },
    { name: 'admin token', bytes: Buffer.from(ADMIN_TOKEN) },
    { name: 'passphrase of a file', bytes: Buffer.from(filePassphrase) },
    { name: 'passphrase of an upload', bytes: Buffer.from(uploadPassphrase) },
    ...partsOf('key that signs profiles', signer.key),
    ...partsOf('key of an upload', uploaded.key),
  ];
  const canaries: Canary[] = [...escrow];
  let built: Build;
  let store: Store;
  let apns: Awaited<ReturnType<typeof startFake>>;
  let server: Shipped;
  let device: SimulatedDevice;
  let deviceId = '';
  let bare = '';

  const file = (named: string, content: string | Buffer): string => {
    writeFileSync(join(store.dataDir, named), content);
    return join(store.dataDir, named);
  };
  const mutate = async (query: string, input: Json): Promise<Json> => {
    const { data, errors } = await server.graphql(query, { input });
    if (errors !== undefined || data?.got?.userErrors?.length > 0)
      throw new Error(JSON.stringify({ data, errors }));
    return data.got;
  };

  /** A command and its answer, for somebody with the scope SECRETS. */
  const shownOf = async (uuid = ''): Promise<string> =>
    JSON.stringify(
      await server.graphql(
        `query Shown { device(by: { id: "${deviceId}" }) { commands(first: 9) { nodes { uuid payload result } } } }`,
      ),
      (_key, value) =>
        Array.isArray(value) ? value.filter((one) => one.uuid === undefined || one.uuid === uuid) : value,
    );

  beforeAll(async () => {
    built = build();
    store = await freshStore(name);
    apns = await startFake();
    server = new Shipped(built, {
      PORT: '0',
      DATA_DIR: store.dataDir,
      ADMIN_TOKEN,
      LOG_LEVEL: 'debug',
      APNS_URL: apns.url,
      PROFILE_SIGNING_CERT_FILE: file('signing.p12', pkcs12(signer, filePassphrase)),
      PROFILE_SIGNING_KEY_PASSPHRASE: filePassphrase,
      APNS_CA_FILE: file('apns.pem', apnsAuthority.certPem),
      ...(store.url === undefined ? {} : { DATABASE_URL: store.url }),
    });
    await server.ready();
  }, 60_000);
  afterAll(async () => {
    device?.close();
    await server.stop();
    await apns.close();
    await store.remove();
    built.remove();
  });

  it('pass through it as they do in life', async () => {
    const { token } = await mutate(
      'mutation Bare($input: ApiTokenCreateInput!) { got: apiTokenCreate(input: $input) { token userErrors { message } } }',
      { name: `${marker} token`, role: 'ADMIN' },
    );
    bare = token;
    await mutate(
      `mutation Upload($input: PushCertificateUploadInput!) { got: pushCertificateUpload(input: $input) { userErrors { message } } }`,
      { certificate: pkcs12(uploaded, uploadPassphrase).toString('base64'), passphrase: uploadPassphrase },
    );
    const { link } = await mutate(
      'mutation Link($input: EnrollmentProfileCreateInput!) { got: enrollmentProfileCreate(input: $input) { link userErrors { message } } }',
      { name: `${marker} profile` },
    );
    const profile = await downloadProfile(link);
    const scep = readProfile(profile).payloads.find(({ type }) => type === 'com.apple.security.scep');
    const content = scep?.raw['PayloadContent'];
    const challenge = isDict(content) ? String(content['Challenge']) : '';
    device = await deviceFromLink(link);
    expect((await device.authenticate()).status).toBe(200);
    expect((await device.tokenUpdate({ unlockToken })).status).toBe(200);
    expect((await device.setBootstrapToken(bootstrapToken)).status).toBe(200);
    // Both are given back to those who may have them: they were there.
    expect((await device.getBootstrapToken()).token).toEqual(bootstrapToken);
    const { data } = await server.graphql('query Ids { devices(first: 5) { nodes { id } } }');
    deviceId = data.devices.nodes[0].id;
    for (const [requestType, parameters] of [
      ['ClearPasscode', { UnlockToken: '' }],
      ['DeviceLock', { PIN: pin, Message: `${marker} lost` }],
      ['SetFirmwarePassword', { NewPassword: firmwarePassword }],
      ['RotateFileVaultKey', { KeyType: 'personal', FileVaultUnlock: { Password: text() } }],
      ['DeviceInformation', { Queries: ['OSVersion'] }],
    ] as const)
      await mutate(
        'mutation Send($input: CommandSendInput!) { got: commandSend(input: $input) { userErrors { message } } }',
        { deviceIds: [deviceId], requestType, parameters },
      );
    device.behave('RotateFileVaultKey', {
      acknowledge: { RotateResult: { EncryptedNewRecoveryKey: recoveryKey } },
    });
    const { commands } = await device.connect();
    const rotated = commands.find(({ requestType }) => requestType === 'RotateFileVaultKey');
    // Each came back to those who may have it: it was there.
    expect(await shownOf(commands.find(({ requestType }) => requestType === 'DeviceLock')?.uuid)).toContain(
      pin,
    );
    expect(
      await shownOf(commands.find(({ requestType }) => requestType === 'SetFirmwarePassword')?.uuid),
    ).toContain(firmwarePassword);
    expect(await shownOf(rotated?.uuid)).toContain(recoveryKey.toString('base64'));
    const cleared = commands.find(({ requestType }) => requestType === 'ClearPasscode');
    expect(JSON.stringify(cleared)).toContain(JSON.stringify(unlockToken).slice(0, 60));
    canaries.push(
      { name: 'API token', bytes: Buffer.from(bare) },
      { name: 'link token', bytes: Buffer.from(link.split('/').at(-1) ?? '') },
      { name: 'SCEP challenge', bytes: Buffer.from(challenge) },
      { name: 'bytes of the SCEP challenge', bytes: Buffer.from(challenge, 'base64url') },
      { name: 'secret key', bytes: readFileSync(join(store.dataDir, 'secret.key')) },
      { name: 'cursor key', bytes: readFileSync(join(store.dataDir, 'cursor.key')) },
      ...partsOf('key of the authority', await authorityKey()),
    );
    expect(canaries.length).toBeGreaterThan(20);
  });

  /** The authority's key, opened as the server does. */
  async function authorityKey(): Promise<ReturnType<typeof createPrivateKey>> {
    const database = await store.open();
    const [row] = await database.query<{ uuid: string; sealed: Uint8Array }>(
      'SELECT uuid, sealed_key AS sealed FROM authorities',
    );
    await database.close();
    const vault = new Vault(readFileSync(join(store.dataDir, 'secret.key')));
    const place = { table: 'authorities', column: 'sealed_key', row: row?.uuid ?? '' };
    return createPrivateKey({
      key: vault.open(Buffer.from(row?.sealed ?? []), place),
      format: 'der',
      type: 'pkcs8',
    });
  }

  it('are in no file of the database, while it runs', async () => {
    const files = await databaseFiles(store);
    const log =
      store.url === undefined ? files.find((one) => one.endsWith('-wal')) : 'in the directory of the server';
    expect(log).toBeDefined();
    // The search finds what is there: in the tables, and in what they are logged in.
    const found = sightingsIn(files, [{ name: 'marker', bytes: Buffer.from(marker) }]);
    expect(found.length).toBeGreaterThanOrEqual(Math.min(1, files.length));
    expect(sightingsIn(files, canaries)).toEqual([]);
  });

  it('are in no answer to a caller without the scope SECRETS, wherever it looks', async () => {
    const sdl = await server.get('/schema.graphql', bare);
    const answers: string[] = [];
    for (const [field, query] of everyQuery(sdl, 3)) {
      const answer = await server.graphql(query, {}, bare);
      expect(answer.data, `${field}: ${JSON.stringify(answer.errors)}`).toBeTruthy();
      answers.push(JSON.stringify(answer));
    }
    const device4 =
      '{ id udid serialNumber queue(first: 9) { nodes { uuid request payload } } commands(first: 9) { nodes { uuid request payload errorChain { code } } } }';
    answers.push(
      JSON.stringify(
        await server.graphql(`query One { device(by: { id: "${deviceId}" }) ${device4} }`, {}, bare),
      ),
    );
    const paths = [
      '/management/v1/devices',
      '/management/v1/profiles',
      '/management/v1/workflows',
      '/management/v1/applications',
      '/metrics',
      '/openapi.json',
      '/readyz',
      '/graphiql',
    ];
    for (const path of paths) answers.push(await server.get(path, bare));
    const all = Buffer.from(answers.join('\n'));
    expect(all.includes(marker)).toBe(true);
    const own: Canary = { name: 'PIN', bytes: Buffer.from(`"${pin}"`.padEnd(12)) };
    expect(all.includes(own.bytes.toString().trim())).toBe(false);
    expect(all.includes(`<string>${pin}</string>`)).toBe(false);
    expect(sightings('an answer', all, canaries)).toEqual([]);
  });

  it('are in nothing that the server says, also where it refuses', async () => {
    const wrong = text();
    await server.graphql('query Refused { viewer { name } }', {}, wrong);
    await server.graphql(
      `mutation Bad { apiTokenCreate(input: {name: "${wrong}", role: NOBODY}) { token } }`,
    );
    await server.get(`/enroll/${wrong}`, wrong);
    await server.get(`/scep?operation=PKIOperation&message=${wrong}`, wrong);
    await server.graphql(`query ${marker} { viewer { name } }`);
    await vi.waitUntil(() => server.said.includes(marker));
    const lines = server.said.split('\n').filter((line) => line.startsWith('{'));
    expect(lines.some((line) => JSON.parse(line).level === 20)).toBe(true);
    const said = Buffer.from(server.said);
    expect(
      sightings('the log', said, [...canaries, { name: 'refused token', bytes: Buffer.from(wrong) }]),
    ).toEqual([]);
  });

  it('are in no file of the database after it has stopped', async () => {
    await server.stop();
    const files = await databaseFiles(store);
    expect(sightingsIn(files, canaries)).toEqual([]);
    expect(sightings('the log', Buffer.from(server.said), canaries)).toEqual([]);
  });
});

it('are looked for in every form that they could lie somewhere in', () => {
  const canary = { name: 'one', bytes: randomBytes(32) };
  const around = (bytes: Buffer): Buffer => Buffer.concat([randomBytes(50), bytes, randomBytes(50)]);
  for (const encoding of ['hex', 'base64', 'base64url'] as const) {
    for (const before of [0, 1, 2, 3]) {
      const inside = Buffer.concat([randomBytes(before), canary.bytes, randomBytes(7)]).toString(encoding);
      expect(
        sightings(encoding, around(Buffer.from(inside)), [canary]),
        `${encoding} after ${before}`,
      ).toEqual([`one in ${encoding}`]);
    }
  }
  expect(sightings('bytes', around(canary.bytes), [canary])).toEqual(['one in bytes']);
  expect(sightings('bytes', randomBytes(100_000), [canary])).toEqual([]);
});
