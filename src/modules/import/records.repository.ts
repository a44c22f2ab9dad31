import type { UnitOfWork } from '../../db/unit-of-work';
import { Prisma } from '../../generated/prisma/client';
import { currentContext, currentOrganizationId } from '../../kernel/context';
import type { LineRecord, MoneyRecord, OrderRecord, Records, ReturnRecord, StockNoteRecord } from './records';

export interface RecordsSetting {
  readonly currency: string;
  readonly storeId: string;
}

const LINE = Prisma.sql`(id uuid, "documentId" uuid, "lineNumber" integer, "productId" uuid, sku text, name text, "tracksStock" boolean, quantity numeric, unit text,
  "unitPrice" numeric, total numeric)`;
const MONEY = Prisma.sql`(id uuid, "documentId" uuid, "customerId" uuid, amount numeric, at timestamptz)`;

/** The method of payments and refunds that another system settled. */
const METHOD = 'imported';

/** Writes the rows of documents, one statement a table however many rows there are. */
export class RecordsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async insert(records: Records, setting: RecordsSetting, now: Date): Promise<void> {
    await this.orders(records.orders, setting, now);
    await this.orderLines(records.orderLines);
    await this.payments(records.payments, setting, now);
    await this.returns(records.returns, setting, now);
    await this.returnLines(records.returnLines);
    await this.refunds(records.refunds, setting, now);
    await this.stockNotes(records.stockNotes, setting, now);
  }

  private orders(orders: readonly OrderRecord[], { storeId, currency }: RecordsSetting, now: Date): Promise<void> {
    return this.write(
      orders,
      (rows) => Prisma.sql`
        INSERT INTO orders (organization_id, id, number, status, fulfilment_status, payment_status, store_id, customer_id, guest_name, country, currency, subtotal, total,
          paid_amount, ordered_at, imported, created_by, created_at, updated_at)
        SELECT ${currentOrganizationId()}::uuid, o.id, o.number, 'completed', 'fulfilled', 'paid', ${storeId}::uuid, o."customerId", o."guestName", o.country, ${currency}, o.total, o.total,
          o.total, o.at, true, ${currentContext().actor.id}::uuid, ${now}, ${now}
        FROM json_to_recordset(${rows}::json) AS o (id uuid, number text, "customerId" uuid, "guestName" text, country text, total numeric, at timestamptz)`,
    );
  }

  private orderLines(lines: readonly LineRecord[]): Promise<void> {
    return this.write(
      lines,
      (rows) => Prisma.sql`
        INSERT INTO order_lines (organization_id, id, order_id, line_number, product_id, sku, name, tracks_stock, quantity, entered_quantity, unit, unit_price,
          price_is_manual, gross, total, shipped_quantity)
        SELECT ${currentOrganizationId()}::uuid, l.id, l."documentId", l."lineNumber", l."productId", l.sku, l.name, l."tracksStock", l.quantity, l.quantity, l.unit, l."unitPrice",
          true, l.total, l.total, l.quantity
        FROM json_to_recordset(${rows}::json) AS l ${LINE}`,
    );
  }

  private payments(payments: readonly MoneyRecord[], { currency }: RecordsSetting, now: Date): Promise<void> {
    return this.write(
      payments,
      (rows) => Prisma.sql`
        INSERT INTO payments (organization_id, id, order_id, customer_id, currency, amount, method, status, imported, paid_at, created_by, created_at)
        SELECT ${currentOrganizationId()}::uuid, p.id, p."documentId", p."customerId", ${currency}, p.amount, ${METHOD}, 'succeeded', true, p.at,
          ${currentContext().actor.id}::uuid, ${now}
        FROM json_to_recordset(${rows}::json) AS p ${MONEY}`,
    );
  }

  private returns(returns: readonly ReturnRecord[], { storeId, currency }: RecordsSetting, now: Date): Promise<void> {
    return this.write(
      returns,
      (rows) => Prisma.sql`
        INSERT INTO returns (organization_id, id, number, customer_id, store_id, country, currency, total, imported, returned_at, created_by, created_at)
        SELECT ${currentOrganizationId()}::uuid, r.id, r.number, r."customerId", ${storeId}::uuid, r.country, ${currency}, r.total, true, r.at,
          ${currentContext().actor.id}::uuid, ${now}
        FROM json_to_recordset(${rows}::json) AS r (id uuid, number text, "customerId" uuid, country text, total numeric, at timestamptz)`,
    );
  }

  private returnLines(lines: readonly LineRecord[]): Promise<void> {
    return this.write(
      lines,
      (rows) => Prisma.sql`
        INSERT INTO return_lines (organization_id, id, return_id, line_number, product_id, sku, name, quantity, unit_price, total, disposition)
        SELECT ${currentOrganizationId()}::uuid, l.id, l."documentId", l."lineNumber", l."productId", l.sku, l.name, l.quantity, l."unitPrice", l.total, 'none'
        FROM json_to_recordset(${rows}::json) AS l ${LINE}`,
    );
  }

  private refunds(refunds: readonly MoneyRecord[], { currency }: RecordsSetting, now: Date): Promise<void> {
    return this.write(
      refunds,
      (rows) => Prisma.sql`
        INSERT INTO refunds (organization_id, id, return_id, customer_id, currency, amount, method, status, imported, refunded_at, created_by, created_at)
        SELECT ${currentOrganizationId()}::uuid, r.id, r."documentId", r."customerId", ${currency}, r.amount, ${METHOD}, 'succeeded', true, r.at,
          ${currentContext().actor.id}::uuid, ${now}
        FROM json_to_recordset(${rows}::json) AS r ${MONEY}`,
    );
  }

  private stockNotes(notes: readonly StockNoteRecord[], { storeId }: RecordsSetting, now: Date): Promise<void> {
    return this.write(
      notes,
      (rows) => Prisma.sql`
        INSERT INTO stock_notes (organization_id, id, product_id, store_id, document_number, line_number, quantity, note, occurred_at, recorded_at)
        SELECT ${currentOrganizationId()}::uuid, n.id, n."productId", ${storeId}::uuid, n."documentNumber", n."lineNumber", n.quantity, n.note, n.at, ${now}
        FROM json_to_recordset(${rows}::json)
          AS n (id uuid, "documentNumber" text, "lineNumber" integer, "productId" uuid, quantity numeric, note text, at timestamptz)`,
    );
  }

  /** As one JSON text: a parameter per value would be more than a statement takes, and arrays cost the driver more. */
  private async write(records: readonly object[], statement: (rows: string) => Prisma.Sql): Promise<void> {
    if (records.length > 0) await this.unitOfWork.transaction.$executeRaw(statement(JSON.stringify(records)));
  }
}
