import { describe, expect, it } from 'vitest';
import {
  plistToJson,
  readCertificateList,
  readDeviceInformation,
  readInstallApplication,
  readInstalledApplicationList,
  readProfileList,
  readSecurityInfo,
} from '../../src/apple/commands/index.js';
import { readReport, type Report } from '../../src/apple/messages/index.js';
import { buildPlist, parsePlist, type PlistValue } from '../../src/apple/plist/index.js';

type Answer = { [key: string]: PlistValue };

/** An acknowledged report as it comes off the wire. */
function report(answer: Answer): Report {
  const envelope = { Status: 'Acknowledged', UDID: 'D1', CommandUUID: 'c-1' };
  return readReport(parsePlist(buildPlist({ ...envelope, ...answer })));
}

/** Self-signed, P-256, O=Example Orchard, good from 2026 to 2126. */
const CERTIFICATE = Buffer.from(
  `MIIBuDCCAV+gAwIBAgIUHxnbNo5ABTacbCqHGbRu+jl6Dc8wCgYIKoZIzj0EAwIwMTEVMBMGA1UEAwwMT3JjaGFyZCBUZXN0MRgw
  FgYDVQQKDA9FeGFtcGxlIE9yY2hhcmQwIBcNMjYxMTIyMjAwNzU4WhgPMjEyNjEwMjkyMDA3NThaMDExFTATBgNVBAMMDE9yY2hh
  cmQgVGVzdDEYMBYGA1UECgwPRXhhbXBsZSBPcmNoYXJkMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEpcz4/DwAOX2Dhs+2ZPPY
  +pZU6AXpoaIQ0ly46Ycy7eJTCp6XZ8oLbx6P/BIBp5nrhXNyjyqPkgxnCsIkFPyAaKNTMFEwHQYDVR0OBBYEFAQjnSMqDDhTwRdz
  zt2BpMrRH+tLMB8GA1UdIwQYMBaAFAQjnSMqDDhTwRdzzt2BpMrRH+tLMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAw
  RAIgRO6ZBlF0tlb9f31QmILV59boz7y5SI+JvQwY9Y4A1GcCIDnWw16GTD2iTNa+hXlUQmlzES86ZOf4lunx786pKGxZ`,
  'base64',
);

describe('plistToJson', () => {
  it('makes JSON of every type a property list has', () => {
    const value = {
      text: 'é',
      flag: true,
      integer: 7,
      big: 18446744073709551615n,
      real: 1.5,
      nan: Number.NaN,
      data: Buffer.from([0, 255]),
      date: new Date('2026-01-31T12:00:00Z'),
      list: [1, [Buffer.from('a')], {}],
      absent: undefined,
    };
    expect(JSON.parse(JSON.stringify(plistToJson(value)))).toEqual({
      text: 'é',
      flag: true,
      integer: 7,
      big: '18446744073709551615',
      real: 1.5,
      nan: null,
      data: 'AP8=',
      date: '2026-01-31T12:00:00.000Z',
      list: [1, ['YQ=='], {}],
    });
  });

  it('takes __proto__ for a name like any other', () => {
    const parsed = parsePlist(
      Buffer.from('<plist><dict><key>__proto__</key><dict><key>x</key><true/></dict></dict></plist>'),
    );
    expect(JSON.stringify(plistToJson(parsed))).toBe('{"__proto__":{"x":true}}');
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });
});

describe('readDeviceInformation', () => {
  const QueryResponses = {
    UDID: 'D1',
    DeviceName: "Ann's iPhone",
    OSVersion: '18.2',
    IsSupervised: true,
    DeviceCapacity: 128,
    BatteryLevel: 0.83,
    PushToken: Buffer.from([1, 2]),
    LastCloudBackupDate: new Date('2026-01-31T12:00:00Z'),
    ServiceSubscriptions: [
      { Slot: 'CTSubscriptionSlotOne', IMEI: '' },
      { IMEI: '35 1', MEID: 'M1' },
    ],
    QueryOfTheFuture: { Level: 3 },
  };

  it('keeps every response and picks the columns', () => {
    const { queryResponses, columns } = readDeviceInformation(report({ QueryResponses }));
    expect({ ...queryResponses }).toMatchObject({
      PushToken: 'AQI=',
      LastCloudBackupDate: '2026-01-31T12:00:00.000Z',
      QueryOfTheFuture: { Level: 3 },
    });
    expect(columns).toEqual({
      udid: 'D1',
      deviceName: "Ann's iPhone",
      osVersion: '18.2',
      isSupervised: true,
      deviceCapacity: 128,
      batteryLevel: 0.83,
      imei: '35 1',
      meid: 'M1',
    });
  });

  it("prefers the device's own IMEI to a subscription's", () => {
    const answer = { QueryResponses: { ...QueryResponses, IMEI: '35 0' } };
    expect(readDeviceInformation(report(answer)).columns.imei).toBe('35 0');
  });

  it.each<[string, Answer]>([
    ['absent', {}],
    ['a list', { QueryResponses: ['UDID'] }],
    [
      'full of other types',
      { QueryResponses: { UDID: 7, IsSupervised: 'yes', DeviceCapacity: '128', ServiceSubscriptions: 1 } },
    ],
  ])('reads an answer that is %s as knowing nothing', (_, answer) => {
    expect(readDeviceInformation(report(answer)).columns).toEqual({});
  });
});

