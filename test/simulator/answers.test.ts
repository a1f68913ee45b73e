import { describe, expect, it } from 'vitest';
import { buildPlist, type PlistDict } from '../../src/apple/plist/index.js';
import { signDetached } from '../../simulator/cms-sign.js';
import type { SimulatedDevice } from '../../simulator/device/index.js';
import { issueServerCertificate } from '../../simulator/pki.js';
import { profile, useKit } from './kit.js';

const kit = useKit();

/** Has the device carry out one command and returns its report. */
async function ask(device: SimulatedDevice, requestType: string, keys: PlistDict = {}): Promise<PlistDict> {
  const uuid = kit.server.enqueue(requestType, keys);
  await device.connect();
  const report = kit.server.requests.findLast(({ message }) => message['CommandUUID'] === uuid);
  return report!.message;
}

const errorOf = (report: PlistDict) =>
  (report['ErrorChain'] as PlistDict[]).map(({ ErrorDomain: domain, ErrorCode: code }) => [domain, code]);

describe('DeviceInformation', () => {
  const queries = [
    'UDID',
    'SerialNumber',
    'OSVersion',
    'IsSupervised',
    'HostName',
    'toString',
    'BatteryLevel',
  ];

  it('answers what was asked and the platform knows, and nothing else', async () => {
    const device = await kit.enrolled({ udid: 'U', serialNumber: 'S', supervised: true });
    const report = await ask(device, 'DeviceInformation', { Queries: queries });
    expect(report['QueryResponses']).toEqual({
      UDID: 'U',
      SerialNumber: 'S',
      OSVersion: '18.1',
      IsSupervised: true,
      BatteryLevel: 0.83,
    });
  });

  it('knows other things on macOS', async () => {
    const device = await kit.enrolled({ platform: 'macOS', serialNumber: 'S' });
    const report = await ask(device, 'DeviceInformation', { Queries: ['HostName', 'EASDeviceIdentifier'] });
    expect(report['QueryResponses']).toEqual({ HostName: 's.local' });
  });

  it('hides the hardware in a User Enrollment', async () => {
    const device = await kit.enrolled({ userEnrollment: true });
    const report = await ask(device, 'DeviceInformation', { Queries: [...queries, 'WiFiMAC', 'IMEI'] });
    expect(Object.keys(report['QueryResponses'] as PlistDict).sort()).toEqual([
      'BatteryLevel',
      'IsSupervised',
      'OSVersion',
    ]);
    expect(report['EnrollmentID']).toBe(device.facts.enrollmentId);
    expect(report['UDID']).toBeUndefined();
  });
});

describe('profiles', () => {
  it('are installed, replaced by identifier, listed and removed', async () => {
    const device = await kit.enrolled();
    await ask(device, 'InstallProfile', { Payload: profile('a', { uuid: '1' }) });
    await ask(device, 'InstallProfile', { Payload: profile('b', { uuid: '2' }) });
    const replaced = profile('a', { uuid: '3', keys: { PayloadRemovalDisallowed: true } });
    const report = await ask(device, 'InstallProfile', { Payload: replaced });
    expect(report['Status']).toBe('Acknowledged');
    expect(device.state.profiles.get('a')).toMatchObject({ uuid: '3', raw: replaced });
    expect(device.state.profiles.get('a')?.payloads.map(({ type }) => type)).toEqual([
      'com.apple.webClip.managed',
    ]);
    const list = (await ask(device, 'ProfileList'))['ProfileList'] as PlistDict[];
    expect(list.map((item) => [item['PayloadIdentifier'], item['PayloadUUID']])).toEqual([
      ['a', '3'],
      ['b', '2'],
    ]);
    expect(list[0]).toEqual({
      PayloadIdentifier: 'a',
      PayloadUUID: '3',
      PayloadVersion: 1,
      PayloadDisplayName: 'Profile a',
      PayloadRemovalDisallowed: true,
      HasRemovalPasscode: false,
      IsEncrypted: false,
      IsManaged: true,
      PayloadContent: [
        {
          PayloadType: 'com.apple.webClip.managed',
          PayloadVersion: 1,
          PayloadIdentifier: 'a.clip',
          PayloadUUID: '3-clip',
          PayloadDisplayName: 'Clip',
        },
      ],
    });
    await ask(device, 'RemoveProfile', { Identifier: 'a' });
    expect([...device.state.profiles.keys()]).toEqual(['b']);
  });

  it('are read through their signature, whose certificate is listed', async () => {
    const device = await kit.enrolled();
    const { certDer, key } = kit.identity;
    const signed = signDetached(profile('signed'), { certDer, key, attached: true });
    expect((await ask(device, 'InstallProfile', { Payload: signed }))['Status']).toBe('Acknowledged');
    const [item] = (await ask(device, 'ProfileList'))['ProfileList'] as PlistDict[];
    expect(item!['SignerCertificates']).toEqual([certDer]);
    signed[signed.length - 1]! ^= 1;
    const report = await ask(device, 'InstallProfile', { Payload: signed });
    expect(errorOf(report)).toEqual([
      ['MCInstallationErrorDomain', 4001],
      ['MCProfileErrorDomain', 1000],
    ]);
  });

  it('may be encrypted, which hides their payloads', async () => {
    const device = await kit.enrolled();
    const keys = { IsEncrypted: true, PayloadContent: undefined, EncryptedPayloadContent: Buffer.from('x') };
    await ask(device, 'InstallProfile', { Payload: profile('secret', { keys }) });
    const [item] = (await ask(device, 'ProfileList'))['ProfileList'] as PlistDict[];
    expect(item).toMatchObject({ IsEncrypted: true, PayloadContent: [] });
  });

  it.each([
    ['no bytes', undefined],
    ['no property list', Buffer.from('hello')],
    ['an array', buildPlist([])],
    ['no profile', buildPlist({ PayloadType: 'com.apple.mdm' })],
    ['no identifier', profile('')],
    ['no payloads', profile('x', { keys: { PayloadContent: undefined } })],
    ['a payload that is none', profile('x', { keys: { PayloadContent: ['x'] } })],
  ])('are refused when they are %s', async (_name, Payload) => {
    const device = await kit.enrolled();
    const report = await ask(device, 'InstallProfile', { Payload });
    expect(report['Status']).toBe('Error');
    expect(errorOf(report)[0]).toEqual(['MCInstallationErrorDomain', 4001]);
    expect(device.state.profiles.size).toBe(0);
  });

  it.each([
    ['iOS' as const, ['MCMDMErrorDomain', 12_075]],
    ['macOS' as const, ['MDMClientError', 89]],
  ])('that are not there cannot be removed from %s', async (platform, error) => {
    const device = await kit.enrolled({ platform });
    const report = await ask(device, 'RemoveProfile', { Identifier: 'a' });
    expect(report['Status']).toBe('Error');
    expect(errorOf(report)).toEqual([error]);
  });
});

