import { Arg, Field, Int, ObjectType, Query, registerEnumType, Resolver } from 'type-graphql';
import {
  commandTypes,
  type CommandKey,
  type CommandPlatform,
  type CommandType,
  type KeyType,
} from '../apple/commands/index.js';
import { Platform } from '../entities/enums.js';
import { isDestructive } from '../services/commands/destructive.js';
import { JSONValue } from './plumbing/scalars.js';
import { Requires } from './requires.js';

const KEY_TYPES: Record<string, KeyType> = {
  STRING: 'string',
  INTEGER: 'integer',
  REAL: 'real',
  BOOLEAN: 'boolean',
  DATE: 'date',
  DATA: 'data',
  ARRAY: 'array',
  DICTIONARY: 'dictionary',
  ANY: 'any',
};
registerEnumType(KEY_TYPES, {
  name: 'CommandKeyType',
  description: 'The type of a key, and how JSON carries it.',
  valuesConfig: {
    STRING: { description: 'Text.' },
    INTEGER: { description: 'A whole number; beyond 2^53 as decimal text.' },
    REAL: { description: 'A number.' },
    BOOLEAN: { description: 'True or false.' },
    DATE: { description: 'A moment, as RFC 3339 text.' },
    DATA: { description: 'Bytes, as base64 text.' },
    ARRAY: { description: 'A list of `item`.' },
    DICTIONARY: { description: 'An object of `keys`.' },
    ANY: { description: 'Anything a property list can hold.' },
  },
});

@ObjectType('CommandPlatform', {
  description: 'Where one platform takes a command, and what it asks of the enrolment.',
})
class CommandPlatformView {
  @Field(() => Platform, { description: 'The platform. iOS stands for iPadOS as well.' })
  platform: Platform;

  @Field(() => String, { nullable: true, description: 'The version that brought it.' })
  introduced?: string;

  @Field(() => String, { nullable: true, description: 'The version that deprecated it.' })
  deprecated?: string;

  @Field(() => String, { nullable: true, description: 'The version that removed it.' })
  removed?: string;

  @Field(() => Boolean, { description: 'Only on supervised devices.' })
  supervised: boolean;

  @Field(() => Boolean, { description: 'Only on devices enrolled automatically (DEP).' })
  requiresDEP: boolean;

  @Field(() => String, {
    nullable: true,
    description: '`forbidden`: not with User Enrollment; `required`: only with it.',
  })
  userEnrollment?: string;

  @Field(() => Int, {
    nullable: true,
    description: "The bit of the MDM payload's AccessRights it needs; 0 for none.",
  })
  accessRight?: number;

  @Field(() => Boolean, { description: 'Taken on the channel of the device.' })
  deviceChannel: boolean;

  @Field(() => Boolean, { description: 'Taken on the channel of a user.' })
  userChannel: boolean;
}

@ObjectType('CommandKey', { description: 'A parameter of a command, or a part of one.' })
class CommandKeyView {
  @Field(() => String, {
    description: "Apple's name of it. Of an array's item: a name for people, never sent.",
  })
  key: string;

  @Field(() => KEY_TYPES, { description: 'Its type.' })
  type: KeyType;

  @Field(() => Boolean, { description: 'Whether it has to be given.' })
  required: boolean;

  @Field(() => JSONValue, { nullable: true, description: 'What devices take when it is left out.' })
  default?: unknown;

  @Field(() => [JSONValue], { nullable: true, description: 'The only values allowed.' })
  values?: readonly unknown[];

  @Field(() => [JSONValue], { nullable: true, description: 'Values that are known; there may be others.' })
  valuesHint?: readonly unknown[];

  @Field(() => [CommandKeyView], { nullable: true, description: 'The members of a dictionary.' })
  keys?: readonly CommandKeyView[];

  @Field(() => CommandKeyView, { nullable: true, description: 'The item of an array.' })
  item?: CommandKeyView;

  @Field(() => [CommandKeyView], {
    nullable: true,
    description: 'The dictionaries an array may hold, told apart by the value of their key Item.',
  })
  oneOf?: readonly CommandKeyView[];

  @Field(() => JSONValue, {
    nullable: true,
    description: 'What single platforms change: versions, supervision; null where it is not taken.',
  })
  os?: unknown;
}

@ObjectType('CommandType', {
  description:
    'A command of the catalogue. Others, newer than the catalogue, can be sent as raw property lists.',
})
class CommandTypeView {
  @Field(() => String, { description: "Apple's name of it." })
  requestType: string;

  @Field(() => Boolean, {
    description: 'It erases, or decides who gets into the device: needs the permission commands.destructive.',
  })
  destructive: boolean;

  @Field(() => [CommandPlatformView], { description: 'Where it is taken.' })
  platforms: readonly CommandPlatformView[];

  @Field(() => [CommandKeyView], { description: 'Its parameters.' })
  keys: readonly CommandKey[];
}

@Resolver()
export class CommandTypesResolver {
  @Requires('read')
  @Query(() => [CommandTypeView], {
    description: 'The commands that can be sent by name, with their parameters, by RequestType.',
  })
  commandTypes(
    @Arg('platform', () => Platform, { nullable: true, description: 'Only what this platform takes.' })
    platform?: Platform | null,
  ): CommandTypeView[] {
    return commandTypes()
      .filter((type) => platform == null || takes(type, platform))
      .map(({ requestType, platforms, keys }) => ({
        requestType,
        keys,
        destructive: isDestructive(requestType),
        platforms: platforms.map(platformOf),
      }));
  }
}

/** Apple's schema knows no iPadOS: it is iOS there. */
function takes(type: CommandType, platform: Platform): boolean {
  const meant = platform === Platform.IPADOS ? Platform.IOS : platform;
  return type.platforms.some((one) => one.platform.toUpperCase() === meant);
}

function platformOf(platform: CommandPlatform): CommandPlatformView {
  return { ...platform, platform: platform.platform.toUpperCase() as Platform };
}
