import { Prisma } from '../../generated/prisma/client';

/** Calendar days in the organization's time zone, both counted. */
export type Days = readonly [from: string, to: string];

/** What figures are about. */
export interface Scope {
  readonly timeZone: string;
  readonly currency: string;
  /** All time when left out. */
  readonly days?: Days | undefined;
  /** Only documents and stock of this store. When left out, of all that the caller may see; for those who see all, also what names no store. */
  readonly storeId?: string | undefined;
}

/** The local day of an instant. */
export const dayOf = (instant: Prisma.Sql, { timeZone }: Pick<Scope, 'timeZone'>): Prisma.Sql =>
  Prisma.sql`(${instant} AT TIME ZONE ${timeZone}::text)::date`;

/**
 * `AND …`: no zone is further than 14 h from UTC, so wide bounds serve the index, and narrow ones tell for nearly all that they are within;
 * the rest is asked for its local day, which holds on days of 23 and 25 hours too. It is a CASE because the planner, who knows nothing of
 * local days, takes a BETWEEN for one row in 200 and would then look up the lines of a year's orders one by one.
 */
export function withinDays(instant: Prisma.Sql, { timeZone, days }: Pick<Scope, 'timeZone' | 'days'>): Prisma.Sql {
  if (days === undefined) return Prisma.empty;
  const [from, to] = days;
  return Prisma.sql`AND ${instant} >= (${from}::date - 1)::timestamp AT TIME ZONE 'UTC' AND ${instant} < (${to}::date + 2)::timestamp AT TIME ZONE 'UTC'
    AND CASE WHEN ${instant} >= (${from}::date + 1)::timestamp AT TIME ZONE 'UTC' AND ${instant} < ${to}::date::timestamp AT TIME ZONE 'UTC' THEN true
      WHEN ${dayOf(instant, { timeZone })} BETWEEN ${from}::date AND ${to}::date THEN true END`;
}
