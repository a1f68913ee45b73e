import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { IdentityCertificate, IdentityCertificateStatus } from '../entities/identity-certificate.js';
import type { IdentityCertificateFilter } from '../services/authority/index.js';
import { DeviceResult } from './bulk.js';
import { uuidIn } from './input.js';
import { refusals } from './mutation.js';
import { ConnectionArgs } from './plumbing/connection.js';
import type { UserErrorEntry } from './plumbing/user-errors.js';

export const REVOKE = refusals('IdentityCertificateRevoke', ['NOT_FOUND']);
export const RENEW = refusals('DeviceRenewIdentity', ['NOT_FOUND', 'NOT_ENROLLED', 'FEATURE_NOT_AVAILABLE']);

@InputType({ description: 'Names one identity certificate. Give exactly one member.' })
export class IdentityCertificateBy {
  @Field(() => ID, { nullable: true, description: 'Its global id.' })
  id?: string | null;

  @Field(() => GraphQLUUID, { nullable: true, description: "The server's own id of it." })
  uuid?: string | null;

  @Field(() => String, { nullable: true, description: 'SHA-256 of its DER, hexadecimal.' })
  sha256?: string | null;
}

@InputType('IdentityCertificateFilter', {
  description: 'Narrows identity certificates. Every member that is given has to fit.',
})
export class IdentityCertificateFilterInput {
  @Field(() => [IdentityCertificateStatus], { nullable: true, description: 'Worth one of these.' })
  statuses?: IdentityCertificateStatus[] | null;

  @Field(() => ID, { nullable: true, description: 'Bound to this device, now or once.' })
  deviceId?: string | null;

  @Field(() => Date, { nullable: true, description: 'Ending before then.' })
  expiresBefore?: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'With a serial number or a SHA-256 that begins so; colons, white space and case make no difference.',
  })
  search?: string | null;
}

@ArgsType()
export class IdentityCertificatesArgs extends ConnectionArgs {
  @Field(() => IdentityCertificateFilterInput, {
    nullable: true,
    description: 'Which of them. All, when left out.',
  })
  filter?: IdentityCertificateFilterInput | null;
}

/** The filter as the service understands it. @throws PomonaError BAD_USER_INPUT for an id that is none. */
export function certificateFilterOf(
  filter: IdentityCertificateFilterInput | null | undefined,
): IdentityCertificateFilter {
  const { statuses, deviceId, expiresBefore, search } = filter ?? {};
  return {
    statuses: statuses ?? undefined,
    deviceUuid: deviceId == null ? undefined : uuidIn(deviceId, 'Device', ['filter', 'deviceId']),
    expiresBefore: expiresBefore ?? undefined,
    search: search ?? undefined,
  };
}

@InputType({ description: 'An identity certificate to revoke. Give exactly one member.' })
export class IdentityCertificateRevokeInput {
  @Field(() => ID, { nullable: true, description: 'Its global id.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'SHA-256 of its DER, hexadecimal.' })
  sha256?: string | null;
}

@ObjectType({ description: 'What identityCertificateRevoke did.' })
export class IdentityCertificateRevokePayload {
  @Field(() => [IdentityCertificate], {
    nullable: true,
    description:
      'What was revoked: the certificate and all that were issued in its place since. Without those that were revoked before, ' +
      'so empty when it is done again. Null when it was refused.',
  })
  revoked?: IdentityCertificate[];

  @Field(() => [REVOKE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'The devices whose identities are to be renewed now.' })
export class DeviceRenewIdentityInput {
  @Field(() => [ID], { description: 'The devices, 10,000 at most.' })
  deviceIds: string[];
}

@ObjectType({ description: 'What deviceRenewIdentity did for one device.' })
export class DeviceRenewIdentityResult extends DeviceResult {
  commandUuid: string | null;

  @Field(() => RENEW.type, { nullable: true, description: 'Why nothing was sent; null when it was.' })
  error: UserErrorEntry | null;
}

@ObjectType({ description: 'What deviceRenewIdentity did.' })
export class DeviceRenewIdentityPayload {
  @Field(() => [DeviceRenewIdentityResult], {
    nullable: true,
    description: 'For each device, in the order given; null when all was refused.',
  })
  results?: DeviceRenewIdentityResult[];

  @Field(() => [RENEW.type], { description: 'What was refused; empty when nothing was.' })
  userErrors: readonly UserErrorEntry[];
}
