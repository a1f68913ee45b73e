import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isDict, parsePlist, type PlistDict } from '../../src/apple/plist/index.js';

const directory = new URL('../../simulator/profiles/', import.meta.url);
const files = readdirSync(directory).filter((name) => name.endsWith('.mobileconfig'));

function readProfile(name: string): PlistDict {
  const plist = parsePlist(readFileSync(new URL(name, directory)));
  if (!isDict(plist)) throw new Error(`${name} is not a dictionary`);
  return plist;
}

function payloadsOf(profile: PlistDict): PlistDict[] {
  const content = profile['PayloadContent'];
  return Array.isArray(content) ? content.filter(isDict) : [];
}

describe('the sample profiles', () => {
  it.each(files)('%s has what every profile and payload must have', (name) => {
    const profile = readProfile(name);
    expect(profile['PayloadType']).toBe('Configuration');
    expect(profile['PayloadIdentifier']).toMatch(/^org\.example\.pomona\.[a-z]+$/);
    expect(profile['PayloadDisplayName']).toEqual(expect.any(String));
    expect(payloadsOf(profile).length).toBeGreaterThan(0);
    for (const payload of [profile, ...payloadsOf(profile)]) {
      expect(payload).toMatchObject({ PayloadVersion: 1, PayloadType: expect.any(String) });
      expect(payload['PayloadIdentifier']).toEqual(expect.stringContaining('org.example.pomona.'));
      expect(payload['PayloadUUID']).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
    }
  });

  it('can all be installed beside each other', () => {
    expect(files).toHaveLength(6);
    const all = files.map(readProfile).flatMap((profile) => [profile, ...payloadsOf(profile)]);
    for (const key of ['PayloadIdentifier', 'PayloadUUID']) {
      expect(new Set(all.map((payload) => payload[key])).size).toBe(all.length);
    }
  });
});
