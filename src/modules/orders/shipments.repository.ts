import type { UnitOfWork } from '../../db/unit-of-work';
import { currentContext, currentOrganizationId } from '../../kernel/context';
import { newId } from '../../kernel/ids';
import type { Shipment } from './domain/shipment';

export class ShipmentsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async insert({ portions, ...shipment }: Shipment): Promise<void> {
    const organizationId = currentOrganizationId();
    const tx = this.unitOfWork.transaction;
    await tx.$executeRaw`
      INSERT INTO shipments (organization_id, id, order_id, store_id, carrier, tracking_number, shipped_at, created_by)
      VALUES (${organizationId}::uuid, ${shipment.id}::uuid, ${shipment.orderId}::uuid, ${shipment.storeId}::uuid, ${shipment.carrier}, ${shipment.trackingNumber},
        ${shipment.shippedAt}::timestamptz, ${currentContext().actor.id}::uuid)`;
    await tx.$executeRaw`
      INSERT INTO shipment_lines (organization_id, id, shipment_id, order_line_id, quantity)
      SELECT ${organizationId}::uuid, l.id, ${shipment.id}::uuid, l.order_line_id, l.quantity
      FROM unnest(${portions.map(() => newId())}::uuid[], ${portions.map(({ line }) => line.id)}::uuid[], ${portions.map(({ quantity }) => quantity.toFixed())}::numeric[])
        AS l (id, order_line_id, quantity)`;
  }
}
