import { createContainer, type Container } from '../container';
import type { Config } from '../config/config';
import { ConfigError } from '../config/config-error';
import { SessionLock } from '../db/session-lock';
import { SettableClock } from '../kernel/clock';
import { Unavailable } from '../kernel/common-errors';
import { asOrganization } from '../kernel/context';
import { Decimal, ZERO } from '../kernel/decimal';
import { newId } from '../kernel/ids';
import type { Logger } from '../observability/logger';
import { CATEGORIES, COMPANY, CUSTOMERS, PRODUCTS, STORES, UNITS } from './demo-data';
import { ORDERS } from './demo-history';
import { letIn, letMissingIn } from './demo-colleagues';
import { DEMO_LOGIN } from './demo-login';
import { type DemoCompany, playOrder } from './demo-orders';

const DAY = 24 * 60 * 60 * 1000;
const HISTORY_DAYS = 185;
/** For another process that is making the company just now. */
const PATIENCE_MS = 180_000;
/** Cost of the demo passwords' hashes: they are known to everybody, and a person waits for the first start. */
const CHEAP_HASH = 6;

/** @throws ConfigError in production */
export function assertDemoAllowed({ environment }: Pick<Config, 'environment'>): void {
  if (environment === 'production')
    throw new ConfigError(['NODE_ENV is production: the demo company has passwords that everybody knows, and is not made there']);
}

/**
 * Makes the demo company through the services, so that every invariant holds, with a clock that lives in the past. Its login is made last:
 * when it is there, so is everything else; what a killed run left is a company without a login, and of several runs at once one makes it.
 * One that an older version made gets the colleagues it lacks.
 * @throws ConfigError in production
 * @returns false when the demo company exists already
 */
export async function seedDemo(config: Config, runtimeUrl: string, logger: Logger): Promise<boolean> {
  assertDemoAllowed(config);
  const today = new Date();
  const clock = new SettableClock(new Date(today.getTime() - HISTORY_DAYS * DAY));
  const container = createContainer({
    config: { ...config, bcryptCost: CHEAP_HASH },
    runtimeUrl: withoutWaitingForTheDisk(runtimeUrl),
    logger,
    clock,
  });
  try {
    const { accounts } = container.modules.identity;
    const held = await new SessionLock(container.pool).hold(
      'the demo company',
      async () => {
        const home = await accounts.homeOf(DEMO_LOGIN.email);
        if (home !== undefined) {
          await asOrganization(home, () => letMissingIn(container));
          return false;
        }
        await asOrganization(newId(), async () => {
          const company = await foundCompany(container);
          for (const order of ORDERS) await playOrder(container, clock, company, order, today);
          clock.set(today);
          await letIn(container, { shop: company.stores.shop, customer: company.customers[0]! });
        });
        logger.info('demo company made');
        return true;
      },
      PATIENCE_MS,
    );
    if (held === undefined) throw new Unavailable('Another process has been making the demo company for minutes: stop it, or wait for it');
    return held.result;
  } finally {
    await container.close();
  }
}

/** A crash may take the last moments of the demo company with it; it is made anew then. */
function withoutWaitingForTheDisk(url: string): string {
  const address = new URL(url);
  const options = address.searchParams.get('options');
  address.searchParams.set('options', [...(options === null ? [] : [options]), '-c synchronous_commit=off'].join(' '));
  return address.toString();
}

async function foundCompany(container: Container): Promise<DemoCompany> {
  const { organization, catalogue, customers } = container.modules;
  const { storeId: shop } = await organization.organizations.found({ ...COMPANY, storeName: STORES.shop.name });
  const { id: warehouse } = await organization.stores.create(STORES.warehouse);
  await organization.taxRates.create({ name: 'Standard VAT', rate: '20', inclusive: false, isDefault: true });

  // The piece (pcs) was made with the organization, and is what a product without a unit gets.
  const units = new Map<string, string>();
  for (const [code, name, category, factor, isWhole] of UNITS) {
    units.set(code, (await catalogue.units.create({ code, name, category, factor, isWhole })).id);
  }
  const categories = new Map<string, string>();
  for (const [code, name, parent, allowed] of CATEGORIES) {
    const parentId = parent === null ? null : categories.get(parent)!;
    const allowedUnitIds = allowed.map((unit) => units.get(unit)!);
    categories.set(code, (await catalogue.categories.create({ code, name, parentId, allowedUnitIds })).id);
  }
  await organization.taxRates.create({
    name: 'Zero rate (food)',
    rate: '0',
    inclusive: false,
    isDefault: false,
    categoryIds: ['COFFEE', 'BEANS', 'GROUND', 'TEA'].map((code) => categories.get(code)!),
  });

  const stores = { shop, warehouse };
  const products = await stockProducts(container, stores, units, categories);
  const customerIds: string[] = [];
  for (const [name, local, line1, city, postalCode] of CUSTOMERS) {
    const address = { line1, line2: null, city, region: null, postalCode, country: 'GB' };
    const email = `${local}@${name
      .toLowerCase()
      .replaceAll('&', 'and')
      .replaceAll(/[^a-z]+/g, '-')
      .replaceAll('é', 'e')}.example`;
    customerIds.push(
      (await customers.customers.create({ name, email, billingAddress: address, shippingAddress: address }, { maySetCreditLimit: true }))
        .id,
    );
  }
  return { stores, products, customers: customerIds };
}

async function stockProducts(
  container: Container,
  stores: DemoCompany['stores'],
  units: ReadonlyMap<string, string>,
  categories: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const { catalogue, inventory } = container.modules;
  const products = new Map<string, string>();
  const unitOf = (code: string): { unitId?: string } => (units.has(code) ? { unitId: units.get(code)! } : {});
  for (const { sku, name, category, unit, price, cost, stock, reorderLevel } of PRODUCTS) {
    const initialStock = stock === null ? {} : { initialStock: { storeId: stores.warehouse, quantity: new Decimal(stock[0]) } };
    const { id } = await catalogue.products.create(
      {
        sku,
        name,
        categoryId: categories.get(category)!,
        ...unitOf(unit),
        price,
        cost,
        reorderLevel,
        tracksStock: stock !== null,
        ...initialStock,
      },
      { maySetPrices: true },
    );
    products.set(sku, id);
    const inShop = new Decimal(stock?.[1] ?? ZERO);
    if (!inShop.isZero())
      await inventory.stock.receiveInitial({ productId: id, storeId: stores.shop, quantity: inShop, unitCost: new Decimal(cost) });
  }
  return products;
}
