import { Field, InputType, ObjectType } from 'type-graphql';
import type { Patterns } from '../services/dep/index.js';

const pattern = (description: string) => Field(() => String, { nullable: true, description });

/** The same for reading and for writing. */
@InputType('DepPatternsInput', {
  description:
    'What devices a rule is about. `*` stands for any text and `?` for any letter; case does not count. All that are given ' +
    'have to fit; none: every device.',
})
@ObjectType('DepPatterns', {
  description: 'What devices a rule is about: all that are not null have to fit.',
})
export class DepPatterns {
  @pattern('Serial number, for example F17*.')
  serialNumber?: string | null;

  @pattern('Model, for example iPad*.')
  model?: string | null;

  @pattern("Apple's description, for example *256GB*.")
  description?: string | null;

  @pattern('Color, for example BLACK.')
  color?: string | null;

  @pattern('Asset tag, for example school-*.')
  assetTag?: string | null;

  @pattern('Operating system: iOS, iPadOS, OSX, tvOS, visionOS.')
  os?: string | null;

  @pattern('Family: iPad, iPhone, iPod, Mac, AppleTV, Vision.')
  deviceFamily?: string | null;
}

/** Without what is null. */
export function patternsIn(input: DepPatterns): Patterns {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value != null)) as Patterns;
}
