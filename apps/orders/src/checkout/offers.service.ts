import { Injectable } from '@nestjs/common';
import { Clock, Database } from '@foodshed/platform';
import { readOffers, readTerms } from './offers.store.js';
import type { CycleTerms } from './placing.rules.js';
import type { Offer } from './pricing.rules.js';

/** Names and payment terms may be this old; prices never are, the database compares them. */
const TERMS_KEPT_MS = 5_000;
const OFFERS_KEPT = 50_000;

export interface CycleOffers {
  readonly terms: CycleTerms;
  /** By variant id; what the cycle does not sell is missing. */
  readonly offers: ReadonlyMap<string, Offer>;
}

/**
 * What cycles sell and at what price, remembered in the process. Placing an order compares every remembered
 * price with the database's, so that a stale one costs a second try and never a wrong price.
 */
@Injectable()
export class OffersService {
  readonly #terms = new Map<string, { terms: CycleTerms; readAt: number }>();
  readonly #offers = new Map<string, Offer>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The terms and offers of a cycle, null when there is no such cycle; `fresh` reads them anew. */
  async read(
    cycle: { instanceId: string; cycleId: string },
    variantIds: readonly string[],
    { fresh }: { fresh: boolean },
  ): Promise<CycleOffers | null> {
    const terms = await this.#readTerms(cycle, fresh);
    if (!terms) return null;
    const offers = new Map<string, Offer>();
    const unknown: string[] = [];
    for (const variantId of variantIds) {
      const offer = fresh ? undefined : this.#offers.get(keyOf(cycle, variantId));
      if (offer) offers.set(variantId, offer);
      else unknown.push(variantId);
    }
    if (unknown.length === 0) return { terms, offers };
    for (const offer of await readOffers(this.database, { ...cycle, now: this.clock.now() }, unknown)) {
      this.#remember(keyOf(cycle, offer.variantId), offer);
      offers.set(offer.variantId, offer);
    }
    return { terms, offers };
  }

  async #readTerms(
    cycle: { instanceId: string; cycleId: string },
    fresh: boolean,
  ): Promise<CycleTerms | null> {
    const key = keyOf(cycle, '');
    const known = this.#terms.get(key);
    if (known && !fresh && performance.now() - known.readAt < TERMS_KEPT_MS) return known.terms;
    const terms = await readTerms(this.database, cycle);
    if (!terms) return null;
    if (this.#terms.size >= OFFERS_KEPT) this.#terms.clear();
    this.#terms.set(key, { terms, readAt: performance.now() });
    return terms;
  }

  #remember(key: string, offer: Offer): void {
    if (this.#offers.size >= OFFERS_KEPT) {
      for (const oldest of this.#offers.keys()) {
        this.#offers.delete(oldest);
        if (this.#offers.size < OFFERS_KEPT * 0.9) break;
      }
    }
    this.#offers.set(key, offer);
  }
}

function keyOf({ instanceId, cycleId }: { instanceId: string; cycleId: string }, variantId: string): string {
  return `${instanceId}/${cycleId}/${variantId}`;
}
