import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { GraphQLSafeInt } from 'graphql-scalars';
import { Application } from '../entities/application.js';
import type { GraphqlContext } from './context.js';
import { uuidIn } from './input.js';
import { answer, refusals } from './mutation.js';
import type { UserErrorEntry } from './plumbing/user-errors.js';
import { Requires } from './requires.js';

const CREATE = refusals('ApplicationCreate', ['INVALID', 'CONFLICT']);
const UPDATE = refusals('ApplicationUpdate', ['INVALID', 'NOT_FOUND', 'CONFLICT', 'STALE_REVISION']);
const DELETE = refusals('ApplicationDelete', ['NOT_FOUND', 'IN_USE']);

@InputType({
  description: 'Where an application comes from. A new one has exactly one of manifestUrl and itunesStoreId.',
})
class ApplicationSourceInput {
  @Field(() => String, {
    nullable: true,
    description: 'https URL of the manifest, for an application of your own.',
  })
  manifestUrl?: string | null;

  @Field(() => GraphQLSafeInt, {
    nullable: true,
    description: 'App Store id (iTunesStoreID), the number in the App Store URL.',
  })
  itunesStoreId?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Bundle identifier; when left out, it is learnt from the first device that installs the application.',
  })
  bundleIdentifier?: string | null;
}

@InputType({ description: 'A new application. Give exactly one of manifestUrl and itunesStoreId.' })
export class ApplicationCreateInput extends ApplicationSourceInput {
  @Field(() => String, { description: 'Name. Unique, 1 to 255 characters.' })
  name: string;
}

@ObjectType({ description: 'What applicationCreate did.' })
export class ApplicationCreatePayload {
  @Field(() => Application, { nullable: true, description: 'The new application.' })
  application?: Application;

  @Field(() => [CREATE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'Changes to an application. What is left out stays; null takes a value away.' })
export class ApplicationUpdateInput extends ApplicationSourceInput {
  @Field(() => ID, { description: 'The application.' })
  id: string;

  @Field(() => String, { nullable: true, description: 'Another name.' })
  name?: string | null;

  @Field(() => Int, { nullable: true, description: 'Refuse unless the application is at this revision.' })
  expectedRevision?: number | null;
}

@ObjectType({ description: 'What applicationUpdate did.' })
export class ApplicationUpdatePayload {
  @Field(() => Application, { nullable: true, description: 'The application as it is now.' })
  application?: Application;

  @Field(() => [UPDATE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@InputType({ description: 'An application to delete.' })
export class ApplicationDeleteInput {
  @Field(() => ID, { description: 'The application. No workflow may have it any more.' })
  id: string;
}

@ObjectType({ description: 'What applicationDelete did.' })
export class ApplicationDeletePayload {
  @Field(() => ID, { nullable: true, description: 'The id of the application that is gone.' })
  deletedApplicationId?: string;

  @Field(() => [DELETE.type], { description: 'Why it was refused; empty when it was not.' })
  userErrors: readonly UserErrorEntry[];
}

@Resolver()
export class ApplicationMutations {
  @Requires('catalog.write')
  @Mutation(() => ApplicationCreatePayload, { description: 'Adds an application.' })
  applicationCreate(
    @Arg('input', () => ApplicationCreateInput, { description: 'The application.' })
    input: ApplicationCreateInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<ApplicationCreatePayload> {
    return answer(CREATE, async () => ({ application: await services.applications.create(input) }));
  }

  @Requires('catalog.write')
  @Mutation(() => ApplicationUpdatePayload, {
    description:
      'Changes an application. Devices that have it by their workflow are sent it again when its source changed.',
  })
  applicationUpdate(
    @Arg('input', () => ApplicationUpdateInput, { description: 'Which, and what changes.' })
    input: ApplicationUpdateInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<ApplicationUpdatePayload> {
    return answer(UPDATE, async () => {
      const uuid = uuidIn(input.id, 'Application', ['input', 'id']);
      const { name, manifestUrl, itunesStoreId, bundleIdentifier, expectedRevision } = input;
      const fields = { ...(name == null ? {} : { name }), manifestUrl, itunesStoreId, bundleIdentifier };
      return { application: await services.applications.update(uuid, fields, expectedRevision ?? undefined) };
    });
  }

  @Requires('catalog.write')
  @Mutation(() => ApplicationDeletePayload, {
    description: 'Deletes an application that no workflow has any more.',
  })
  applicationDelete(
    @Arg('input', () => ApplicationDeleteInput, { description: 'Which.' }) { id }: ApplicationDeleteInput,
    @Ctx() { services }: GraphqlContext,
  ): Promise<ApplicationDeletePayload> {
    return answer(DELETE, async () => {
      await services.applications.delete(uuidIn(id, 'Application', ['input', 'id']));
      return { deletedApplicationId: id };
    });
  }
}
