import { Field, InputType } from 'type-graphql';

const oldest = (platform: string): string =>
  `The oldest ${platform} that may enrol, such as 18.1; null: any.`;

@InputType({
  description:
    'The oldest operating systems that enrol from Setup Assistant. A device with an older one is told to update itself first, ' +
    'from iOS 17 and macOS 14 on; one that does not tell its version (before iOS 17, tvOS 17 and macOS 14) counts as older.',
})
export class MinimumOsVersionsInput {
  @Field(() => String, { nullable: true, description: oldest('iOS') })
  ios?: string | null;

  @Field(() => String, { nullable: true, description: oldest('iPadOS') })
  ipados?: string | null;

  @Field(() => String, { nullable: true, description: oldest('macOS') })
  macos?: string | null;

  @Field(() => String, { nullable: true, description: oldest('tvOS') })
  tvos?: string | null;

  @Field(() => String, { nullable: true, description: oldest('visionOS') })
  visionos?: string | null;

  @Field(() => String, { nullable: true, description: oldest('watchOS') })
  watchos?: string | null;
}