describe('applications', () => {
  it('are installed under an identifier that follows from the request', async () => {
    const device = await kit.enrolled();
    const store = await ask(device, 'InstallApplication', { iTunesStoreID: 361_309_726 });
    expect(store).toMatchObject({ Identifier: 'com.example.store.id361309726', State: 'Queued' });
    const [first, again] = [
      await ask(device, 'InstallApplication', { ManifestURL: 'https://example.com/m.plist' }),
      await ask(await kit.enrolled(), 'InstallApplication', { ManifestURL: 'https://example.com/m.plist' }),
    ];
    expect(first['Identifier']).toMatch(/^com\.example\.package\.p[0-9a-f]{12}$/);
    expect(again['Identifier']).toBe(first['Identifier']);
    const known = await kit.enrolled({
      bundleIdentifier: ({ iTunesStoreID: id }) => (id === 1 ? 'com.known' : undefined),
    });
    expect((await ask(known, 'InstallApplication', { iTunesStoreID: 1 }))['Identifier']).toBe('com.known');
    expect((await ask(known, 'InstallApplication', { Identifier: 'com.own' }))['Identifier']).toBe('com.own');
    expect(errorOf(await ask(known, 'InstallApplication'))).toEqual([['MCMDMErrorDomain', 12_024]]);
  });

  it('are installing until the next connection', async () => {
    const device = await kit.enrolled();
    kit.server.enqueue('InstallApplication', { Identifier: 'com.a', Configuration: { x: 1 } });
    const entry = async () =>
      ((await ask(device, 'ManagedApplicationList'))['ManagedApplicationList'] as PlistDict)['com.a'];
    expect(await entry()).toMatchObject({ Status: 'Installing', HasConfiguration: true });
    expect(await entry()).toMatchObject({ Status: 'Managed' });
  });

  it('are listed with what the device came with, filtered as asked', async () => {
    const device = await kit.enrolled({ applicationCount: 2 });
    await ask(device, 'InstallApplication', { Identifier: 'com.a' });
    const identifiers = async (keys: PlistDict) =>
      ((await ask(device, 'InstalledApplicationList', keys))['InstalledApplicationList'] as PlistDict[]).map(
        (item) => item['Identifier'],
      );
    expect(await identifiers({})).toEqual([
      'com.example.included.app000000',
      'com.example.included.app000001',
      'com.a',
    ]);
    expect(await identifiers({ ManagedAppsOnly: true })).toEqual(['com.a']);
    expect(await identifiers({ Identifiers: ['com.a', 'com.b'] })).toEqual(['com.a']);
    const report = await ask(device, 'InstalledApplicationList', { Items: ['Identifier', 'Version'] });
    expect((report['InstalledApplicationList'] as PlistDict[])[2]).toEqual({
      Identifier: 'com.a',
      Version: '1.0',
    });
  });

  it('are removed, if they are managed', async () => {
    const device = await kit.enrolled();
    await ask(device, 'InstallApplication', { Identifier: 'com.a' });
    expect((await ask(device, 'RemoveApplication', { Identifier: 'com.a' }))['Status']).toBe('Acknowledged');
    expect(device.state.applications.size).toBe(0);
    expect((await ask(device, 'RemoveApplication', { Identifier: 'com.a' }))['Status']).toBe('Error');
  });

  it('of an enterprise are acknowledged without a word about them', async () => {
    const device = await kit.enrolled({ platform: 'macOS' });
    const report = await ask(device, 'InstallEnterpriseApplication', {
      ManifestURL: 'https://example.com/m',
    });
    expect(Object.keys(report).sort()).toEqual(['CommandUUID', 'Status', 'UDID']);
    expect(device.state.applications.size).toBe(1);
  });

  it.each([100_000, 20_000_000])('fill a list of about %d bytes when asked to', async (bytes) => {
    const device = await kit.enrolled({ applicationListBytes: bytes });
    await ask(device, 'InstalledApplicationList');
    const { length } = kit.server.requests.at(-1)!.body;
    expect(Math.abs(length - bytes) / bytes).toBeLessThan(0.05);
  });
});

