import type { VariantUnit } from '@foodshed/contracts';
import { unitMeasure } from './unit.rules.js';

const MARKS = /\p{M}/gu;
const SPACES = /\s+/g;

/** A name as people compare it: without regard to case, width or runs of spaces. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').trim().replace(SPACES, ' ').toLowerCase();
}

/** A text as people sort and search it: a name's key without accents and other marks. */
export function searchText(text: string): string {
  return nameKey(text).normalize('NFKD').replace(MARKS, '');
}

/** The pattern for SQL `like` that finds `search` anywhere in a `searchText`; its wildcards are plain characters. */
export function searchPattern(search: string): string {
  return `%${searchText(search).replace(/[\\%_]/g, '\\$&')}%`;
}

export interface VariantIdentity {
  readonly displayName: string;
  readonly unit: VariantUnit;
  readonly sku: string | null;
}

/** What two variants of one product have in common when only their SKU tells them apart; 1 kg and 1000 g are the same. */
export function unitKey({ displayName, unit }: Pick<VariantIdentity, 'displayName' | 'unit'>): string {
  const item = unit.kind === 'items' ? nameKey(unit.name) : '';
  return [nameKey(displayName), unit.kind, unitMeasure(unit), item].join('\u001f');
}

/** Equal for two variants of one product that nobody could tell apart; unique among those that are not archived. */
export function variantKey(variant: VariantIdentity): string {
  return `${unitKey(variant)}\u001f${variant.sku ?? ''}`;
}