describe('readProfileList', () => {
  it('reads profiles and what they contain', () => {
    const profile = {
      PayloadIdentifier: 'org.example.pomona.wifi',
      PayloadUUID: 'u-1',
      PayloadVersion: 1,
      PayloadDisplayName: 'Wi-Fi',
      IsManaged: true,
      IsEncrypted: false,
      HasRemovalPasscode: false,
      PayloadRemovalDisallowed: true,
      SignerCertificates: [CERTIFICATE],
      PayloadContent: [
        { PayloadType: 'com.apple.wifi.managed', PayloadIdentifier: 'a', PayloadUUID: 'u-2' },
        { PayloadType: 'com.apple.wifi.managed', PayloadIdentifier: 'b', PayloadUUID: 'u-3' },
        { PayloadType: 5 },
      ],
    };
    expect(readProfileList(report({ ProfileList: [profile, 'noise', {}] }))).toEqual([
      {
        identifier: 'org.example.pomona.wifi',
        uuid: 'u-1',
        version: 1,
        displayName: 'Wi-Fi',
        isManaged: true,
        isEncrypted: false,
        hasRemovalPasscode: false,
        isRemovalDisallowed: true,
        payloadTypes: ['com.apple.wifi.managed'],
        payloads: [
          { type: 'com.apple.wifi.managed', identifier: 'a', uuid: 'u-2' },
          { type: 'com.apple.wifi.managed', identifier: 'b', uuid: 'u-3' },
          {},
        ],
      },
      { payloadTypes: [], payloads: [] },
    ]);
    expect(readProfileList(report({}))).toEqual([]);
  });
});

describe('readInstalledApplicationList', () => {
  it('reads an application', async () => {
    const application = {
      Identifier: 'org.example.app',
      Name: 'App',
      Version: '12',
      ShortVersion: '1.2',
      BundleSize: 5_000_000_000,
      DynamicSize: 'unknown',
      ExternalVersionIdentifier: 9007199254740993n,
      AppStoreVendable: true,
      Installing: false,
    };
    expect(
      await readInstalledApplicationList(report({ InstalledApplicationList: [application, 7] })),
    ).toEqual([
      {
        identifier: 'org.example.app',
        name: 'App',
        version: '12',
        shortVersion: '1.2',
        bundleSize: 5_000_000_000,
        externalVersionIdentifier: '9007199254740993',
        isAppStoreVendable: true,
        installing: false,
      },
    ]);
    expect(await readInstalledApplicationList(report({}))).toEqual([]);
  });

  it('lets other work run while it reads a very long list', async () => {
    const entry = {
      Identifier: 'org.example.app',
      Name: 'App',
      Version: '1',
      BundleSize: 1,
      Installing: false,
    };
    const body = { InstalledApplicationList: Array.from({ length: 300_000 }, () => entry) };
    let turns = 0;
    const count = (): void => {
      turns += 1;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    const applications = await readInstalledApplicationList({
      ids: {},
      status: 'Acknowledged',
      errorChain: [],
      body,
    });
    clearImmediate(next);
    expect(applications).toHaveLength(300_000);
    expect(turns).toBeGreaterThan(1);
  });
});

describe('readCertificateList', () => {
  it('reads certificates, and of one that does not decode what stands beside it', async () => {
    const CertificateList = [
      { CommonName: 'Orchard Test', IsIdentity: true, Data: CERTIFICATE },
      { CommonName: 'Broken', IsIdentity: false, Data: Buffer.from('not a certificate') },
      { CommonName: 'None' },
    ];
    expect(await readCertificateList(report({ CertificateList }))).toEqual([
      {
        commonName: 'Orchard Test',
        isIdentity: true,
        sha256: '2a4eb7788cbc1f36b8719210263fddaa10aa87ab38b852ad5ff790b51bb19785',
        subject: 'CN=Orchard Test, O=Example Orchard',
        issuer: 'CN=Orchard Test, O=Example Orchard',
        serialNumber: '1F19DB368E4005369C6C2A8719B46EFA397A0DCF',
        notBefore: '2026-11-22T20:07:58.000Z',
        notAfter: '2126-10-29T20:07:58.000Z',
      },
      {
        commonName: 'Broken',
        isIdentity: false,
        sha256: '47209c9b7af839de69e9a9cd625e9182c1ad63dae79ed88a2dd680fe34218620',
      },
      { commonName: 'None' },
    ]);
  });

  it('survives a certificate cut or changed anywhere', async () => {
    const cut = Array.from({ length: CERTIFICATE.length }, (_, length) => CERTIFICATE.subarray(0, length));
    const changed = Array.from({ length: CERTIFICATE.length }, (_, at) => {
      const bytes = Buffer.from(CERTIFICATE);
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      return bytes;
    });
    const CertificateList = [...cut, ...changed].map((Data) => ({ Data }));
    const read = await readCertificateList(report({ CertificateList }));
    expect(read).toHaveLength(CERTIFICATE.length * 2);
    expect(new Set(read.map((certificate) => certificate.sha256)).size).toBe(CERTIFICATE.length * 2);
  });
});

describe('the shorter answers', () => {
  it('reads SecurityInfo as the device says it', () => {
    const SecurityInfo = { FDE_Enabled: true, SecureBoot: { SecureBootLevel: 'full' } };
    expect({ ...readSecurityInfo(report({ SecurityInfo })) }).toEqual(SecurityInfo);
    expect({ ...readSecurityInfo(report({})) }).toEqual({});
  });

  it('reads how far an installation has come', () => {
    const answer = { Identifier: 'org.example.app', State: 'Queued', RejectionReason: 7 };
    expect(readInstallApplication(report(answer))).toEqual({
      identifier: 'org.example.app',
      state: 'Queued',
    });
  });
});
