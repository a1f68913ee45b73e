import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Profile } from '../entities/profile.js';
import type { GraphqlContext } from './context.js';
import { uuidIn } from './input.js';
import { answer, refusals } from './mutation.js';
import { Base64 } from './plumbing/scalars.js';
import type { UserErrorEntry } from './plumbing/user-errors.js';
import { Requires } from './requires.js';

const CREATE = refusals('ProfileCreate', ['INVALID', 'CONFLICT', 'PAYLOAD_TOO_LARGE']);
const REPLACE = refusals('ProfileReplace', ['INVALID', 'NOT_FOUND', 'STALE_REVISION', 'PAYLOAD_TOO_LARGE']);
const DELETE = refusals('ProfileDelete', ['NOT_FOUND', 'IN_USE']);
const NAMES = { payloadIdentifier: 'content' };

@InputType({ description: 'A new profile.' })
export class ProfileCreateInput {
  @Field(() => Base64, {
    description: 'The .mobileconfig, signed or not, as base64. Its PayloadIdentifier has to be new.',
  })
  content: Buffer;
}

@ObjectType({ description: 'What profileCreate did.' })
export class ProfileCreatePayload {
  @Field(() => Profile, { nullable: true, description: 'The new profile.' })
  profile?: Profile;

  @Field(() => [CREATE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'A new content for a profile.' })
export class ProfileReplaceInput {
  @Field(() => ID, { description: 'The profile.' })
  id: string;

  @Field(() => Base64, {
    description:
      'The .mobileconfig, signed or not, as base64. Its PayloadIdentifier has to be the same as before.',
  })
  content: Buffer;

  @Field(() => Int, { nullable: true, description: 'Refuse unless the profile is at this revision.' })
  expectedRevision?: number | null;
}

@ObjectType({ description: 'What profileReplace did.' })
export class ProfileReplacePayload {
  @Field(() => Profile, { nullable: true, description: 'The profile at its new revision.' })
  profile?: Profile;

  @Field(() => [REPLACE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'A profile to delete.' })
export class ProfileDeleteInput {
  @Field(() => ID, { description: 'The profile. No workflow may have it any more.' })
  id: string;
}

@ObjectType({ description: 'What profileDelete did.' })
export class ProfileDeletePayload {
  @Field(() => ID, { nullable: true, description: 'The id of the profile that is gone.' })
  deletedProfileId?: string;

  @Field(() => [DELETE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@Resolver()
export class ProfileMutations {
  @Requires('catalog.write')
  @Mutation(() => ProfileCreatePayload, { description: 'Adds a configuration profile.' })
  profileCreate(
    @Arg('input', () => ProfileCreateInput, { description: 'The profile.' }) { content }: ProfileCreateInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<ProfileCreatePayload> {
    return answer(CREATE, async () => ({ profile: await services.profiles.create({ content }) }), NAMES);
  }

  @Requires('catalog.write')
  @Mutation(() => ProfileReplacePayload, {
    description:
      'Gives a profile a new content. Every device that has the profile by its workflow is brought up to it.',
  })
  profileReplace(
    @Arg('input', () => ProfileReplaceInput, { description: 'Which, and its content.' })
    input: ProfileReplaceInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<ProfileReplacePayload> {
    const work = async () => {
      const uuid = uuidIn(input.id, 'Profile', ['input', 'id']);
      const { content, expectedRevision } = input;
      return { profile: await services.profiles.replace(uuid, { content }, expectedRevision ?? undefined) };
    };
    return answer(REPLACE, work, NAMES);
  }

  @Requires('catalog.write')
  @Mutation(() => ProfileDeletePayload, { description: 'Deletes a profile that no workflow has any more.' })
  profileDelete(
    @Arg('input', () => ProfileDeleteInput, { description: 'Which.' }) { id }: ProfileDeleteInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<ProfileDeletePayload> {
    return answer(DELETE, async () => {
      await services.profiles.delete(uuidIn(id, 'Profile', ['input', 'id']));
      return { deletedProfileId: id };
    });
  }
}
