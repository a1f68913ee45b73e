import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from './node.js';

/** What an identity certificate is worth. */
export enum IdentityCertificateStatus {
  ISSUED = 'ISSUED',
  BOUND = 'BOUND',
  STAGED = 'STAGED',
  RETIRING = 'RETIRING',
  ARCHIVED = 'ARCHIVED',
  REVOKED = 'REVOKED',
  EXPIRED = 'EXPIRED',
}
registerEnumType(IdentityCertificateStatus, {
  name: 'IdentityCertificateStatus',
  description: 'What an identity certificate is worth.',
  valuesConfig: {
    ISSUED: { description: 'It was issued to enrol a device, and none has shown it yet.' },
    BOUND: { description: 'It speaks for its device.' },
    STAGED: {
      description:
        'It was issued to renew the one that speaks for its device, and is good beside it; the device has not announced it yet.',
    },
    RETIRING: { description: 'A newer one speaks for its device. It is still good, for an hour at least.' },
    ARCHIVED: { description: 'It is good no more: a newer one took its place, or its device enrolled anew.' },
    REVOKED: { description: 'It was revoked: it is good no more, and cannot be renewed.' },
    EXPIRED: {
      description:
        'It has ended. For a time it is still good for its own renewal (IDENTITY_RENEWAL_GRACE_DAYS), and nothing else.',
    },
  },
});

const DAY_MS = 24 * 60 * 60_000;

/** What of a certificate is kept, and where it stands. */
export type IdentityCertificateFacts = Pick<
  IdentityCertificate,
  | 'sha256'
  | 'serial'
  | 'subject'
  | 'status'
  | 'notBefore'
  | 'notAfter'
  | 'issuedAt'
  | 'revokedAt'
  | 'der'
  | 'deviceUuid'
  | 'enrollmentProfileUuid'
  | 'renewalOfSha256'
>;

/** A certificate of a device as people see it: what was issued, and what became of it. */
@ObjectType({ implements: Node, description: 'An identity certificate that this server issued to a device.' })
export class IdentityCertificate extends Node {
  readonly uuid: string;

  @Field(() => String, { description: 'SHA-256 of its DER, hexadecimal.' })
  readonly sha256: string;

  @Field(() => String, { description: 'Its serial number, hexadecimal.' })
  readonly serial: string;

  @Field(() => String, { description: 'Its subject.' })
  readonly subject: string;

  @Field(() => IdentityCertificateStatus, { description: 'What it is worth now.' })
  readonly status: IdentityCertificateStatus;

  @Field(() => Date, { description: 'When it begins to be valid.' })
  readonly notBefore: Date;

  @Field(() => Date, { description: 'When it ends.' })
  readonly notAfter: Date;

  @Field(() => Int, { description: 'Whole days until it ends; below zero once it has.' })
  readonly daysLeft: number;

  @Field(() => Date, { description: 'When it was issued.' })
  readonly issuedAt: Date;

  @Field(() => Date, { nullable: true, description: 'When it was revoked; null when it was not.' })
  readonly revokedAt: Date | null;

  readonly der: Buffer;
  readonly deviceUuid: string | null;
  readonly enrollmentProfileUuid: string | null;
  readonly renewalOfSha256: string | null;

  constructor(facts: IdentityCertificateFacts, now: number) {
    super();
    Object.assign(this, facts);
    this.uuid = certificateUuid(facts.sha256);
    this.daysLeft = Math.floor((facts.notAfter.getTime() - now) / DAY_MS);
  }
}

/** The id of a certificate: the first 128 bits of its hash, written as all ids are. */
export function certificateUuid(sha256: string): string {
  return sha256.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
