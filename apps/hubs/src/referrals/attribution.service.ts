import { Injectable } from '@nestjs/common';
import { hubsEvents, type AttributedSale, type PaidSale, type SaleToPreview } from '@foodshed/contracts';
import { Clock, newId, Outbox, type OutgoingEvent, type ReceivedEvent, type Tx } from '@foodshed/platform';
import { BuyerService } from '../buyers/buyer.service.js';
import { sharesAt } from '../managers/manager.rules.js';
import { peopleOf } from '../managers/manager.store.js';
import {
  attributedSale,
  hubsOf,
  lastRemaining,
  referralOf,
  soldByProducers,
  type SoldByProducer,
  type StandingDecision,
} from './attribution.rules.js';
import { personsToAskFor, readEvidence } from './evidence.store.js';
import { FirstSaleService, requireKnown } from './first-sale.service.js';
import {
  decidedFirstSales,
  keepRemaining,
  lockPairs,
  presentFirstSales,
  restateReferrals,
  settleFirstSales,
  type DecidedFirstSale,
  type ReferralChange,
} from './first-sale.store.js';
import { distinctBy, firstSaleKey, pairKey, type Pair } from './pair.rules.js';

type Decided = Map<string, DecidedFirstSale>;

/** Turns paid sales into attributed ones: who referred each producer's part, and who shares the commission. */
@Injectable()
export class AttributionService {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly buyers: BuyerService,
    private readonly firstSales: FirstSaleService,
  ) {}

  /**
   * Decides what is not decided yet, restates the referrals of pairs whose first sale changed, and publishes.
   * The number of statements does not depend on the number of events; all is decided from the first sale that
   * each event carries, so that any order, repetition or delay of events ends the same.
   */
  async attribute(tx: Tx, events: readonly ReceivedEvent<PaidSale>[]): Promise<void> {
    await readEvidence(
      tx,
      events.map(({ instanceId }) => instanceId),
    );
    const parts = events.flatMap(({ instanceId, data }) => soldByProducers(instanceId, data));
    const { decided, fresh } = await this.#decide(tx, parts);
    const changes = await this.#restate(tx, parts, fresh);
    const hubIds = [
      ...events.map(({ data }) => data.hubId),
      ...[...decided.values()].flatMap(({ hubId }) => hubId ?? []),
    ];
    const people = await peopleOf(tx, hubIds);
    for (const { instanceId, data } of events) requireKnown(people, instanceId, [data.hubId]);
    const attributed = events.map(({ instanceId, data }) => ({
      event: hubsEvents.attributed,
      instanceId,
      data: attributedSale(
        instanceId,
        data,
        (key) => decided.get(key),
        (hubId, at) => sharesAt(people.get(hubId), at),
      ),
    }));
    await this.outbox.add(tx, [...attributed, ...this.#changed(changes)] as OutgoingEvent[]);
  }

  /** Who would be the referrer of a sale placed now; nothing is written. */
  async preview(
    tx: Tx,
    instanceId: string,
    sale: SaleToPreview,
  ): Promise<Pick<AttributedSale, 'attributions' | 'hubs'>> {
    const placedAt = sale.placedAt ?? this.clock.now().toISOString();
    // Somebody who has never bought anywhere: a new id matches no use of a link, no list and nobody's people.
    const buyer = sale.buyer ?? { kind: 'person' as const, id: newId() };
    const parts = distinctBy(sale.producers, ({ producerId }) => producerId).map(
      ({ producerId, firstSale }) => ({
        instanceId,
        producerId,
        buyer,
        firstSale: firstSale ?? {
          sequence: 1,
          orderId: newId(),
          hubId: sale.hubId,
          placedAt,
          paidAt: placedAt,
          sellingHubIds: [],
        },
        isRecorded: Boolean(firstSale),
      }),
    );
    const known = await decidedFirstSales(tx, parts.filter(({ isRecorded }) => isRecorded).map(sequenced));
    const present = await presentFirstSales(
      tx,
      parts.filter(({ isRecorded }) => !isRecorded),
    );
    const settled = (part: (typeof parts)[number]): StandingDecision | undefined =>
      part.isRecorded ? known.get(keyOf(part)) : present.get(pairKey(part));
    const derived = await this.firstSales.derive(
      tx,
      parts.filter((part) => !settled(part)),
    );
    const attributions = parts.map((part) => {
      const decision = derived.get(keyOf(part));
      return {
        producerId: part.producerId,
        referral: referralOf(settled(part) ?? (decision && { ...decision, referralId: newId() })),
      };
    });
    const people = await peopleOf(tx, [
      sale.hubId,
      ...attributions.flatMap(({ referral }) => referral?.hubId ?? []),
    ]);
    requireKnown(people, instanceId, [sale.hubId]);
    const hubs = hubsOf({ hubId: sale.hubId, placedAt }, attributions, (hubId, at) =>
      sharesAt(people.get(hubId), at),
    );
    return { attributions, hubs };
  }

  async #decide(
    tx: Tx,
    parts: readonly SoldByProducer[],
  ): Promise<{ decided: Decided; fresh: SoldByProducer[] }> {
    const distinct = distinctBy(parts, keyOf);
    const decided = await decidedFirstSales(tx, distinct.map(sequenced));
    const fresh = distinct.filter((part) => !decided.has(keyOf(part)));
    const concerned = distinctBy<Pair>([...fresh, ...parts.filter(({ remaining }) => remaining)], pairKey);
    if (concerned.length > 0) await lockPairs(tx, concerned);
    if (fresh.length === 0) return { decided, fresh };
    await this.buyers.ask(tx, await personsToAskFor(tx, fresh));
    const decisions = await this.firstSales.derive(tx, fresh);
    const settled = await settleFirstSales(
      tx,
      fresh.map((part) => {
        const decision = decisions.get(keyOf(part));
        if (!decision) throw new Error('a first sale was not decided');
        return { ...sequenced(part), decision, referralId: decision.hubId ? newId() : null };
      }),
      this.clock.now(),
    );
    return { decided: new Map([...decided, ...settled]), fresh };
  }

  /** Adds up what remains of orders that may end a referral, and restates the referrals they concern. */
  async #restate(
    tx: Tx,
    parts: readonly SoldByProducer[],
    fresh: readonly Pair[],
  ): Promise<ReferralChange[]> {
    const remaining = lastRemaining(parts);
    if (remaining.length > 0) await keepRemaining(tx, remaining);
    const concerned = distinctBy<Pair>([...fresh, ...remaining], pairKey);
    return concerned.length > 0 ? restateReferrals(tx, concerned) : [];
  }

  #changed(changes: readonly ReferralChange[]): OutgoingEvent[] {
    const changedAt = this.clock.now().toISOString();
    return changes.flatMap(({ instanceId, producerId, buyer, before, after }) => {
      const ended =
        before?.state === 'standing' && before.referralId !== after?.referralId ? before : undefined;
      return [ended && { ...ended, state: 'ended' as const }, after].flatMap((fact) =>
        fact
          ? [
              {
                event: hubsEvents.referralChanged,
                instanceId,
                data: { ...fact, producerId, buyer, changedAt },
              },
            ]
          : [],
      ) as OutgoingEvent[];
    });
  }
}

function keyOf(part: Pair & { firstSale: { sequence: number } }): string {
  return firstSaleKey(part, part.firstSale.sequence);
}

function sequenced(part: Pair & { firstSale: { sequence: number } }): Pair & { sequence: number } {
  const { instanceId, producerId, buyer, firstSale } = part;
  return { instanceId, producerId, buyer, sequence: firstSale.sequence };
}
