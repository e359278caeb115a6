import { catalogueLimits, type VariantUnit } from '@foodshed/contracts';
import { parseCount, parseDay, parsePrice, parseText, parseYesNo, type Parsed } from './cell.rules.js';
import { RowReader, type RawRow, type RowOutcome, type RowSettings } from './import-row.rules.js';
import { nameKey } from './key.rules.js';
import { itemsUnit, measuredUnit, scaleOf } from './unit.rules.js';

/** The columns that the Open Food Network's product import knows, in its order; `available_on` came last. */
export const openFoodNetworkColumns = [
  'producer',
  'sku',
  'name',
  'display_name',
  'category',
  'description',
  'units',
  'unit_type',
  'variant_unit_name',
  'price',
  'on_hand',
  'available_on',
  'on_demand',
  'shipping_category',
  'tax_category',
] as const;

export const openFoodNetworkRequired = ['name', 'units', 'price'] as const;

const NO_UNIT: VariantUnit = { kind: 'items', amount: '1', name: '?' };

/** What one row of an Open Food Network file says, or what is wrong with it. */
export function openFoodNetworkRow(raw: RawRow, settings: RowSettings): RowOutcome {
  const reader = new RowReader(raw);
  if (!isForProducer(reader, settings)) return { kind: 'skipped', line: raw.line };
  const onDemand = reader.read('on_demand', parseYesNo, false);
  return reader.outcome({
    name: reader.read('name', (text) => required(parseText(text, 150)), ''),
    displayName: reader.read('display_name', (text) => parseText(text, 100), ''),
    sku: reader.readOptional('sku', (text) => parseText(text, 60)),
    category: reader.readOptional('category', (text) => parseText(text, 80)),
    description: reader.readOptional('description', (text) => parseText(text, 4_000)),
    unit: unitOf(reader),
    priceMinor: reader.read(
      'price',
      (text) => parsePrice(text, { decimals: settings.decimals, max: catalogueLimits.priceMinor }),
      0,
    ),
    priceIncludesVat: settings.priceIncludesVat,
    vatRateBps: vatRateOf(reader, settings),
    depositMinor: null,
    packSize: null,
    onDemand,
    stock: stockOf(reader, onDemand),
    availableOn: reader.readOptional('available_on', parseDay),
  });
}

/** True when the row is to be imported; another producer's row is refused, unless it is to be skipped or assigned. */
function isForProducer(reader: RowReader, settings: RowSettings): boolean {
  const name = reader.text('producer');
  if (name === '' || settings.otherProducers === 'assign' || settings.producerKeys.has(nameKey(name)))
    return true;
  if (settings.otherProducers === 'skip') return false;
  reader.refuse(
    'producer',
    `is “${name.slice(0, 60)}”, not “${settings.producerName}”: give it in producerNames if it means the same, ` +
      'or choose to skip or assign the rows of other producers',
  );
  return true;
}

/** A weight or volume by `unit_type`, items by `variant_unit_name`. */
function unitOf(reader: RowReader): VariantUnit {
  const type = reader.text('unit_type');
  const itemName = reader.text('variant_unit_name');
  if (type !== '') {
    const scale = scaleOf(type);
    if (scale) return reader.read('units', (text) => measuredUnit(text, scale), NO_UNIT);
    reader.refuse('unit_type', 'is none of g, kg, t, oz, lb, mL, cL, dL, L, kL, gal');
    return NO_UNIT;
  }
  if (itemName === '') {
    reader.refuse('unit_type', 'is empty, and so is variant_unit_name: one of them says what is sold');
    return NO_UNIT;
  }
  const name = reader.read('variant_unit_name', (text) => parseText(text, 40), '?');
  return reader.read('units', (text) => itemsUnit(text, name), NO_UNIT);
}

function stockOf(reader: RowReader, onDemand: boolean): number | null {
  const stock = reader.readOptional('on_hand', (text) => parseCount(text, catalogueLimits.stock));
  if (reader.text('on_hand') === '' && !onDemand) {
    reader.refuse('on_hand', 'is empty: say how many are on hand, or 1 in on_demand');
  }
  return stock;
}

/** The rate of the named tax category; without a list of categories they are not looked at. */
function vatRateOf(reader: RowReader, { taxCategories }: RowSettings): number | null {
  const name = reader.text('tax_category');
  if (name === '' || Object.keys(taxCategories).length === 0) return null;
  const rates = new Map(Object.entries(taxCategories).map(([key, rate]) => [nameKey(key), rate]));
  const rate = rates.get(nameKey(name));
  if (rate === undefined) reader.refuse('tax_category', 'is not among taxCategories');
  return rate ?? null;
}

function required(parsed: Parsed<string>): Parsed<string> {
  return 'value' in parsed && parsed.value === '' ? { problem: 'is empty' } : parsed;
}
