import type { AttributedSale, FirstSale, PaidSale } from '@foodshed/contracts';
import { distinctBy, firstSaleKey, pairKey, type Pair } from './pair.rules.js';

/** What remains of a producer's goods in a capture, in minor units, after refunds. */
export interface Remaining {
  readonly orderId: string;
  readonly captureId: string;
  readonly version: number;
  readonly grossMinor: number;
}

/** One producer's part of one paid event. */
export interface SoldByProducer extends Pair {
  readonly firstSale: FirstSale;
  /**
   * What remains of this producer's goods, where that may end a referral: in the first order, and in any order
   * of which something was refunded, as it may have become the first since.
   */
  readonly remaining: Remaining | undefined;
}

/** A referral as an attribution names it. */
export interface StandingDecision {
  readonly referralId: string | null;
  readonly hubId: string | null;
  readonly via: 'shop' | 'link' | 'introduction' | null;
  readonly boundAt: string | null;
}

/** The parts of a paid event by producer, in its order. */
export function soldByProducers(instanceId: string, sale: PaidSale): SoldByProducer[] {
  return sale.producers.map(({ producerId, firstSale, goods }) => ({
    instanceId,
    producerId,
    buyer: sale.buyer,
    firstSale,
    remaining:
      firstSale.orderId === sale.orderId || sale.version > 1
        ? {
            orderId: sale.orderId,
            captureId: sale.capture.captureId,
            version: sale.version,
            grossMinor: goods.reduce((sum, { grossMinor }) => sum + grossMinor, 0),
          }
        : undefined,
  }));
}

/** What remains per capture: of each capture the highest version, sorted by key; minor units. */
export function lastRemaining(parts: readonly SoldByProducer[]): (Pair & Remaining)[] {
  const flat = parts.flatMap(({ instanceId, producerId, buyer, remaining }) =>
    remaining ? [{ instanceId, producerId, buyer, ...remaining }] : [],
  );
  return distinctBy(
    flat.sort((a, b) => b.version - a.version),
    (item) => `${pairKey(item)} ${item.orderId} ${item.captureId}`,
  );
}

/**
 * The event for commission: who referred each producer's part, by what was decided for its first sale, and
 * the managers' shares of the serving and the referring hubs as of the order's placing.
 */
export function attributedSale(
  instanceId: string,
  sale: PaidSale,
  decisionOf: (key: string) => StandingDecision | undefined,
  sharesOf: (hubId: string, at: string) => AttributedSale['hubs'][number]['shares'],
): AttributedSale {
  const attributions = sale.producers.map(({ producerId, firstSale }) => {
    const pair = { instanceId, producerId, buyer: sale.buyer };
    return { producerId, referral: referralOf(decisionOf(firstSaleKey(pair, firstSale.sequence))) };
  });
  return { sale, attributions, hubs: hubsOf(sale, attributions, sharesOf) };
}

/** The referral that a decision names; null when nobody referred. */
export function referralOf(
  decision: StandingDecision | undefined,
): AttributedSale['attributions'][number]['referral'] {
  if (!decision?.referralId || !decision.hubId || !decision.via || !decision.boundAt) return null;
  return {
    referralId: decision.referralId,
    hubId: decision.hubId,
    via: decision.via,
    boundAt: decision.boundAt,
  };
}

/** The serving hub first, then the referring ones, each once, with their managers' shares at the placing. */
export function hubsOf(
  { hubId, placedAt }: { hubId: string; placedAt: string },
  attributions: AttributedSale['attributions'],
  sharesOf: (hubId: string, at: string) => AttributedSale['hubs'][number]['shares'],
): AttributedSale['hubs'] {
  const referring = attributions.flatMap(({ referral }) => (referral ? [referral.hubId] : []));
  return [...new Set([hubId, ...referring])].map((id) => ({ hubId: id, shares: sharesOf(id, placedAt) }));
}
