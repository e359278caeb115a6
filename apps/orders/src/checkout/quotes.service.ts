import { Injectable } from '@nestjs/common';
import {
  requireInstance,
  type BuyerRef,
  type CallContext,
  type FirstSale,
  type PaidSale,
  type Quote,
  type QuoteRequest,
  type IntendedPayment,
} from '@foodshed/contracts';
import { Clock, Database, newId, type Tx } from '@foodshed/platform';
import { foreseeFirstSales } from './first-sales.store.js';
import { readOffers, readTerms, type StockedOffer } from './offers.store.js';
import { paidSaleOf } from './paid-sale.rules.js';
import { holderOf } from './payment.rules.js';
import { buyerOf, cycleNotFound, isOpen, notInCycle, type CycleTerms } from './placing.rules.js';
import { groupGoods, priceOrder, vatTotals, type PricedOrder } from './pricing.rules.js';

/** Prices before ordering, and the sale as it would be if it were paid in one go now. */
@Injectable()
export class QuotesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws not-found for a cycle that is not there or lines it does not sell, forbidden for another's buyer. */
  async quoteOrder(
    input: QuoteRequest,
    context: CallContext,
  ): Promise<{ quote: Quote; preview: PaidSale | null }> {
    const { id: instanceId } = requireInstance(context);
    const { cycleId, lines } = input;
    const buyer = context.caller.kind === 'person' ? buyerOf(input.buyer, context.caller) : null;
    const now = this.clock.now();
    const cycle = { instanceId, cycleId, now };
    const variantIds = lines.map(({ variantId }) => variantId);
    const [terms, sold] = await Promise.all([
      readTerms(this.database, cycle),
      readOffers(this.database, cycle, variantIds),
    ]);
    if (!terms) throw cycleNotFound();
    const wanted = matched(lines, sold);
    const priced = priceOrder(wanted, terms);
    const available = wanted.map(({ offer }) => offer.available);
    const quote: Quote = {
      cycleId,
      hubId: terms.hubId,
      currency: terms.currency,
      lines: priced.lines.map((line, index) => ({ ...line, availableQuantity: available[index] ?? null })),
      goodsMinor: priced.goodsMinor,
      hubFeeMinor: priced.hubFeeMinor,
      totalMinor: priced.totalMinor,
      vat: vatTotals(priced.lines),
      orderable:
        isOpen(terms, now) &&
        wanted.every(({ offer, quantity }) => offer.available === null || quantity <= offer.available),
    };
    if (!buyer || priced.totalMinor === 0) return { quote, preview: null };
    const preview = await this.database.transaction(instanceId, (tx) =>
      previewOf(tx, { terms, priced, buyer, now, method: input.paymentMethod }),
    );
    return { quote, preview };
  }
}

function matched(
  lines: QuoteRequest['lines'],
  sold: readonly StockedOffer[],
): { offer: StockedOffer; quantity: number }[] {
  const offers = new Map(sold.map((offer) => [offer.variantId, offer]));
  const missing = lines.flatMap(({ variantId }, index) => (offers.has(variantId) ? [] : [index]));
  if (missing.length > 0) throw notInCycle(missing);
  return lines.flatMap(({ variantId, quantity }) => {
    const offer = offers.get(variantId);
    return offer ? [{ offer, quantity }] : [];
  });
}

async function previewOf(
  tx: Tx,
  {
    terms,
    priced,
    buyer,
    now,
    method,
  }: { terms: CycleTerms; priced: PricedOrder; buyer: BuyerRef; now: Date; method: IntendedPayment },
): Promise<PaidSale> {
  const orderId = newId();
  const goods = groupGoods(priced.lines).filter(({ grossMinor }) => grossMinor > 0);
  const producerIds = [...new Set(goods.map(({ producerId }) => producerId))];
  const sale = { ...terms, orderId, buyer, placedAt: now, paidAt: now };
  const firstSales = await foreseeFirstSales(tx, sale, producerIds);
  const sold = goods.map(({ grossMinor, ...group }) => ({
    ...group,
    remainingMinor: grossMinor,
    firstSale: firstSales.get(group.producerId) as FirstSale,
  }));
  return paidSaleOf(sale, {
    captureId: newId(),
    version: 1,
    method,
    holder: holderOf(terms, method),
    paidAt: now,
    changedAt: now,
    hubFeeMinor: priced.hubFeeMinor,
    surplusMinor: 0,
    goods: sold,
  });
}
