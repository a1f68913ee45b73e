import { Field, ObjectType } from 'type-graphql';

const older = (platform: string): string =>
  `The oldest ${platform} that enrols from Setup Assistant, such as 18.1; null: any.`;

/** The oldest operating systems that may enrol. Each member is an Apple version, or null for any. */
@ObjectType({ description: 'The oldest operating systems that enrol from Setup Assistant.' })
export class MinimumOsVersions {
  @Field(() => String, { nullable: true, description: older('iOS') })
  ios?: string | null;

  @Field(() => String, { nullable: true, description: older('iPadOS') })
  ipados?: string | null;

  @Field(() => String, { nullable: true, description: older('macOS') })
  macos?: string | null;

  @Field(() => String, { nullable: true, description: older('tvOS') })
  tvos?: string | null;

  @Field(() => String, { nullable: true, description: older('visionOS') })
  visionos?: string | null;

  @Field(() => String, { nullable: true, description: older('watchOS') })
  watchos?: string | null;
}
