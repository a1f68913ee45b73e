import { describe, expect, it } from 'vitest';
import { commandType, commandTypes, type CommandKey } from '../../src/apple/commands/index.js';

function allKeys(keys: readonly CommandKey[]): CommandKey[] {
  return keys.flatMap((key) => {
    const inner = [...(key.keys ?? []), ...(key.item ? [key.item] : []), ...(key.oneOf ?? [])];
    return [key, ...allKeys(inner)];
  });
}

describe('the command catalogue', () => {
  it("has the schema's 66 commands, each once and each found by its name", () => {
    const names = commandTypes().map((type) => type.requestType);
    expect(new Set(names).size).toBe(66);
    for (const type of commandTypes()) expect(commandType(type.requestType)).toBe(type);
    expect(commandType('constructor')).toBeUndefined();
  });

  it('describes every key in a way the builder understands', () => {
    const types = ['string', 'integer', 'real', 'boolean', 'date', 'data', 'array', 'dictionary', 'any'];
    const keys = commandTypes().flatMap((type) => allKeys(type.keys));
    expect(keys).toHaveLength(260);
    expect(keys.flatMap((key) => key.options ?? [])).toHaveLength(85);
    for (const key of keys) expect(types).toContain(key.type);
    const vague = keys.filter(
      (key) =>
        (key.type === 'array' && !key.item && !key.oneOf) ||
        (key.type === 'dictionary' && !key.keys && !key.anyKey),
    );
    expect(vague).toEqual([]);
  });

  it('tells the members of the one union apart by Item', () => {
    const shapes = commandType('Settings')?.keys[0]?.oneOf ?? [];
    expect(shapes).toHaveLength(20);
    for (const shape of shapes) {
      expect(shape.keys?.find((key) => key.key === 'Item')).toMatchObject({
        required: true,
        values: [shape.key],
      });
    }
  });

  it('says where a command may go', () => {
    const onIos = commandType('RestartDevice')?.platforms.find((row) => row.platform === 'iOS');
    expect(onIos).toMatchObject({ supervised: true, deviceChannel: true, userChannel: false });
    expect(commandType('DeviceLock')?.platforms.map((row) => row.platform)).toEqual([
      'iOS',
      'macOS',
      'visionOS',
      'watchOS',
    ]);
    expect(commandType('NSExtensionMappings')?.platforms).toMatchObject([
      { deviceChannel: false, userChannel: true },
    ]);
    expect(commandType('AccountConfiguration')?.platforms).toMatchObject([{ requiresDEP: true }]);
    expect(commandType('DeleteUser')?.platforms[0]).toMatchObject({
      deviceChannel: false,
      sharedIPad: { deviceChannel: true, userChannel: false },
    });
  });
});
