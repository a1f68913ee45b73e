import type { Profile } from '../../entities/profile.js';
import { PomonaError } from '../../errors.js';
import { mayReadSecrets } from '../../services/access.js';
import type { ProfileUpload } from '../../services/catalog/profiles.js';
import type { Services } from '../../services/services.js';
import { batches } from '../batches.js';
import type { Answer, Call } from '../route.js';
import type { RecordAddress } from '../schemas/address.js';
import { pageOf, type Paging } from '../schemas/paging.js';
import { profileShape } from '../shapes/profile.js';

/** Bytes of content held at a time while a list is written, and what a profile weighs besides its content. */
const BATCH_BYTES = 4 * 1024 * 1024;
const RECORD_BYTES = 40 * 1024;

export async function listProfiles(
  services: Services,
  { query, principal }: Call<unknown, Paging>,
): Promise<Answer> {
  const { profiles } = await services.catalog.current();
  const page = pageOf(profiles.values(), query);
  if (mayReadSecrets(principal)) return { status: 200, rows: profileRows(services, page) };
  return { status: 200, rows: bareProfileRows(page) };
}

export async function showProfile(
  services: Services,
  { params, principal }: Call<RecordAddress>,
): Promise<Answer> {
  const { uuid } = params;
  const profile = await services.profiles.get(uuid);
  if (profile === undefined) throw new PomonaError('NOT_FOUND', `There is no profile ${uuid}.`);
  const content = mayReadSecrets(principal) ? await services.profiles.content(profile) : undefined;
  return { status: 200, body: profileShape(profile, content) };
}

export async function addProfile(
  services: Services,
  { body: upload }: Call<unknown, unknown, ProfileUpload>,
): Promise<Answer> {
  const profile = await services.profiles.create(upload);
  return { status: 201, location: `/profiles/${profile.uuid}`, body: profileShape(profile, upload.content) };
}

export async function deleteProfile(services: Services, { params }: Call<RecordAddress>): Promise<Answer> {
  await services.profiles.delete(params.uuid);
  return { status: 204 };
}

async function* profileRows(services: Services, profiles: readonly Profile[]): AsyncGenerator<object[]> {
  for await (const batch of batches(profiles, BATCH_BYTES, (profile) => profile.size + RECORD_BYTES)) {
    const contents = await services.profiles.contents(batch);
    yield batch.flatMap((profile) => {
      const content = contents.get(profile.uuid);
      return content === undefined ? [] : [profileShape(profile, content)];
    });
  }
}

async function* bareProfileRows(profiles: readonly Profile[]): AsyncGenerator<object[]> {
  for await (const batch of batches(profiles, BATCH_BYTES, () => RECORD_BYTES))
    yield batch.map((profile) => profileShape(profile, undefined));
}
