import type { HotLane } from '../../db/hot-lane';
import { Prisma } from '../../generated/prisma/client';
import type { Grouping } from './domain/periods';
import { REVENUE_SUMS, revenueBy, type RevenueSums } from './revenue.queries';
import { dayOf, type Days, type Scope } from './scope.queries';

export interface PeriodSums extends RevenueSums {
  /** The day the period starts on. */
  readonly start: string;
}

export class SalesQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  /** Only periods in which something happened. */
  async byPeriod(scope: Scope & { readonly days: Days }, grouping: Grouping): Promise<PeriodSums[]> {
    const day = {
      order: dayOf(Prisma.sql`o.ordered_at`, scope),
      return: dayOf(Prisma.sql`r.returned_at`, scope),
      refund: dayOf(Prisma.sql`f.refunded_at`, scope),
    };
    const text = await this.lane.text(Prisma.sql`
      SELECT coalesce(json_agg(sums || jsonb_build_object('start', start)), '[]')::text
      FROM (
        SELECT date_trunc(${grouping}::text, key::timestamp)::date AS start, ${REVENUE_SUMS}::jsonb AS sums
        FROM (${revenueBy(day, scope)}) documents GROUP BY 1
      ) periods`);
    return JSON.parse(text!) as PeriodSums[];
  }
}