describe('security', () => {
  it('is described as the platform does', async () => {
    const ios = (await ask(await kit.enrolled(), 'SecurityInfo'))['SecurityInfo'] as PlistDict;
    expect(ios['PasscodePresent']).toBe(true);
    expect(ios['FDE_Enabled']).toBeUndefined();
    const mac = await kit.enrolled({ platform: 'macOS', supervised: true });
    await mac.setBootstrapToken();
    const macos = (await ask(mac, 'SecurityInfo'))['SecurityInfo'] as PlistDict;
    expect(macos).toMatchObject({
      FDE_Enabled: true,
      BootstrapTokenAllowedForAuthentication: 'allowed',
      ManagementStatus: { EnrolledViaDEP: true, IsUserEnrollment: false },
    });
    expect(macos['PasscodePresent']).toBeUndefined();
  });

  it('lists the identity and the certificates of profiles', async () => {
    const device = await kit.enrolled();
    const root = issueServerCertificate(kit.authority);
    const payload = (type: string, content: Buffer): PlistDict => ({
      PayloadType: type,
      PayloadVersion: 1,
      PayloadIdentifier: type,
      PayloadUUID: type,
      PayloadContent: content,
    });
    const payloads = [
      payload('com.apple.security.root', root.certDer),
      payload('com.apple.security.pem', Buffer.from(kit.authority.certPem)),
      payload('com.apple.security.pkcs12', Buffer.from('sealed')),
    ];
    await ask(device, 'InstallProfile', { Payload: profile('certificates', { payloads }) });
    expect((await ask(device, 'CertificateList'))['CertificateList']).toEqual([
      { CommonName: 'device', Data: kit.identity.certDer, IsIdentity: true },
      { CommonName: 'localhost', Data: root.certDer, IsIdentity: false },
      { CommonName: 'Test authority', Data: kit.authority.certDer, IsIdentity: false },
    ]);
  });
});

describe('control', () => {
  it('DeviceConfigured ends Setup Assistant', async () => {
    const device = await kit.enrolled();
    await device.tokenUpdate({ awaitingConfiguration: true });
    expect(device.state.awaitingConfiguration).toBe(true);
    await ask(device, 'DeviceConfigured');
    expect(device.state).toMatchObject({ awaitingConfiguration: false, configured: true });
  });

  it('DeviceLock tells how its message went, on iOS', async () => {
    const device = await kit.enrolled();
    expect((await ask(device, 'DeviceLock', { Message: 'Lost' }))['MessageResult']).toBe('Success');
    expect((await ask(device, 'DeviceLock'))['MessageResult']).toBeUndefined();
    expect(device.state.locks).toBe(2);
  });

  it('EraseDevice answers, and a new life begins', async () => {
    const device = await kit.enrolled();
    kit.server.enqueue('EraseDevice');
    kit.server.enqueue('RestartDevice');
    expect((await device.connect()).end).toBe('erased');
    expect(kit.server.statuses).toEqual(['Idle', 'Acknowledged 1']);
    expect(device.state).toMatchObject({
      life: 2,
      enrolled: false,
      awaitingConfiguration: true,
      restarts: 0,
    });
  });

  it('Settings answers for each setting', async () => {
    const report = await ask(await kit.enrolled(), 'Settings', {
      Settings: [
        { Item: 'DeviceName', DeviceName: 'x' },
        { Item: 'ApplicationConfiguration', Identifier: 'com.a' },
      ],
    });
    expect(report['Settings']).toEqual([
      { Item: 'DeviceName', Status: 'Acknowledged' },
      { Item: 'ApplicationConfiguration', Status: 'Acknowledged', Identifier: 'com.a' },
    ]);
  });

  it.each([
    ['UserList', { Users: [] }],
    ['ProvisioningProfileList', { ProvisioningProfileList: [] }],
    ['AvailableOSUpdates', { AvailableOSUpdates: [] }],
    ['OSUpdateStatus', { OSUpdateStatus: [] }],
    ['Restrictions', { GlobalRestrictions: {} }],
    ['ShutDownDevice', {}],
  ])('%s has the keys that Apple requires', async (requestType, expected) => {
    const report = await ask(await kit.enrolled(), requestType);
    expect(report).toMatchObject({ Status: 'Acknowledged', ...expected });
  });
});
