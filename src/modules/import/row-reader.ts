import { DateTime } from 'luxon';
import { Decimal } from '../../kernel/decimal';
import { parseDecimal, type DecimalLimits } from '../../kernel/decimal-text';
import { isStorable, lineAmount, type Amount } from './amounts';
import type { ImportMapping } from './mapping';
import { judgeBy, servicesOf, type Judgement } from './rules';
import { identity, LONGEST_CODE, nfc, type SourceRow } from './source-row';

/** Why a row is rejected. */
export type RejectCode =
  | 'malformed'
  | 'missing_document_number'
  | 'missing_product_code'
  | 'bad_number'
  | 'bad_date'
  | 'too_long'
  | 'no_rule'
  | 'zero_quantity'
  | 'quantity_sign'
  | 'negative_price'
  | 'out_of_range'
  | 'other_customer'
  | 'document_rejected'
  | 'different_content';

export interface Refusal {
  readonly code: RejectCode;
  /** For the person who mends the file. */
  readonly message: string;
}

/** A row that can be imported, with everything it says. */
export interface ReadRow {
  readonly row: number;
  readonly judgement: Judgement;
  readonly productCode: string;
  /** The product code in lower case: products are told apart without case. */
  readonly productKey: string;
  readonly service: boolean;
  readonly description: string;
  /** Signed as in the file. */
  readonly quantity: string;
  readonly unitPrice: string;
  readonly amount: Amount;
  readonly occurredAt: Date;
  readonly customerCode: string;
  readonly customerName: string;
  readonly country: string;
}

/** `amount` is that of a refused row whose numbers could be read. */
export type RowResult = { readonly read: ReadRow } | { readonly refusal: Refusal; readonly amount?: Amount };

const QUANTITY: DecimalLimits = { integers: 12, decimals: 6, signed: true };
const UNIT_PRICE: DecimalLimits = { integers: 13, decimals: 6, signed: true };
/** The longest description and customer's name, in UTF-16 units. */
export const LONGEST_NAME = 200;
const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

const refuse = (code: RejectCode, message: string, amount?: Amount): RowResult =>
  amount === undefined ? { refusal: { code, message } } : { refusal: { code, message }, amount };

const quote = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;

/** Reads rows by a mapping. `currency` is the file's: it tells how lines are rounded. */
export function rowReader(mapping: ImportMapping, currency: string): (row: SourceRow) => RowResult {
  const judge = judgeBy(mapping);
  const isService = servicesOf(mapping);
  const instant = instantReader(mapping);
  const number = (text: string, limits: DecimalLimits) => parseDecimal(mapping.decimalMark === ',' ? text.replace(',', '.') : text, limits);

  return ({ row, documentNumber, fields, problem }) => {
    if (fields === undefined) return refuse('malformed', `the row is malformed: ${problem ?? 'unreadable'}`);
    const quantity = number(fields.quantity, QUANTITY);
    const unitPrice = number(fields.unitPrice, UNIT_PRICE);
    const codes = codesOf(documentNumber, fields, mapping);
    if ('problem' in quantity || 'problem' in unitPrice) {
      if ('code' in codes) return { refusal: codes };
      if ('problem' in quantity) return refuse('bad_number', `the quantity ${quantity.problem}`);
      return refuse('bad_number', `the unit price ${(unitPrice as { problem: string }).problem}`);
    }
    const numbers = { quantity: new Decimal(quantity.value), unitPrice: new Decimal(unitPrice.value) };
    const amount = lineAmount(numbers.quantity, numbers.unitPrice, currency);
    if ('code' in codes) return { refusal: codes, amount };
    const occurredAt = instant(fields.date);
    if (occurredAt === undefined) {
      const wanted = mapping.date.format === 'ISO' ? 'ISO 8601' : mapping.date.format;
      return refuse('bad_date', `the date ${quote(fields.date)} is not a moment between 1900 and 2200 written as ${wanted}`, amount);
    }
    const judgement = judge(fields, numbers);
    if (judgement === undefined) return refuse('no_rule', 'no rule of the mapping says what this row is', amount);
    const refusal = unfit(judgement, numbers, amount, mapping);
    if (refusal !== undefined) return { refusal, amount };

    const productKey = codes.productCode.toLowerCase();
    return {
      read: {
        row,
        judgement,
        ...codes,
        productKey,
        service: isService(productKey),
        quantity: quantity.value,
        unitPrice: unitPrice.value,
        amount,
        occurredAt,
      },
    };
  };
}

