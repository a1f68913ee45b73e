import { describe, expect, it } from 'vitest';
import { enrollmentKey, salvageReport } from '../../src/apple/messages/index.js';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0">\n<dict>\n';
const pair = (key: string, value: string): string => `\t<key>${key}</key>\n\t<string>${value}</string>\n`;
const salvage = (text: string): ReturnType<typeof salvageReport> => salvageReport(Buffer.from(text));

describe('salvageReport', () => {
  it('reads the envelope around an answer that does not decode', () => {
    const answer = '<key>QueryResponses</key><dict><key>DeviceName</key><string>\u0001 &bogus; </dict>';
    const text =
      HEAD + pair('CommandUUID', 'c-1') + answer + pair('Status', 'Acknowledged') + pair('UDID', 'D1');
    expect(salvage(text)).toMatchObject({ commandUUID: 'c-1', status: 'Acknowledged', udid: 'D1' });
  });

  it('finds both ends of a report of many megabytes', () => {
    const middle = `<key>InstalledApplicationList</key>${'<broken'.repeat(700_000)}`;
    const text =
      HEAD + pair('CommandUUID', 'c-1') + middle + pair('Status', 'Acknowledged') + pair('UDID', 'D1');
    expect(salvage(text)).toMatchObject({ commandUUID: 'c-1', status: 'Acknowledged', udid: 'D1' });
  });

  it('knows what it can of a report that was cut off', () => {
    expect(salvage(HEAD + pair('CommandUUID', 'c-1') + '<key>ProfileList</key><arr')).toEqual({
      commandUUID: 'c-1',
    });
  });

  it("does not take an answer's own keys for the envelope's", () => {
    const inner = pair('Status', 'Managed') + pair('UDID', 'other');
    const text =
      HEAD + pair('CommandUUID', 'c-1') + inner + pair('Status', 'Error') + pair('UDID', 'D1') + '<oops';
    expect(salvage(text)).toMatchObject({ commandUUID: 'c-1', status: 'Error', udid: 'D1' });
  });

  it('names a user channel as a decoded report would', () => {
    const text =
      HEAD + pair('CommandUUID', 'c-1') + pair('EnrollmentID', 'E1') + pair('EnrollmentUserID', 'EU') + '<';
    expect(enrollmentKey(salvage(text)).channelKey).toBe(':E1:EU');
  });

  it.each([
    '',
    'not xml at all',
    '\u0000'.repeat(10),
    pair('UDID', 'a\u0007b'),
    pair('UDID', 'a&amp;b'),
    pair('UDID', ' '),
  ])('finds nothing in %j', (text) => {
    expect(salvage(text)).toEqual({});
  });

  it('passes over a value that is not UTF-8', () => {
    const bytes = Buffer.from(`${pair('UDID', 'Dx1')}${pair('CommandUUID', 'c-1')}`);
    bytes[bytes.indexOf('Dx1') + 1] = 0xff;
    expect(salvageReport(bytes)).toEqual({ commandUUID: 'c-1' });
  });

  it('takes no longer for hostile bytes', () => {
    const started = performance.now();
    salvage('<key>'.repeat(30_000));
    salvage(`<key>UDID</key>${' '.repeat(150_000)}`);
    salvage(`${'<key>UDID</key><string>'.repeat(8_000)}`);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
