/** A plain JSON object. */
export type Json = { readonly [key: string]: unknown };

/**
 * A state change as a module states it. `before` and `after` hold the fields that changed, never a secret and never what names a person:
 * that goes into `personal`, which is stored apart and can be erased.
 */
export interface DomainEvent {
  /** `<aggregate>.<past participle>` */
  readonly type: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  /** The aggregate's version after the change: one event per version. Null for aggregates without one (stock levels). */
  readonly aggregateVersion: number | null;
  readonly payload?: Json;
  readonly before?: Json;
  readonly after?: Json;
  readonly personal?: Json;
  /** When it happened in the business; now when left out. */
  readonly occurredAt?: Date;
}
