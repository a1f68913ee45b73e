import { describe, expect, it } from 'vitest';
import { EnrollmentStatus } from '../../src/entities/enums.js';
import type { Grant, Link } from '../../src/services/enrolment/grant-rules.js';
import {
  judgeAuthenticate,
  RETIRING_MS,
  type AuthenticateFacts,
} from '../../src/services/enrolment/identity-rules.js';

const NOW = 1_000;
const { AUTHENTICATED, ENROLLED, UNENROLLED } = EnrollmentStatus;

const device = (status: EnrollmentStatus, rest: object = {}): AuthenticateFacts['device'] => ({
  uuid: 'd',
  status,
  reenrollmentAllowedUntil: null,
  renewalUntil: null,
  enrolledAt: status === ENROLLED ? NOW - 500 : null,
  serialNumber: 'C02RECORD',
  ...rest,
});
const bound = (
  status: 'ACTIVE' | 'STAGED' | 'RETIRING' | 'ARCHIVED',
  deviceUuid = 'd',
): AuthenticateFacts['identity'] => ({ deviceUuid, status });

const claim = { udid: 'U1', serialNumber: 'C02RECORD' };

const shown = (facts: AuthenticateFacts): string => {
  const verdict = judgeAuthenticate(facts);
  return verdict.kind === 'REFUSED' ? `REFUSED ${verdict.alert}` : verdict.kind;
};

describe('Authenticate', () => {
  it.each<[string, AuthenticateFacts['device'], AuthenticateFacts['identity'], string]>([
    ['a device never seen', undefined, undefined, 'FRESH'],
    [
      'a device never seen, with the certificate of another',
      undefined,
      bound('ACTIVE', 'other'),
      'REFUSED IDENTITY_REFUSED',
    ],
    [
      'a known device with the certificate of another',
      device(ENROLLED),
      bound('ACTIVE', 'other'),
      'REFUSED IDENTITY_REFUSED',
    ],
    ['a retry before TokenUpdate', device(AUTHENTICATED), bound('ACTIVE'), 'REPEAT'],
    ['a new attempt with another certificate before TokenUpdate', device(AUTHENTICATED), undefined, 'FRESH'],
    [
      'an enrolled device that starts anew with its own certificate',
      device(ENROLLED),
      bound('ACTIVE'),
      'FRESH',
    ],
    ['a fresh certificate for an enrolled device', device(ENROLLED), undefined, 'REFUSED TAKEOVER_REFUSED'],
    [
      'the same, allowed by an operator',
      device(ENROLLED, { reenrollmentAllowedUntil: NOW + 1 }),
      undefined,
      'FRESH',
    ],
    [
      'the same, after the permission ran out',
      device(ENROLLED, { reenrollmentAllowedUntil: NOW }),
      undefined,
      'REFUSED TAKEOVER_REFUSED',
    ],
    [
      'a fresh certificate during a renewal',
      device(ENROLLED, { renewalUntil: NOW + RETIRING_MS + 1 }),
      undefined,
      'RENEWAL',
    ],
    [
      'a fresh certificate after the renewal was proven, while the former one retires',
      device(ENROLLED, { renewalUntil: NOW + RETIRING_MS }),
      undefined,
      'REFUSED TAKEOVER_REFUSED',
    ],
    ['the same once more', device(ENROLLED, { renewalUntil: NOW + 1 }), bound('STAGED'), 'RENEWAL'],
    [
      'the old certificate during a renewal',
      device(ENROLLED, { renewalUntil: NOW + 1 }),
      bound('ACTIVE'),
      'RENEWAL',
    ],
    [
      'a fresh certificate after the renewal ran out',
      device(ENROLLED, { renewalUntil: NOW }),
      undefined,
      'REFUSED TAKEOVER_REFUSED',
    ],
    ['a device that left, with a new certificate', device(UNENROLLED), undefined, 'FRESH'],
    ['a device that left, with its own', device(UNENROLLED), bound('ACTIVE'), 'FRESH'],
    ['an archived certificate', device(ENROLLED), bound('ARCHIVED'), 'REFUSED IDENTITY_REFUSED'],
    [
      'an archived certificate of a device that left',
      device(UNENROLLED),
      bound('ARCHIVED'),
      'REFUSED IDENTITY_REFUSED',
    ],
  ])('%s', (_case, known, identity, expected) => {
    expect(shown({ device: known, identity, own: undefined, claim, now: NOW })).toBe(expected);
  });
});

