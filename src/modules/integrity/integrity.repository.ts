import type { UnitOfWork } from '../../db/unit-of-work';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import type { Finding, OrganizationName } from './finding';
import type { Invariant, TenantTable } from './invariant';
import { databaseInvariants } from './invariants/database';
import { documentInvariants } from './invariants/documents';
import { historyInvariants, identityInvariants } from './invariants/history';
import { settlementInvariants } from './invariants/settlement';
import { stockInvariants } from './invariants/stock';

const EXAMPLES = 5;
const NO_ORGANIZATION = Prisma.sql`NULL::uuid`;

const ownId = (): Prisma.Sql => Prisma.sql`${currentOrganizationId()}::uuid`;

/** Runs the invariants, each as one statement in the snapshot of the unit that is open. */
export class IntegrityRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** All of them, or those of this name. The identity plane: needs no organization. */
  organizations(name?: string): Promise<OrganizationName[]> {
    return this.unitOfWork.client.organization.findMany({
      where: name === undefined ? {} : { name },
      select: { id: true, name: true },
      orderBy: { id: 'asc' },
    });
  }

  async ownOrganization(): Promise<OrganizationName> {
    return this.unitOfWork.transaction.organization.findFirstOrThrow({
      where: { id: currentOrganizationId() },
      select: { id: true, name: true },
    });
  }

  /** What is true of each organization's rows, all of them under row-level security. */
  async checkTenantRows(now: Date): Promise<Finding[]> {
    const tables = await this.tenantTables();
    return this.check([...stockInvariants, ...documentInvariants, ...settlementInvariants, ...historyInvariants], {
      organization: ownId(),
      now,
      tables,
    });
  }

  /** What is true of the organization itself. */
  checkIdentity(now: Date): Promise<Finding[]> {
    return this.check(identityInvariants, { organization: ownId(), now, tables: [] });
  }

  /** What is true of tables, policies and privileges. */
  checkDatabase(now: Date): Promise<Finding[]> {
    return this.check(databaseInvariants, { organization: NO_ORGANIZATION, now, tables: [] });
  }

  private async check(invariants: readonly Invariant[], subject: Parameters<Invariant['rows']>[0]): Promise<Finding[]> {
    const findings: Finding[] = [];
    for (const { id, description, rows } of invariants) {
      const [counted] = await this.unitOfWork.transaction.$queryRaw<Array<Pick<Finding, 'examined' | 'violations' | 'examples'>>>`
        WITH checked AS MATERIALIZED (${rows(subject)})
        SELECT count(*)::integer AS examined, count(example)::integer AS violations,
          (SELECT coalesce(jsonb_agg(example), '[]') FROM (SELECT example FROM checked WHERE example IS NOT NULL LIMIT ${EXAMPLES}) first_few) AS examples
        FROM checked`;
      findings.push({ id, description, ...counted! });
    }
    return findings;
  }

  /** The tables with an organization_id that this login may read, so that a new one is covered from its migration on. */
  private tenantTables(): Promise<TenantTable[]> {
    return this.unitOfWork.transaction.$queryRaw<TenantTable[]>`
      SELECT quote_ident(c.relname) AS name,
        coalesce((SELECT string_agg(format('%L, %I', k.attname, k.attname), ', ' ORDER BY k.attnum) FROM pg_index i
          JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = ANY (i.indkey::int2[]) WHERE i.indrelid = c.oid AND i.indisprimary), '''row'', NULL') AS "keyPairs",
        coalesce(array_agg(quote_ident(a.attname) ORDER BY a.attnum) FILTER (WHERE a.atttypid = 'numeric'::regtype), '{}') AS "numericColumns",
        bool_or(a.attname = 'id' AND a.atttypid = 'uuid'::regtype) AS "hasId",
        bool_or(a.attname = 'version' AND a.atttypid = 'integer'::regtype) AS "hasVersion"
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND has_table_privilege(c.oid, 'SELECT')
      GROUP BY c.oid, c.relname
      HAVING bool_or(a.attname = 'organization_id')
      ORDER BY c.relname`;
  }
}
