import { Field, ID, InterfaceType } from 'type-graphql';

/** Makes the opaque global id that GraphQL clients see: base64url of `Type:uuid`. */
export function toGlobalId(type: string, uuid: string): string {
  return Buffer.from(`${type}:${uuid}`, 'utf8').toString('base64url');
}

/** Everything that can be fetched again by its global id. The name of the class is the name of the GraphQL type. */
@InterfaceType({ description: 'An object that can be fetched again by its id, with `node(id:)`.' })
export abstract class Node {
  abstract uuid: string;

  @Field(() => ID, { description: 'Opaque, global id. Checked when it comes back.' })
  get id(): string {
    return toGlobalId(this.constructor.name, this.uuid);
  }
}
