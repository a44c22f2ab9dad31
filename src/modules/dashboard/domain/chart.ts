interface Point {
  readonly orders: number;
  readonly revenue: string;
  readonly averageOrderValue: string | null;
}
type Labelled = Point & ({ readonly period: string } | { readonly code: string | null; readonly name: string | null });

interface Report<By> {
  readonly groupBy: By;
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly data: readonly Labelled[];
}

const labelOf = (point: Labelled): string => ('period' in point ? point.period : (point.name ?? point.code ?? 'none'));

/** A report turned by a quarter: one list a series, as charts take them. */
export function chartOf<By>({ groupBy, from, to, timeZone, currency, data }: Report<By>) {
  return {
    groupBy,
    from,
    to,
    timeZone,
    currency,
    labels: data.map(labelOf),
    revenue: data.map(({ revenue }) => revenue),
    orders: data.map(({ orders }) => orders),
    averageOrderValue: data.map(({ averageOrderValue }) => averageOrderValue),
  };
}
