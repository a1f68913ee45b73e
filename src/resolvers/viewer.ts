import { Ctx, Field, ObjectType, Query, registerEnumType, Resolver } from 'type-graphql';
import { Role, Scope } from '../entities/enums.js';
import { permissionsOf, requirePermission, type Permission } from '../services/access.js';
import type { GraphqlContext } from './context.js';
import { Requires } from './requires.js';

const Permissions: Record<string, Permission> = {
  READ: 'read',
  CATALOG_WRITE: 'catalog.write',
  DEVICES_WRITE: 'devices.write',
  DEVICES_PUSH: 'devices.push',
  COMMANDS_WRITE: 'commands.write',
  TOKENS_WRITE: 'tokens.write',
  CERTIFICATES_WRITE: 'certificates.write',
  SECRETS_READ: 'secrets.read',
  COMMANDS_DESTRUCTIVE: 'commands.destructive',
};
registerEnumType(Permissions, {
  name: 'Permission',
  description: 'What a caller may be allowed to do.',
  valuesConfig: {
    READ: { description: 'read: see everything but secrets and API tokens.' },
    CATALOG_WRITE: {
      description: 'catalog.write: change profiles, applications and workflows.',
    },
    DEVICES_WRITE: {
      description:
        'devices.write: assign workflows, retry deployments, allow devices to enrol anew; DEP profiles, rules and syncs.',
    },
    DEVICES_PUSH: { description: 'devices.push: wake devices.' },
    COMMANDS_WRITE: { description: 'commands.write: send and cancel commands.' },
    TOKENS_WRITE: { description: 'tokens.write: make, see and revoke API tokens.' },
    CERTIFICATES_WRITE: {
      description:
        'certificates.write: request and upload push certificates, make accounts at Apple Business Manager and upload their server ' +
        'tokens, revoke device certificates.',
    },
    SECRETS_READ: {
      description:
        'secrets.read: read what commands and profiles carry, answers that are keys, and tokens of devices. By the scope SECRETS.',
    },
    COMMANDS_DESTRUCTIVE: {
      description:
        'commands.destructive: send commands that erase devices or lock people out (see commandTypes). By the scope DESTRUCTIVE.',
    },
  },
});

@ObjectType({ description: 'Who is asking.' })
export class Viewer {
  @Field(() => String, { description: 'The name of the API token.' })
  name: string;

  @Field(() => Role, { description: 'Its role.' })
  role: Role;

  @Field(() => [Scope], { description: 'What it may do beyond its role.' })
  scopes: readonly Scope[];

  @Field(() => [Permissions], { description: 'What it may do, by its role and its scopes.' })
  permissions: Permission[];

  @Field(() => Date, {
    nullable: true,
    description: 'When the token stops working; null when it does not by itself.',
  })
  expiresAt: Date | null;
}

@Resolver()
export class ViewerResolver {
  @Requires('read')
  @Query(() => Viewer, { description: 'Who is asking, and what they may do.' })
  viewer(@Ctx() context: GraphqlContext): Viewer {
    const principal = requirePermission(context.principal, 'read');
    const { name, role, scopes, expiresAt } = principal;
    return { name, role, scopes, expiresAt, permissions: permissionsOf(principal) };
  }
}