const DAY = 24 * 60 * 60_000;
const link = (rest: Partial<Link> = {}): Link => ({
  uuid: 'l',
  revoked: false,
  madeAt: NOW - 100,
  usesLeft: null,
  allowedSerialNumbers: [],
  assignedAtApple: false,
  allowsReenrollment: false,
  asksToSignIn: false,
  ...rest,
});
const granted = (by: Partial<Link> | null, rest: Partial<Grant> = {}): AuthenticateFacts['own'] => ({
  kind: 'GRANTED',
  grant: {
    issuedAt: NOW - 10,
    account: null,
    signedInAs: null,
    expectedSerialNumber: null,
    expectedUdid: null,
    link: by === null ? null : link(by),
    ...rest,
  },
});
const BOUND = { kind: 'BOUND', expectedSerialNumber: null } as const;
const named = { allowedSerialNumbers: ['C02OTHER', 'C02RECORD'] };
const renewing = device(ENROLLED, { renewalUntil: NOW + 1 });

describe('Authenticate with a certificate of our own', () => {
  it.each<[string, AuthenticateFacts['device'], AuthenticateFacts['own'], string]>([
    ['a device never seen, by a link for anyone', undefined, granted({}), 'FRESH'],
    ['by a link that names it', undefined, granted(named), 'FRESH'],
    ['by no link', undefined, granted(null), 'FRESH'],
    [
      'by a link that names others',
      undefined,
      granted({ allowedSerialNumbers: ['X'] }),
      'REFUSED ENROLLMENT_REFUSED',
    ],
    [
      'by a link that names others, to which Apple led it',
      undefined,
      granted({ allowedSerialNumbers: ['X'], assignedAtApple: true }),
      'FRESH',
    ],
    [
      'an enrolled device that Apple led to a link which names others',
      device(ENROLLED),
      granted({ allowedSerialNumbers: ['X'], assignedAtApple: true }),
      'REFUSED TAKEOVER_REFUSED',
    ],
    ['by a link that was revoked since', undefined, granted({ revoked: true }), 'REFUSED ENROLLMENT_REFUSED'],
    ['by a link that was used up since', undefined, granted({ usesLeft: 0 }), 'REFUSED ENROLLMENT_REFUSED'],
    ['by a link that is good for one more', undefined, granted({ usesLeft: 1 }), 'FRESH'],
    [
      'by a link that was replaced since',
      undefined,
      granted({ madeAt: NOW - 9 }),
      'REFUSED ENROLLMENT_REFUSED',
    ],
    ['issued for its UDID', undefined, granted(null, { expectedUdid: 'U1' }), 'FRESH'],
    [
      'issued for another UDID',
      undefined,
      granted(null, { expectedUdid: 'u1' }),
      'REFUSED ENROLLMENT_REFUSED',
    ],
    [
      'issued for its serial number',
      undefined,
      granted(null, { expectedSerialNumber: 'C02RECORD' }),
      'FRESH',
    ],
    [
      'issued for another one',
      undefined,
      granted(null, { expectedSerialNumber: 'X' }),
      'REFUSED ENROLLMENT_REFUSED',
    ],
    ['a day after it was issued', undefined, granted(null, { issuedAt: NOW - DAY }), 'FRESH'],
    ['later than that', undefined, granted(null, { issuedAt: NOW - DAY - 1 }), 'REFUSED ENROLLMENT_REFUSED'],
    ['an enrolled device, by a link for anyone', device(ENROLLED), granted({}), 'REFUSED TAKEOVER_REFUSED'],
    ['an enrolled device, by a new link that names it', device(ENROLLED), granted(named), 'FRESH'],
    [
      'an enrolled device, by a link that named it before it enrolled',
      device(ENROLLED),
      granted({ ...named, madeAt: NOW - 500 }),
      'REFUSED TAKEOVER_REFUSED',
    ],
    [
      'an enrolled device that calls itself by the number of another',
      device(ENROLLED, { serialNumber: 'C02MINE' }),
      granted(named),
      'REFUSED TAKEOVER_REFUSED',
    ],
    [
      'an enrolled device that an operator lets enrol again',
      device(ENROLLED, { reenrollmentAllowedUntil: NOW + 1 }),
      granted({}),
      'FRESH',
    ],
    ['a renewal, by a link for anyone', renewing, granted({}), 'REFUSED TAKEOVER_REFUSED'],
    ['a renewal, by a new link that names it', renewing, granted(named), 'FRESH'],
    [
      'a renewal, issued for its UDID and not to renew',
      renewing,
      granted(null, { expectedUdid: 'U1' }),
      'REFUSED TAKEOVER_REFUSED',
    ],
    [
      'an enrolled device that is named, by a certificate issued for another that is named',
      device(ENROLLED, { serialNumber: 'C02OTHER' }),
      granted(named, { expectedSerialNumber: 'C02RECORD' }),
      'REFUSED TAKEOVER_REFUSED',
    ],
    [
      'by a link whose people have to sign in by now',
      undefined,
      granted({ asksToSignIn: true }),
      'REFUSED ENROLLMENT_REFUSED',
    ],
    ['a device that left, by a link for anyone', device(UNENROLLED), granted({}), 'FRESH'],
  ])('%s', (_case, known, own, expected) => {
    expect(shown({ device: known, identity: undefined, own, claim, now: NOW })).toBe(expected);
  });

  it('one that was issued to renew, or was renewed, is no new life', () => {
    for (const status of ['STAGED', 'RETIRING'] as const) {
      const facts = { device: device(ENROLLED), identity: bound(status), own: BOUND };
      expect(shown({ ...facts, claim, now: NOW })).toBe('RENEWAL');
    }
  });

  it.each([
    [AUTHENTICATED, 'REPEAT'],
    [ENROLLED, 'FRESH'],
    [UNENROLLED, 'REFUSED ENROLLMENT_REFUSED'],
  ])('the one it is bound to, while %s', (status, expected) => {
    const facts = { device: device(status), identity: bound('ACTIVE'), own: BOUND };
    expect(shown({ ...facts, claim, now: NOW })).toBe(expected);
  });

  it('one that is bound to it, by the serial number that it was issued for alone', () => {
    const facts = { device: device(AUTHENTICATED), identity: bound('ACTIVE'), now: NOW };
    const own = (expectedSerialNumber: string) => ({ ...BOUND, expectedSerialNumber });
    expect(shown({ ...facts, own: own('C02RECORD'), claim })).toBe('REPEAT');
    expect(shown({ ...facts, own: own('C02OTHER'), claim })).toBe('REFUSED IDENTITY_REFUSED');
  });

  it('that of another device, or one without a serial number where numbers are asked for', () => {
    const nobody = { udid: undefined, serialNumber: undefined };
    const other = {
      device: device(ENROLLED),
      identity: bound('ACTIVE', 'other'),
      own: BOUND,
    };
    expect(shown({ ...other, claim, now: NOW })).toBe('REFUSED IDENTITY_REFUSED');
    const unnamed = { device: undefined, identity: undefined, own: granted(named), claim: nobody, now: NOW };
    expect(shown(unnamed)).toBe('REFUSED ENROLLMENT_REFUSED');
  });
});
