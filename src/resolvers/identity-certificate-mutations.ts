import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Command } from '../entities/command.js';
import { PomonaError } from '../errors.js';
import { forEachDevice } from './bulk.js';
import type { GraphqlContext } from './context.js';
import {
  DeviceRenewIdentityInput,
  DeviceRenewIdentityPayload,
  DeviceRenewIdentityResult,
  IdentityCertificateRevokeInput,
  IdentityCertificateRevokePayload,
  RENEW,
  REVOKE,
} from './identity-certificate-inputs.js';
import { uuidIn } from './input.js';
import { bulkCost } from './limits.js';
import { answer } from './mutation.js';
import { Requires } from './requires.js';

@Resolver()
export class IdentityCertificateMutations {
  @Requires('certificates.write')
  @Mutation(() => IdentityCertificateRevokePayload, {
    description:
      'Revokes an identity certificate for good, with all that were issued in its place: whoever had its key could have asked for ' +
      'them. From then on the server believes none of them, so a device that has no other cannot be managed until it enrols ' +
      'again. It is not told to remove its enrollment.',
  })
  identityCertificateRevoke(
    @Arg('input', () => IdentityCertificateRevokeInput, { description: 'Which.' })
    input: IdentityCertificateRevokeInput,
    @Ctx() context: GraphqlContext,
  ): Promise<IdentityCertificateRevokePayload> {
    return answer(REVOKE, async () => {
      const { authority, identityCertificates } = context.services;
      const hashes = await authority.revoke(await hashIn(input, context));
      return { revoked: await identityCertificates.byHashes(hashes) };
    });
  }

  @Requires('devices.write')
  @Mutation(() => DeviceRenewIdentityPayload, {
    complexity: bulkCost,
    description:
      'Renews the identities of devices now, whenever they end: each is sent the enrollment profile that it enrolled by again, ' +
      'and fetches a new certificate. What waits for the devices stays, and so do their tokens. One that waits for its renewal ' +
      'already is not sent a second.',
  })
  deviceRenewIdentity(
    @Arg('input', () => DeviceRenewIdentityInput, { description: 'Which devices.' })
    { deviceIds }: DeviceRenewIdentityInput,
    @Ctx() { services, loaders }: GraphqlContext,
  ): Promise<DeviceRenewIdentityPayload> {
    const nothing = { commandUuid: null as string | null };
    return answer(RENEW, () =>
      forEachDevice(RENEW, deviceIds, loaders, nothing, async (uuids) => {
        const requests = await services.renewals.request(uuids);
        return new Map(
          requests.map(({ deviceUuid, commandUuid = null, problem }) => [
            deviceUuid,
            { problem, fields: { commandUuid } },
          ]),
        );
      }),
    );
  }
}

/** Reads the command only for those who ask for it. */
@Resolver(() => DeviceRenewIdentityResult)
export class DeviceRenewIdentityFields {
  @FieldResolver(() => Command, {
    nullable: true,
    description:
      'The command that brings the enrollment profile again: a new one, or the one that waited already. Null when there is none.',
  })
  command(
    @Root() { commandUuid }: DeviceRenewIdentityResult,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<Command | null> | null {
    return commandUuid === null ? null : loaders.command.load(commandUuid);
  }
}

/** @throws PomonaError BAD_USER_INPUT unless exactly one member is given, NOT_FOUND for an id of none */
async function hashIn(
  { id, sha256 }: IdentityCertificateRevokeInput,
  { loaders }: GraphqlContext,
): Promise<string> {
  if ((id == null) === (sha256 == null))
    throw new PomonaError('BAD_USER_INPUT', 'Give either id or sha256.', { path: ['input'] });
  if (id == null) return fingerprint(sha256 ?? '');
  const uuid = uuidIn(id, 'IdentityCertificate', ['input', 'id']);
  const certificate = await loaders.identityCertificate.load(uuid);
  if (certificate === null)
    throw new PomonaError('NOT_FOUND', 'This server issued no such certificate.', { path: ['input', 'id'] });
  return certificate.sha256;
}

/** Also with colons, as OpenSSL writes it. */
function fingerprint(given: string): string {
  const hex = given.toLowerCase().replaceAll(':', '');
  if (/^[0-9a-f]{64}$/.test(hex)) return hex;
  throw new PomonaError(
    'BAD_USER_INPUT',
    'sha256 is 64 hexadecimal digits, as identityCertificates { nodes { sha256 } } has it.',
    { path: ['input', 'sha256'] },
  );
}
