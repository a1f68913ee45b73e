import { X509Certificate } from 'node:crypto';
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Device } from '../entities/device.js';
import { EnrollmentProfile } from '../entities/enrollment-profile.js';
import { certificateUuid, IdentityCertificate } from '../entities/identity-certificate.js';
import { IdentityCertificateConnection } from './connections.js';
import type { GraphqlContext } from './context.js';
import {
  certificateFilterOf,
  IdentityCertificateBy,
  IdentityCertificatesArgs,
} from './identity-certificate-inputs.js';
import { onlyOne, uuidIn } from './input.js';
import { ConnectionArgs, type Connection } from './plumbing/connection.js';
import { pageRequest, toConnection } from './plumbing/page.js';
import { Requires } from './requires.js';

const LIST = 'identityCertificates';
const OF_DEVICE = 'device.identityCertificates';

@Resolver(() => IdentityCertificate)
export class IdentityCertificateResolver {
  @Requires('read')
  @Query(() => IdentityCertificate, {
    nullable: true,
    description: 'One identity certificate; null when this server issued no such one.',
  })
  async identityCertificate(
    @Arg('by', () => IdentityCertificateBy, { description: 'Which one.' }) by: IdentityCertificateBy,
    @Ctx() { services, loaders }: GraphqlContext,
  ): Promise<IdentityCertificate | null> {
    const [name, value] = onlyOne({ ...by });
    if (name === 'sha256') return services.identityCertificates.get(value.toLowerCase().replaceAll(':', ''));
    const uuid = name === 'id' ? uuidIn(value, 'IdentityCertificate', ['by', 'id']) : value.toLowerCase();
    return loaders.identityCertificate.load(uuid);
  }

  @Requires('read')
  @Query(() => IdentityCertificateConnection, {
    description: 'The identity certificates that this server issued, newest first.',
  })
  async identityCertificates(
    @Args(() => IdentityCertificatesArgs) args: IdentityCertificatesArgs,
    @Ctx() { services, cursors }: GraphqlContext,
  ): Promise<Connection<IdentityCertificate>> {
    const request = pageRequest(args, LIST, cursors);
    const page = await services.identityCertificates.list(certificateFilterOf(args.filter), request);
    return toConnection(page, args, ({ issuedAt, sha256 }) =>
      cursors.encode(LIST, [issuedAt.getTime(), sha256]),
    );
  }

  @FieldResolver(() => Device, {
    nullable: true,
    description: 'The device that it speaks for, or once did; null while no device has shown it.',
  })
  device(
    @Root() { deviceUuid }: IdentityCertificate,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<Device | null> | null {
    return deviceUuid === null ? null : loaders.device.load(deviceUuid);
  }

  @FieldResolver(() => EnrollmentProfile, {
    nullable: true,
    description: 'The enrollment profile that it came by; null when it came by none.',
  })
  enrollmentProfile(
    @Root() { enrollmentProfileUuid }: IdentityCertificate,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<EnrollmentProfile | null> | null {
    return enrollmentProfileUuid === null ? null : loaders.enrollmentProfile.load(enrollmentProfileUuid);
  }

  @FieldResolver(() => IdentityCertificate, {
    nullable: true,
    description: 'The certificate in whose place it was issued; null for that of an enrolment.',
  })
  renewalOf(
    @Root() { renewalOfSha256 }: IdentityCertificate,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<IdentityCertificate | null> | null {
    return renewalOfSha256 === null
      ? null
      : loaders.identityCertificate.load(certificateUuid(renewalOfSha256));
  }

  @FieldResolver(() => String, { description: 'The certificate itself, PEM.' })
  pem(@Root() { der }: IdentityCertificate): string {
    return new X509Certificate(der).toString();
  }
}

@Resolver(() => Device)
export class DeviceIdentityResolver {
  @FieldResolver(() => IdentityCertificateConnection, {
    description:
      'The certificates of this server that were bound to it, newest first. What another authority issued is not here.',
  })
  async identityCertificates(
    @Root() { uuid }: Device,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { loaders, services, cursors }: GraphqlContext,
  ): Promise<Connection<IdentityCertificate> | undefined> {
    const request = pageRequest(args, OF_DEVICE, cursors);
    const pages = loaders.pages(OF_DEVICE, request, (uuids) =>
      services.identityCertificates.ofDevices(uuids, request),
    );
    const page = await pages.load(uuid);
    if (page === null) return undefined;
    return toConnection(
      page,
      args,
      ({ boundAt, certificate }) => cursors.encode(OF_DEVICE, [boundAt.getTime(), certificate.sha256]),
      ({ certificate }) => ({ node: certificate }),
    );
  }
}
