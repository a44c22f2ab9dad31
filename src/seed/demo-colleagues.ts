import type { Container } from '../container';
import { AppError } from '../kernel/app-error';
import { currentOrganizationId } from '../kernel/context';
import type { NewMember } from '../modules/identity/identity.module';
import { COMPANY, STORES } from './demo-data';
import { DEMO_COLLEAGUES, DEMO_LOGIN } from './demo-login';

/** What the colleagues' memberships name. */
interface Places {
  /** The store the clerk is limited to. */
  readonly shop: string;
  /** Who of the customers signs in. */
  readonly customer: string;
}

/** All at once: of a run that is killed between two of them the addresses would be taken for ever. */
export async function letIn({ modules }: Container, places: Places): Promise<void> {
  const admin: NewMember = { ...DEMO_LOGIN, name: 'Dana Demo', role: 'admin' };
  await modules.identity.accounts.addMembers([...DEMO_COLLEAGUES.map((colleague) => memberOf(colleague, places)), admin]);
}

/**
 * Lets in whom a demo company of an older version lacks. Does nothing when the organization at hand is none: somebody may have registered
 * with the demo's address. Who was removed stays out, as the address is taken.
 */
export async function letMissingIn(container: Container): Promise<void> {
  const { accounts } = container.modules.identity;
  const places = await placesIn(container);
  if (places === undefined) return;
  for (const colleague of DEMO_COLLEAGUES) {
    if ((await accounts.homeOf(colleague.email)) !== undefined) continue;
    try {
      await accounts.addMembers([memberOf(colleague, places)]);
      container.logger.info('demo login made', { component: 'seed' });
    } catch (error) {
      // Nobody waits for a server because of them.
      if (!(error instanceof AppError)) throw error;
    }
  }
}

function memberOf({ email, name, role, ...colleague }: (typeof DEMO_COLLEAGUES)[number], { shop, customer }: Places): NewMember {
  return {
    email,
    name,
    role,
    password: DEMO_LOGIN.password,
    ...('worksIn' in colleague && { storeIds: [shop] }),
    ...(role === 'customer' && { customerId: customer }),
  };
}

async function placesIn({ unitOfWork }: Container): Promise<Places | undefined> {
  return unitOfWork.run(async () => {
    const [row] = await unitOfWork.transaction.$queryRaw<Places[]>`
      SELECT s.id::text AS shop, c.id::text AS customer
      FROM organizations o
      JOIN stores s ON s.organization_id = o.id AND s.code = ${STORES.shop.code}
      CROSS JOIN LATERAL (SELECT id FROM customers WHERE organization_id = o.id ORDER BY created_at, id LIMIT 1) c
      WHERE o.id = ${currentOrganizationId()}::uuid AND o.name = ${COMPANY.name}`;
    return row;
  });
}
