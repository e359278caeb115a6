import { catalogueLimits, type VariantUnit } from '@foodshed/contracts';
import { parsePercent, parsePrice, parseText, parseYesNo, type Parsed } from './cell.rules.js';
import { RowReader, type RawRow, type RowOutcome, type RowSettings } from './import-row.rules.js';
import { nameKey } from './key.rules.js';
import { unitOfText } from './unit.rules.js';

/**
 * The columns of Foodsoft's article file. Their titles are in the language of whoever exported it, their order is
 * always this one, so they are known by position.
 */
export const foodsoftColumns = [
  'avail.',
  'order number',
  'name',
  'supplier order unit',
  'unit',
  'ratios to supplier order unit',
  'minimum order quantity',
  'billing unit',
  'group order granularity',
  'group order unit',
  'price (net)',
  'price unit',
  'vat',
  'deposit',
  'note',
  'category',
  'origin',
  'manufacturer',
] as const;

const NO_UNIT: VariantUnit = { kind: 'items', amount: '1', name: '?' };

/**
 * What one row of a Foodsoft file says, or what is wrong with it. Prices are net and for one `unit`; the deposit
 * is part of what is paid, with VAT, as Foodsoft reckons. Articles have no stock: available ones are on demand.
 */
export function foodsoftRow(raw: RawRow, { decimals }: RowSettings): RowOutcome {
  const reader = new RowReader(raw);
  const amount = (text: string) => parsePrice(text, { decimals, max: catalogueLimits.priceMinor / 2 });
  const price = reader.read('price (net)', amount, 0);
  const deposit = reader.readOptional('deposit', amount);
  const available = reader.text('avail.') === '' || reader.read('avail.', parseYesNo, true);
  refuseOtherPriceUnit(reader);
  return reader.outcome({
    name: reader.read('name', notEmpty, ''),
    displayName: '',
    sku: reader.readOptional('order number', (text) => parseText(text, 60)),
    category: reader.readOptional('category', (text) => parseText(text, 80)),
    description: descriptionOf(reader),
    unit: unitOf(reader),
    priceMinor: price + (deposit ?? 0),
    priceIncludesVat: false,
    vatRateBps: reader.readOptional('vat', parsePercent),
    depositMinor: deposit ?? 0,
    packSize: packSizeOf(reader),
    onDemand: available,
    stock: available ? null : 0,
    availableOn: null,
  });
}

function unitOf(reader: RowReader): VariantUnit {
  const column = reader.text('unit') === '' ? 'supplier order unit' : 'unit';
  return reader.read(
    column,
    (text) => {
      const checked = parseText(text, 40);
      return 'value' in checked ? unitOfText(checked.value) : checked;
    },
    NO_UNIT,
  );
}

/** A price for another unit than the one sold would have to be converted, which the file does not say how. */
function refuseOtherPriceUnit(reader: RowReader): void {
  const priceUnit = reader.text('price unit');
  const sold = [reader.text('unit'), reader.text('supplier order unit')].map(nameKey);
  if (priceUnit !== '' && !sold.includes(nameKey(priceUnit))) {
    reader.refuse('price unit', 'differs from the unit sold: give the price for that unit');
  }
}

/** `10 Piece` means that the supplier's pack holds ten units. */
function packSizeOf(reader: RowReader): number | null {
  return reader.readOptional('ratios to supplier order unit', (text): Parsed<number> => {
    const count = Number(/^\s*(\d{1,5})(?![\d.,])/.exec(text)?.[1]);
    if (count >= 1 && count <= catalogueLimits.packSize) return { value: count };
    return { problem: 'does not begin with a whole number such as 10 Piece' };
  });
}

/** Note, origin and manufacturer, each on its own line; null when the file has none of them. */
function descriptionOf(reader: RowReader): string | null {
  const lines = ['note', 'origin', 'manufacturer'].map((column) => {
    return reader.read(column, (text) => parseText(text, 1_000), '');
  });
  const text = lines.filter((line) => line !== '').join('\n');
  return text === '' ? null : text;
}

function notEmpty(text: string): Parsed<string> {
  const parsed = parseText(text, 150);
  return 'value' in parsed && parsed.value === '' ? { problem: 'is empty' } : parsed;
}
