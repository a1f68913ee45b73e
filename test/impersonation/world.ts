import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import { fingerprint } from '../../src/apple/identity/index.js';
import { Identity } from '../../src/entities/identity.js';
import type { SimulatedDevice } from '../../simulator/device/index.js';
import { createAuthority, issueDeviceIdentity, type Issued } from '../../simulator/pki.js';
import { installed, invite } from '../enrollment/kit.js';
import { useMdm, type Mdm } from '../mdm/kit.js';
import { issued, ScepClient, someKey } from '../scep-door/kit.js';
import { everyMessage, type Message } from './messages.js';

/** The authority that the server is given: the tests have its key, and can sign with it what the server never would. */
export const authority = createAuthority('The identity authority');
const folder = mkdtempSync(join(tmpdir(), 'impersonation-'));
writeFileSync(join(folder, 'ca.pem'), authority.certPem);
writeFileSync(join(folder, 'ca.key'), authority.keyPem);

export const OPTIONS = {
  DEVICE_CA_FILE: '',
  IDENTITY_CA_CERT_FILE: join(folder, 'ca.pem'),
  IDENTITY_CA_KEY_FILE: join(folder, 'ca.key'),
  MANAGE_NETWORK_USERS: 'true',
};

const HOUR = 3_600;
const DAY_MS = 24 * HOUR * 1_000;

/** What an attacker may know or have. */
export interface World {
  readonly mdm: Mdm;
  readonly scep: ScepClient;
  /** A Mac that is enrolled, has escrowed a token, has a user and a command that waits, and may return to service. */
  readonly victim: SimulatedDevice;
  readonly victimUuid: string;
  readonly neighbour: SimulatedDevice;
  /** Former certificates of the victim: from before it was wiped, replaced by a renewal, revoked, expired long ago. */
  readonly former: Record<'wiped' | 'renewed' | 'revoked' | 'expired', Issued>;
  /** Certificates that the server issued and no device has shown. */
  readonly unbound: Record<
    'anybody' | 'otherSerial' | 'otherUdid' | 'victimSerial' | 'ofRevokedLink',
    Issued
  >;
  readonly messages: readonly Message[];
  readonly commandUUID: string;
  readonly bootstrapToken: Buffer;
}

/** One world for the tests of a suite. The object is filled before they run. */
export function useWorld(name: 'sqlite' | 'mysql'): World {
  const mdm = useMdm(name, OPTIONS);
  const world = { mdm } as { -readonly [Key in keyof World]: World[Key] };
  beforeAll(async () => void Object.assign(world, await build(mdm)));
  return world;
}

async function build(mdm: Mdm): Promise<Omit<World, 'mdm'>> {
  const scep = new ScepClient(mdm);
  const { former, identity, facts } = await lives(mdm, scep);
  const victim = mdm.device({ ...facts, identity });
  await victim.tokenUpdate({ awaitingConfiguration: false });
  const victimUuid = await mdm.uuidOf(victim);
  const user = victim.user({ userId: 'alice-id', shortName: 'alice', longName: 'Alice' });
  await user.tokenUpdate();
  const bootstrapToken = Buffer.from('the bootstrap token of the victim, which nobody else is told');
  await victim.setBootstrapToken(bootstrapToken);
  const commandUUID = (await mdm.send(victimUuid, 'RestartDevice')).uuid;
  await victim.idle();
  await mdm.until(async () => (await mdm.status({ uuid: commandUUID })) === 'SENT');
  const { link } = await invite(mdm);
  const neighbour = await installed(link, { platform: 'macOS' });
  await mustEnroll(neighbour);
  const unbound = await issueUnbound(mdm, scep, link, facts.serialNumber);
  const messages = everyMessage(victim, user, commandUUID);
  return { scep, victim, victimUuid, neighbour, former, unbound, messages, commandUUID, bootstrapToken };
}