type Texts = Pick<ReadRow, 'productCode' | 'customerCode' | 'description' | 'customerName' | 'country'>;

function codesOf(documentNumber: string, fields: NonNullable<SourceRow['fields']>, mapping: ImportMapping): Texts | Refusal {
  const tooLong = (what: string, most: number): Refusal => ({
    code: 'too_long',
    message: `the ${what} is longer than ${most} characters`,
  });
  if (fields.documentNumber === '') return { code: 'missing_document_number', message: 'the document number is missing' };
  if (documentNumber === '') return tooLong('document number', LONGEST_CODE);
  if (fields.productCode === '') return { code: 'missing_product_code', message: 'the product code is missing' };
  const productCode = identity(fields.productCode, 'productCode', mapping);
  if (productCode === '') return tooLong('product code', LONGEST_CODE);
  const customerCode = fields.customerCode === '' ? '' : identity(fields.customerCode, 'customerCode', mapping);
  if (customerCode === '' && fields.customerCode !== '') return tooLong('customer code', LONGEST_CODE);
  const description = nfc(fields.description);
  if (description.length > LONGEST_NAME) return tooLong('description', LONGEST_NAME);
  const customerName = nfc(fields.customerName);
  if (customerName.length > LONGEST_NAME) return tooLong("customer's name", LONGEST_NAME);
  if (fields.country.length > LONGEST_CODE) return tooLong('country', LONGEST_CODE);
  return { productCode, customerCode, description, customerName, country: countryOf(fields.country, mapping) };
}

/** The file's name of a country by the mapping; empty when it names none. */
export const countryOf = (text: string, { countries }: ImportMapping): string =>
  Object.hasOwn(countries, text) ? (countries[text] ?? '') : text;

/** What contradicts the kind the rules gave. Rows that aren't imported may say what they like. */
function unfit(
  { kind }: Judgement,
  { quantity, unitPrice }: { quantity: Decimal; unitPrice: Decimal },
  amount: Amount,
  { returnQuantity }: ImportMapping,
): Refusal | undefined {
  if (kind === 'not_imported') return undefined;
  if (quantity.isZero()) return { code: 'zero_quantity', message: 'the quantity is zero' };
  if (unitPrice.isNegative()) return { code: 'negative_price', message: `the unit price of a ${kind} is negative` };
  if (kind === 'sale' && quantity.isNegative()) return { code: 'quantity_sign', message: 'the quantity of a sale is negative' };
  if (kind === 'return' && quantity.isNegative() !== (returnQuantity === 'negative'))
    return { code: 'quantity_sign', message: `the quantity of a return is not ${returnQuantity}` };
  if (!isStorable(amount)) return { code: 'out_of_range', message: 'the line comes to more than can be stored' };
  return undefined;
}

/** Reading a date costs more than all the rest of a row, and neighbours mostly share theirs: the last one is remembered. */
function instantReader({ date: { format, timeZone } }: ImportMapping): (text: string) => Date | undefined {
  let lastText: string | undefined;
  let last: Date | undefined;
  return (text) => {
    if (text === lastText) return last;
    const zone = { zone: timeZone };
    const parsed = format === 'ISO' ? DateTime.fromISO(text, zone) : DateTime.fromFormat(text, format, zone);
    const time = parsed.toMillis();
    lastText = text;
    last = parsed.isValid && time >= EARLIEST && time < LATEST ? new Date(time) : undefined;
    return last;
  };
}
