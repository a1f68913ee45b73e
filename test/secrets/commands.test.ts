import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildPlist, type PlistDict } from '../../src/apple/plist/index.js';
import { createLog } from '../../src/log.js';
import { prepareBody } from '../../src/services/commands/bodies.js';
import { SealedBodies } from '../../src/services/commands/sealed-bodies.js';
import { carriesSecret } from '../../src/services/commands/secret-bodies.js';
import { Pruning } from '../../src/services/pruning.js';
import { rotate } from '../../src/services/rotation/index.js';
import { Vault } from '../../src/services/vault.js';
import { handedOut, useMdm } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { ADMIN } from '../support/principal.js';

const DAY = 24 * 60 * 60;
let count = 100_000;
const newPin = (): string => String((count += 7));

onBothDatabases('What commands carry, and devices answer', (name) => {
  const mdm = useMdm(name);
  const raw = (body: PlistDict) => ({ plist: buildPlist({ Command: body }) });

  const send = async (uuid: string, requestType: string, parameters: Record<string, unknown> = {}) =>
    (await mdm.send(uuid, requestType, { parameters })).uuid;

  interface BodyRow {
    readonly uuid: string;
    readonly sha256: string;
    readonly fragment: Uint8Array;
    readonly sealed: Uint8Array | null;
  }
  const bodyOf = async (command: string): Promise<BodyRow> => {
    const [row] = await mdm.query<BodyRow>(
      `SELECT b.uuid, b.sha256, b.fragment, s.sealed_fragment AS sealed FROM commands c
         JOIN command_bodies b ON b.uuid = c.body_uuid LEFT JOIN sealed_bodies s ON s.body_uuid = b.uuid WHERE c.uuid = ?`,
      [command],
    );
    if (row === undefined) throw new Error('There is no such command');
    return row;
  };
  const shown = async (command: string): Promise<string | undefined> => {
    const [found] = await mdm.services.history.byUuids([command]);
    return (await mdm.services.history.fragments([found?.bodyUuid ?? ''])).get(found?.bodyUuid ?? '');
  };
  const expectSealed = async (command: string, secret: string): Promise<BodyRow> => {
    const row = await bodyOf(command);
    expect([row.fragment.length, (row.sealed?.length ?? 0) > secret.length]).toEqual([0, true]);
    expect(Buffer.from(row.sealed ?? []).includes(secret)).toBe(false);
    expect(await shown(command)).toContain(secret);
    return row;
  };

  it.each<[string, PlistDict, string]>([
    ['a PIN', { RequestType: 'DeviceLock', PIN: '733190' }, '733190'],
    ['a PIN that erases', { RequestType: 'EraseDevice', PIN: '733191' }, '733191'],
    ['a password, spelt otherwise', { RequestType: 'setfirmwarepassword', NewPassword: 'Kq7-fw' }, 'Kq7-fw'],
    ['a password of recovery', { RequestType: 'SetRecoveryLock', NewPassword: 'Kq7-rl' }, 'Kq7-rl'],
    [
      'a passcode to be taken off',
      { RequestType: 'ClearPasscode', UnlockToken: Buffer.from('Kq7-token-') },
      'S3E3LXRva2VuL',
    ],
  ])('%s is sealed, and on the wire as it was meant', async (_what, body, secret) => {
    const { device, uuid } = await mdm.enrolled();
    const [sent] = await mdm.services.commands.send([uuid], raw(body), ADMIN);
    const command = sent?.commandUuid ?? '';
    const row = await expectSealed(command, secret);
    const { fragment, sha256 } = prepareBody(body);
    // Whoever knows that a PIN has six digits would find it by its hash.
    expect(row.sha256).not.toBe(sha256);
    const { exchanges } = await device.connect();
    expect(exchanges.some(({ answer }) => answer.body.includes(fragment))).toBe(true);
  });

  it('what carries no secret is as it was, and costs no row', async () => {
    const { device, uuid } = await mdm.enrolled();
    const command = await send(uuid, 'DeviceLock', { Message: 'Bring me back' });
    const row = await bodyOf(command);
    expect([Buffer.from(row.fragment).toString(), row.sealed]).toEqual([
      expect.stringContaining('Bring me back'),
      null,
    ]);
    expect(handedOut(await device.connect())).toEqual(['DeviceLock']);
  });

  it('equal secrets are one body, others are others, and no key says which', async () => {
    const [one, two] = [await mdm.enrolled(), await mdm.enrolled()];
    const [pin, other] = [newPin(), newPin()];
    const lock = (uuid: string, PIN: string) => send(uuid, 'DeviceLock', { PIN });
    const [first, second, third] = [
      await lock(one.uuid, pin),
      await lock(two.uuid, pin),
      await lock(two.uuid, other),
    ];
    expect((await bodyOf(first)).uuid).toBe((await bodyOf(second)).uuid);
    expect((await bodyOf(third)).uuid).not.toBe((await bodyOf(first)).uuid);
    const request = { requestType: 'DeviceLock', parameters: { PIN: newPin() } };
    const joining = { whenWaiting: 'join' } as const;
    const [queued] = await mdm.services.commands.send([one.uuid], request, ADMIN, joining);
    const [joined] = await mdm.services.commands.send([one.uuid], request, ADMIN, joining);
    expect(joined?.commandUuid).toBe(queued?.commandUuid);
    const [row] = await mdm.query<{ dedupe: string }>(
      'SELECT dedupe_key AS dedupe FROM commands WHERE uuid = ?',
      [queued?.commandUuid ?? ''],
    );
    const plain = prepareBody({ RequestType: 'DeviceLock', ...request.parameters }).sha256;
    expect(row?.dedupe).toMatch(/^body:[0-9a-f]{64}$/);
    expect(row?.dedupe).not.toContain(plain);
  });

  it('an answer that is a key is sealed; one that is none is not', async () => {
    const { device, uuid } = await mdm.enrolled();
    const key = 'KQ7D-RECO-VERY-0KEY';
    device.behave('RotateFileVaultKey', {
      acknowledge: { RotateResult: { EncryptedNewRecoveryKey: Buffer.from(key) } },
    });
    const secret = await send(uuid, 'RotateFileVaultKey', {
      KeyType: 'personal',
      FileVaultUnlock: { Password: 'Kq7-unlock' },
    });
    const open = await send(uuid, 'CertificateList');
    expect(handedOut(await device.connect())).toEqual(['RotateFileVaultKey', 'CertificateList']);
    await expectSealed(secret, 'Kq7-unlock');
    const rows = await mdm.query<{ uuid: string; seq: number; report: unknown; sealed: unknown }>(
      `SELECT c.uuid, c.seq, c.report, s.sealed_report AS sealed FROM commands c
         LEFT JOIN sealed_reports s ON s.command_uuid = c.uuid WHERE c.uuid IN (?, ?) ORDER BY c.seq`,
      [secret, open],
    );
    expect(rows.map(({ report, sealed }) => [report === null, sealed === null])).toEqual([
      [true, false],
      [false, true],
    ]);
    const reports = await mdm.services.history.reports(rows.map(({ seq }) => Number(seq)));
    expect(JSON.stringify(reports.get(Number(rows[0]?.seq)))).toContain(Buffer.from(key).toString('base64'));
    expect(reports.size).toBe(2);
  });

  it('rows of before are handed out and shown as they are', async () => {
    const { device, uuid } = await mdm.enrolled();
    const pin = newPin();
    const command = await send(uuid, 'DeviceLock', { PIN: pin });
    const { uuid: bodyUuid } = await bodyOf(command);
    const { fragment } = prepareBody({ RequestType: 'DeviceLock', PIN: pin });
    await mdm.app.database.run('UPDATE command_bodies SET fragment = ? WHERE uuid = ?', [
      Buffer.from(fragment),
      bodyUuid,
    ]);
    await mdm.app.database.run('DELETE FROM sealed_bodies WHERE body_uuid = ?', [bodyUuid]);
    expect(await shown(command)).toBe(fragment);
    expect(handedOut(await device.connect())).toEqual(['DeviceLock']);
  });

  it('when it cannot be opened, nothing goes out in its place, and the device keeps its enrolment', async () => {
    const { device, uuid } = await mdm.enrolled();
    const command = await send(uuid, 'EraseDevice', { PIN: newPin() });
    const { uuid: bodyUuid } = await bodyOf(command);
    await mdm.app.database.run('UPDATE sealed_bodies SET sealed_fragment = ? WHERE body_uuid = ?', [
      randomBytes(80),
      bodyUuid,
    ]);
    expect(handedOut(await device.connect())).toEqual([]);
    expect(await shown(command)).toBeUndefined();
    await mdm.services.commands.cancel([command]);
    await send(uuid, 'RestartDevice');
    expect(handedOut(await device.connect())).toEqual(['RestartDevice']);
  });

  it('a new key seals them anew, and the former opens them no more', async () => {
    const { uuid } = await mdm.enrolled();
    const pin = newPin();
    const command = await send(uuid, 'DeviceLock', { PIN: pin });
    const { uuid: bodyUuid } = await bodyOf(command);
    const { database } = mdm.app;
    const [former, current] = [readFileSync(join(mdm.store.dataDir, 'secret.key')), randomBytes(32)];
    // What another test spoilt is nobody's.
    await database.run('DELETE FROM sealed_bodies WHERE body_uuid NOT IN (?)', [bodyUuid]);
    const { resealed, unopened } = await rotate(
      database,
      new Vault({ current, former: [former] }),
      () => undefined,
    );
    expect(unopened).toEqual([]);
    expect([
      resealed.get('sealed_bodies.sealed_fragment'),
      (resealed.get('sealed_reports.sealed_report') ?? 0) > 0,
    ]).toEqual([1, true]);
    const openWith = (key: Buffer) =>
      new SealedBodies(database, new Vault(key), createLog('silent')).open([bodyUuid]);
    expect((await openWith(current)).get(bodyUuid)).toContain(pin);
    expect((await openWith(former)).size).toBe(0);
    await rotate(database, new Vault({ current: former, former: [current] }), () => undefined);
  });

  it('they go when their command and their body do', async () => {
    const { device, uuid } = await mdm.enrolled();
    const command = await send(uuid, 'DeviceLock', { PIN: newPin() });
    const waiting = await send(uuid, 'SecurityInfo', {});
    await device.connect();
    const later = mdm.now() + 100 * DAY * 1_000;
    const kept = await send((await mdm.enrolled()).uuid, 'DeviceLock', { PIN: newPin() });
    const { uuid: bodyUuid } = await bodyOf(command);
    const { uuid: keptUuid } = await bodyOf(kept);
    await new Pruning(
      mdm.app.database,
      { historyMs: 90 * DAY * 1_000, eventsMs: DAY * 1_000 },
      () => later,
    ).run();
    const bodies = await mdm.query<{ uuid: string }>('SELECT body_uuid AS uuid FROM sealed_bodies');
    const uuids = new Set(bodies.map((row) => row.uuid));
    expect([uuids.has(bodyUuid), uuids.has(keptUuid)]).toEqual([false, true]);
    expect(await mdm.query('SELECT 1 FROM sealed_reports WHERE command_uuid = ?', [waiting])).toEqual([]);
  });
});

