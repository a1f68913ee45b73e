import { assert, constantFrom, dictionary, jsonValue, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildCommand,
  CommandError,
  commandFragment,
  commandTypes,
  envelope,
  readRawCommand,
} from '../../src/apple/commands/index.js';
import { buildPlist, parsePlist, type PlistDict } from '../../src/apple/plist/index.js';

type Parameters = Record<string, unknown>;

function buildError(requestType: string, parameters: Parameters): CommandError {
  try {
    buildCommand(requestType, parameters);
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}

/** The command, or undefined when it is refused in the one way a caller expects. */
function buildOrRefuse(requestType: string, parameters: Parameters): PlistDict | undefined {
  try {
    return buildCommand(requestType, parameters);
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

describe('buildCommand', () => {
  it('puts RequestType first', () => {
    expect(Object.entries(buildCommand('RemoveProfile', { Identifier: 'a.b' }))).toEqual([
      ['RequestType', 'RemoveProfile'],
      ['Identifier', 'a.b'],
    ]);
    expect({ ...buildCommand('ProfileList', { RequestType: 'ProfileList' }) }).toEqual({
      RequestType: 'ProfileList',
    });
  });

  it('builds InstallApplication as the protocol wants it', () => {
    const command = buildCommand('InstallApplication', {
      iTunesStoreID: 361309726,
      Options: { PurchaseMethod: 1 },
      ManagementFlags: 1,
      ChangeManagementState: 'Managed',
      Configuration: { server: 'https://example.com', port: 443, deep: { list: [1, 'two', false] } },
      Attributes: { Removable: false, AssociatedDomains: ['example.com'] },
    });
    expect(parsePlist(buildPlist(command))).toEqual({
      RequestType: 'InstallApplication',
      iTunesStoreID: 361309726,
      Options: { PurchaseMethod: 1 },
      ManagementFlags: 1,
      ChangeManagementState: 'Managed',
      Configuration: { server: 'https://example.com', port: 443, deep: { list: [1, 'two', false] } },
      Attributes: { Removable: false, AssociatedDomains: ['example.com'] },
    });
  });

  it('decodes data from base64, wrapped or not, and takes bytes as they are', () => {
    const payload = Buffer.from('<?xml version="1.0"?><plist/>');
    const base64 = payload.toString('base64');
    const wrapped = `${base64.slice(0, 20)}\n  ${base64.slice(20)}\n`;
    for (const Payload of [base64, wrapped, payload, new Uint8Array(payload)]) {
      expect(buildCommand('InstallProfile', { Payload })['Payload']).toEqual(payload);
    }
  });

  it.each(['not base64!', 'QQ', 'QQ==QQ==', 'QR==', 'Q-_='])('does not guess at data in %j', (Payload) => {
    expect(buildError('InstallProfile', { Payload })).toMatchObject({
      code: 'bad-parameter',
      path: ['Payload'],
    });
  });

  it('keeps integers exact up to 64 bits', () => {
    const idOf = (iTunesStoreID: unknown): unknown =>
      buildCommand('InstallApplication', { iTunesStoreID })['iTunesStoreID'];
    expect(idOf('361309726')).toBe(361309726);
    expect(idOf('9007199254740993')).toBe(9007199254740993n);
    expect(idOf('18446744073709551615')).toBe(18446744073709551615n);
    for (const bad of [
      '18446744073709551616',
      '-9223372036854775809',
      '1e3',
      '',
      ' 1',
      '0x10',
      1.5,
      2 ** 53,
      true,
      {},
    ]) {
      expect(buildError('InstallApplication', { iTunesStoreID: bad }).path).toEqual(['iTunesStoreID']);
    }
  });

  it('takes members by the shape that Item names, and passes shapes it does not know', () => {
    const Settings = [
      { Item: 'Wallpaper', Image: 'aW1n', Where: 1 },
      { Item: 'SettingOfTheFuture', Level: 3 },
    ];
    expect(buildCommand('Settings', { Settings })['Settings']).toEqual([
      { Item: 'Wallpaper', Image: Buffer.from('img'), Where: 1 },
      { Item: 'SettingOfTheFuture', Level: 3 },
    ]);
  });

  it('passes keys and queries newer than the catalogue, typed as JSON types them', () => {
    const command = buildCommand('DeviceInformation', {
      Queries: ['UDID', 'QueryOfTheFuture'],
      Future: { n: 1.5, s: 'x', b: true, list: [] },
    });
    expect(command['Queries']).toEqual(['UDID', 'QueryOfTheFuture']);
    expect(command['Future']).toEqual({ n: 1.5, s: 'x', b: true, list: [] });
  });

  it('does not let a parameter reach a prototype', () => {
    const parameters = JSON.parse('{"__proto__": {"polluted": true}}') as Parameters;
    const command = buildCommand('ProfileList', parameters);
    expect(Object.keys(command)).toEqual(['RequestType', '__proto__']);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it.each([
    ['InstalProfile', 'InstallProfile'],
    ['deviceinformation', 'DeviceInformation'],
    ['Erase', 'EraseDevice'],
  ])('suggests for %s', (name, meant) => {
    const error = buildError(name, {});
    expect(error.code).toBe('unknown-request-type');
    expect(error.message).toContain(meant);
  });

  it('suggests nothing for what resembles nothing', () => {
    expect(buildError('xyzzy-plugh-frobnicate', {}).message).not.toContain('did you mean');
  });

  it.each<[string, Parameters, string[], string]>([
    ['InstallProfile', {}, ['Payload'], 'required'],
    ['InstallProfile', { Payload: 5 }, ['Payload'], 'base64'],
    ['RemoveProfile', { Identifier: ['a'] }, ['Identifier'], 'expected a string'],
    ['ProfileList', { ManagedOnly: 'yes' }, ['ManagedOnly'], 'true or false'],
    ['ProfileList', { ManagedOnly: null }, ['ManagedOnly'], 'null'],
    ['DeviceInformation', { Queries: 'UDID' }, ['Queries'], 'an array'],
    ['DeviceInformation', { Queries: ['UDID', 5] }, ['Queries', '1'], 'expected a string'],
    ['EraseDevice', { ReturnToService: {} }, ['ReturnToService', 'Enabled'], 'required'],
    ['EraseDevice', { ReturnToService: [] }, ['ReturnToService'], 'an object'],
    ['EraseDevice', { ObliterationBehavior: 'Maybe' }, ['ObliterationBehavior'], '"DoNotObliterate"'],
    [
      'InstallApplication',
      { Identifier: 'a', Options: { PurchaseMethod: 2 } },
      ['Options', 'PurchaseMethod'],
      '0, 1',
    ],
    ['Settings', { Settings: [{ Item: 'Wallpaper', Where: 1 }] }, ['Settings', '0', 'Image'], 'required'],
    ['Settings', { Settings: [{ Enabled: true }] }, ['Settings', '0', 'Item'], 'DataRoaming'],
    ['Settings', { Settings: ['Wallpaper'] }, ['Settings', '0'], 'an object'],
    ['ProfileList', { Future: [1, null] }, ['Future', '1'], 'null'],
    ['ProfileList', { Future: Number.NaN }, ['Future'], 'NaN'],
    ['ProfileList', { RequestType: 'EraseDevice' }, ['RequestType'], 'ProfileList'],
  ])('%s %o: names the path and what would be right', (requestType, parameters, path, words) => {
    const error = buildError(requestType, parameters);
    expect(error).toMatchObject({ code: 'bad-parameter', path });
    expect(error.message).toContain(words);
    expect(error.message.startsWith(`${path.join('.')}: `)).toBe(true);
  });

  it.each<[string, Parameters, string[]]>([
    ['InstallApplication', { ManagementFlags: 1 }, ['iTunesStoreID']],
    ['InstallApplication', { ManifestURL: 'http://example.org/a.plist' }, ['ManifestURL']],
    ['InstallApplication', { ManifestURL: 'https:' }, ['ManifestURL']],
    ['InstallEnterpriseApplication', {}, ['Manifest']],
    ['InstallEnterpriseApplication', { ManifestURL: 'ftp://example.org/a.plist' }, ['ManifestURL']],
    ['DeviceLock', { PIN: '12345' }, ['PIN']],
    ['EraseDevice', { PIN: '1234567' }, ['PIN']],
  ])('%s %o: asks what Apple asks in words', (requestType, parameters, path) => {
    expect(buildError(requestType, parameters)).toMatchObject({ code: 'bad-parameter', path });
  });

  it('accepts what meets the conditions, and never shows a PIN', () => {
    expect(buildCommand('DeviceLock', { PIN: '123456' })['PIN']).toBe('123456');
    expect(buildCommand('EraseDevice', {})['RequestType']).toBe('EraseDevice');
    expect(buildCommand('InstallApplication', { ManifestURL: 'https://example.org/a.plist' })).toBeDefined();
    expect(buildError('DeviceLock', { PIN: '98765' }).message).not.toContain('98765');
    expect(buildError('DeviceLock', { PIN: 987654 }).message).toBe('PIN: expected a string, got a number');
  });

  it.each<[string, Parameters]>([
    ['a NUL in a string', { Identifier: 'a\u0000b' }],
    ['half a surrogate pair', { Identifier: 'a\uD800' }],
    ['a control character in an unknown key', { Identifier: 'a', 'Fu\u0001ture': 1 }],
    ['an unknown integer of more than 64 bits', { Identifier: 'a', Future: 2n ** 65n }],
    ['a date that has no time', { Identifier: 'a', Future: new Date(Number.NaN) }],
    ['a date after the year 9999', { Identifier: 'a', Future: new Date(8e15) }],
  ])('refuses what the wire would change or cannot hold: %s', (_, parameters) => {
    expect(buildError('RemoveProfile', parameters).code).toBe('bad-parameter');
  });

  it('bounds how deep a parameter may nest', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 50_000; level += 1) deep = { deep };
    expect(buildError('ProfileList', { deep })).toMatchObject({ code: 'bad-parameter' });
    expect(buildError('InstallApplication', { Identifier: 'a', Configuration: { deep } }).code).toBe(
      'bad-parameter',
    );
  });

  it('either builds a command that can be sent or says what is wrong, whatever JSON it is given', () => {
    const requestTypes = constantFrom(...commandTypes().map((type) => type.requestType));
    const objects = dictionary(string({ unit: 'binary' }), jsonValue({ stringUnit: 'binary' }));
    assert(
      property(requestTypes, objects, (requestType, parameters) => {
        const command = buildOrRefuse(requestType, parameters);
        if (command === undefined) return;
        const { body } = readRawCommand(envelope(commandFragment(command), 'c-1'));
        expect(Object.keys(body).sort()).toEqual(['RequestType', ...Object.keys(parameters)].sort());
        expect(body['RequestType']).toBe(requestType);
      }),
    );
  });
});
