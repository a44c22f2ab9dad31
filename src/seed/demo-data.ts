/** A believable company: a wholesaler of coffee, tea and what belongs to them, with a shop and a warehouse in Bristol. */

export const COMPANY = { name: 'Harbourside Coffee & Tea', currency: 'GBP', timeZone: 'Europe/London' } as const;

export const STORES = {
  shop: { code: 'MAIN', name: 'Harbourside shop' },
  warehouse: {
    code: 'WH',
    name: 'Avonmouth warehouse',
    kind: 'warehouse',
    address: { line1: '14 Dock Road', line2: null, city: 'Bristol', region: null, postalCode: 'BS11 9DR', country: 'GB' },
  },
} as const;

/** code, name, category, factor to the category's base unit, whole */
export const UNITS: ReadonlyArray<readonly [string, string, string, string, boolean]> = [
  ['dozen', 'Dozen', 'count', '12', true],
  ['box6', 'Box of 6', 'count', '6', true],
  ['kg', 'Kilogram', 'mass', '1', false],
  ['g', 'Gram', 'mass', '0.001', false],
  ['l', 'Litre', 'volume', '1', false],
];

/** code, name, parent's code, codes of the units its products may use */
export const CATEGORIES: ReadonlyArray<readonly [string, string, string | null, readonly string[]]> = [
  ['DRINKS', 'Drinks', null, []],
  ['COFFEE', 'Coffee', 'DRINKS', []],
  ['BEANS', 'Whole beans', 'COFFEE', ['kg', 'g']],
  ['GROUND', 'Ground coffee', 'COFFEE', []],
  ['TEA', 'Tea', 'DRINKS', []],
  ['SYRUPS', 'Syrups', 'DRINKS', ['l']],
  ['EQUIPMENT', 'Equipment', null, []],
  ['BREWERS', 'Brewers', 'EQUIPMENT', []],
  ['GRINDERS', 'Grinders', 'EQUIPMENT', []],
  ['CUPS', 'Cups and glasses', 'EQUIPMENT', []],
  ['SERVICES', 'Services', null, []],
];

export interface DemoProduct {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly unit: string;
  readonly price: string;
  readonly cost: string;
  /** Stock to begin with, in the warehouse and the shop; none for services. */
  readonly stock: readonly [warehouse: string, shop: string] | null;
  readonly reorderLevel: string | null;
}

const product = (
  sku: string,
  name: string,
  category: string,
  unit: string,
  price: string,
  cost: string,
  stock: DemoProduct['stock'],
  reorderLevel: string | null = null,
): DemoProduct => ({ sku, name, category, unit, price, cost, stock, reorderLevel });

