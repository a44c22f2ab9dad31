import { Prisma } from '../../../generated/prisma/client';
import { must, type Invariant } from '../invariant';

/** Tables that are read before the organization is known. Every other table belongs to the tenant plane. */
export const IDENTITY_PLANE = [
  '_prisma_migrations',
  'organizations',
  'users',
  'memberships',
  'sessions',
  'refresh_tokens',
  'password_resets',
  'invitations',
  'throttles',
  'two_factors',
  'recovery_codes',
  'login_challenges',
  'mails',
] as const;

/** Insert-only for the application, by privilege and by trigger. */
export const LEDGERS = ['stock_movements', 'stock_notes', 'events'] as const;

const tenantTables = Prisma.sql`
  SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity,
    (SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped AND a.attnotnull) AS organization_column
  FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT (c.relname = ANY (${[...IDENTITY_PLANE]}))`;

/** About the database itself, from its catalogue: true or not for all organizations at once. */
export const databaseInvariants: readonly Invariant[] = [
  {
    id: 'INV-11',
    description: 'Every foreign key between tenant tables carries organization_id on both sides',
    rows: () => Prisma.sql`
      WITH tenant AS (${tenantTables})
      SELECT ${must(
        Prisma.sql`EXISTS (SELECT FROM unnest(f.conkey, f.confkey) AS pair (own, other) WHERE pair.own = t.organization_column AND pair.other = r.organization_column)`,
        Prisma.sql`'table', t.relname, 'foreignKey', f.conname, 'references', r.relname`,
      )}
      FROM pg_constraint f
      JOIN tenant t ON t.oid = f.conrelid
      JOIN tenant r ON r.oid = f.confrelid
      WHERE f.contype = 'f'`,
  },
  {
    id: 'INV-17',
    description:
      'Every table outside the identity plane has organization_id NOT NULL, forced row-level security that applies to this login, a policy on organization_id and no other, and no unique index without organization_id',
    rows: () => Prisma.sql`
      WITH tenant AS (${tenantTables}),
      policies AS (
        SELECT polrelid, bool_and(coalesce(pg_get_expr(polqual, polrelid), '') LIKE '%organization_id%app.organization_id%'
            AND (polwithcheck IS NULL OR pg_get_expr(polwithcheck, polrelid) LIKE '%organization_id%app.organization_id%')) AS all_by_organization
        FROM pg_policy WHERE polpermissive AND (polroles = '{0}' OR polroles && ARRAY(SELECT oid FROM pg_roles WHERE pg_has_role(current_user, oid, 'USAGE')))
        GROUP BY polrelid
      )
      SELECT ${must(
        Prisma.sql`t.organization_column IS NOT NULL AND t.relrowsecurity AND t.relforcerowsecurity AND row_security_active(t.oid)
          AND p.all_by_organization
          AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisunique AND NOT (t.organization_column = ANY (i.indkey::int2[])))`,
        Prisma.sql`'table', t.relname, 'hasOrganization', t.organization_column IS NOT NULL, 'enabled', t.relrowsecurity, 'forced', t.relforcerowsecurity,
          'active', row_security_active(t.oid), 'policies', p.all_by_organization,
          'uniqueWithoutOrganization', ARRAY(SELECT i.indexrelid::regclass::text FROM pg_index i
            WHERE i.indrelid = t.oid AND i.indisunique AND NOT (coalesce(t.organization_column, 0) = ANY (i.indkey::int2[])))`,
      )}
      FROM tenant t LEFT JOIN policies p ON p.polrelid = t.oid`,
  },
  {
    id: 'STK-1.ledgers',
    description: 'This login may neither update nor delete ledgers and events, and triggers that refuse it are on',
    rows: () => Prisma.sql`
      SELECT ${must(
        Prisma.sql`t.oid IS NOT NULL
          AND NOT has_any_column_privilege(current_user, t.oid, 'UPDATE') AND NOT has_table_privilege(current_user, t.oid, 'DELETE') AND NOT has_table_privilege(current_user, t.oid, 'TRUNCATE')
          AND EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = t.oid AND g.tgenabled IN ('O', 'A') AND g.tgtype & 27 = 27)`,
        Prisma.sql`'table', l.name, 'mayUpdate', has_any_column_privilege(current_user, t.oid, 'UPDATE'), 'mayDelete', has_table_privilege(current_user, t.oid, 'DELETE')`,
      )}
      FROM unnest(${[...LEDGERS]}::text[]) AS l (name)
      LEFT JOIN pg_class t ON t.relname = l.name AND t.relnamespace = 'public'::regnamespace`,
  },
];
