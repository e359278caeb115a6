import {
  type ordersEvents,
  type BuyerRef,
  type EventData,
  type IntendedPayment,
  type PlacedOrder,
} from '@foodshed/contracts';
import { jsonLines, type Database } from '@foodshed/platform';
import { compare, unitPriceMinor, type Offer, type PricedOrder } from './pricing.rules.js';
import { expiresAt, orderReference, type CycleTerms, type LineProblem } from './placing.rules.js';

/** One order ready to be placed: decided and priced, with everything the database writes for it. */
export interface OrderToPlace {
  readonly orderId: string;
  readonly eventId: string;
  readonly terms: CycleTerms;
  readonly offers: readonly Offer[];
  readonly priced: PricedOrder;
  readonly buyer: BuyerRef;
  readonly placedBy: string;
  readonly paymentMethod: IntendedPayment;
  /** Who asks, with which idempotency key, and the hash of what they sent. */
  readonly caller: string;
  readonly key: string;
  readonly bodyHash: string;
  readonly headers: object;
}

/** What became of one order of a batch. */
export type Placing =
  | { readonly verdict: 'placed' | 'repeated'; readonly answer: PlacedOrder }
  | { readonly verdict: 'key-reused' | 'in-progress' | 'cycle-missing' | 'cycle-closed' | 'stale' }
  | { readonly verdict: 'refused'; readonly problems: readonly LineProblem[] };

const PARAMETERS = 42;
const PLACE_ORDERS = {
  name: 'place-orders',
  text: `select place_orders(${Array.from({ length: PARAMETERS }, (_, n) => `$${n + 1}`).join(', ')}) as placings`,
};

/**
 * Places a batch in one round trip and one commit; the answers are in the order of the batch. Keys within a batch
 * must be distinct. With `lockFirst` the stock is locked before it is read, in variant order.
 * @throws a Postgres error 40001 or 40P01 when it must be done again; nothing is placed then.
 */
export async function placeOrders(
  database: Database,
  batch: readonly OrderToPlace[],
  { now, lockFirst }: { now: Date; lockFirst: boolean },
): Promise<Placing[]> {
  const answers = batch.map((order) => answerOf(order, now));
  const [row] = await database.query<{ placings: { verdict: Placing['verdict']; detail: unknown }[] }>(
    PLACE_ORDERS,
    parametersOf(batch, answers, { now, lockFirst }),
  );
  return batch.map((_, index) => {
    const { verdict, detail } = row?.placings[index] ?? { verdict: 'in-progress', detail: null };
    if (verdict === 'placed') return { verdict, answer: answers[index] as PlacedOrder };
    if (verdict === 'repeated') return { verdict, answer: detail as PlacedOrder };
    if (verdict === 'refused') return { verdict, problems: detail as LineProblem[] };
    return { verdict };
  });
}

/** The stored answer of an earlier request with this key, undefined when there is none. Locks nothing. */
export async function findAnswer(
  database: Database,
  { caller, key }: { caller: string; key: string },
): Promise<{ bodyHash: string; answer: PlacedOrder } | undefined> {
  const [row] = await database.query<{ body_hash: string; response: { result: PlacedOrder } }>(
    {
      name: 'placing-answer',
      text: `select body_hash, response from idempotency_keys
             where caller = $1 and command = 'place-order' and key = $2`,
    },
    [caller, key],
  );
  return row && { bodyHash: row.body_hash, answer: row.response.result };
}

function answerOf(order: OrderToPlace, placedAt: Date): PlacedOrder {
  const { orderId, terms, priced, paymentMethod } = order;
  return {
    orderId,
    reference: orderReference(orderId),
    hubId: terms.hubId,
    cycleId: terms.cycleId,
    currency: terms.currency,
    goodsMinor: priced.goodsMinor,
    hubFeeMinor: priced.hubFeeMinor,
    totalMinor: priced.totalMinor,
    placedAt: placedAt.toISOString(),
    expiresAt: expiresAt(terms, paymentMethod, placedAt).toISOString(),
  };
}

function placedEvent(
  { terms, priced, buyer }: OrderToPlace,
  answer: PlacedOrder,
): EventData<typeof ordersEvents.placed> {
  const byProducer = new Map<string, number>();
  for (const { producerId, grossMinor } of priced.lines) {
    byProducer.set(producerId, (byProducer.get(producerId) ?? 0) + grossMinor);
  }
  return {
    orderId: answer.orderId,
    hubId: answer.hubId,
    cycleId: answer.cycleId,
    buyer,
    currency: answer.currency,
    timeZone: terms.timeZone,
    totalMinor: answer.totalMinor,
    hubFeeMinor: answer.hubFeeMinor,
    placedAt: answer.placedAt,
    producers: [...byProducer].map(([producerId, grossMinor]) => ({ producerId, grossMinor })),
  };
}

