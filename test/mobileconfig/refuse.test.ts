import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signDetached } from '../../simulator/cms-sign.js';
import { createAuthority } from '../../simulator/pki.js';
import { MobileconfigError, readConfigurationProfile } from '../../src/apple/mobileconfig/index.js';
import { buildPlist } from '../../src/apple/plist/index.js';
import { passcode, profile, top, wifi, withPayload } from './profiles.js';

const signer = createAuthority('Signer', { keyType: 'ec' });
const sign = (content: Buffer): Buffer => signDetached(content, { ...signer, attached: true });
const text = (xml: string): Buffer => Buffer.from(xml);
const good = profile();

/** The code and the message, as one sees them in a log. */
function refusal(bytes: Uint8Array): string {
  try {
    return readConfigurationProfile(bytes).payloadIdentifier;
  } catch (error) {
    if (error instanceof MobileconfigError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

function altered(bytes: Buffer, find: string): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.indexOf(find)]! ^= 1;
  return copy;
}

describe('files that are refused', () => {
  const rows: [string, Uint8Array, RegExp][] = [
    ['nothing', text(''), /^not-a-plist: The file is neither a property list/],
    ['words', text('hello'), /^not-a-plist: The file is neither a property list/],
    ['JSON', text('{"PayloadType":"Configuration"}'), /^not-a-plist: The file is neither/],
    ['another XML', text('<html></html>'), /^not-a-plist: The file cannot be read as a property list/],
    ['half a profile', good.subarray(0, good.length / 2), /^not-a-plist: .*\(at byte \d+\)/],
    [
      'a UTF-8 byte order mark',
      Buffer.concat([Buffer.from('efbbbf', 'hex'), good]),
      /^not-a-plist: .*UTF-8 byte order mark; save it/,
    ],
    [
      'UTF-16',
      Buffer.from(`\uFEFF${good.toString()}`, 'utf16le'),
      /^not-a-plist: .*UTF-16 byte order mark; save it as UTF-8/,
    ],
    ['a line before it', Buffer.concat([text('\n'), good]), /^not-a-plist: 1 bytes stand before/],
    ['bytes before it', Buffer.concat([Buffer.from([0, 0, 7]), good]), /^not-a-plist: 3 bytes stand before/],
    [
      'a byte order mark inside the signature',
      sign(Buffer.concat([Buffer.from('efbbbf', 'hex'), good])),
      /^not-a-plist: .*byte order/,
    ],
    ['a list', buildPlist([top]), /^not-a-profile: .*not a dictionary/],
    ['an empty dictionary', buildPlist({}), /^not-a-profile: PayloadType is missing.*"Configuration"/],
    [
      'a payload alone',
      buildPlist(wifi),
      /^not-a-profile: PayloadType is "com.apple.wifi.managed"; .*"Configuration"/,
    ],
    [
      'PayloadType is a number',
      profile({ PayloadType: 1 }),
      /^not-a-profile: PayloadType is missing or not a string/,
    ],
    [
      'too large',
      Buffer.alloc(8 * 1024 * 1024 + 1, good),
      /^too-large: The file has 8388609 bytes; 8388608 are the most/,
    ],
    ['too deep', text(`<plist>${'<array>'.repeat(100)}${'</array>'.repeat(100)}</plist>`), /^too-large/],
    [
      'signed, then altered',
      altered(sign(good), 'Orchard'),
      /^bad-signature: .*not what was signed. Sign the profile again/,
    ],
    ['signed, content apart', signDetached(good, signer), /^bad-signature: .*carries no content/],
    ['signed, cut short', sign(good).subarray(0, -1), /^bad-signature/],
    ['signed words', sign(text('hello')), /^not-a-plist/],
  ];

  it.each(rows)('%s', (_name, bytes, message) => {
    expect(refusal(bytes)).toMatch(message);
  });
});

describe('profiles with a key missing or wrong', () => {
  const nameless = { PayloadContent: undefined };
  const rows: [string, Uint8Array, RegExp][] = [
    [
      'no identifier',
      profile({ PayloadIdentifier: undefined }),
      /^missing-key: PayloadIdentifier is missing; .* a string/,
    ],
    [
      'an identifier of another kind',
      profile({ PayloadIdentifier: 5 }),
      /^bad-key: PayloadIdentifier has to be a string/,
    ],
    ['an empty identifier', profile({ PayloadIdentifier: ' ' }), /^bad-key: PayloadIdentifier is empty/],
    ['no UUID', profile({ PayloadUUID: undefined }), /^missing-key: PayloadUUID/],
    [
      'no version',
      profile({ PayloadVersion: undefined }),
      /^missing-key: PayloadVersion is missing; .* an integer/,
    ],
    ['version 2', profile({ PayloadVersion: 2 }), /^bad-key: PayloadVersion is 2; it has to be 1/],
    ['version "1"', profile({ PayloadVersion: '1' }), /^bad-key: PayloadVersion has to be an integer/],
    [
      'version 2^63',
      profile({ PayloadVersion: 2n ** 63n }),
      /^bad-key: PayloadVersion is 9223372036854775808/,
    ],
    ['version 1.5', profile({ PayloadVersion: 1.5 }), /^bad-key: PayloadVersion has to be an integer/],
    ['no content', profile(nameless), /^missing-key: PayloadContent is missing; .* an array/],
    [
      'content is a dictionary',
      profile({ PayloadContent: wifi }),
      /^bad-key: PayloadContent has to be an array/,
    ],
    [
      'content of words',
      profile({ PayloadContent: [wifi, 'x'] }),
      /^bad-key: PayloadContent\[1\] has to be a dictionary/,
    ],
    [
      'scope',
      profile({ PayloadScope: 'user' }),
      /^bad-key: PayloadScope is "user"; it has to be "System" or "User"/,
    ],
    ['display name', profile({ PayloadDisplayName: 1 }), /^bad-key: PayloadDisplayName has to be a string/],
    [
      'removal',
      profile({ PayloadRemovalDisallowed: 'yes' }),
      /^bad-key: PayloadRemovalDisallowed has to be a boolean/,
    ],
    ['encrypted, as a word', profile({ IsEncrypted: 'true' }), /^bad-key: IsEncrypted has to be a boolean/],
    [
      'encrypted, but nothing is',
      profile({ IsEncrypted: true }),
      /^missing-key: EncryptedPayloadContent .* data/,
    ],
    [
      'encrypted as text',
      profile({ ...nameless, IsEncrypted: true, EncryptedPayloadContent: 'x' }),
      /^bad-key: EncryptedPayloadContent has to be data/,
    ],
    [
      'a payload without type',
      withPayload({ PayloadType: undefined }),
      /^missing-key: PayloadContent\[1\]\.PayloadType is/,
    ],
    [
      'a payload without identifier',
      withPayload({ PayloadIdentifier: undefined }),
      /^missing-key: PayloadContent\[1\]\.PayloadIdentifier/,
    ],
    [
      'a payload without UUID',
      withPayload({ PayloadUUID: undefined }),
      /^missing-key: PayloadContent\[1\]\.PayloadUUID/,
    ],
    [
      'a payload without version',
      withPayload({ PayloadVersion: undefined }),
      /^missing-key: PayloadContent\[1\]\.PayloadVersion/,
    ],
    [
      'a payload of version 0',
      withPayload({ PayloadVersion: 0 }),
      /^bad-key: PayloadContent\[1\]\.PayloadVersion is 0/,
    ],
    [
      'the same UUID twice',
      withPayload({ PayloadUUID: passcode['PayloadUUID'] }),
      /^bad-key: PayloadContent\[0\] and PayloadContent\[1\] have the same PayloadUUID/,
    ],
  ];

  it.each(rows)('%s', (_name, bytes, message) => {
    expect(refusal(bytes)).toMatch(message);
  });
});

describe('damaged files', () => {
  const files = [good, sign(good)];

  it('are read or refused, never anything else', () => {
    const damage = fc.record({
      file: fc.constantFrom(...files),
      at: fc.nat(),
      value: fc.nat(255),
      cut: fc.boolean(),
    });
    fc.assert(
      fc.property(damage, ({ file, at, value, cut }) => {
        const bytes = Buffer.from(file);
        bytes[at % bytes.length] = value;
        expect(refusal(cut ? bytes.subarray(0, at % bytes.length) : bytes)).toBeTypeOf('string');
      }),
      { numRuns: 300 },
    );
  });
});
