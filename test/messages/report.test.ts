import { describe, expect, it } from 'vitest';
import { MessageError, readReport } from '../../src/apple/messages/index.js';
import { buildPlist, parsePlist, type PlistValue } from '../../src/apple/plist/index.js';

type Message = { [key: string]: PlistValue };

const read = (message: Message): ReturnType<typeof readReport> => readReport(parsePlist(buildPlist(message)));

describe('readReport', () => {
  it('reads Idle, which has no CommandUUID', () => {
    const report = read({ Status: 'Idle', UDID: 'D1' });
    expect(report).toMatchObject({ status: 'Idle', ids: { udid: 'D1' }, errorChain: [] });
    expect(report.commandUUID).toBeUndefined();
  });

  it.each(['Acknowledged', 'Error', 'CommandFormatError', 'NotNow'])('reads %s', (status) => {
    expect(
      read({ Status: status, UDID: 'D1', CommandUUID: 'c-1', RequestType: 'ProfileList' }),
    ).toMatchObject({
      status,
      commandUUID: 'c-1',
      requestType: 'ProfileList',
    });
    expect(() => read({ Status: status, UDID: 'D1' })).toThrow(
      expect.objectContaining({ code: 'missing-key', key: 'CommandUUID' }),
    );
  });

  it('reads the chain of errors and passes over what is not an entry', () => {
    const entry = {
      ErrorCode: 12021,
      ErrorDomain: 'MCMDMErrorDomain',
      LocalizedDescription: 'Unbekannt',
      USEnglishDescription: 'Unknown command',
    };
    const chain = [entry, 'noise', { ErrorCode: 'x', ErrorDomain: 5 }];
    expect(read({ Status: 'Error', UDID: 'D1', CommandUUID: 'c-1', ErrorChain: chain }).errorChain).toEqual([
      {
        errorCode: 12021,
        errorDomain: 'MCMDMErrorDomain',
        localizedDescription: 'Unbekannt',
        usEnglishDescription: 'Unknown command',
      },
      {},
    ]);
    expect(read({ Status: 'Error', UDID: 'D1', CommandUUID: 'c-1', ErrorChain: 'none' }).errorChain).toEqual(
      [],
    );
  });

  it('keeps the whole answer', () => {
    const sent = {
      Status: 'Acknowledged',
      UDID: 'D1',
      CommandUUID: 'c-1',
      QueryResponses: { Future: [1, true] },
    };
    expect(read(sent).body).toEqual(sent);
  });

  it.each<[Message, string, string]>([
    [{ UDID: 'D1' }, 'missing-key', 'Status'],
    [{ UDID: 'D1', Status: 'acknowledged' }, 'unknown-status', 'Status'],
    [{ UDID: 'D1', Status: 3 }, 'wrong-type', 'Status'],
    [{ UDID: 'D1', Status: 'Error', CommandUUID: 7 }, 'wrong-type', 'CommandUUID'],
    [{ UDID: 'D1', Status: 'Error', CommandUUID: 'a\tb' }, 'bad-string', 'CommandUUID'],
  ])('refuses %o', (message, code, key) => {
    expect(() => readReport(message)).toThrow(MessageError);
    expect(() => readReport(message)).toThrow(expect.objectContaining({ code, key }));
  });
});
