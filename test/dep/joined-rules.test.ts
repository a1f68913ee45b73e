import { describe, expect, it } from 'vitest';
import { EnrollmentStatus } from '../../src/entities/enums.js';
import {
  backingOf,
  judgeAnnounced,
  type AnnouncedFacts,
  type SerialBacking,
} from '../../src/services/enrolment/announced-rules.js';
import type { Grant } from '../../src/services/enrolment/grant-rules.js';

const { AUTHENTICATED, ENROLLED, EXPECTED, UNENROLLED } = EnrollmentStatus;

const link = (allowedSerialNumbers: readonly string[]): Grant['link'] => ({
  uuid: 'l',
  revoked: false,
  madeAt: 0,
  usesLeft: null,
  allowedSerialNumbers,
  assignedAtApple: false,
  allowsReenrollment: false,
  asksToSignIn: false,
});
const grant = (rest: Partial<Grant>): Grant => ({
  issuedAt: 0,
  account: null,
  signedInAs: null,
  expectedSerialNumber: null,
  expectedUdid: null,
  link: link([]),
  ...rest,
});

describe('what stands behind a serial number', () => {
  it.each<[string, Grant | undefined, string | undefined, SerialBacking]>([
    ['a certificate of another authority', undefined, 'S1', 'NONE'],
    ['a link for anyone', grant({}), 'S1', 'NONE'],
    ['no link', grant({ link: null }), 'S1', 'NONE'],
    ['a link that names it among others', grant({ link: link(['S0', 'S1']) }), 'S1', 'LINK'],
    ['a link that names others', grant({ link: link(['S0']) }), 'S1', 'NONE'],
    ['a certificate issued for it', grant({ expectedSerialNumber: 'S1' }), 'S1', 'LINK'],
    ['a certificate issued for another', grant({ expectedSerialNumber: 'S0' }), 'S1', 'NONE'],
    [
      'both its numbers, which it signed',
      grant({ expectedSerialNumber: 'S1', expectedUdid: 'U1' }),
      'S1',
      'SIGNED',
    ],
    ['a UDID alone', grant({ expectedUdid: 'U1' }), 'S1', 'NONE'],
    [
      'nothing, when the device tells none',
      grant({ expectedSerialNumber: 'S1', link: link(['S1']) }),
      undefined,
      'NONE',
    ],
  ])('%s', (_case, given, serialNumber, expected) => {
    expect(backingOf(given, serialNumber)).toBe(expected);
  });
});

describe('which row a device that Apple announced has', () => {
  const holder = (status: EnrollmentStatus, udid: string | null = 'U0'): AnnouncedFacts['holder'] => ({
    uuid: 'holder',
    udid: status === EXPECTED ? null : udid,
    status,
  });
  it.each<[SerialBacking, string | undefined, EnrollmentStatus, string]>([
    ['NONE', undefined, EXPECTED, 'LEAVE'],
    ['LINK', undefined, EXPECTED, 'ADOPT'],
    ['SIGNED', undefined, EXPECTED, 'ADOPT'],
    ['NONE', 'own', EXPECTED, 'LEAVE'],
    ['LINK', 'own', EXPECTED, 'TAKE'],
    ['SIGNED', 'own', EXPECTED, 'TAKE'],
    ['NONE', undefined, UNENROLLED, 'LEAVE'],
    ['LINK', undefined, UNENROLLED, 'TAKE'],
    ['SIGNED', 'own', UNENROLLED, 'TAKE'],
    ['LINK', undefined, AUTHENTICATED, 'TAKE'],
    ['NONE', undefined, ENROLLED, 'LEAVE'],
    ['LINK', undefined, ENROLLED, 'LEAVE'],
    ['LINK', 'own', ENROLLED, 'LEAVE'],
    ['SIGNED', undefined, ENROLLED, 'TAKE'],
    ['SIGNED', 'own', ENROLLED, 'TAKE'],
    ['SIGNED', 'holder', ENROLLED, 'LEAVE'],
    ['SIGNED', 'holder', UNENROLLED, 'LEAVE'],
  ])(
    'a claim backed by %s, its own row %s, the record with one that is %s: %s',
    (backing, knownUuid, status, expected) => {
      expect(judgeAnnounced({ backing, knownUuid, holder: holder(status) })).toBe(expected);
    },
  );

  it('a row that had a UDID once is nobody else’s, whatever its status says', () => {
    const was = { uuid: 'holder', udid: 'U0', status: EXPECTED };
    expect(judgeAnnounced({ backing: 'SIGNED', knownUuid: undefined, holder: was })).toBe('TAKE');
  });
});
