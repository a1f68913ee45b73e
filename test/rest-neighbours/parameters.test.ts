import { describe, expect, it } from 'vitest';
import { commandTypes, type CommandKey } from '../../src/apple/commands/index.js';
import { PomonaError } from '../../src/errors.js';
import { parameterName, toAppleNames, toSnakeNames } from '../../src/rest/neighbours/parameters.js';

const folded = (name: string): string => name.replaceAll('_', '').toLowerCase();

/** Every dictionary of every command: the names beside each other. */
function levels(keys: readonly CommandKey[]): CommandKey[][] {
  const below = keys.flatMap((key) => [
    ...(key.keys === undefined ? [] : levels(key.keys)),
    ...(key.item === undefined ? [] : levels(key.item.keys ?? [])),
    ...(key.oneOf ?? []).flatMap((shape) => levels(shape.keys ?? [])),
  ]);
  return [[...keys], ...below];
}

function failure(run: () => unknown): PomonaError {
  try {
    run();
  } catch (error) {
    if (error instanceof PomonaError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('names of parameters', () => {
  it.each([
    ['ManifestURL', 'manifest_url'],
    ['PIN', 'pin'],
    ['UnlockToken', 'unlock_token'],
    ['iTunesStoreID', 'itunes_store_id'],
    ['iOSApp', 'ios_app'],
    ['eSIMServerURL', 'esim_server_url'],
    ['passwordHash', 'password_hash'],
  ])('%s is %s', (apple, snake) => {
    expect(parameterName(apple)).toBe(snake);
    expect(folded(parameterName(apple))).toBe(apple.toLowerCase());
  });

  it('differ within each dictionary of Apple’s catalogue however they are spelled, and are none of the envelope’s', () => {
    for (const { keys, requestType } of commandTypes()) {
      for (const level of levels(keys)) {
        const names = level.map(({ key }) => folded(key));
        expect([requestType, new Set(names).size]).toEqual([requestType, names.length]);
      }
      const top = keys.map(({ key }) => folded(key));
      expect(top).not.toContain('udid');
      expect(top).not.toContain('requesttype');
    }
  });

  it('become Apple’s in every spelling, at every depth', () => {
    for (const name of ['manifest_url', 'manifest-url', 'ManifestURL', 'manifestUrl'])
      expect(toAppleNames('InstallApplication', { [name]: 'x' })).toEqual({ ManifestURL: 'x' });
    expect(
      toAppleNames('InstallApplication', { options: { purchase_method: 1 }, itunes_store_id: 7 }),
    ).toEqual({
      Options: { PurchaseMethod: 1 },
      iTunesStoreID: 7,
    });
    expect(toAppleNames('ScheduleOSUpdate', { updates: [{ product_key: 'k', InstallAction: 'x' }] })).toEqual(
      {
        Updates: [{ ProductKey: 'k', InstallAction: 'x' }],
      },
    );
    expect(
      toAppleNames('AccountConfiguration', { auto_setup_admin_accounts: [{ short_name: 'a' }] }),
    ).toEqual({ AutoSetupAdminAccounts: [{ shortName: 'a' }] });
    expect(toAppleNames('DeleteUser', { username: 'ann' })).toEqual({ UserName: 'ann' });
    expect(toAppleNames('Restrictions', { restrictions: true })).toEqual({ ProfileRestrictions: true });
  });

  it('of a list of several shapes go by the shape', () => {
    const settings = [
      { item: 'DeviceName', device_name: 'Idared' },
      { Item: 'Future', any_thing: 1 },
    ];
    expect(toAppleNames('Settings', { settings })).toEqual({
      Settings: [
        { Item: 'DeviceName', DeviceName: 'Idared' },
        { Item: 'Future', any_thing: 1 },
      ],
    });
  });

  it('leave alone what is the operator’s own: a managed configuration', () => {
    const configuration = { server_url: 'x', Nested: { a_b: [1] } };
    expect(toAppleNames('InstallApplication', { configuration })).toEqual({ Configuration: configuration });
  });

  it('leave null out', () => {
    expect(toAppleNames('DeviceLock', { pin: null, message: 'Hello' })).toEqual({ Message: 'Hello' });
  });

  it.each([
    ['DeviceInformation', { quereis: [] }, 'quereis is no parameter of DeviceInformation', 'quereis'],
    ['ProfileList', { pin: 'x' }, 'pin is no parameter of ProfileList; there are managed_only.', 'pin'],
    ['SecurityInfo', { pin: 'x' }, 'there are none.', 'pin'],
    [
      'InstallApplication',
      { options: { not_managed: true } },
      'options.not_managed is no parameter of options of InstallApplication; there are purchase_method.',
      'options,not_managed',
    ],
    [
      'ScheduleOSUpdate',
      { updates: [{ product_kez: 'k' }] },
      'updates[0].product_kez is no',
      'updates,0,product_kez',
    ],
    ['DeviceLock', { pin: '1', PIN: '2' }, 'is PIN a second time', 'PIN'],
    ['DeviceLock', JSON.parse('{"__proto__": {"pin": "1"}}'), 'is no parameter of DeviceLock', '__proto__'],
  ])('of %s: %j is refused', (requestType, parameters, says, path) => {
    const error = failure(() => toAppleNames(requestType, parameters as Record<string, unknown>));
    expect(error.code).toBe('INVALID');
    expect(error.message).toContain(says);
    expect(error.inputPath?.join()).toBe(path);
  });

  it('come back in snake case', () => {
    const command = {
      RequestType: 'InstallApplication',
      iTunesStoreID: 7,
      Options: { PurchaseMethod: 1 },
      Configuration: { ServerURL: 'x' },
      Newer: { ThanWe: 1 },
    };
    expect(toSnakeNames(command)).toEqual({
      request_type: 'InstallApplication',
      itunes_store_id: 7,
      options: { purchase_method: 1 },
      configuration: { ServerURL: 'x' },
      Newer: { ThanWe: 1 },
    });
  });
});
