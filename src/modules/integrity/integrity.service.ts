import type { UnitOfWork } from '../../db/unit-of-work';
import type { Clock } from '../../kernel/clock';
import { asOrganization } from '../../kernel/context';
import { examinedIn, isHealthy, type Finding, type IntegrityReport, type OrganizationReport } from './finding';
import { NothingExamined } from './integrity.errors';
import type { IntegrityRepository } from './integrity.repository';

/** Looks whether what should always be true of the data is true. Each organization is one read-only snapshot, under row-level security. */
export class IntegrityService {
  constructor(
    private readonly repository: IntegrityRepository,
    private readonly unitOfWork: Pick<UnitOfWork, 'read'>,
    private readonly clock: Clock,
  ) {}

  /** The organization at hand, and the database. @throws NothingExamined */
  checkOwn(): Promise<OrganizationReport> {
    return this.unitOfWork.read(async () => {
      const database = await this.repository.checkDatabase(this.clock.now());
      return this.checkOne(database);
    });
  }

  /**
   * Every organization, one after the other, or those of this name.
   * @throws NothingExamined when there is no organization, or no row in one
   */
  async checkAll(name?: string): Promise<IntegrityReport> {
    const checkedAt = this.clock.now();
    const found = await this.repository.organizations(name);
    if (found.length === 0) {
      throw new NothingExamined(name === undefined ? 'There is no organization to examine' : `There is no organization named "${name}"`);
    }
    const database = await this.unitOfWork.read(() => this.repository.checkDatabase(checkedAt));
    const organizations: OrganizationReport[] = [];
    for (const { id } of found) organizations.push(await asOrganization(id, () => this.unitOfWork.read(() => this.checkOne([]))));
    const healthy = isHealthy(database) && organizations.every((report) => report.healthy);
    return { checkedAt: checkedAt.toISOString(), healthy, database, organizations };
  }

  private async checkOne(database: readonly Finding[]): Promise<OrganizationReport> {
    const now = this.clock.now();
    const organization = await this.repository.ownOrganization();
    const ofRows = await this.repository.checkTenantRows(now);
    if (examinedIn(ofRows) === 0) throw new NothingExamined(`Nothing of the organization ${organization.id} could be examined`);
    const invariants = [...database, ...(await this.repository.checkIdentity(now)), ...ofRows];
    return { organization, checkedAt: now.toISOString(), healthy: isHealthy(invariants), invariants };
  }
}
