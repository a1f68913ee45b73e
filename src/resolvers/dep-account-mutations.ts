import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { PomonaError } from '../errors.js';
import type { SyncResult } from '../services/dep/index.js';
import type { GraphqlContext } from './context.js';
import {
  CREATE,
  DELETE,
  DepAccountCreateInput,
  DepAccountCreatePayload,
  DepAccountDeleteInput,
  DepAccountDeletePayload,
  DepAccountSyncInput,
  DepAccountSyncPayload,
  DepAccountTokenUploadInput,
  DepAccountTokenUploadPayload,
  DepAccountUpdateInput,
  DepAccountUpdatePayload,
  SYNC,
  SYNC_WAIT,
  UPDATE,
  UPLOAD,
} from './dep-account-types.js';
import { uuidIn } from './input.js';
import { answer } from './mutation.js';
import { Requires } from './requires.js';

@Resolver()
export class DepAccountMutations {
  @Requires('certificates.write')
  @Mutation(() => DepAccountCreatePayload, {
    description:
      'Makes an account for one server in Apple Business Manager: a key, which stays here, and a certificate for Apple.',
  })
  depAccountCreate(
    @Arg('input', () => DepAccountCreateInput, { description: 'The account.' })
    { name }: DepAccountCreateInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<DepAccountCreatePayload> {
    return answer(CREATE, async () => ({ depAccount: await services.dep.accounts.create(name) }));
  }

  @Requires('certificates.write')
  @Mutation(() => DepAccountUpdatePayload, { description: 'Gives an account another name.' })
  depAccountUpdate(
    @Arg('input', () => DepAccountUpdateInput, { description: 'Which, and its name.' })
    { id, name, expectedRevision }: DepAccountUpdateInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<DepAccountUpdatePayload> {
    return answer(UPDATE, async () => {
      const revision = expectedRevision ?? undefined;
      return { depAccount: await services.dep.accounts.rename(accountIn(id), name, revision) };
    });
  }

  @Requires('certificates.write')
  @Mutation(() => DepAccountTokenUploadPayload, {
    description:
      'Takes the server token that Apple made for an account, the first one or a new one for the same server, after asking Apple ' +
      'whose it is. Devices that are known stay. One of another server or organization is refused with CONFLICT, unless forced.',
  })
  depAccountTokenUpload(
    @Arg('input', () => DepAccountTokenUploadInput, { description: 'Which account, and the token.' })
    { id, token, force }: DepAccountTokenUploadInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<DepAccountTokenUploadPayload> {
    return answer(UPLOAD, async () => ({
      depAccount: await services.dep.accounts.uploadToken(accountIn(id), fileIn(token), force ?? false),
    }));
  }

  @Requires('devices.write')
  @Mutation(() => DepAccountSyncPayload, {
    description:
      'Syncs an account with Apple now. Answers when it is done, or else after some seconds, while it goes on. CONFLICT says that ' +
      'it is being synced already.',
  })
  depAccountSync(
    @Arg('input', () => DepAccountSyncInput, { description: 'Which, and how.' }) input: DepAccountSyncInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<DepAccountSyncPayload> {
    return answer(SYNC, async () => {
      const uuid = accountIn(input.id);
      const counts = await services.dep.onDemand.one(uuid, input.anew ?? false, waitIn(input) * 1_000);
      return { depAccount: await services.dep.accounts.get(uuid), ...syncedOrNot(counts) };
    });
  }

  @Requires('certificates.write')
  @Mutation(() => DepAccountDeletePayload, {
    description:
      'Deletes an account with its key and its token. Its devices stay, with their history, and Apple no longer tells of them. ' +
      'Refused with IN_USE while a rule is for it alone, and, unless forced, while it has devices.',
  })
  depAccountDelete(
    @Arg('input', () => DepAccountDeleteInput, { description: 'Which.' })
    { id, force }: DepAccountDeleteInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<DepAccountDeletePayload> {
    return answer(DELETE, async () => {
      await services.dep.removal.delete(accountIn(id), force ?? false);
      return { deletedDepAccountId: id };
    });
  }
}

function accountIn(id: string): string {
  return uuidIn(id, 'DepAccount', ['input', 'id']);
}

/** A file as base64, or a text file as it is: those of Apple have headers, which base64 has not. */
function fileIn(token: string): Buffer {
  const digits = token.replaceAll(/\s/g, '');
  const base64 = /^[A-Za-z0-9+/]+={0,2}$/.test(digits);
  return base64 ? Buffer.from(digits, 'base64') : Buffer.from(token, 'utf8');
}

/** Seconds. */
function waitIn({ waitSeconds }: DepAccountSyncInput): number {
  const seconds = waitSeconds ?? SYNC_WAIT.usual;
  if (seconds >= 0 && seconds <= SYNC_WAIT.most) return seconds;
  throw new PomonaError('BAD_USER_INPUT', `waitSeconds is ${seconds}; it can be 0 to ${SYNC_WAIT.most}.`, {
    path: ['input', 'waitSeconds'],
  });
}

function syncedOrNot(result: SyncResult | undefined) {
  if (result === undefined) return { started: true, counts: null };
  const { fetched, added, modified, deleted } = result;
  return { started: false, counts: { fetched, added, modified, deleted } };
}