export const PRODUCTS: readonly DemoProduct[] = [
  product('BEAN-ETH-01', 'Yirgacheffe whole beans', 'BEANS', 'kg', '24.50', '13.20', ['180', '24'], '40'),
  product('BEAN-COL-01', 'Huila whole beans', 'BEANS', 'kg', '21.00', '11.40', ['220', '30'], '40'),
  product('BEAN-BRA-01', 'Cerrado whole beans', 'BEANS', 'kg', '17.80', '9.10', ['300', '35'], '60'),
  product('BEAN-KEN-01', 'Nyeri AA whole beans', 'BEANS', 'kg', '27.90', '15.75', ['90', '12'], '25'),
  product('BEAN-SUM-01', 'Mandheling whole beans', 'BEANS', 'kg', '23.40', '12.60', ['75', '10'], '20'),
  product('BEAN-GUA-01', 'Antigua whole beans', 'BEANS', 'kg', '22.20', '12.05', ['110', '14'], '25'),
  product('BEAN-DEC-01', 'Swiss water decaf beans', 'BEANS', 'kg', '25.60', '14.30', ['60', '9'], '20'),
  product('BEAN-ESP-01', 'Dockside espresso blend', 'BEANS', 'kg', '19.50', '10.20', ['400', '60'], '80'),
  product('BEAN-BRK-01', 'Breakfast blend beans', 'BEANS', 'kg', '18.20', '9.60', ['260', '40'], '60'),
  product('GRND-ESP-250', 'Dockside espresso, ground, 250 g', 'GROUND', 'pcs', '6.20', '3.15', ['480', '96'], '120'),
  product('GRND-FIL-250', 'Filter roast, ground, 250 g', 'GROUND', 'pcs', '5.90', '2.95', ['420', '84'], '120'),
  product('GRND-DEC-250', 'Decaf, ground, 250 g', 'GROUND', 'pcs', '7.10', '3.80', ['160', '36'], '48'),
  product('GRND-CAF-500', 'Cafetière roast, ground, 500 g', 'GROUND', 'pcs', '10.90', '5.60', ['190', '40'], '48'),
  product('TEA-ASM-100', 'Assam loose leaf, 100 g', 'TEA', 'pcs', '5.40', '2.20', ['240', '48'], '60'),
  product('TEA-DAR-100', 'Darjeeling first flush, 100 g', 'TEA', 'pcs', '9.80', '4.90', ['120', '24'], '36'),
  product('TEA-EAR-100', 'Earl Grey, 100 g', 'TEA', 'pcs', '5.60', '2.30', ['260', '54'], '60'),
  product('TEA-SEN-100', 'Sencha, 100 g', 'TEA', 'pcs', '7.90', '3.60', ['140', '30'], '36'),
  product('TEA-OOL-100', 'Milk oolong, 100 g', 'TEA', 'pcs', '11.20', '5.70', ['70', '18'], '24'),
  product('TEA-CHA-100', 'Chai spice, 100 g', 'TEA', 'pcs', '6.10', '2.60', ['180', '42'], '48'),
  product('TEA-CAM-50', 'Camomile flowers, 50 g', 'TEA', 'pcs', '4.60', '1.80', ['150', '36'], '36'),
  product('TEA-MIN-50', 'Peppermint, 50 g', 'TEA', 'pcs', '4.20', '1.60', ['170', '38'], '36'),
  product('TEA-ROO-100', 'Rooibos, 100 g', 'TEA', 'pcs', '4.90', '1.95', ['130', '28'], '36'),
  product('TEA-MAT-30', 'Ceremonial matcha, 30 g', 'TEA', 'pcs', '22.00', '12.40', ['40', '8'], '15'),
  product('SYR-VAN-1', 'Vanilla syrup', 'SYRUPS', 'l', '8.40', '3.70', ['90', '16'], '25'),
  product('SYR-CAR-1', 'Caramel syrup', 'SYRUPS', 'l', '8.40', '3.70', ['85', '14'], '25'),
  product('SYR-HAZ-1', 'Hazelnut syrup', 'SYRUPS', 'l', '8.60', '3.85', ['70', '12'], '25'),
  product('SYR-GIN-1', 'Gingerbread syrup', 'SYRUPS', 'l', '8.90', '4.05', ['30', '6'], '40'),
  product('BRW-V60-02', 'Pour-over dripper, size 02', 'BREWERS', 'pcs', '18.50', '8.90', ['80', '14'], '20'),
  product('BRW-V60-PAP', 'Filter papers 02, pack of 100', 'BREWERS', 'pcs', '6.30', '2.70', ['340', '60'], '100'),
  product('BRW-AER-01', 'Air press brewer', 'BREWERS', 'pcs', '34.00', '19.50', ['45', '9'], '12'),
  product('BRW-FRE-8', 'French press, 8 cups', 'BREWERS', 'pcs', '29.90', '14.20', ['60', '11'], '15'),
  product('BRW-MOK-6', 'Moka pot, 6 cups', 'BREWERS', 'pcs', '32.50', '16.80', ['38', '7'], '12'),
  product('BRW-CHX-6', 'Glass carafe brewer, 6 cups', 'BREWERS', 'pcs', '46.00', '25.30', ['22', '4'], '8'),
  product('BRW-CLD-1', 'Cold brew bottle, 1 l', 'BREWERS', 'pcs', '24.00', '11.70', ['35', '6'], '10'),
  product('BRW-KET-09', 'Gooseneck kettle, 0.9 l', 'BREWERS', 'pcs', '58.00', '31.00', ['18', '4'], '8'),
  product('GRI-HAND-1', 'Hand grinder, steel burrs', 'GRINDERS', 'pcs', '69.00', '38.50', ['26', '5'], '8'),
  product('GRI-HAND-2', 'Travel hand grinder', 'GRINDERS', 'pcs', '49.50', '26.40', ['30', '6'], '10'),
  product('GRI-ELEC-1', 'Electric burr grinder', 'GRINDERS', 'pcs', '149.00', '92.00', ['12', '2'], '5'),
  product('GRI-CAFE-1', 'Café on-demand grinder', 'GRINDERS', 'pcs', '489.00', '341.00', ['4', '1'], '2'),
  product('GRI-BRUSH', 'Grinder brush', 'GRINDERS', 'pcs', '4.80', '1.40', ['120', '20'], '30'),
  product('CUP-ESP-6', 'Espresso cup', 'CUPS', 'pcs', '4.20', '1.70', ['360', '48'], '96'),
  product('CUP-CAP-6', 'Cappuccino cup', 'CUPS', 'pcs', '5.40', '2.20', ['300', '48'], '96'),
  product('CUP-LAT-6', 'Latte glass', 'CUPS', 'pcs', '4.90', '1.95', ['260', '36'], '72'),
  product('CUP-MUG-1', 'Harbourside mug', 'CUPS', 'pcs', '8.50', '3.30', ['140', '30'], '36'),
  product('CUP-TGO-12', 'Reusable cup, 12 oz', 'CUPS', 'pcs', '12.50', '5.60', ['160', '40'], '48'),
  product('CUP-TEA-POT', 'Cast-iron teapot, 0.8 l', 'CUPS', 'pcs', '39.00', '20.50', ['20', '5'], '8'),
  product('CUP-INF-1', 'Tea infuser basket', 'CUPS', 'pcs', '7.40', '2.85', ['90', '18'], '24'),
  product('SRV-BARISTA', 'Barista training, half a day', 'SERVICES', 'pcs', '180.00', '95.00', null),
  product('SRV-DESCALE', 'Espresso machine descaling', 'SERVICES', 'pcs', '75.00', '32.00', null),
  product('SRV-DELIVERY', 'Same-day delivery in Bristol', 'SERVICES', 'pcs', '9.50', '6.00', null),
];

