import type { UnitOfWork } from '../../db/unit-of-work';
import { currentContext, currentOrganizationId } from '../../kernel/context';
import { Decimal } from '../../kernel/decimal';
import { newId } from '../../kernel/ids';
import { stockUnitPrice } from './domain/order-composition';
import type { LedgerOfLine, ReturnedBefore, ReturnLine } from './domain/order-returns';

export interface Return {
  readonly id: string;
  readonly number: string;
  readonly orderId: string;
  readonly customerId: string | null;
  readonly storeId: string;
  readonly currency: string;
  readonly reason: string | null;
  readonly taxTotal: Decimal;
  readonly total: Decimal;
  readonly returnedAt: Date;
  readonly lines: readonly ReturnLine[];
}

/** Goods that came back, always under their order's lock. */
export class ReturnsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** By order line, what its earlier returns came to. */
  async returnedBefore(orderId: string): Promise<Map<string, ReturnedBefore>> {
    const organizationId = currentOrganizationId();
    const rows = await this.unitOfWork.transaction.$queryRaw<Array<{ id: string; total: string; tax: string }>>`
      SELECT l.order_line_id::text AS id, sum(l.total)::text AS total, sum(l.tax_amount)::text AS tax
      FROM returns r JOIN return_lines l ON l.organization_id = ${organizationId}::uuid AND l.return_id = r.id
      WHERE r.organization_id = ${organizationId}::uuid AND r.order_id = ${orderId}::uuid AND l.order_line_id IS NOT NULL GROUP BY 1`;
    return new Map(rows.map((row) => [row.id, { total: new Decimal(row.total), taxAmount: new Decimal(row.tax) }]));
  }

  /** By order line, what the ledger says left and came back. Scrap is not looked at: it came back first. */
  async ledgerOf(orderId: string): Promise<Map<string, LedgerOfLine>> {
    const organizationId = currentOrganizationId();
    const rows = await this.unitOfWork.transaction.$queryRaw<
      Array<{ id: string; shipped: string; shipped_value: string; returned: string; returned_value: string }>
    >`
      SELECT m.source_line_id::text AS id,
        coalesce(-sum(m.quantity) FILTER (WHERE m.kind = 'shipment'), 0)::text AS shipped, coalesce(-sum(m.value) FILTER (WHERE m.kind = 'shipment'), 0)::text AS shipped_value,
        coalesce(sum(m.quantity) FILTER (WHERE m.kind = 'customer_return'), 0)::text AS returned, coalesce(sum(m.value) FILTER (WHERE m.kind = 'customer_return'), 0)::text AS returned_value
      FROM stock_movements m
      WHERE m.organization_id = ${organizationId}::uuid AND m.source_line_id IS NOT NULL AND m.source_id IN (
        SELECT s.id FROM shipments s WHERE s.organization_id = ${organizationId}::uuid AND s.order_id = ${orderId}::uuid
        UNION ALL SELECT r.id FROM returns r WHERE r.organization_id = ${organizationId}::uuid AND r.order_id = ${orderId}::uuid)
      GROUP BY 1`;
    return new Map(
      rows.map((row) => [
        row.id,
        {
          shipped: new Decimal(row.shipped),
          shippedValue: new Decimal(row.shipped_value),
          returned: new Decimal(row.returned),
          returnedValue: new Decimal(row.returned_value),
        },
      ]),
    );
  }

  /** Such as RT-000042, one that no return has. Returns are few, so they take them one by one; the series stays locked until commit: ask late. */
  async nextNumber(): Promise<string> {
    const [row] = await this.unitOfWork.transaction.$queryRaw<Array<{ number: string }>>`
      SELECT number FROM take_numbers(${currentOrganizationId()}::uuid, 'return', 1) AS number`;
    return row!.number;
  }

  async insert(made: Return): Promise<void> {
    const organizationId = currentOrganizationId();
    const tx = this.unitOfWork.transaction;
    await tx.$executeRaw`
      INSERT INTO returns (organization_id, id, number, order_id, customer_id, store_id, currency, reason, tax_total, total, returned_at, created_by)
      VALUES (${organizationId}::uuid, ${made.id}::uuid, ${made.number}, ${made.orderId}::uuid, ${made.customerId}::uuid, ${made.storeId}::uuid, ${made.currency}, ${made.reason},
        ${made.taxTotal.toFixed()}::numeric, ${made.total.toFixed()}::numeric, ${made.returnedAt}::timestamptz, ${currentContext().actor.id}::uuid)`;
    const rows = made.lines.map(({ line, quantity, disposition, total, taxAmount }, index) => ({
      id: newId(),
      line_number: index + 1,
      order_line_id: line.id,
      product_id: line.productId,
      sku: line.sku,
      name: line.name,
      quantity,
      // Per stock unit, as the quantity is.
      unit_price: stockUnitPrice(line),
      tax_amount: taxAmount,
      total,
      disposition,
    }));
    await tx.$executeRaw`
      INSERT INTO return_lines (organization_id, id, return_id, line_number, order_line_id, product_id, sku, name, quantity, unit_price, tax_amount, total, disposition)
      SELECT ${organizationId}::uuid, l.id, ${made.id}::uuid, l.line_number, l.order_line_id, l.product_id, l.sku, l.name, l.quantity, l.unit_price, l.tax_amount, l.total, l.disposition
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS l (id uuid, line_number integer, order_line_id uuid, product_id uuid, sku text, name text, quantity numeric,
        unit_price numeric, tax_amount numeric, total numeric, disposition text)`;
  }
}
