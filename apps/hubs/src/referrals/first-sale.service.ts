import { Injectable } from '@nestjs/common';
import { DomainError, type FirstSale } from '@foodshed/contracts';
import type { Tx } from '@foodshed/platform';
import { peopleAt, type EnterprisePeople } from '../managers/manager.rules.js';
import { peopleOf } from '../managers/manager.store.js';
import { acceptedIntroductionsOf, linkUsesOf, listedAtOf } from './evidence.store.js';
import { buyerKey, firstSaleKey, pairKey, type Pair } from './pair.rules.js';
import { decideReferral, type ReferralDecision } from './referral.rules.js';

/** A first sale as orders recorded it. */
export interface RecordedFirstSale extends Pair {
  readonly firstSale: FirstSale;
}

/** Brings together what hubs knows and lets the rules decide who referred. */
@Injectable()
export class FirstSaleService {
  /**
   * The decision for each first sale, by `firstSaleKey`, with four statements however many there are. To be
   * called behind the gate (`readEvidence`) when the decisions are to be kept.
   * @throws not-found when a hub or a producer is none of the instance's enterprises
   */
  async derive(tx: Tx, sales: readonly RecordedFirstSale[]): Promise<Map<string, ReferralDecision>> {
    const uses = await linkUsesOf(tx, sales);
    const introductions = await acceptedIntroductionsOf(tx, sales);
    const listed = await listedAtOf(
      tx,
      sales.map((sale) => ({ ...sale, placedAt: sale.firstSale.placedAt })),
    );
    const concerned = sales.flatMap((sale) => [
      sale.producerId,
      sale.firstSale.hubId,
      ...(sale.buyer.kind === 'enterprise' ? [sale.buyer.id] : []),
      ...(uses.get(buyerKey(sale.instanceId, sale.buyer)) ?? []).map(({ hubId }) => hubId),
      ...(introductions.get(pairKey(sale)) ?? []).map(({ hubId }) => hubId),
    ]);
    const people = await peopleOf(tx, concerned);
    const decisions = new Map<string, ReferralDecision>();
    for (const sale of sales) {
      requireKnown(people, sale.instanceId, [sale.producerId, sale.firstSale.hubId]);
      const decision = decideReferral({
        producerId: sale.producerId,
        buyer: sale.buyer,
        firstSale: sale.firstSale,
        linkUses: uses.get(buyerKey(sale.instanceId, sale.buyer)) ?? [],
        introductions: introductions.get(pairKey(sale)) ?? [],
        listedAt: listed.get(pairKey(sale)) ?? null,
        peopleAt: (enterpriseId, at) => peopleAt(people.get(enterpriseId), at),
      });
      decisions.set(firstSaleKey(sale, sale.firstSale.sequence), decision);
    }
    return decisions;
  }
}

/** @throws not-found unless all are enterprises of the instance; an event that names others is not ours. */
export function requireKnown(
  people: ReadonlyMap<string, EnterprisePeople>,
  instanceId: string,
  enterpriseIds: readonly string[],
): void {
  const unknown = enterpriseIds.find((enterpriseId) => people.get(enterpriseId)?.instanceId !== instanceId);
  if (unknown) {
    throw new DomainError('not-found', { detail: `There is no enterprise ${unknown} in this instance.` });
  }
}
