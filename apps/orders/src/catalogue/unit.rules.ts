import { unitAmount, volumeScales, weightScales, type VariantUnit } from '@foodshed/contracts';
import { parseDecimal, type Parsed } from './cell.rules.js';

// Nanograms and nanolitres: the pound and the ounce (international), and the US gallon, are whole numbers of them.
const NANOS = {
  g: 1_000_000_000n,
  kg: 1_000_000_000_000n,
  t: 1_000_000_000_000_000n,
  oz: 28_349_523_125n,
  lb: 453_592_370_000n,
  mL: 1_000_000n,
  cL: 10_000_000n,
  dL: 100_000_000n,
  L: 1_000_000_000n,
  kL: 1_000_000_000_000n,
  gal: 3_785_411_784n,
} as const;

type WeightScale = (typeof weightScales)[number];
type VolumeScale = (typeof volumeScales)[number];

/** The amount in a thousandth of a nanogram, of a nanolitre or of an item, exact, as digits. */
export function unitMeasure(unit: VariantUnit): string {
  const [whole = '0', fraction = ''] = unit.amount.split('.');
  const thousandths = BigInt(whole) * 1_000n + BigInt(fraction.padEnd(3, '0'));
  return String(thousandths * (unit.kind === 'items' ? 1n : NANOS[unit.scale]));
}

/** The same unit with its amount in the shortest form: `1.500` is `1.5`. */
export function shortestUnit<U extends VariantUnit>(unit: U): U {
  const [whole = '0', fraction = ''] = unit.amount.split('.');
  const rest = fraction.replace(/0+$/, '');
  return { ...unit, amount: rest ? `${whole}.${rest}` : whole };
}

/** What people read for one sale unit: `1 kg`, `bunch`, `6 eggs`, and with a display name `Bintje, 1 kg`. */
export function unitLabel({ displayName, unit }: { displayName: string; unit: VariantUnit }): string {
  const { amount } = shortestUnit(unit);
  const text =
    unit.kind === 'items'
      ? amount === '1'
        ? unit.name
        : `${amount} ${unit.name}`
      : `${amount} ${unit.scale}`;
  return displayName ? `${displayName}, ${text}` : text;
}

/** The weight or volume scale that a spelling means (`KG`, `ml`, `litre`), or undefined. */
export function scaleOf(spelling: string): WeightScale | VolumeScale | undefined {
  const key = spelling.trim().toLowerCase().replace(/\.$/, '');
  return SPELLINGS.get(key);
}

const SPELLINGS = new Map<string, WeightScale | VolumeScale>([
  ...[...weightScales, ...volumeScales].map((scale) => [scale.toLowerCase(), scale] as const),
  ...(
    [
      ['gr', 'g'],
      ['gram', 'g'],
      ['grams', 'g'],
      ['gramm', 'g'],
      ['kilo', 'kg'],
      ['kilogram', 'kg'],
      ['kilogramm', 'kg'],
      ['kilograms', 'kg'],
      ['lbs', 'lb'],
      ['liter', 'L'],
      ['litre', 'L'],
      ['ltr', 'L'],
    ] as const
  ).map((pair) => pair as readonly [string, WeightScale | VolumeScale]),
]);

/** The unit of an amount in a scale, or why it is none. */
export function measuredUnit(amount: string, scale: WeightScale | VolumeScale): Parsed<VariantUnit> {
  const kind = (weightScales as readonly string[]).includes(scale) ? 'weight' : 'volume';
  return withAmount(amount, (text) => ({ kind, amount: text, scale }) as VariantUnit);
}

/** The unit of so many pieces, bunches, boxes, or why it is none. */
export function itemsUnit(amount: string, name: string): Parsed<VariantUnit> {
  return withAmount(amount, (text) => ({ kind: 'items', amount: text, name }));
}

/**
 * The unit that a free text means: `500 g`, `kg`, `1,5 L`, `6 eggs`, `bunch`. What cannot be read as an amount
 * of a scale (such as `4x250ml`) is one item of that name.
 */
export function unitOfText(text: string): Parsed<VariantUnit> {
  const trimmed = text.trim();
  const match = /^([\d.,]*)\s*(\D.*)$/.exec(trimmed);
  if (!match) return { problem: 'is not a unit such as 500 g, bunch or 6 eggs' };
  const [, amount = '', name = ''] = match;
  const scale = scaleOf(name);
  if (scale) return measuredUnit(amount || '1', scale);
  if (/^x\s*\d/i.test(name)) return itemsUnit('1', trimmed);
  return itemsUnit(amount || '1', name.trim());
}

function withAmount(text: string, make: (amount: string) => VariantUnit): Parsed<VariantUnit> {
  const parsed = parseDecimal(text, { places: 3, dotIsDecimal: true });
  if ('problem' in parsed) return parsed;
  const amount = (parsed.value / 1_000).toFixed(3);
  const valid = unitAmount.safeParse(amount);
  if (!valid.success) return { problem: 'must be more than zero and at most 9,999,999.999' };
  return { value: shortestUnit(make(amount)) };
}
