import fc from 'fast-check';
import { LAST_HOUR } from './life.js';

/** A gift and what is tried with it afterwards; indices are taken modulo whoever is there. */
export interface GiftLife {
  readonly at: number;
  readonly giver: number;
  readonly receiver: { readonly kind: 'person' | 'enterprise' | 'pitch' | 'team'; readonly index: number };
  readonly amountMinor: number;
  readonly platformPartMinor: number;
  readonly source: 'balance' | 'administration' | 'transfer' | 'cash';
  readonly isUnnamed: boolean;
  /** In the order in which it is tried; much of it is not allowed, and some of it twice. */
  readonly then: readonly ('receive' | 'take-back' | 'give-back')[];
  /** What comes of a promise, of what was promised. */
  readonly percent: number;
}

/** Some are more than any giver has, some are of a cent, and any hour of the lives may be theirs. */
export const anyGift: fc.Arbitrary<GiftLife> = fc.record({
  at: fc.integer({ min: 4, max: LAST_HOUR - 4 }),
  giver: fc.nat(),
  receiver: fc.record({
    kind: fc.constantFrom('person' as const, 'enterprise' as const, 'pitch' as const, 'team' as const),
    index: fc.nat(),
  }),
  amountMinor: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 3_000 }) },
    { weight: 1, arbitrary: fc.constant(50_000_000) },
  ),
  platformPartMinor: fc.constantFrom(0, 0, 0, 1, 250),
  source: fc.constantFrom(
    'balance' as const,
    'balance' as const,
    'balance' as const,
    'administration' as const,
    'transfer' as const,
    'cash' as const,
    'cash' as const,
    'cash' as const,
  ),
  isUnnamed: fc.boolean(),
  then: fc.array(
    fc.constantFrom(
      'receive' as const,
      'receive' as const,
      'take-back' as const,
      'give-back' as const,
      'give-back' as const,
      'give-back' as const,
    ),
    { minLength: 1, maxLength: 3 },
  ),
  percent: fc.constantFrom(100, 100, 50, 150),
});
