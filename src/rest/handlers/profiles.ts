import type { Profile } from '../../entities/profile.js';
import { PomonaError } from '../../errors.js';
import type { Services } from '../../services/services.js';
import { batches } from '../batches.js';
import { uuidIn } from '../input/fields.js';
import { pageOf, readPaging } from '../input/paging.js';
import { readProfileUpload } from '../input/profile.js';
import type { Answer, Call } from '../route.js';
import { profileShape } from '../shapes/profile.js';

/** Bytes of content held at a time while a list is written, and what a profile weighs besides its content. */
const BATCH_BYTES = 4 * 1024 * 1024;
const RECORD_BYTES = 40 * 1024;

export async function listProfiles(services: Services, { query }: Call): Promise<Answer> {
  const paging = readPaging(query);
  const { profiles } = await services.catalog.current();
  return { status: 200, rows: profileRows(services, pageOf(profiles.values(), paging)) };
}

export async function showProfile(services: Services, { params }: Call): Promise<Answer> {
  const uuid = uuidIn(params, 'profile');
  const profile = await services.profiles.get(uuid);
  if (profile === undefined) throw new PomonaError('NOT_FOUND', `There is no profile ${uuid}.`);
  return { status: 200, body: profileShape(profile, await services.profiles.content(profile)) };
}

export async function addProfile(services: Services, { body }: Call): Promise<Answer> {
  const upload = readProfileUpload(body);
  const profile = await services.profiles.create(upload);
  return { status: 201, location: `/profiles/${profile.uuid}`, body: profileShape(profile, upload.content) };
}

export async function deleteProfile(services: Services, { params }: Call): Promise<Answer> {
  await services.profiles.delete(uuidIn(params, 'profile'));
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
