import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signDetached } from '../../simulator/cms-sign.js';
import { createAuthority, issue } from '../../simulator/pki.js';
import { readConfigurationProfile } from '../../src/apple/mobileconfig/index.js';
import { profile, top, wifi } from './profiles.js';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const signer = issue(createAuthority('CA', { keyType: 'ec' }), { commonName: 'Ms. Braeburn', keyType: 'ec' });

/** The smallest profile, by Python's plistlib. */
const BINARY =
  'YnBsaXN0MDDVAQIDBAUGBwgJCl5QYXlsb2FkQ29udGVudF8QEVBheWxvYWRJZGVudGlmaWVyW1BheWxvYWRUeXBlW1' +
  'BheWxvYWRVVUlEXlBheWxvYWRWZXJzaW9uoFFiXUNvbmZpZ3VyYXRpb25RdRABCBMiNkJOXV5gbnAAAAAAAAABAQAA' +
  'AAAAAAALAAAAAAAAAAAAAAAAAAAAcg==';

describe('configuration profiles that are read', () => {
  it('with the least that one has', () => {
    const bytes = profile();
    expect(readConfigurationProfile(bytes)).toEqual({
      payloadIdentifier: 'org.example.profile',
      payloadUUID: 'C0FFEE00-0000-4000-8000-000000000001',
      payloadVersion: 1,
      removalDisallowed: false,
      payloadTypes: ['com.apple.wifi.managed', 'com.apple.mobiledevice.passwordpolicy'],
      encrypted: false,
      signed: false,
      size: bytes.length,
      sha256: sha256(bytes),
    });
  });

  it('with all that is shown', () => {
    const bytes = profile({
      PayloadDisplayName: 'Wi-Fi & code',
      PayloadDescription: '',
      PayloadOrganization: 'Orchard',
      PayloadScope: 'System',
      PayloadRemovalDisallowed: true,
    });
    expect(readConfigurationProfile(bytes)).toMatchObject({
      displayName: 'Wi-Fi & code',
      description: '',
      organization: 'Orchard',
      scope: 'System',
      removalDisallowed: true,
    });
  });

  it('signed, with the name of who signed', () => {
    const content = profile();
    const bytes = signDetached(content, { ...signer, attached: true });
    expect(readConfigurationProfile(bytes)).toEqual({
      ...readConfigurationProfile(content),
      signed: true,
      signerName: 'Ms. Braeburn',
      size: bytes.length,
      sha256: sha256(bytes),
    });
  });

  it('in binary, signed and not', () => {
    const bytes = Buffer.from(BINARY, 'base64');
    for (const file of [bytes, signDetached(bytes, { ...signer, attached: true })]) {
      expect(readConfigurationProfile(file)).toMatchObject({ payloadIdentifier: 'b', payloadUUID: 'u' });
    }
  });

  it('encrypted', () => {
    const bytes = profile({
      PayloadContent: undefined,
      IsEncrypted: true,
      EncryptedPayloadContent: Buffer.from('…'),
    });
    expect(readConfigurationProfile(bytes)).toMatchObject({ encrypted: true, payloadTypes: [] });
  });

  it('without payloads', () => {
    expect(readConfigurationProfile(profile({ PayloadContent: [] })).payloadTypes).toEqual([]);
  });

  it('said not to be encrypted, for the user, with the same type twice', () => {
    const second = { ...wifi, PayloadUUID: 'other', PayloadIdentifier: 'org.example.wifi.2' };
    const bytes = profile({ IsEncrypted: false, PayloadScope: 'User', PayloadContent: [wifi, second] });
    expect(readConfigurationProfile(bytes)).toMatchObject({
      scope: 'User',
      payloadTypes: ['com.apple.wifi.managed', 'com.apple.wifi.managed'],
    });
  });

  it('from the middle of other memory', () => {
    const bytes = profile(top);
    const padded = new Uint8Array(bytes.length + 9).fill(0x20);
    padded.set(bytes, 5);
    expect(readConfigurationProfile(padded.subarray(5, 5 + bytes.length)).sha256).toBe(sha256(bytes));
  });
});