/** name, e-mail's local part, street, city, postal code */
export const CUSTOMERS: ReadonlyArray<readonly [string, string, string, string, string]> = [
  ['The Copper Kettle Café', 'orders', '3 Quay Street', 'Bristol', 'BS1 2JL'],
  ['Bakehouse & Daughters', 'hello', '27 North Street', 'Bristol', 'BS3 1EN'],
  ['Clifton Reading Rooms', 'library', '9 Princess Victoria Street', 'Bristol', 'BS8 4BX'],
  ['Severn Valley Farm Shop', 'shop', 'Mill Lane', 'Thornbury', 'BS35 2AB'],
  ['Pedal & Pour', 'team', '112 Gloucester Road', 'Bristol', 'BS7 8NL'],
  ['Hotel Brunel', 'purchasing', '1 Temple Gate', 'Bristol', 'BS1 6PL'],
  ['Kingswood Primary School', 'office', 'High Street', 'Kingswood', 'BS15 4AR'],
  ['Mendip Coffee Cart', 'mendip', '5 Church Lane', 'Wells', 'BA5 2PX'],
  ['Avon Design Studio', 'studio', '44 Corn Street', 'Bristol', 'BS1 1HQ'],
  ['Royal Crescent Tea Rooms', 'tea', '2 Brock Street', 'Bath', 'BA1 2LN'],
  ['Green Lane Grocers', 'buy', '18 Green Lane', 'Cheltenham', 'GL50 2QX'],
  ['Forest of Dean Lodges', 'stay', 'Parkend Road', 'Coleford', 'GL16 7JE'],
  ['Swindon Works Canteen', 'canteen', '60 Rodbourne Road', 'Swindon', 'SN2 2AA'],
  ['Newport Espresso Bar', 'bar', '7 Commercial Street', 'Newport', 'NP20 1LQ'],
  ['Cardiff Bay Roasters', 'roast', '21 Mermaid Quay', 'Cardiff', 'CF10 5BZ'],
  ['Exe Valley Guesthouse', 'guests', '3 Bridge Street', 'Tiverton', 'EX16 5LY'],
  ['Taunton Book Café', 'books', '12 Fore Street', 'Taunton', 'TA1 1JD'],
  ['Priya Nair', 'priya', '8 Richmond Hill', 'Bristol', 'BS8 1AT'],
  ['Tom Ashworth', 'tom', '31 Coronation Road', 'Bristol', 'BS3 1AF'],
  ['Elena Marino', 'elena', '16 Jacobs Wells Road', 'Bristol', 'BS8 1EA'],
  ['Kwame Mensah', 'kwame', '73 Stapleton Road', 'Bristol', 'BS5 0QF'],
  ['Hannah Lloyd', 'hannah', '5 Kellaway Avenue', 'Bristol', 'BS6 7XR'],
  ['Oliver Fenwick', 'oliver', '40 Wells Road', 'Bristol', 'BS4 2AG'],
  ['Aiko Tanaka', 'aiko', '11 Park Row', 'Bristol', 'BS1 5LJ'],
  ['Siobhan Daly', 'siobhan', '29 Church Road', 'Bristol', 'BS5 9JD'],
  ['Marek Nowak', 'marek', '88 Fishponds Road', 'Bristol', 'BS5 6SF'],
  ['Grace Okafor', 'grace', '14 Cotham Hill', 'Bristol', 'BS6 6LF'],
  ['Luca Brandt', 'luca', '2 Hotwell Road', 'Bristol', 'BS8 4UD'],
  ['Freya Lindqvist', 'freya', '57 Whiteladies Road', 'Bristol', 'BS8 2LY'],
  ['Ben Carver', 'ben', '19 Bedminster Parade', 'Bristol', 'BS3 4HL'],
];
