import type { Call } from '../../http/endpoint';
import type { OrganizationChangesBody, OrganizationView } from './organization.schemas';
import type { Organization, OrganizationService } from './organization.service';

export class OrganizationController {
  constructor(private readonly organizations: OrganizationService) {}

  read = async () => present(await this.organizations.read());

  change = async ({ body, expectedVersion }: Call<{ body: OrganizationChangesBody }>) =>
    present(await this.organizations.change(body, expectedVersion));
}

const present = ({ createdAt, updatedAt, ...organization }: Organization): OrganizationView => ({
  ...organization,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
