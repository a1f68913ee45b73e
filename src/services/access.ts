import { PomonaError } from '../errors.js';
import { Role } from '../entities/enums.js';

/** Who is calling: an API token. */
export interface Principal {
  readonly tokenUuid: string;
  readonly name: string;
  readonly role: Role;
  readonly expiresAt: Date | null;
}

/** What a caller may be allowed to do. Every root field and every REST route names one. */
export const PERMISSIONS = [
  'read',
  'catalog.write',
  'devices.write',
  'devices.push',
  'commands.write',
  'tokens.write',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const OPERATOR: readonly Permission[] = [
  'read',
  'catalog.write',
  'devices.write',
  'devices.push',
  'commands.write',
];

const GRANTED: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  [Role.ADMIN]: new Set(PERMISSIONS),
  [Role.OPERATOR]: new Set(OPERATOR),
  [Role.VIEWER]: new Set<Permission>(['read']),
};

/** The permissions of a role, in the order of the table. */
export function permissionsOf(role: Role): Permission[] {
  return PERMISSIONS.filter((permission) => GRANTED[role].has(permission));
}

/** Throws UNAUTHENTICATED without a caller, FORBIDDEN when the caller's role does not grant the permission. */
export function requirePermission(principal: Principal | undefined, permission: Permission): Principal {
  if (principal === undefined) {
    throw new PomonaError(
      'UNAUTHENTICATED',
      'Send an API token: the header `Authorization: Bearer <token>`.',
    );
  }
  if (!GRANTED[principal.role].has(permission)) {
    throw new PomonaError(
      'FORBIDDEN',
      `The token "${principal.name}" has the role ${principal.role}, which does not grant ${permission}.`,
    );
  }
  return principal;
}
