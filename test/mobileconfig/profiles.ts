import { buildPlist, type PlistInput } from '../../src/apple/plist/index.js';

type Keys = Record<string, PlistInput | undefined>;

export const wifi: Keys = {
  PayloadType: 'com.apple.wifi.managed',
  PayloadIdentifier: 'org.example.wifi',
  PayloadUUID: 'A7D2F5B0-2D3C-4C5E-8E2B-6B5B0D0F7A11',
  PayloadVersion: 1,
  SSID_STR: 'Orchard',
};

export const passcode: Keys = {
  PayloadType: 'com.apple.mobiledevice.passwordpolicy',
  PayloadIdentifier: 'org.example.passcode',
  PayloadUUID: '1E7C1C0C-4B2F-4B67-A0E2-0B1B9C8E7D22',
  PayloadVersion: 1,
  minLength: 8,
};

export const top: Keys = {
  PayloadType: 'Configuration',
  PayloadIdentifier: 'org.example.profile',
  PayloadUUID: 'C0FFEE00-0000-4000-8000-000000000001',
  PayloadVersion: 1,
  PayloadContent: [wifi, passcode],
};

/** A profile with some keys other than usual; `undefined` leaves one out. */
export const profile = (keys: Keys = {}): Buffer => buildPlist({ ...top, ...keys });

/** A profile with one payload, with some keys other than usual. */
export const withPayload = (keys: Keys): Buffer =>
  profile({ PayloadContent: [passcode, { ...wifi, ...keys }] });
