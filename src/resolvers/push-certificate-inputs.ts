import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { PushCertificate } from '../entities/push-certificate.js';
import { refusals } from './mutation.js';
import type { UserErrorEntry } from './plumbing/user-errors.js';

export const REQUEST = refusals('PushCertificateRequest', ['INVALID', 'FEATURE_NOT_AVAILABLE']);
export const DECRYPT = refusals('PushCertificateDecrypt', ['INVALID', 'NOT_FOUND']);
export const UPLOAD = refusals('PushCertificateUpload', ['INVALID', 'CONFLICT', 'FEATURE_NOT_AVAILABLE']);
export const DISCARD = refusals('PushCertificateRequestDiscard', ['NOT_FOUND', 'CONFLICT']);

@InputType({ description: 'Whose push certificate is asked for. Apple puts a subject of its own into it.' })
export class PushCertificateRequestInput {
  @Field(() => String, { description: 'Who it is for, 1 to 64 characters: the organisation, for example.' })
  commonName: string;

  @Field(() => String, {
    description: 'An email address; for mdmcert.download, the one that is registered there.',
  })
  email: string;

  @Field(() => String, { nullable: true, description: 'The country, two letters such as DE.' })
  country?: string | null;
}

@ObjectType({ description: 'What pushCertificateRequest did.' })
export class PushCertificateRequestPayload {
  @Field(() => PushCertificate, {
    nullable: true,
    description:
      'The open request. Its `appleRequest`, or the answer of mdmcert.download to its `mdmcertRequest`, goes to ' +
      'identity.apple.com/pushcert; the certificate that Apple makes comes back by `pushCertificateUpload`.',
  })
  pushCertificate?: PushCertificate;

  @Field(() => [REQUEST.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'An answer of mdmcert.download.' })
export class PushCertificateDecryptInput {
  @Field(() => String, {
    description: 'The content of the .p7 file that came by mail: hexadecimal digits.',
  })
  answer: string;
}

@ObjectType({ description: 'What pushCertificateDecrypt found.' })
export class PushCertificateDecryptPayload {
  @Field(() => PushCertificate, { nullable: true, description: 'The open request it answers.' })
  pushCertificate?: PushCertificate;

  @Field(() => String, {
    nullable: true,
    description: 'What identity.apple.com/pushcert takes: save it as a file, just as it is.',
  })
  appleRequest?: string;

  @Field(() => [DECRYPT.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'A push certificate from Apple.' })
export class PushCertificateUploadInput {
  @Field(() => String, {
    description: "Apple's .pem as it is (the key may be in it), or base64 of a .p12 or .cer file.",
  })
  certificate: string;

  @Field(() => String, {
    nullable: true,
    description: 'What the .p12, or the private key, is encrypted with.',
  })
  passphrase?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Its private key, PEM, when the certificate was not requested here and is no .p12. Kept sealed, and never shown.',
  })
  privateKey?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Take it although enrolled devices listen to another topic: they can then not be woken until they are enrolled anew.',
  })
  force?: boolean | null;
}

@ObjectType({ description: 'What pushCertificateUpload did.' })
export class PushCertificateUploadPayload {
  @Field(() => PushCertificate, {
    nullable: true,
    description: 'The push certificate, which devices are woken with from now on.',
  })
  pushCertificate?: PushCertificate;

  @Field(() => [UPLOAD.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'An open request to give up.' })
export class PushCertificateRequestDiscardInput {
  @Field(() => ID, { description: 'The request.' })
  id: string;
}

@ObjectType({ description: 'What pushCertificateRequestDiscard did.' })
export class PushCertificateRequestDiscardPayload {
  @Field(() => PushCertificate, {
    nullable: true,
    description: 'The request that was given up. Its key is deleted.',
  })
  pushCertificate?: PushCertificate;

  @Field(() => [DISCARD.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}
