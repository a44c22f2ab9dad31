import type { PathAlias } from '../http/path-alias';

/** Clients written to older descriptions of this system find their paths: everything below them is there as well. */
export const OLDER_PATHS: readonly PathAlias[] = [
  { from: '/inventory/products', to: '/products' },
  { from: '/inventory/stock', to: '/inventory' },
  { from: '/inventory/transactions', to: '/inventory/movements', post: '/inventory/adjust-stock' },
  { from: '/masters/items', to: '/products' },
  { from: '/masters/item-categories', to: '/categories' },
  { from: '/masters/uoms', to: '/units' },
  { from: '/sales/orders', to: '/orders' },
];

/** As a table in Markdown. */
export const olderPathsTable = (): string => ['| older path | leads to |', '| --- | --- |', ...OLDER_PATHS.map(row)].join('\n');

const row = ({ from, to, post }: PathAlias): string => `| \`${from}\` | \`${to}\`${post === undefined ? '' : `, a POST to \`${post}\``} |`;
