import { describe, expect, it } from 'vitest';
import { EnrollmentStatus } from '../../src/entities/enums.js';
import { judgeAuthenticate, type AuthenticateFacts } from '../../src/services/enrolment/identity-rules.js';

const NOW = 1_000;
const { AUTHENTICATED, ENROLLED, UNENROLLED } = EnrollmentStatus;

const device = (status: EnrollmentStatus, rest: object = {}): AuthenticateFacts['device'] => ({
  uuid: 'd',
  status,
  reenrollmentAllowedUntil: null,
  renewalUntil: null,
  ...rest,
});
const bound = (
  status: 'ACTIVE' | 'STAGED' | 'RETIRING' | 'ARCHIVED',
  deviceUuid = 'd',
): AuthenticateFacts['identity'] => ({ deviceUuid, status });

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
      device(ENROLLED, { renewalUntil: NOW + 1 }),
      undefined,
      'RENEWAL',
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
    const verdict = judgeAuthenticate({ device: known, identity, now: NOW });
    expect(verdict.kind === 'REFUSED' ? `REFUSED ${verdict.alert}` : verdict.kind).toBe(expected);
  });
});
