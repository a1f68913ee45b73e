import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { Entity, Index } from 'typeorm';
import { BlobColumn, InstantColumn, IntColumn, LongTextColumn, TextColumn, UuidKey } from './columns.js';
import { Node } from './node.js';

/** What became of a request for a push certificate, or of an uploaded one. */
export enum PushCertificateStatus {
  REQUESTED = 'REQUESTED',
  ACTIVE = 'ACTIVE',
  REPLACED = 'REPLACED',
  DISCARDED = 'DISCARDED',
}
registerEnumType(PushCertificateStatus, {
  name: 'PushCertificateStatus',
  description: 'What became of a request for a push certificate, or of an uploaded one.',
  valuesConfig: {
    REQUESTED: { description: "The server has a key and a signing request; Apple's certificate is awaited." },
    ACTIVE: { description: 'The uploaded certificate that counts. At most one does.' },
    REPLACED: { description: 'Another was uploaded after it.' },
    DISCARDED: { description: 'The request was given up, and its key deleted.' },
  },
});

/** A push certificate, from its request on. */
@ObjectType({
  implements: Node,
  description: 'A push certificate that was requested here, or uploaded. Its private key is never shown.',
})
@Entity('push_certificates')
export class PushCertificate extends Node {
  @Field(() => GraphQLUUID, { description: "The server's own id of the push certificate." })
  @UuidKey()
  uuid: string;

  @Field(() => PushCertificateStatus, { description: 'What became of it.' })
  @TextColumn('status', 16)
  status: PushCertificateStatus;

  /** 1 for the active one, null for all others: a unique index lets no second one in. */
  @Index('IDX_push_certificates_active', { unique: true })
  @IntColumn('active_slot', { nullable: true })
  activeSlot: 1 | null;

  @Field(() => String, { nullable: true, description: 'The common name it was requested for.' })
  @TextColumn('common_name', 64, { nullable: true })
  commonName: string | null;

  @Field(() => String, { nullable: true, description: 'The email address it was requested for.' })
  @TextColumn('email', 255, { nullable: true })
  email: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The signing request, PEM; null for a certificate that came with its key.',
  })
  @LongTextColumn('csr', { nullable: true })
  csrPem: string | null;

  /** PEM: what mdmcert.download encrypts its answer to. */
  @LongTextColumn('exchange_certificate', { nullable: true })
  exchangeCertificate: string | null;

  /** SHA-256 of the SubjectPublicKeyInfo, hexadecimal: by it a certificate finds its request. */
  @Index('IDX_push_certificates_public_key')
  @TextColumn('public_key_sha256', 64)
  publicKeySha256: string;

  /** PKCS#8 DER, sealed, bound to table, column and row. Null once discarded. Read by those who open it alone. */
  @BlobColumn('sealed_key', { nullable: true, select: false })
  sealedKey: Buffer | null;

  @Field(() => String, {
    nullable: true,
    description: 'The certificate with the intermediates it came with, PEM; null while it is requested.',
  })
  @LongTextColumn('certificate', { nullable: true })
  certificatePem: string | null;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the certificate, hexadecimal.' })
  @TextColumn('sha256', 64, { nullable: true })
  sha256: string | null;

  @Field(() => String, { nullable: true, description: 'Subject of the certificate.' })
  @TextColumn('subject', 1024, { nullable: true })
  subject: string | null;

  @Field(() => String, { nullable: true, description: 'Serial number of the certificate, hexadecimal.' })
  @TextColumn('serial', 64, { nullable: true })
  serialNumber: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its push topic, com.apple.mgmt.…; devices listen to the one they enrolled with.',
  })
  @TextColumn('topic', 255, { nullable: true })
  topic: string | null;

  @Field(() => Date, { nullable: true, description: 'From when it is valid.' })
  @InstantColumn('not_before', { nullable: true })
  notBefore: Date | null;

  @Field(() => Date, { nullable: true, description: 'Until when it is valid.' })
  @InstantColumn('not_after', { nullable: true })
  notAfter: Date | null;

  @Field(() => Date, { description: 'When it was requested, or uploaded if it was not requested here.' })
  @InstantColumn('created_at')
  createdAt: Date;

  @Field(() => Date, { nullable: true, description: 'When the certificate was uploaded.' })
  @InstantColumn('uploaded_at', { nullable: true })
  uploadedAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was replaced, or discarded.' })
  @InstantColumn('ended_at', { nullable: true })
  endedAt: Date | null;
}
