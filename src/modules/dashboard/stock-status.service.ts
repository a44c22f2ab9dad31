import type { UnitOfWork } from '../../db/unit-of-work';
import type { Clock } from '../../kernel/clock';
import { Decimal } from '../../kernel/decimal';
import { formatMoney } from '../../kernel/money';
import type { CalendarQueries } from './calendar.queries';
import { ratio } from './domain/figures';
import { addDays } from './domain/periods';
import type { StockItem, StockStatusQueries } from './stock-status.queries';

export interface StockStatusWanted {
  readonly days: number;
  readonly limit: number;
  readonly storeId?: string | undefined;
}

const DAYS_A_YEAR = 365;

/** What the stock is worth and how it moves. One snapshot of two statements, whatever the data. */
export class StockStatusService {
  constructor(
    private readonly unitOfWork: Pick<UnitOfWork, 'read'>,
    private readonly calendars: CalendarQueries,
    private readonly queries: StockStatusQueries,
    private readonly clock: Clock,
  ) {}

  async read({ days, limit, storeId }: StockStatusWanted) {
    return this.unitOfWork.read(async () => {
      const { timeZone, currency, today } = await this.calendars.read(this.clock.now());
      const from = addDays(today, 1 - days);
      const row = await this.queries.read({ timeZone, currency, days: [from, today], storeId }, limit);
      const money = (amount: string | Decimal): string => formatMoney(new Decimal(amount), currency);
      const averageValue = new Decimal(row.openingValue).plus(row.value).div(2);
      const sold = new Decimal(row.costOfGoodsSold);
      const listed = ({ products, items }: { products: number; items: readonly StockItem[] }) => ({
        products,
        items: items.map((item) => ({ ...item, value: money(item.value) })),
      });
      return {
        currency,
        timeZone,
        from,
        to: today,
        days,
        totalValue: money(row.value),
        productsInStock: row.productsInStock,
        costOfGoodsSold: money(sold),
        openingValue: money(row.openingValue),
        averageValue: money(averageValue),
        turnover: ratio(sold.times(DAYS_A_YEAR), averageValue.times(days)),
        daysOfStock: ratio(new Decimal(row.value).times(days), sold),
        lowStock: listed(row.lowStock),
        outOfStock: listed(row.outOfStock),
        deadStock: { ...listed(row.deadStock), value: money(row.deadStock.value) },
      };
    });
  }
}
