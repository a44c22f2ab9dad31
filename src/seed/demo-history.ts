/** What the demo company sold over six months, and what became of it. */

/** How far an order of the demo got. `part-shipped` leaves it in processing with some of it under way; of a `returned` one something came back. */
export type DemoFate =
  | 'draft'
  | 'pending'
  | 'confirmed'
  | 'processing'
  | 'part-shipped'
  | 'shipped'
  | 'delivered'
  | 'completed'
  | 'returned'
  | 'refunded'
  | 'cancelled';

export interface DemoOrder {
  readonly daysAgo: number;
  /** Index into CUSTOMERS; null for somebody at the counter. */
  readonly customer: number | null;
  readonly store: 'shop' | 'warehouse';
  /** SKU and quantity in the product's stock unit. */
  readonly items: ReadonlyArray<readonly [string, string]>;
  readonly fate: DemoFate;
  readonly discountPercent?: string;
  readonly shippingAmount?: string;
}

const order = (
  daysAgo: number,
  customer: number | null,
  store: DemoOrder['store'],
  fate: DemoFate,
  items: DemoOrder['items'],
  more: Partial<DemoOrder> = {},
): DemoOrder => ({
  daysAgo,
  customer,
  store,
  fate,
  items,
  ...more,
});

/** Oldest first, over six months. */
export const ORDERS: readonly DemoOrder[] = [
  order(
    178,
    0,
    'warehouse',
    'completed',
    [
      ['BEAN-ESP-01', '20'],
      ['SYR-VAN-1', '6'],
      ['CUP-CAP-6', '24'],
    ],
    { shippingAmount: '12.00' },
  ),
  order(
    174,
    5,
    'warehouse',
    'completed',
    [
      ['BEAN-BRK-01', '35'],
      ['TEA-EAR-100', '24'],
      ['TEA-ASM-100', '24'],
      ['CUP-TEA-POT', '4'],
    ],
    { discountPercent: '5' },
  ),
  order(169, 17, 'shop', 'completed', [
    ['BRW-V60-02', '1'],
    ['BRW-V60-PAP', '2'],
    ['BEAN-ETH-01', '0.5'],
  ]),
  order(163, 9, 'warehouse', 'completed', [
    ['TEA-DAR-100', '18'],
    ['TEA-SEN-100', '12'],
    ['CUP-INF-1', '12'],
  ]),
  order(
    158,
    14,
    'warehouse',
    'completed',
    [
      ['BEAN-KEN-01', '12.5'],
      ['BEAN-SUM-01', '10'],
      ['GRI-BRUSH', '6'],
    ],
    { shippingAmount: '15.00' },
  ),
  order(151, 4, 'warehouse', 'cancelled', [
    ['BRW-AER-01', '6'],
    ['CUP-TGO-12', '24'],
  ]),
  order(149, 1, 'warehouse', 'completed', [
    ['GRND-FIL-250', '48'],
    ['GRND-ESP-250', '24'],
  ]),
  order(142, 22, 'shop', 'returned', [
    ['GRI-HAND-2', '1'],
    ['GRND-CAF-500', '2'],
  ]),
  order(
    137,
    3,
    'warehouse',
    'completed',
    [
      ['TEA-CHA-100', '24'],
      ['TEA-ROO-100', '12'],
      ['CUP-MUG-1', '24'],
    ],
    { discountPercent: '7.5', shippingAmount: '9.50' },
  ),
  order(130, 12, 'warehouse', 'completed', [
    ['BEAN-BRA-01', '60'],
    ['SRV-DESCALE', '1'],
  ]),
  order(124, null, 'shop', 'completed', [
    ['CUP-MUG-1', '2'],
    ['TEA-MAT-30', '1'],
  ]),
  order(119, 6, 'warehouse', 'completed', [
    ['GRND-FIL-250', '36'],
    ['TEA-MIN-50', '18'],
  ]),
  order(112, 10, 'warehouse', 'completed', [
    ['TEA-EAR-100', '30'],
    ['TEA-CAM-50', '18'],
    ['SYR-CAR-1', '4'],
  ]),
  order(
    104,
    0,
    'warehouse',
    'completed',
    [
      ['BEAN-ESP-01', '25'],
      ['SYR-HAZ-1', '6'],
      ['SRV-BARISTA', '1'],
    ],
    { discountPercent: '5' },
  ),
  order(96, 27, 'shop', 'returned', [
    ['BRW-MOK-6', '1'],
    ['GRND-ESP-250', '3'],
  ]),
  order(90, 15, 'warehouse', 'cancelled', [['GRI-CAFE-1', '1']]),
  order(
    83,
    7,
    'warehouse',
    'completed',
    [
      ['BEAN-COL-01', '18'],
      ['CUP-TGO-12', '48'],
      ['SYR-VAN-1', '8'],
    ],
    { shippingAmount: '11.00' },
  ),
  order(76, 13, 'warehouse', 'completed', [
    ['BEAN-ESP-01', '30'],
    ['CUP-ESP-6', '36'],
  ]),
  order(69, 19, 'shop', 'refunded', [
    ['BRW-FRE-8', '1'],
    ['BEAN-GUA-01', '1'],
  ]),
  order(
    61,
    5,
    'warehouse',
    'completed',
    [
      ['BEAN-BRK-01', '40'],
      ['TEA-EAR-100', '36'],
      ['TEA-ASM-100', '36'],
    ],
    { discountPercent: '5' },
  ),
  order(54, 8, 'warehouse', 'completed', [
    ['BEAN-ETH-01', '6'],
    ['BRW-CHX-6', '2'],
    ['SRV-DELIVERY', '1'],
  ]),
  order(47, 16, 'warehouse', 'delivered', [
    ['TEA-OOL-100', '8'],
    ['TEA-DAR-100', '12'],
    ['CUP-TEA-POT', '3'],
  ]),
  order(
    40,
    2,
    'warehouse',
    'delivered',
    [
      ['GRND-DEC-250', '24'],
      ['GRND-FIL-250', '24'],
      ['CUP-MUG-1', '18'],
    ],
    { shippingAmount: '8.00' },
  ),
  order(33, 11, 'warehouse', 'delivered', [
    ['BEAN-BRA-01', '24'],
    ['BRW-CLD-1', '6'],
  ]),
  order(26, 20, 'shop', 'completed', [
    ['CUP-TGO-12', '1'],
    ['GRND-ESP-250', '1'],
  ]),
  order(
    19,
    14,
    'warehouse',
    'shipped',
    [
      ['BEAN-KEN-01', '15'],
      ['BEAN-DEC-01', '8'],
    ],
    { shippingAmount: '15.00' },
  ),
  order(15, 0, 'warehouse', 'shipped', [
    ['BEAN-ESP-01', '25'],
    ['SYR-CAR-1', '8'],
    ['SYR-GIN-1', '12'],
  ]),
  order(11, 9, 'warehouse', 'part-shipped', [
    ['TEA-SEN-100', '24'],
    ['TEA-MAT-30', '12'],
    ['CUP-INF-1', '18'],
  ]),
  order(
    8,
    3,
    'warehouse',
    'part-shipped',
    [
      ['TEA-CHA-100', '36'],
      ['CUP-LAT-6', '48'],
    ],
    { discountPercent: '7.5' },
  ),
  order(6, 7, 'warehouse', 'processing', [
    ['BEAN-COL-01', '20'],
    ['BRW-V60-PAP', '24'],
  ]),
  order(5, 23, 'shop', 'cancelled', [['GRI-ELEC-1', '1']]),
  order(4, 12, 'warehouse', 'confirmed', [
    ['BEAN-BRA-01', '60'],
    ['CUP-CAP-6', '48'],
  ]),
  order(3, 24, 'shop', 'confirmed', [
    ['BRW-KET-09', '1'],
    ['BEAN-ETH-01', '0.75'],
  ]),
  order(2, 1, 'warehouse', 'pending', [
    ['GRND-FIL-250', '60'],
    ['GRND-CAF-500', '24'],
  ]),
  order(1, 29, 'shop', 'pending', [['GRI-HAND-1', '1']]),
  order(1, 6, 'warehouse', 'draft', [
    ['GRND-FIL-250', '36'],
    ['TEA-MIN-50', '24'],
  ]),
  order(0, 25, 'shop', 'draft', [
    ['CUP-ESP-6', '6'],
    ['BEAN-ESP-01', '1'],
  ]),
];
