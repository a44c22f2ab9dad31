-- QTY-1, QTY-2: a line keeps both factors, that of the unit it was entered in and that of the stock unit, because their quotient is often
-- not exact; and whether its unit comes whole only. On the lines there are, unit_factor is the quotient: a stock unit of factor 1 leaves
-- their meaning as it was.

-- AlterTable
ALTER TABLE "order_lines" ADD COLUMN     "stock_unit_factor" DECIMAL(24,12) NOT NULL DEFAULT 1,
ADD COLUMN     "unit_is_whole" BOOLEAN NOT NULL DEFAULT false;

-- MON-3 to MON-7, QTY-4, ORD-3
CREATE OR REPLACE FUNCTION is_sound(l order_lines) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE broken text := CASE
  WHEN 'NaN' IN (l.quantity, l.entered_quantity, l.unit_factor, l.stock_unit_factor, l.unit_price, l.gross, l.discount_amount, l.document_discount, l.tax_rate,
      l.tax_amount, l.total, l.shipped_quantity, l.cancelled_quantity, l.returned_quantity)
    OR 'NaN' = l.unit_cost OR 'NaN' = l.discount_percent THEN 'order_lines_no_nan_check'
  WHEN NOT (l.quantity > 0 AND l.entered_quantity > 0 AND l.unit_factor > 0 AND l.stock_unit_factor > 0) THEN 'order_lines_quantity_check'
  WHEN NOT (l.unit_price >= 0 AND l.gross >= 0 AND l.tax_amount >= 0 AND l.tax_rate BETWEEN 0 AND 100) OR l.unit_cost < 0 THEN 'order_lines_prices_check'
  WHEN NOT (l.discount_amount >= 0 AND l.document_discount >= 0 AND l.discount_amount + l.document_discount <= l.gross)
    OR l.discount_percent NOT BETWEEN 0 AND 100 THEN 'order_lines_discounts_check'
  WHEN l.total <> l.gross - l.discount_amount - l.document_discount + CASE WHEN l.tax_inclusive THEN 0 ELSE l.tax_amount END THEN 'order_lines_total_check'
  WHEN NOT (l.shipped_quantity >= 0 AND l.cancelled_quantity >= 0 AND l.shipped_quantity + l.cancelled_quantity <= l.quantity) THEN 'order_lines_open_check'
  WHEN NOT (l.returned_quantity BETWEEN 0 AND l.shipped_quantity) THEN 'order_lines_returned_check' END;
BEGIN RETURN broken IS NULL OR assert_sound('order_lines', broken); END $$;