/** What the victim has behind it: it was wiped once, its certificate was renewed, and a renewal was revoked. */
async function lives(mdm: Mdm, scep: ScepClient) {
  const { link } = await invite(mdm, { returnToService: true });
  const facts = { platform: 'macOS', serialNumber: 'C02VICTIM', udid: 'THE-VICTIM' } as const;
  const first = await installed(link, facts);
  await mustEnroll(first);
  await mdm.services.devices.allowReenrollment([await mdm.uuidOf(first)]);
  const second = await installed(link, facts);
  await mustEnroll(second);
  const identity = issued(await scep.renew(second.identity, someKey(1)), someKey(1));
  await mustEnroll(mdm.device({ ...facts, identity }));
  const revoked = issued(await scep.renew(identity, someKey(2)), someKey(2));
  await mdm.services.authority.revoke(fingerprint(revoked.certDer));
  await untilRetired(mdm, second.identity);
  const expired = await boundLongAgo(mdm, identity);
  return { former: { wiped: first.identity, renewed: second.identity, revoked, expired }, identity, facts };
}

/** A certificate that speaks for a device still, as far as the database goes, but expired long ago. */
async function boundLongAgo(mdm: Mdm, current: Issued): Promise<Issued> {
  const [notBefore, notAfter] = [new Date(mdm.now() - 99 * DAY_MS), new Date(mdm.now() - 90 * DAY_MS)];
  const made = issueDeviceIdentity(authority, 'Device', { keyType: 'ec', notBefore, notAfter });
  await mdm.app.database.transaction(async (tx) => {
    const row = await tx.manager.findOneByOrFail(Identity, { sha256: fingerprint(current.certDer) });
    await tx.manager.insert(Identity, { ...row, sha256: fingerprint(made.certDer), notBefore, notAfter });
  });
  return made;
}

/** A certificate that was renewed stays good for a while. A process that starts looks at once whether that is over. */
async function untilRetired(mdm: Mdm, { certDer }: Issued): Promise<void> {
  mdm.advance(2 * HOUR);
  await mdm.restart();
  await mdm.until(async () => {
    const sql = 'SELECT status FROM identities WHERE sha256 = ?';
    const [row] = await mdm.query<{ status: string }>(sql, [fingerprint(certDer)]);
    return row?.status === 'ARCHIVED';
  });
}

async function issueUnbound(
  mdm: Mdm,
  scep: ScepClient,
  link: string,
  serialNumber: string,
): Promise<World['unbound']> {
  const gone = await invite(mdm);
  const ofRevokedLink = (await installed(gone.link)).identity;
  await mdm.services.enrollmentProfiles.revoke(gone.profile.uuid);
  return {
    anybody: (await installed(link)).identity,
    otherSerial: await scep.identity(someKey(3), { serialNumber: 'C02ANOTHER' }),
    otherUdid: await scep.identity(someKey(4), { udid: 'ANOTHER-UDID' }),
    victimSerial: await scep.identity(someKey(5), { serialNumber }),
    ofRevokedLink,
  };
}

async function mustEnroll(device: SimulatedDevice): Promise<void> {
  const { status, body } = await device.enroll({ awaitingConfiguration: false });
  if (status !== 200) throw new Error(`Not enrolled: ${status} ${body.toString()}`);
}

const TABLES = [
  'devices',
  'identities',
  'device_secrets',
  'commands',
  'deployments',
  'deployment_items',
  'device_inventory',
  'issued_certificates',
  'enrollment_challenges',
  'enrollment_profiles',
];

/** All that is kept of devices and certificates. Of channels, all but when they are woken again, which the clock decides. */
export async function everything({ mdm }: World): Promise<unknown> {
  const rows = await Promise.all(TABLES.map((table) => mdm.query(`SELECT * FROM ${table} ORDER BY 1, 2`)));
  const channels = await mdm.query<object>('SELECT * FROM channels ORDER BY uuid');
  return [rows, channels.map((row) => ({ ...row, repush_at: 0, repush_count: 0 }))];
}
