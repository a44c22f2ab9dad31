import type { UnitOfWork } from '../../db/unit-of-work';
import { changedFields } from '../../events/changed-fields';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { asOrganization, currentOrganizationId } from '../../kernel/context';
import { requireVersion } from '../../kernel/expected-version';
import { newId } from '../../kernel/ids';
import { AmbiguousOrganization, CurrencyFixed } from './organization.errors';
import { organizationCreated, organizationUpdated, storeCreated, storeUpdated, unitCreated } from './organization.events';
import type { Organization, OrganizationFields, OrganizationRepository } from './organization.repository';
import type { Store, StoresRepository } from './stores.repository';

export type { Organization };

export interface Founding {
  readonly name: string;
  /** USD when left out. */
  readonly currency?: string | undefined;
  /** UTC when left out. */
  readonly timeZone?: string | undefined;
  /** "Main store" when left out. */
  readonly storeName?: string | undefined;
}

export interface OrganizationChanges {
  readonly name?: string;
  readonly currency?: string;
  readonly timeZone?: string;
}

export class OrganizationService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly organizations: OrganizationRepository,
    private readonly stores: StoresRepository,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes the organization at hand: the context already carries the id it shall have (runInContext, asOrganization), because what lies
   * under row-level security is made with it: the first store (MAIN) and the unit piece. A number series begins with its first number.
   */
  found({ name, currency = 'USD', timeZone = 'UTC', storeName = 'Main store' }: Founding): Promise<{ storeId: string }> {
    return this.unitOfWork.run(async () => {
      const now = this.clock.now();
      const store: Store = {
        id: newId(),
        code: 'MAIN',
        name: storeName,
        kind: 'shop',
        currency,
        address: null,
        archivedAt: null,
        version: 1,
      };
      await this.organizations.insert({ name, currency, timeZone }, now);
      await this.stores.insert(store, now);
      const piece = await this.organizations.insertPiece(now);
      await this.events.append(
        organizationCreated(currentOrganizationId(), { name, currency, timeZone }),
        storeCreated(store),
        unitCreated(piece),
      );
      return { storeId: store.id };
    });
  }

  /**
   * The organization of this name or id, made when there is none; two calls at once make one. For the command line: needs no organization.
   * @throws AmbiguousOrganization
   */
  findOrFound(founding: Founding): Promise<{ readonly id: string; readonly made: boolean }> {
    const newcomer = newId();
    return asOrganization(newcomer, () =>
      this.unitOfWork.run(async () => {
        const [id, ...others] = await this.organizations.lockName(founding.name);
        if (others.length > 0)
          throw new AmbiguousOrganization(
            `More than one organization is named "${founding.name}"; name one by its id: ${[id, ...others].join(', ')}`,
          );
        if (id !== undefined) return { id, made: false };
        await this.found(founding);
        return { id: newcomer, made: true };
      }),
    );
  }

  read(): Promise<Organization> {
    return this.organizations.read();
  }

  /**
   * The currency can change as long as nothing is priced in it; stores that were kept in the old one follow.
   * @throws VersionMismatch, CurrencyFixed
   */
  change(changes: OrganizationChanges, expectedVersion: number | undefined): Promise<Organization> {
    return this.unitOfWork.run(async () => {
      const organization = await this.organizations.lock();
      requireVersion(organization, expectedVersion);
      const { id, name, currency, timeZone } = organization;
      const changed: OrganizationFields = { name, currency, timeZone, ...changes };
      const difference = changedFields({ name, currency, timeZone }, changed);
      if (difference === undefined) return organization;
      if (changed.currency !== currency) await this.changeCurrency(currency, changed.currency);
      const version = organization.version + 1;
      await this.organizations.save({ ...changed, version }, this.clock.now());
      await this.events.append(organizationUpdated({ id, version }, difference));
      return this.organizations.read();
    });
  }

  private async changeCurrency(from: string, to: string): Promise<void> {
    if (await this.organizations.hasAmounts())
      throw new CurrencyFixed(`Prices are already kept in ${from}; the currency can't become ${to} any more`);
    const stores = await this.stores.changeCurrency(from, to, this.clock.now());
    await this.events.append(...stores.map((store) => storeUpdated(store, { before: { currency: from }, after: { currency: to } })));
  }
}
