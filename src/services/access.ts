import { PomonaError } from '../errors.js';
import { Role, Scope } from '../entities/enums.js';

/** Who is calling: an API token. */
export interface Principal {
  readonly tokenUuid: string;
  readonly name: string;
  readonly role: Role;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
}

/** What a token was given: all that permissions follow from. */
export type Grant = Pick<Principal, 'role' | 'scopes'>;

/** What a caller may be allowed to do. Every root field and every REST route names one. */
export const PERMISSIONS = [
  'read',
  'catalog.write',
  'devices.write',
  'devices.push',
  'commands.write',
  'tokens.write',
  'certificates.write',
  'secrets.read',
  'commands.destructive',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const OPERATOR: readonly Permission[] = [
  'read',
  'catalog.write',
  'devices.write',
  'devices.push',
  'commands.write',
];

const OF_ROLE: Readonly<Record<Role, readonly Permission[]>> = {
  [Role.ADMIN]: [...OPERATOR, 'tokens.write', 'certificates.write'],
  [Role.OPERATOR]: OPERATOR,
  [Role.VIEWER]: ['read'],
};

/** What no role grants: a token has it by its scopes alone. */
const OF_SCOPE: Readonly<Record<Scope, Permission>> = {
  [Scope.SECRETS]: 'secrets.read',
  [Scope.DESTRUCTIVE]: 'commands.destructive',
};

/** Every scope there is, in the order they are listed in. */
export const SCOPES: readonly Scope[] = Object.values(Scope);

/** The roles that grant a permission; none for one that only a scope grants. */
export function rolesWith(permission: Permission): Role[] {
  return Object.values(Role).filter((role) => OF_ROLE[role].includes(permission));
}

/** The scope that grants a permission; undefined for one that roles grant. */
export function scopeWith(permission: Permission): Scope | undefined {
  return SCOPES.find((scope) => OF_SCOPE[scope] === permission);
}

/** The permissions of a token, in the order of the table. */
export function permissionsOf(grant: Grant): Permission[] {
  return PERMISSIONS.filter((permission) => grants(grant, permission));
}

/** Throws UNAUTHENTICATED without a caller, FORBIDDEN when neither the caller's role nor a scope grants the permission. */
export function requirePermission(principal: Principal | undefined, permission: Permission): Principal {
  if (principal === undefined) {
    throw new PomonaError(
      'UNAUTHENTICATED',
      'Send an API token: the header `Authorization: Bearer <token>`.',
    );
  }
  if (!grants(principal, permission)) throw forbidden(principal, permission);
  return principal;
}

/** Whether a caller may see what is secret: stored keys, what commands and profiles carry, answers that are keys. */
export function mayReadSecrets(principal: Principal | undefined): boolean {
  return principal !== undefined && grants(principal, 'secrets.read');
}

/** Whether a role can have a scope at all: who sends no commands sends none that destroy. */
export function mayHold(role: Role, scope: Scope): boolean {
  return scope !== Scope.DESTRUCTIVE || OF_ROLE[role].includes('commands.write');
}

function grants({ role, scopes }: Grant, permission: Permission): boolean {
  if (OF_ROLE[role].includes(permission)) return true;
  return scopes.some((scope) => OF_SCOPE[scope] === permission && mayHold(role, scope));
}

function forbidden({ name, role }: Principal, permission: Permission): PomonaError {
  const scope = scopeWith(permission);
  const why =
    scope === undefined
      ? `has the role ${role}, which does not grant ${permission}.`
      : `has not the scope ${scope}, which grants ${permission}. Use a token made with that scope.`;
  return new PomonaError('FORBIDDEN', `The token "${name}" ${why}`);
}
