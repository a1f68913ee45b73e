import { Ctx, Field, ObjectType, Query, registerEnumType, Resolver } from 'type-graphql';
import { Role } from '../entities/enums.js';
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
};
registerEnumType(Permissions, {
  name: 'Permission',
  description: 'What a caller may be allowed to do.',
  valuesConfig: {
    READ: { description: 'read: see everything but secrets and API tokens.' },
    CATALOG_WRITE: {
      description:
        'catalog.write: change profiles, applications and workflows, and read the content of profiles.',
    },
    DEVICES_WRITE: {
      description: 'devices.write: assign workflows, retry deployments, allow devices to enrol anew.',
    },
    DEVICES_PUSH: { description: 'devices.push: wake devices.' },
    COMMANDS_WRITE: { description: 'commands.write: send and cancel commands, and read what they carry.' },
    TOKENS_WRITE: { description: 'tokens.write: make, see and revoke API tokens.' },
  },
});

@ObjectType({ description: 'Who is asking.' })
export class Viewer {
  @Field(() => String, { description: 'The name of the API token.' })
  name: string;

  @Field(() => Role, { description: 'Its role.' })
  role: Role;

  @Field(() => [Permissions], { description: 'What the role may do.' })
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
    const { name, role, expiresAt } = requirePermission(context.principal, 'read');
    return { name, role, expiresAt, permissions: permissionsOf(role) };
  }
}
