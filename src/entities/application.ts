import { Field, Int, ObjectType } from 'type-graphql';
import { GraphQLSafeInt, GraphQLUUID } from 'graphql-scalars';
import { Entity, Index } from 'typeorm';
import { BigIntColumn, InstantColumn, IntColumn, TextColumn, UuidKey } from './columns.js';
import { Node } from './node.js';

/** An application to install: by the URL of its manifest, or by its App Store id. */
@ObjectType({
  implements: Node,
  description: 'An application that workflows can install, by manifest URL or App Store id.',
})
@Entity('applications')
export class Application extends Node {
  @Field(() => GraphQLUUID, { description: "The server's own id of the application." })
  @UuidKey()
  uuid: string;

  @Field(() => String, { description: 'Name. Unique.' })
  @Index('IDX_applications_name', { unique: true })
  @TextColumn('name', 255)
  name: string;

  @Field(() => String, {
    nullable: true,
    description: 'https URL of the manifest, for an application of your own.',
  })
  @Index('IDX_applications_manifest_url', { unique: true })
  @TextColumn('manifest_url', 700, { nullable: true })
  manifestUrl: string | null;

  @Field(() => GraphQLSafeInt, { nullable: true, description: 'App Store id (iTunesStoreID).' })
  @Index('IDX_applications_itunes_store_id', { unique: true })
  @BigIntColumn('itunes_store_id', { nullable: true })
  itunesStoreId: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Bundle identifier, given or learnt from the first device that installed it. Needed to remove it.',
  })
  @TextColumn('bundle_identifier', 255, { nullable: true })
  bundleIdentifier: string | null;

  @Field(() => Int, {
    description: 'Counts changes to what is installed: manifest URL, App Store id or options.',
  })
  @IntColumn('revision')
  revision: number;

  @Field(() => Date, { description: 'When the application was created.' })
  @InstantColumn('created_at')
  createdAt: Date;

  @Field(() => Date, { description: 'When the application was last changed.' })
  @InstantColumn('updated_at')
  updatedAt: Date;
}
