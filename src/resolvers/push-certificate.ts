import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { PushCertificate } from '../entities/push-certificate.js';
import { PushCertificateConnection } from './connections.js';
import type { GraphqlContext } from './context.js';
import { uuidIn } from './input.js';
import { answer } from './mutation.js';
import { ConnectionArgs, type Connection } from './plumbing/connection.js';
import { pageRequest, toConnection } from './plumbing/page.js';
import {
  DECRYPT,
  DISCARD,
  PushCertificateDecryptInput,
  PushCertificateDecryptPayload,
  PushCertificateRequestDiscardInput,
  PushCertificateRequestDiscardPayload,
  PushCertificateRequestInput,
  PushCertificateRequestPayload,
  PushCertificateUploadInput,
  PushCertificateUploadPayload,
  REQUEST,
  UPLOAD,
} from './push-certificate-inputs.js';
import { PushCertificateInUseView } from './push-certificate-types.js';
import { Requires } from './requires.js';

@Resolver(() => PushCertificate)
export class PushCertificateResolver {
  @Requires('read')
  @Query(() => PushCertificateInUseView, {
    nullable: true,
    description: 'The push certificate that devices are woken with; null while there is none.',
  })
  pushCertificate(@Ctx() { services }: GraphqlContext): PushCertificateInUseView | null {
    const { inUse } = services.pushCertificates;
    if (inUse === undefined) return null;
    const { source, uuid, daysLeft, serialNumber, certificate } = inUse;
    const { topic, subject, notBefore, notAfter, fingerprint: sha256 } = certificate;
    return { source, uuid, topic, subject, serialNumber, sha256, notBefore, notAfter, daysLeft };
  }

  @Requires('read')
  @Query(() => PushCertificateConnection, {
    description: 'Push certificates that were requested here or uploaded, newest first; also open requests.',
  })
  async pushCertificates(
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { services, cursors }: GraphqlContext,
  ): Promise<Connection<PushCertificate>> {
    const page = await services.pushCertificates.list(pageRequest(args, 'pushCertificates', cursors));
    return toConnection(page, args, ({ uuid }) => cursors.encode('pushCertificates', [uuid]));
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'What identity.apple.com/pushcert takes: save it as a file, just as it is. Null unless the request is open and this server ' +
      'signs as an MDM vendor (POMONA_PUSH_VENDOR_CERT_FILE).',
  })
  appleRequest(@Root() record: PushCertificate, @Ctx() { services }: GraphqlContext): string | null {
    return services.pushCertificates.requests.appleRequest(record);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The JSON to POST to https://mdmcert.download/api/v1/signrequest, which signs for those who are no vendor and answers by mail ' +
      '(see pushCertificateDecrypt). Null unless the request is open.',
  })
  mdmcertRequest(
    @Arg('apiKey', () => String, {
      description: 'The key that mdmcert.download gave you or your product: its member `key`.',
    })
    apiKey: string,
    @Root() record: PushCertificate,
    @Ctx() { services }: GraphqlContext,
  ): string | null {
    return services.pushCertificates.requests.mdmcertRequest(record, apiKey);
  }

  @Requires('certificates.write')
  @Mutation(() => PushCertificateRequestPayload, {
    description: 'Makes a private key, which stays here, and a signing request for a push certificate.',
  })
  pushCertificateRequest(
    @Arg('input', () => PushCertificateRequestInput, { description: 'Who asks.' })
    { commonName, email, country }: PushCertificateRequestInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<PushCertificateRequestPayload> {
    return answer(REQUEST, async () => ({
      pushCertificate: await services.pushCertificates.request({
        commonName,
        email,
        country: country ?? undefined,
      }),
    }));
  }

  @Requires('certificates.write')
  @Mutation(() => PushCertificateDecryptPayload, {
    description: 'Opens the answer of mdmcert.download to the file that Apple takes.',
  })
  pushCertificateDecrypt(
    @Arg('input', () => PushCertificateDecryptInput, { description: 'The answer.' })
    input: PushCertificateDecryptInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<PushCertificateDecryptPayload> {
    return answer(DECRYPT, async () => {
      const { request, appleRequest } = await services.pushCertificates.requests.openAnswer(input.answer);
      return { pushCertificate: request, appleRequest };
    });
  }

  @Requires('certificates.write')
  @Mutation(() => PushCertificateUploadPayload, {
    description:
      'Takes a push certificate into use, without a restart: in this process at once, in others within seconds. It finds the key of ' +
      'its request by itself. One of another topic than enrolled devices listen to is refused with CONFLICT. The same again changes nothing.',
  })
  pushCertificateUpload(
    @Arg('input', () => PushCertificateUploadInput, { description: 'The certificate.' })
    { certificate, passphrase, privateKey, force }: PushCertificateUploadInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<PushCertificateUploadPayload> {
    const file = {
      certificate,
      passphrase: passphrase ?? undefined,
      privateKey: privateKey ?? undefined,
    };
    return answer(UPLOAD, async () => ({
      pushCertificate: await services.pushCertificates.upload(file, force ?? false),
    }));
  }

  @Requires('certificates.write')
  @Mutation(() => PushCertificateRequestDiscardPayload, {
    description:
      'Gives an open request up, and deletes its key: a certificate that was made from it is then of no use here.',
  })
  pushCertificateRequestDiscard(
    @Arg('input', () => PushCertificateRequestDiscardInput, { description: 'Which.' })
    { id }: PushCertificateRequestDiscardInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<PushCertificateRequestDiscardPayload> {
    return answer(DISCARD, async () => ({
      pushCertificate: await services.pushCertificates.requests.discard(
        uuidIn(id, 'PushCertificate', ['input', 'id']),
      ),
    }));
  }
}

@Resolver(() => PushCertificateInUseView)
export class PushCertificateInUseFields {
  @FieldResolver(() => PushCertificate, {
    nullable: true,
    description: 'The record of an uploaded one; null for a file.',
  })
  record(
    @Root() { uuid }: PushCertificateInUseView,
    @Ctx() { services }: GraphqlContext,
  ): Promise<PushCertificate | null> | null {
    return uuid === null ? null : services.pushCertificates.get(uuid);
  }
}
