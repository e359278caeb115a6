import { z } from 'zod';
import { defineRpc } from './define.js';
import { postingLine, transactionKey } from './posting.js';
import { currencyCode, dateOnly, id, instant, pageInput, pageOf, signedMinor } from './primitives.js';

/**
 * Who brings or gets value. `buyers` is everybody who paid orders, `people` is who gives or earns in their own name,
 * `managers` is who runs several hubs, so that nobody can tell for which one they earned; only an `enterprise` has an
 * id. `producers`, `hubs` and `enterprises` (of either kind, in another role) are all of them together.
 */
export const mapParty = z.object({
  kind: z.enum([
    'buyers',
    'producers',
    'hubs',
    'enterprises',
    'enterprise',
    'managers',
    'administration',
    'payment-costs',
    'developing',
    'pitches',
    'people',
    'outside',
  ]),
  id: id.nullable(),
});
export type MapParty = z.output<typeof mapParty>;

/** `functions` shows no enterprise of its own, `hubs` and `producers` show each of one kind. */
export const mapLevel = z.enum(['functions', 'hubs', 'producers']);
export type MapLevel = z.output<typeof mapLevel>;

/** Of one currency, or another unit that the ledger counts; the period is by the time of recording, like statements. */
export const mapQuery = z.strictObject({
  level: mapLevel.default('functions'),
  /** Only what this enterprise brings and gets, each of its counterparts on its own. */
  enterpriseId: id.optional(),
  unit: currencyCode.optional(),
  /** Local dates in the instance's time zone, both included. */
  from: dateOnly.optional(),
  to: dateOnly.optional(),
});
export type MapQuery = z.output<typeof mapQuery>;

/** What went from one party to another for one reason; less than nothing when more was given back than came. */
export const mapArrow = z.object({
  from: mapParty,
  to: mapParty,
  /** `money` is what buyers paid for goods; the others are as in the entries. */
  line: postingLine,
  shareId: z.string().nullable(),
  amountMinor: signedMinor,
  entries: z.int().min(1),
});
export type MapArrow = z.output<typeof mapArrow>;

export const valueMap = z.object({
  level: mapLevel,
  unit: currencyCode,
  /** All units that moved in the period, and the one shown. */
  units: z.array(currencyCode),
  from: dateOnly.nullable(),
  to: dateOnly.nullable(),
  /** The greatest first. */
  arrows: z.array(mapArrow),
  /** True when so few enterprises are in the period that a sum would tell the public what one of them earned. */
  isWithheld: z.boolean(),
  /** The last batch of the chain that is in it; 0 when nothing moved. */
  untilBatch: z.int().min(0),
});
export type ValueMap = z.output<typeof valueMap>;

/** One arrow of the map that the same query draws; a party is written `kind`, or `enterprise:` and its id. */
const partyText = z
  .string()
  .max(60)
  .transform((text) => {
    const [kind, partyId] = text.split(':');
    return { kind, id: partyId ?? null };
  })
  .pipe(mapParty);
export const mapArrowQuery = z.strictObject({
  ...mapQuery.shape,
  ...pageInput,
  giver: partyText,
  receiver: partyText,
  line: postingLine,
  shareId: z.string().max(63).optional(),
});

export const mapEntry = z.object({
  transactionId: id,
  key: transactionKey,
  /** Towards the receiver. */
  amountMinor: signedMinor,
  occurredAt: instant,
  recordedAt: instant,
  batch: z.int().min(1),
});
export type MapEntry = z.output<typeof mapEntry>;

export const valueMapRpc = {
  /**
   * Everybody may see functions, for whole months that are over; managers also what their own enterprises bring and
   * get; stewards everything, for any period. @throws forbidden
   */
  getValueMap: defineRpc({
    service: 'ledger',
    name: 'get-value-map',
    input: mapQuery,
    output: valueMap,
    callers: ['anonymous'],
    timeoutMs: 15_000,
  }),
  /** The entries that an arrow adds up, newest first: for stewards, and managers for their own enterprises. */
  listArrowEntries: defineRpc({
    service: 'ledger',
    name: 'list-arrow-entries',
    input: mapArrowQuery
      .omit({ giver: true, receiver: true })
      .extend({ giver: mapParty, receiver: mapParty }),
    output: pageOf(mapEntry),
    callers: ['person'],
    timeoutMs: 15_000,
  }),
};
