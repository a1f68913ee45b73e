import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { Browser } from '../../simulator/device/index.js';
import { readProfile } from '../../simulator/device/profile.js';
import { commandType } from '../../src/apple/commands/index.js';
import type { PlistDict } from '../../src/apple/plist/index.js';
import { EventType } from '../../src/events/index.js';
import { TOPIC } from '../apns/setup.js';
import { Catalogue } from '../mdm/catalogue.js';
import { handedOut } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { expectToBeAsked, useAccounts, USER } from './kit.js';

onBothDatabases('A device enrols by the account of its user', (name) => {
  const accounts = useAccounts(name, { CLIENT_SECRET: 'p&ss wörd', ADMIN_TOKEN: 'a-token-of-sixteen' });

  const enrollmentOf = async (uuid: string): Promise<unknown> => {
    const query = `{ device(by: { uuid: "${uuid}" }) { udid enrollmentId enrollment { status kind accountDriven managedAppleId } } }`;
    const answer = await fetch(`${accounts.mdm.app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer a-token-of-sixteen' },
      body: JSON.stringify({ query }),
    });
    return ((await answer.json()) as { data: { device: unknown } }).data.device;
  };

  it('BYOD: from the address of a person to a workflow that is on the device', async () => {
    const { mdm } = accounts;
    const { workflow, profiles } = await new Catalogue(mdm).workflowOf(1);
    const profile = await accounts.offer('BYOD', { workflowUuid: workflow, usesLeft: 50 });
    const device = await accounts.device('BYOD');
    expect((await device.enroll()).status).toBe(200);
    const uuid = await mdm.uuidOf(device);
    const sent = handedOut(await device.connect());
    expect(sent).toContain('InstallProfile');
    expect([...device.state.profiles.keys()]).toContain(profiles[0]?.identifier);
    for (const requestType of sent) {
      const iOS = commandType(requestType)?.platforms.find(({ platform }) => platform === 'iOS');
      expect([requestType, iOS?.userEnrollment]).not.toContain('forbidden');
    }
    expect(await enrollmentOf(uuid)).toEqual({
      udid: null,
      enrollmentId: device.facts.enrollmentId,
      enrollment: {
        status: 'ENROLLED',
        kind: 'USER_ENROLLMENT',
        accountDriven: 'BYOD',
        managedAppleId: USER,
      },
    });
    expect(await mdm.events(EventType.DEVICE_CHANGED, uuid)).toContainEqual({
      change: 'AUTHENTICATED',
      managedAppleId: USER,
      signedInAs: USER,
    });
    const sha256 = new X509Certificate(device.identity.certDer).fingerprint256
      .replaceAll(':', '')
      .toLowerCase();
    expect(await mdm.services.authority.standingOf(sha256)).toMatchObject({
      status: 'BOUND',
      deviceUuid: uuid,
      enrollmentProfileUuid: profile.uuid,
      expectedUdid: null,
    });
    expect(await mdm.services.enrollmentProfiles.get(profile.uuid)).toMatchObject({
      usesLeft: 49,
      usedCount: 1,
    });
  });

  it('ADDE: a device enrolment, for the device that asked for the profile alone', async () => {
    await accounts.offer('ADDE');
    const device = await accounts.device('ADDE', { serialNumber: 'C02ADDE', udid: 'UDID-OF-ADDE' });
    expect((await device.enroll()).status).toBe(200);
    expect(await enrollmentOf(await accounts.mdm.uuidOf(device))).toEqual({
      udid: 'UDID-OF-ADDE',
      enrollmentId: null,
      enrollment: { status: 'ENROLLED', kind: 'DEVICE', accountDriven: 'ADDE', managedAppleId: USER },
    });
    const [row] = await accounts.mdm.query<object>(
      `SELECT udid, serial_number AS serial FROM enrollment_challenges WHERE udid IS NOT NULL`,
    );
    expect(row).toEqual({ udid: 'UDID-OF-ADDE', serial: 'C02ADDE' });
  });

  it('the domain tells where, the server asks to sign in, and the page knows for whom', async () => {
    const url = accounts.mdm.app.url;
    const answer = await fetch(
      `${url}/.well-known/com.apple.remotemanagement?user-identifier=${USER}&model-family=iPhone`,
    );
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await answer.json()).toEqual({
      Servers: [
        { Version: 'mdm-byod', BaseURL: `${url}/mdm/enroll/account/byod` },
        { Version: 'mdm-adde', BaseURL: `${url}/mdm/enroll/account/adde` },
      ],
    });
    const flow = accounts.flow();
    const first = await flow.request(accounts.server('BYOD'));
    expectToBeAsked(first, accounts.signInUrl('BYOD'));
    const landing = await flow.openWebView(flow.signInUrl(first));
    expect(landing.url.href).toMatch(
      /^apple-remotemanagement-user-login:\/\/authentication-results\?access-token=[\w-]{43}$/,
    );
    expect([landing.status, landing.headers.get('cache-control')]).toEqual([308, 'no-store']);
    expect(accounts.provider.authorizations.at(-1)?.get('login_hint')).toBe(USER);
  });

  it('the profiles say what Apple asks of each kind', async () => {
    const management = async (mode: 'BYOD' | 'ADDE'): Promise<PlistDict | undefined> => {
      const answer = await accounts.flow().request(accounts.server(mode), await accounts.token(mode));
      expect(answer.headers.get('content-type')).toBe('application/x-apple-aspen-config');
      const { payloads } = readProfile(Buffer.from(await answer.arrayBuffer()));
      return payloads.find(({ type }) => type === 'com.apple.mdm')?.raw;
    };
    const byod = await management('BYOD');
    expect(byod).toMatchObject({
      EnrollmentMode: 'BYOD',
      AssignedManagedAppleID: USER,
      Topic: TOPIC,
      SignMessage: true,
      CheckOutWhenRemoved: true,
      ServerCapabilities: ['com.apple.mdm.per-user-connections'],
    });
    expect(byod).not.toHaveProperty('AccessRights');
    expect(await management('ADDE')).toMatchObject({
      EnrollmentMode: 'ADDE',
      AssignedManagedAppleID: USER,
      AccessRights: 8191,
      ServerCapabilities: ['com.apple.mdm.per-user-connections', 'com.apple.mdm.bootstraptoken'],
    });
  });

  it('a profile that is sent again has the account and the mode of the first', async () => {
    const { mdm } = accounts;
    const device = await accounts.device('BYOD');
    await device.enroll();
    const [asked] = await mdm.services.renewals.request([await mdm.uuidOf(device)]);
    expect(asked?.problem).toBeUndefined();
    const { commands } = await device.connect();
    const payloads = commands
      .flatMap(({ body }) => (Buffer.isBuffer(body['Payload']) ? [body['Payload']] : []))
      .flatMap((bytes) => readProfile(bytes).payloads);
    const management = payloads.find(({ type }) => type === 'com.apple.mdm')?.raw;
    expect(management).toMatchObject({ EnrollmentMode: 'BYOD', AssignedManagedAppleID: USER });
    expect(management).not.toHaveProperty('AccessRights');
  });

  it('any process answers the callback, and any gives the profile', async () => {
    const other = await accounts.mdm.open({ PUBLIC_URL: accounts.mdm.app.url });
    try {
      const browser = new Browser();
      const atProvider = await browser.visit(new URL(accounts.signInUrl('BYOD')));
      const back = await browser.visit(new URL(atProvider.headers.get('location') ?? ''));
      const callback = new URL(back.headers.get('location') ?? '');
      const elsewhere = new URL(callback.pathname + callback.search, other.url);
      const token = accounts.flow().tokenIn(await browser.open(elsewhere));
      const server = { mode: 'BYOD' as const, baseUrl: `${other.url}/mdm/enroll/account/byod` };
      expect((await accounts.flow().request(server, token)).status).toBe(200);
    } finally {
      await other.stop();
    }
  });

  it('an enrolled device sends its token along for ever, which changes nothing', async () => {
    const device = await accounts.device('BYOD');
    await device.enroll();
    const { body, headers, path } = (
      device as unknown as {
        wire: { prepareConnect(body: Buffer): { path: string; headers: object; body: Buffer } };
      }
    ).wire.prepareConnect(
      Buffer.from(
        `<plist version="1.0"><dict><key>EnrollmentID</key><string>${device.facts.enrollmentId}</string><key>Status</key><string>Idle</string></dict></plist>`,
      ),
    );
    const answer = await fetch(accounts.mdm.app.url + path, {
      method: 'PUT',
      headers: { ...headers, authorization: 'Bearer whatever-it-was' },
      body: new Uint8Array(body),
    });
    expect(answer.status).toBe(200);
  });
});
