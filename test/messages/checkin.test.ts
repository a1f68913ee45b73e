import { describe, expect, it } from 'vitest';
import { MessageError, readCheckin } from '../../src/apple/messages/index.js';
import { buildPlist, parsePlist, type PlistValue } from '../../src/apple/plist/index.js';

type Message = { [key: string]: PlistValue };

/** Through the wire's form and back, as a device's message comes. */
const read = (message: Message): ReturnType<typeof readCheckin> =>
  readCheckin(parsePlist(buildPlist(message)));

function readError(message: PlistValue): MessageError {
  try {
    readCheckin(message);
  } catch (error) {
    if (error instanceof MessageError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}

const authenticate: Message = {
  MessageType: 'Authenticate',
  Topic: 'com.apple.mgmt.External.1',
  UDID: '00008030-001A2B3C4D5E6F70',
  SerialNumber: 'C02ORCHARD01',
  OSVersion: '18.2',
  BuildVersion: '22C152',
  ProductName: 'iPhone14,5',
  IMEI: '35 123456 789012 3',
};
const tokenUpdate: Message = {
  MessageType: 'TokenUpdate',
  Topic: 'com.apple.mgmt.External.1',
  UDID: '00008030-001A2B3C4D5E6F70',
  Token: Buffer.from('0a0b0c', 'hex'),
  PushMagic: 'C0FFEE00-0000-4000-8000-000000000000',
};

describe('readCheckin', () => {
  it('reads Authenticate and keeps keys it does not know', () => {
    const message = read({ ...authenticate, KeyOfTheFuture: 7 });
    expect(message).toMatchObject({
      messageType: 'Authenticate',
      ids: { udid: '00008030-001A2B3C4D5E6F70' },
      topic: 'com.apple.mgmt.External.1',
      serialNumber: 'C02ORCHARD01',
      osVersion: '18.2',
      buildVersion: '22C152',
      productName: 'iPhone14,5',
      imei: '35 123456 789012 3',
    });
    expect(message.body['KeyOfTheFuture']).toBe(7);
  });

  it('reads TokenUpdate with and without its optional keys', () => {
    expect(read(tokenUpdate)).toMatchObject({
      messageType: 'TokenUpdate',
      token: Buffer.from([10, 11, 12]),
      unlockToken: undefined,
      awaitingConfiguration: false,
    });
    const full = {
      ...tokenUpdate,
      UnlockToken: Buffer.from('unlock'),
      AwaitingConfiguration: true,
      NotOnConsole: false,
    };
    expect(read(full)).toMatchObject({
      unlockToken: Buffer.from('unlock'),
      awaitingConfiguration: true,
      ids: { notOnConsole: false },
    });
  });

  it('reads the user channel of a Mac', () => {
    const user = { UserID: 'U1', UserShortName: 'ann', UserLongName: 'Ann Example', NotOnConsole: true };
    expect(read({ ...tokenUpdate, ...user }).ids).toMatchObject({
      userId: 'U1',
      userShortName: 'ann',
      userLongName: 'Ann Example',
      notOnConsole: true,
    });
  });

  it('reads a bootstrap token of zero bytes as none, which means "delete"', () => {
    const set = { MessageType: 'SetBootstrapToken', UDID: 'D1' };
    expect(read({ ...set, BootstrapToken: Buffer.from('bt') })).toMatchObject({
      bootstrapToken: Buffer.from('bt'),
    });
    expect(read({ ...set, BootstrapToken: Buffer.alloc(0) })).toMatchObject({ bootstrapToken: undefined });
    expect(read({ ...set, AwaitingConfiguration: true })).toMatchObject({
      messageType: 'SetBootstrapToken',
      bootstrapToken: undefined,
      awaitingConfiguration: true,
    });
  });

  it.each<[Message, object]>([
    [
      { MessageType: 'CheckOut', UDID: 'D1' },
      { messageType: 'CheckOut', topic: undefined },
    ],
    [
      { MessageType: 'GetBootstrapToken', UDID: 'D1' },
      { messageType: 'GetBootstrapToken', awaitingConfiguration: false },
    ],
    [
      { MessageType: 'UserAuthenticate', UDID: 'D1', UserID: 'U1', DigestResponse: 'digest' },
      { messageType: 'UserAuthenticate', digestResponse: 'digest' },
    ],
    [
      {
        MessageType: 'GetToken',
        UDID: 'D1',
        TokenServiceType: 'com.apple.maid',
        TokenParameters: { PhoneUDID: 'P' },
      },
      { messageType: 'GetToken', tokenServiceType: 'com.apple.maid', tokenParameters: { phoneUDID: 'P' } },
    ],
    [
      { MessageType: 'DeclarativeManagement', UDID: 'D1', Endpoint: 'status', Data: Buffer.from('{}') },
      { messageType: 'DeclarativeManagement', endpoint: 'status', data: Buffer.from('{}') },
    ],
    [
      { MessageType: 'ReturnToService', UDID: 'D1' },
      { messageType: 'ReturnToService', ids: { udid: 'D1' } },
    ],
    [
      { MessageType: 'SomethingNew', UDID: 'D1' },
      { messageType: 'Unknown', sentMessageType: 'SomethingNew', ids: { udid: 'D1' } },
    ],
  ])('reads %o', (message, expected) => {
    expect(read(message)).toMatchObject(expected);
  });

  it.each<[Message, string]>([
    [authenticate, 'MessageType'],
    [authenticate, 'Topic'],
    [tokenUpdate, 'Token'],
    [tokenUpdate, 'PushMagic'],
    [{ MessageType: 'UserAuthenticate', UDID: 'D1', UserID: 'U1' }, 'UserID'],
    [{ MessageType: 'GetToken', UDID: 'D1', TokenServiceType: 'com.apple.maid' }, 'TokenServiceType'],
    [{ MessageType: 'DeclarativeManagement', UDID: 'D1', Endpoint: 'tokens' }, 'Endpoint'],
    [{ MessageType: 'ReturnToService', UDID: 'D1' }, 'UDID'],
  ])('names the required key that is missing from %o: %s', (message, key) => {
    const { [key]: _, ...rest } = message;
    expect(readError(rest)).toMatchObject({ code: 'missing-key', key });
  });

  it.each<[Message, string, string]>([
    [{ ...tokenUpdate, Token: 'text' }, 'Token', 'wrong-type'],
    [{ ...tokenUpdate, AwaitingConfiguration: 1 }, 'AwaitingConfiguration', 'wrong-type'],
    [{ ...authenticate, SerialNumber: 12 }, 'SerialNumber', 'wrong-type'],
    [{ ...authenticate, UDID: ['D1'] }, 'UDID', 'wrong-type'],
    [{ ...authenticate, UDID: 'D1\n' }, 'UDID', 'bad-string'],
    [{ ...authenticate, UDID: 'é'.repeat(128) }, 'UDID', 'bad-string'],
    [{ ...authenticate, Topic: 'a\u007Fb' }, 'Topic', 'bad-string'],
  ])('names the key that cannot be used in %o: %s', (message, key, code) => {
    expect(readError(message)).toMatchObject({ code, key, message: expect.stringContaining(key) });
  });

  it('does not judge the form of a UDID', () => {
    const udid = `${'é'.repeat(127)}x`;
    expect(read({ ...authenticate, UDID: udid }).ids.udid).toBe(udid);
    expect(read({ ...authenticate, UDID: '' }).ids.udid).toBeUndefined();
  });

  it('refuses what is not a dictionary', () => {
    expect(readError(['Authenticate'])).toMatchObject({ code: 'not-a-dictionary' });
  });
});
