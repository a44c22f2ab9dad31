/** Every permission word. API-key scopes will be the same words. */
export const PERMISSIONS = [
  'profile:read',
  'profile:write',
  'organization:read',
  'organization:write',
  'stores:read',
  'stores:write',
  'users:read',
  'users:write',
  'tax-rates:read',
  'tax-rates:write',
  'catalogue:read',
  'catalogue:write',
  'catalogue:delete',
  'prices:write',
  'customers:read',
  'customers:write',
  'customers:delete',
  'stock:read',
  'stock:adjust',
  'orders:read',
  'orders:place',
  'orders:write',
  'orders:import',
  'payments:write',
  'refunds:write',
  'dashboard:read',
  'integrity:read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ['admin', 'manager', 'staff', 'viewer', 'customer'] as const;
export type Role = (typeof ROLES)[number];

const profile: readonly Permission[] = ['profile:read', 'profile:write'];
/** The system itself, and who may do what in it. */
const ADMIN_ONLY: ReadonlySet<Permission> = new Set(['organization:write', 'users:read', 'users:write', 'integrity:read']);
const others = PERMISSIONS.filter((permission) => !ADMIN_ONLY.has(permission));
const reads = others.filter((permission) => permission.endsWith(':read'));

const BY_ROLE: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  admin: new Set(PERMISSIONS),
  manager: new Set(others),
  staff: new Set([...profile, ...reads, 'customers:write', 'stock:adjust', 'orders:place', 'orders:write', 'payments:write']),
  viewer: new Set([...profile, ...reads]),
  // Own orders and the published catalogue only: see kernel/own-orders.
  customer: new Set([...profile, 'catalogue:read', 'orders:read', 'orders:place']),
};

/** What a role may do. Roles are named sets of permissions; routes ask for a permission, never for a role. */
export const permissionsOf = (role: Role): ReadonlySet<Permission> => BY_ROLE[role];
