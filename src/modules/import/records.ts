import { countryCodeOf } from '../../kernel/countries';
import { newId } from '../../kernel/ids';
import type { KnownParties } from './parties';
import type { KnownProduct } from './parties.repository';
import type { SourceDocument, SourceLine } from './source-document';

/** A sale as an order that is over: shipped, paid, without tax, without stock moved (ORD-11). Decimals are text. */
export interface OrderRecord {
  readonly id: string;
  readonly number: string;
  readonly customerId: string | null;
  readonly guestName: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  readonly total: string;
  readonly at: Date;
}

export interface LineRecord {
  readonly id: string;
  readonly documentId: string;
  readonly lineNumber: number;
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly tracksStock: boolean;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: string;
  readonly total: string;
}

/** Goods that came back, and the money that went back for them. They name no order: the file doesn't. */
export interface ReturnRecord {
  readonly id: string;
  readonly number: string;
  readonly customerId: string | null;
  readonly country: string | null;
  readonly total: string;
  readonly at: Date;
}

/** A payment of an order, or a refund of a return. */
export interface MoneyRecord {
  readonly id: string;
  readonly documentId: string;
  readonly customerId: string | null;
  readonly amount: string;
  readonly at: Date;
}

export interface StockNoteRecord {
  readonly id: string;
  readonly documentNumber: string;
  readonly lineNumber: number;
  readonly productId: string;
  readonly quantity: string;
  readonly note: string | null;
  readonly at: Date;
}

/** What a document of the file becomes, for its event. */
export interface DocumentRecords {
  readonly document: SourceDocument;
  readonly order: OrderRecord | undefined;
  readonly returned: ReturnRecord | undefined;
}

export interface Records {
  readonly documents: readonly DocumentRecords[];
  readonly orders: readonly OrderRecord[];
  readonly orderLines: readonly LineRecord[];
  readonly payments: readonly MoneyRecord[];
  readonly returns: readonly ReturnRecord[];
  readonly returnLines: readonly LineRecord[];
  readonly refunds: readonly MoneyRecord[];
  readonly stockNotes: readonly StockNoteRecord[];
}

/** The rows of documents. Quantities are taken as they were, fractions of whole units too: it is history, not an order to be filled. */
export function recordsOf(documents: readonly SourceDocument[], parties: KnownParties): Records {
  const made = documents.map((document) => headsOf(document, parties));
  const orders = made.flatMap(({ order }) => order ?? []);
  const returns = made.flatMap(({ returned }) => returned ?? []);
  const linesBy = (pick: (records: DocumentRecords) => [{ id: string } | undefined, readonly SourceLine[]]): LineRecord[] =>
    made.flatMap((records) => {
      const [head, lines] = pick(records);
      return head === undefined ? [] : lines.map((line, index) => lineOf(head.id, line, index + 1, productOf(line, parties)));
    });
  return {
    documents: made,
    orders,
    orderLines: linesBy(({ document, order }) => [order, document.saleLines]),
    payments: orders.filter(isMoney).map(moneyOf),
    returns,
    returnLines: linesBy(({ document, returned }) => [returned, document.returnLines]),
    refunds: returns.filter(isMoney).map(moneyOf),
    stockNotes: documents.flatMap((document) => document.stockNotes.map((line, index) => noteOf(document, line, index + 1, parties))),
  };
}

function headsOf(document: SourceDocument, { customers }: KnownParties): DocumentRecords {
  const { number, customerCode, customerName, occurredAt: at } = document;
  const country = document.country === undefined ? null : (countryCodeOf(document.country) ?? null);
  const customerId = customerCode === undefined ? null : customers.get(customerCode)!;
  const order =
    document.saleLines.length === 0
      ? undefined
      : {
          id: newId(),
          number,
          customerId,
          guestName: customerId === null ? (customerName ?? null) : null,
          country,
          total: document.saleTotal,
          at,
        };
  const returned =
    document.returnLines.length === 0 ? undefined : { id: newId(), number, customerId, country, total: document.returnTotal, at };
  return { document, order, returned };
}

function productOf({ productKey }: SourceLine, { products }: KnownParties): KnownProduct {
  const product = products.get(productKey);
  if (product === undefined) throw new Error(`the product of the code ${productKey} was neither found nor made`);
  return product;
}

const lineOf = (documentId: string, line: SourceLine, lineNumber: number, product: KnownProduct): LineRecord => ({
  id: newId(),
  documentId,
  lineNumber,
  productId: product.id,
  sku: line.productCode,
  name: line.description ?? product.name,
  tracksStock: product.tracksStock,
  quantity: line.quantity,
  unit: product.unit,
  unitPrice: line.unitPrice,
  total: line.total,
});

/** Payments and refunds of nothing are none. */
const isMoney = ({ total }: { total: string }): boolean => total !== '0';

const moneyOf = ({ id, customerId, total, at }: OrderRecord | ReturnRecord): MoneyRecord => ({
  id: newId(),
  documentId: id,
  customerId,
  amount: total,
  at,
});

const noteOf = ({ number, occurredAt }: SourceDocument, line: SourceLine, lineNumber: number, parties: KnownParties): StockNoteRecord => ({
  id: newId(),
  documentNumber: number,
  lineNumber,
  productId: productOf(line, parties).id,
  quantity: line.quantity,
  note: line.description ?? null,
  at: occurredAt,
});
