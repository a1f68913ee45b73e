import { describe, expect, it } from 'vitest';
import {
  buildCommand,
  commandFragment,
  CommandError,
  envelope,
  readRawCommand,
} from '../../src/apple/commands/index.js';
import { buildPlist, parsePlist } from '../../src/apple/plist/index.js';

function rawError(bytes: Uint8Array): CommandError {
  try {
    readRawCommand(bytes);
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}

describe('envelope', () => {
  const fragment = commandFragment(buildCommand('RemoveProfile', { Identifier: 'a & <b>' }));

  it('makes the document that a device reads from a fragment stored once', () => {
    expect(parsePlist(envelope(fragment, '0001_RemoveProfile'))).toEqual({
      Command: { RequestType: 'RemoveProfile', Identifier: 'a & <b>' },
      CommandUUID: '0001_RemoveProfile',
    });
  });

  it('escapes the CommandUUID', () => {
    const hostile = '</string></dict></plist>&amp;"\'é';
    expect(parsePlist(envelope(fragment, hostile))).toMatchObject({ CommandUUID: hostile });
  });

  it.each(['', 'a\u0000b', 'a\nb', 'a\uFFFF', '\uD800', 'x'.repeat(256)])(
    'refuses the CommandUUID %j',
    (uuid) => {
      expect(() => envelope(fragment, uuid)).toThrow(expect.objectContaining({ code: 'bad-command-uuid' }));
    },
  );
});

describe('readRawCommand', () => {
  const Command = {
    RequestType: 'CommandOfTheFuture',
    Level: 9007199254740993n,
    Blob: Buffer.from([0, 255]),
  };

  it('takes the whole document', () => {
    const raw = readRawCommand(buildPlist({ Command, CommandUUID: 'c-1' }));
    expect(raw).toEqual({ requestType: 'CommandOfTheFuture', body: Command, commandUUID: 'c-1' });
  });

  it('takes the inner dictionary, and a document without a CommandUUID', () => {
    expect(readRawCommand(buildPlist(Command))).toEqual({ requestType: 'CommandOfTheFuture', body: Command });
    expect(readRawCommand(buildPlist({ Command })).commandUUID).toBeUndefined();
  });

  it('takes an inner dictionary that has a key called Command', () => {
    const body = { RequestType: 'RunOfTheFuture', Command: 'ls' };
    expect(readRawCommand(buildPlist(body))).toEqual({ requestType: 'RunOfTheFuture', body });
  });

  it('gives back what its own envelope carries', () => {
    const { body, commandUUID } = readRawCommand(envelope(commandFragment(Command), 'c-2'));
    expect(body).toEqual(Command);
    expect(commandUUID).toBe('c-2');
  });

  it('says why it refuses', () => {
    const undecodable = rawError(Buffer.from('{"RequestType": "ProfileList"}'));
    expect(undecodable.code).toBe('undecodable');
    expect(undecodable.cause).toBeInstanceOf(Error);
    expect(rawError(buildPlist(['ProfileList'])).code).toBe('not-a-command');
    expect(rawError(buildPlist({})).code).toBe('not-a-command');
    expect(rawError(buildPlist({ Command: 'ProfileList' })).code).toBe('not-a-command');
    expect(rawError(buildPlist({ Command: { RequestType: 7 } })).code).toBe('not-a-command');
    expect(rawError(buildPlist({ RequestType: 'a\tb' })).code).toBe('not-a-command');
    expect(rawError(buildPlist({ Command, CommandUUID: 7 })).code).toBe('bad-command-uuid');
    expect(rawError(buildPlist({ Command, CommandUUID: '' })).code).toBe('bad-command-uuid');
  });
});
