import { z } from 'zod';
import { defineRpc } from './define.js';
import { amountMinor, currencyCode, id, instant, pageInput, pageOf, rateBps, textOf } from './primitives.js';

export const cycleLimits = { variants: 10_000, producers: 500, priceMinor: 100_000_000, days: 366 } as const;

/** Follows from the times alone: scheduled before `opensAt`, open until `closesAt`, that instant excluded. */
export const cycleState = z.enum(['scheduled', 'open', 'closed']);
export type CycleState = z.output<typeof cycleState>;

/** How goods reach people: where to come and when, or that they are brought. */
export const handover = z.strictObject({
  kind: z.enum(['pickup', 'delivery']),
  /** The place of the pick-up, or where is delivered to. */
  place: textOf(200),
  /** When, in words for people: `Friday 16:00 to 18:30`. */
  times: textOf(200, 0).default(''),
  /** The instant goods are handed out; unpaid cash orders expire after it. */
  at: instant.nullable().default(null),
});
export type Handover = z.output<typeof handover>;

const cycleFields = {
  name: textOf(120),
  opensAt: instant,
  closesAt: instant,
  handover,
  /** On top of the goods, paid by the buyer: a part of the goods' price, and an amount per order. */
  hubFeeBps: rateBps.max(5_000),
  hubFeeFlatMinor: amountMinor.max(100_000),
  /** How long an order waits for its bank transfer. */
  paymentTermMinutes: z.int().min(10).max(43_200),
};

/**
 * All variants of `producerIds`, and `variants` one by one; a variant's `priceMinor` overrides its price in
 * this cycle (same VAT basis). Together at most 10,000 variants.
 */
export const cycleSelection = z.strictObject({
  producerIds: z.array(id).max(cycleLimits.producers).default([]),
  variants: z
    .array(
      z.strictObject({
        variantId: id,
        priceMinor: amountMinor.max(cycleLimits.priceMinor).nullable().default(null),
      }),
    )
    .max(cycleLimits.variants)
    .default([]),
});
export type CycleSelection = z.output<typeof cycleSelection>;

export const newCycle = z.strictObject({
  ...cycleFields,
  hubFeeBps: cycleFields.hubFeeBps.default(0),
  hubFeeFlatMinor: cycleFields.hubFeeFlatMinor.default(0),
  paymentTermMinutes: cycleFields.paymentTermMinutes.default(4_320),
  selection: cycleSelection.optional(),
});
export type NewCycle = z.output<typeof newCycle>;

export const cycleChanges = z
  .strictObject({
    ...cycleFields,
    /** Closes an open cycle at once. */
    closeNow: z.literal(true),
  })
  .partial();
export type CycleChanges = z.output<typeof cycleChanges>;

export const cycle = z.object({
  cycleId: id,
  hubId: id,
  name: z.string(),
  state: cycleState,
  currency: currencyCode,
  timeZone: z.string(),
  opensAt: instant,
  closesAt: instant,
  handover,
  hubFeeBps: rateBps,
  hubFeeFlatMinor: amountMinor,
  paymentTermMinutes: z.int(),
  variantCount: z.int().min(0),
  version: z.int().min(1),
});
export type Cycle = z.output<typeof cycle>;

/** One thing to buy in a cycle; `availableQuantity` is null for goods made on demand. */
export const shopItem = z.object({
  variantId: id,
  productId: id,
  producerId: id,
  name: z.string(),
  displayName: z.string(),
  description: z.string(),
  category: z.string(),
  unitLabel: z.string(),
  /** VAT included; send it back when ordering. */
  unitPriceMinor: amountMinor,
  vatRateBps: rateBps,
  /** The part of the price that is a deposit on the container, as the producer wrote it. */
  depositMinor: amountMinor,
  availableQuantity: z.int().min(0).nullable(),
});
export type ShopItem = z.output<typeof shopItem>;

export const shopQuery = {
  producerId: id.optional(),
  category: textOf(80).optional(),
  /** Part of a product's name, in any case. */
  search: textOf(100, 0).optional(),
  ...pageInput,
};

/** Merged into `catalogueRpc`. Times decide what is open, whatever the jobs have announced. */
export const cycleRpc = {
  /** By the hub's managers. */
  openCycle: defineRpc({
    service: 'orders',
    name: 'open-cycle',
    input: z.strictObject({ hubId: id, cycle: newCycle }),
    output: cycle,
    callers: ['person'],
    timeoutMs: 15_000,
  }),
  /** Newest first. */
  listCycles: defineRpc({
    service: 'orders',
    name: 'list-cycles',
    input: z.strictObject({ hubId: id, state: cycleState.optional(), ...pageInput }),
    output: pageOf(cycle),
    callers: ['anonymous'],
  }),
  getCycle: defineRpc({
    service: 'orders',
    name: 'get-cycle',
    input: z.strictObject({ cycleId: id }),
    output: cycle,
    callers: ['anonymous'],
  }),
  /** By the hub's managers; `version` is the cycle's, another one than the present answers `invalid-state`. */
  editCycle: defineRpc({
    service: 'orders',
    name: 'edit-cycle',
    input: z.strictObject({ cycleId: id, version: z.int().min(1).optional(), changes: cycleChanges }),
    output: cycle,
    callers: ['person'],
  }),
  /** Replaces what the cycle sells. By the hub's managers, until it closes. */
  setCycleVariants: defineRpc({
    service: 'orders',
    name: 'set-cycle-variants',
    input: z.strictObject({ cycleId: id, selection: cycleSelection }),
    output: cycle,
    callers: ['person'],
    timeoutMs: 15_000,
  }),
  /**
   * The hub's open cycle (the one that closes first) with a page of what it sells, by name. Without an open
   * cycle `cycle` is null, the list empty, and `nextCycle` the one that opens next, if any.
   */
  getShop: defineRpc({
    service: 'orders',
    name: 'get-shop',
    input: z.strictObject({ hubId: id, ...shopQuery }),
    output: pageOf(shopItem).extend({ cycle: cycle.nullable(), nextCycle: cycle.nullable() }),
    callers: ['anonymous'],
  }),
  /** A page of what a cycle sells, by name. */
  listCycleProducts: defineRpc({
    service: 'orders',
    name: 'list-cycle-products',
    input: z.strictObject({ cycleId: id, ...shopQuery }),
    output: pageOf(shopItem),
    callers: ['anonymous'],
  }),
  /** The producers and categories of a cycle's goods with how many variants each has, for a shop's filters. */
  getCycleFilters: defineRpc({
    service: 'orders',
    name: 'get-cycle-filters',
    input: z.strictObject({ cycleId: id }),
    output: z.object({
      producers: z.array(z.object({ producerId: id, variantCount: z.int() })),
      categories: z.array(z.object({ category: z.string(), variantCount: z.int() })),
    }),
    callers: ['anonymous'],
  }),
};
