-- Refunds that name no return take back revenue, each after those of the same order that came before it. They are few among all refunds.
CREATE INDEX refunds_without_return_idx ON refunds (organization_id, order_id, refunded_at, id) WHERE return_id IS NULL;
