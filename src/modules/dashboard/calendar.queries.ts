import type { HotLane } from '../../db/hot-lane';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';

/** How figures count days and money. */
export interface Calendar {
  readonly timeZone: string;
  /** The organization's; of figures of one store, the store's. */
  readonly currency: string;
  /** The day it is there now, YYYY-MM-DD. */
  readonly today: string;
}

export class CalendarQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  /** A store that does not exist has the organization's currency, and no figures. */
  async read(now: Date, storeId?: string): Promise<Calendar> {
    const currency =
      storeId === undefined
        ? Prisma.sql`o.currency`
        : Prisma.sql`coalesce((SELECT s.currency FROM stores s WHERE s.organization_id = o.id AND s.id = ${storeId}::uuid), o.currency)`;
    const text = await this.lane.text(Prisma.sql`
      SELECT json_build_object('timeZone', o.time_zone, 'currency', ${currency}, 'today', (${now}::timestamptz AT TIME ZONE o.time_zone)::date)::text
      FROM organizations o WHERE o.id = ${currentOrganizationId()}::uuid`);
    return JSON.parse(text!) as Calendar;
  }
}