it.each<[PlistDict, boolean]>([
  [{ RequestType: 'DeviceLock' }, false],
  [{ RequestType: 'DeviceLock', PIN: '' }, false],
  [{ RequestType: 'DeviceLock', pin: '123456' }, true],
  [{ RequestType: 'ClearPasscode', UnlockToken: Buffer.alloc(0) }, false],
  [{ RequestType: 'ClearPasscode', UnlockToken: Buffer.from('x') }, true],
  [{ RequestType: 'ERASEDEVICE', PIN: '123456' }, true],
  [
    { RequestType: 'EraseDevice', ReturnToService: { Enabled: true, WiFiProfileData: Buffer.from('x') } },
    true,
  ],
  [{ RequestType: 'EraseDevice', PreserveDataPlan: true }, false],
  [{ RequestType: 'AccountConfiguration', AutoSetupAdminAccounts: [] }, true],
  [{ RequestType: 'Whatever', Deep: [{ adminPassword: Buffer.from('x') }] }, true],
  [{ RequestType: 'Whatever', RequirePassword: true }, false],
  [{ RequestType: 'VerifyFirmwarePassword', Password: 'x' }, true],
  [{ RequestType: 'InstallProfile', Payload: Buffer.from('x') }, false],
  [{ RequestType: 'InstallApplication', Configuration: { password: 'x' } }, true],
  [{ RequestType: 'DeviceInformation', Queries: ['PINRequired', 'Password'] }, false],
])('%j carries a secret: %s', (body, secret) => {
  expect(carriesSecret(body)).toBe(secret);
});
