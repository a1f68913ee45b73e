import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Query, Resolver, Root } from 'type-graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { Application } from '../entities/application.js';
import { Workflow } from '../entities/workflow.js';
import { CatalogArgs, catalogPage } from './catalog-lists.js';
import { ApplicationConnection, WorkflowConnection } from './connections.js';
import type { GraphqlContext } from './context.js';
import { onlyOne, uuidIn } from './input.js';
import { ConnectionArgs, type Connection } from './plumbing/connection.js';
import { connectionFromArray } from './plumbing/page.js';
import { Requires } from './requires.js';

@InputType({ description: 'Names one application. Give exactly one member.' })
export class ApplicationBy {
  @Field(() => ID, { nullable: true, description: 'Its global id.' })
  id?: string | null;

  @Field(() => GraphQLUUID, { nullable: true, description: "The server's own id of it." })
  uuid?: string | null;

  @Field(() => String, { nullable: true, description: 'Its name.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'The URL of its manifest.' })
  manifestUrl?: string | null;
}

const APPLICATIONS = {
  list: 'applications',
  nameOf: (application: Application) => application.name,
  searched: (application: Application) => [
    application.name,
    application.bundleIdentifier,
    application.manifestUrl,
  ],
};

@Resolver(() => Application)
export class ApplicationResolver {
  @Requires('read')
  @Query(() => Application, { nullable: true, description: 'One application; null when there is none.' })
  application(
    @Arg('by', () => ApplicationBy, { description: 'Which one.' }) by: ApplicationBy,
    @Ctx() { loaders }: GraphqlContext,
  ): Application | undefined | Promise<Application | undefined> {
    const [name, value] = onlyOne({ ...by });
    if (name === 'name' || name === 'manifestUrl') {
      return loaders.catalog(({ applications }) =>
        [...applications.values()].find((application) => application[name] === value),
      );
    }
    const uuid = name === 'id' ? uuidIn(value, 'Application', ['by', 'id']) : value.toLowerCase();
    return loaders.catalog(({ applications }) => applications.get(uuid));
  }

  @Requires('read')
  @Query(() => ApplicationConnection, { description: 'Applications that workflows can install.' })
  applications(
    @Args(() => CatalogArgs) args: CatalogArgs,
    @Ctx() context: GraphqlContext,
  ): Connection<Application> | Promise<Connection<Application>> {
    return context.loaders.catalog(({ applications }) =>
      catalogPage(applications.values(), args, APPLICATIONS, context),
    );
  }

  @FieldResolver(() => WorkflowConnection, {
    description: 'The workflows that name the application themselves.',
  })
  workflows(
    @Root() application: Application,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { loaders, cursors }: GraphqlContext,
  ): Connection<Workflow> | Promise<Connection<Workflow>> {
    return loaders.catalog((catalog) =>
      connectionFromArray(
        catalog.usersOf('applicationUuids', application.uuid),
        args,
        'application.workflows',
        cursors,
        ({ uuid }) => uuid,
      ),
    );
  }
}
