export const STORE_KINDS = ['shop', 'warehouse'] as const;
export type StoreKind = (typeof STORE_KINDS)[number];