/** The arguments of place_orders: arrays are written as Postgres literals, which costs a fifth of what `pg` takes. */
function parametersOf(
  batch: readonly OrderToPlace[],
  answers: readonly PlacedOrder[],
  { now, lockFirst }: { now: Date; lockFirst: boolean },
): unknown[] {
  const { cycles, variants, offers, orderCycles, lines } = numbered(batch);
  return [
    now.toISOString(),
    lockFirst,
    ...columns(cycles, [
      (terms) => terms.instanceId,
      (terms) => terms.cycleId,
      (terms) => terms.hubId,
      (terms) => quoted(terms.currency),
      (terms) => quoted(terms.timeZone),
      (terms) => terms.hubFeeBps,
      (terms) => terms.hubFeeFlatMinor,
    ]),
    ...columns(variants, [(variant) => variant.instanceId, (variant) => variant.variantId]),
    ...columns(offers, [
      (entry) => entry.cycle,
      (entry) => entry.variant,
      ({ offer }) => offer.producerId,
      ({ offer }) => quoted(offer.productName),
      ({ offer }) => quoted(offer.unitLabel),
      ({ offer }) => offer.priceMinor,
      ({ offer }) => offer.vatRateBps,
      ({ offer }) => offer.priceIncludesVat,
      ({ offer }) => unitPriceMinor(offer),
    ]),
    ...columns(batch, [
      (order) => order.orderId,
      (_, index) => orderCycles[index] ?? 0,
      (order) => quoted(order.caller),
      (order) => quoted(order.key),
      (order) => quoted(order.bodyHash),
      (order) => order.buyer.kind,
      (order) => order.buyer.id,
      (order) => order.placedBy,
      (order) => order.paymentMethod,
      (order) => order.priced.goodsMinor,
      (order) => order.priced.hubFeeMinor,
      (_, index) => answers[index]?.expiresAt ?? '',
      (order) => order.eventId,
    ]),
    jsonLines(batch.map(({ headers }) => headers)),
    jsonLines(batch.map((order, index) => placedEvent(order, answers[index] as PlacedOrder))),
    jsonLines(answers.map((result) => ({ result }))),
    ...columns(lines, [
      (line) => line.order,
      (line) => line.number,
      (line) => line.offer,
      (line) => line.quantity,
      (line) => line.grossMinor,
      (line) => line.hubFeeMinor,
    ]),
  ];
}

/** Cycles, variants, offers and lines of a batch, each once, referring to one another by positions from 1. */
function numbered(batch: readonly OrderToPlace[]) {
  const cycles = new Map<CycleTerms, number>();
  const offers = new Map<Offer, { terms: CycleTerms; position: number }>();
  const variants = new Map<string, { instanceId: string; variantId: string }>();
  for (const { terms, offers: offered } of batch) {
    if (!cycles.has(terms)) cycles.set(terms, cycles.size + 1);
    for (const offer of offered) {
      if (offers.has(offer)) continue;
      offers.set(offer, { terms, position: offers.size + 1 });
      variants.set(`${terms.instanceId}${offer.variantId}`, {
        instanceId: terms.instanceId,
        variantId: offer.variantId,
      });
    }
  }
  const sorted = [...variants].sort(([a], [b]) => compare(a, b));
  const variantPositions = new Map(sorted.map(([key], index) => [key, index + 1]));
  const lines = batch.flatMap(({ offers: offered, priced }, order) =>
    priced.lines.map((line, index) => ({
      order: order + 1,
      number: index + 1,
      offer: offers.get(offered[index] as Offer)?.position ?? 0,
      quantity: line.quantity,
      grossMinor: line.grossMinor,
      hubFeeMinor: line.hubFeeMinor,
    })),
  );
  return {
    cycles: [...cycles.keys()],
    orderCycles: batch.map(({ terms }) => cycles.get(terms) ?? 0),
    variants: sorted.map(([, variant]) => variant),
    offers: [...offers].map(([offer, { terms }]) => ({
      offer,
      cycle: cycles.get(terms) ?? 0,
      variant: variantPositions.get(`${terms.instanceId}${offer.variantId}`) ?? 0,
    })),
    lines,
  };
}

type Column<T> = (row: T, index: number) => string | number | boolean;

function columns<T>(rows: readonly T[], picks: readonly Column<T>[]): string[] {
  return picks.map((pick) => `{${rows.map(pick).join(',')}}`);
}

/** Text as an element of a Postgres array literal. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
