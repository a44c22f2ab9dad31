-- What was there before is looked at while others go on reading and writing.
ALTER TABLE stock_movements VALIDATE CONSTRAINT stock_movements_direction_check, VALIDATE CONSTRAINT stock_movements_cost_check;
ALTER TABLE payments VALIDATE CONSTRAINT payments_refunded_check;
