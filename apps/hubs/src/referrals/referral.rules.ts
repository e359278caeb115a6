import type { BuyerRef, FirstSale, ReferralEvidence, ReferralVia } from '@foodshed/contracts';

/** How long before the first order's placing a link's use counts, in milliseconds: 30 days. */
export const LINK_USE_COUNTS_MS = 30 * 86_400_000;

export interface LinkUse {
  readonly linkId: string;
  readonly hubId: string;
  readonly usedAt: string;
}

export interface AcceptedIntroduction {
  readonly introductionId: string;
  readonly hubId: string;
  readonly proposedAt: string;
  readonly acceptedAt: string;
}

/** Who belongs to an enterprise at an instant: its managers and its owner, by person id. */
export type PeopleAt = (enterpriseId: string, at: string) => ReadonlySet<string>;

/** All that decides who referred: what orders recorded, and what hubs had recorded by then. */
export interface FirstSaleFacts {
  readonly producerId: string;
  readonly buyer: BuyerRef;
  readonly firstSale: FirstSale;
  readonly linkUses: readonly LinkUse[];
  readonly introductions: readonly AcceptedIntroduction[];
  /** When the producer first listed this buyer as an existing customer. */
  readonly listedAt: string | null;
  readonly peopleAt: PeopleAt;
}

/** Who referred by one first sale, and on what evidence; `hubId` null when nobody did. */
export type ReferralDecision =
  | {
      readonly hubId: string;
      readonly via: ReferralVia;
      readonly boundAt: string;
      readonly evidence: ReferralEvidence;
    }
  | { readonly hubId: null; readonly via: null; readonly boundAt: null; readonly evidence: ReferralEvidence };

interface Candidate {
  readonly hubId: string;
  readonly via: ReferralVia;
  /** When the hub earned it; the earliest valid one stands. */
  readonly at: string;
  /** A buyer listed before this was no new customer. */
  readonly newUntil: string;
  readonly use?: LinkUse;
  readonly introduction?: AcceptedIntroduction;
}

type Refusal = ReferralEvidence['refused'][number]['reason'];

const viaRank: Record<ReferralVia, number> = { introduction: 0, link: 1, shop: 2 };

/**
 * Who brought the buyer to the producer, from the recorded first sale only, never from what arrived when:
 * the earliest valid of the ways of money.md ("The referral commission"); bound as of the payment.
 */
export function decideReferral(facts: FirstSaleFacts): ReferralDecision {
  const refused: ReferralEvidence['refused'] = [];
  for (const candidate of candidatesOf(facts)) {
    const { hubId, via } = candidate;
    const reason = refusalOf(candidate, facts);
    if (!reason) {
      const boundAt = utc(facts.firstSale.paidAt);
      return { hubId, via, boundAt, evidence: evidenceOf(facts, refused, candidate) };
    }
    refused.push({ hubId, via, reason });
  }
  return { hubId: null, via: null, boundAt: null, evidence: evidenceOf(facts, refused) };
}

/** Each way in which a hub may have brought the buyer, the earliest first; equal instants by way, then by id. */
function candidatesOf({ firstSale, linkUses, introductions }: FirstSaleFacts): Candidate[] {
  const { hubId, placedAt, sellingHubIds = [] } = firstSale;
  const placed = Date.parse(placedAt);
  const sells = (hub: string): boolean => hub === hubId || sellingHubIds.includes(hub);
  const candidates: Candidate[] = [{ hubId, via: 'shop', at: placedAt, newUntil: placedAt }];
  for (const use of linkUses) {
    const age = placed - Date.parse(use.usedAt);
    if (age < 0 || age > LINK_USE_COUNTS_MS || !sells(use.hubId)) continue;
    candidates.push({ hubId: use.hubId, via: 'link', at: use.usedAt, newUntil: use.usedAt, use });
  }
  for (const introduction of introductions) {
    const { acceptedAt, proposedAt } = introduction;
    if (Date.parse(acceptedAt) > placed) continue;
    candidates.push({
      hubId: introduction.hubId,
      via: 'introduction',
      at: acceptedAt,
      newUntil: proposedAt,
      introduction,
    });
  }
  return candidates.sort(
    (a, b) =>
      Date.parse(a.at) - Date.parse(b.at) ||
      viaRank[a.via] - viaRank[b.via] ||
      (evidenceId(a) < evidenceId(b) ? -1 : 1),
  );
}

function evidenceId({ use, introduction, hubId }: Candidate): string {
  return use?.linkId ?? introduction?.introductionId ?? hubId;
}

function refusalOf(candidate: Candidate, facts: FirstSaleFacts): Refusal | undefined {
  const { producerId, buyer, listedAt, firstSale, peopleAt } = facts;
  const parties = { hubId: candidate.hubId, producerId, buyer };
  if (isSelfReferral(parties, (enterpriseId) => peopleAt(enterpriseId, firstSale.placedAt)))
    return 'self-referral';
  if (listedAt !== null && Date.parse(listedAt) < Date.parse(candidate.newUntil)) return 'existing-customer';
  return undefined;
}

/**
 * True when one and the same side refers, sells or buys: the hub is the producer, or shares a manager or an
 * owner with it; the buyer is, belongs to, or shares people with the hub or the producer (money.md).
 */
export function isSelfReferral(
  { hubId, producerId, buyer }: { hubId: string; producerId: string; buyer: BuyerRef },
  peopleOf: (enterpriseId: string) => ReadonlySet<string>,
): boolean {
  if (hubId === producerId) return true;
  const hub = peopleOf(hubId);
  const producer = peopleOf(producerId);
  if (meet(hub, producer)) return true;
  if (buyer.kind === 'enterprise' && (buyer.id === hubId || buyer.id === producerId)) return true;
  const buying = buyer.kind === 'person' ? new Set([buyer.id]) : peopleOf(buyer.id);
  return meet(buying, hub) || meet(buying, producer);
}

/** True when a buyer is the hub, one of its people, or an enterprise that shares people with it. */
export function isOfHub(
  hubId: string,
  buyer: BuyerRef,
  peopleOf: (enterpriseId: string) => ReadonlySet<string>,
): boolean {
  if (buyer.kind === 'person') return peopleOf(hubId).has(buyer.id);
  return buyer.id === hubId || meet(peopleOf(buyer.id), peopleOf(hubId));
}

function meet(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const one of some) if (others.has(one)) return true;
  return false;
}

function evidenceOf(
  { firstSale }: FirstSaleFacts,
  refused: ReferralEvidence['refused'],
  chosen?: Candidate,
): ReferralEvidence {
  return {
    orderId: firstSale.orderId,
    placedAt: utc(firstSale.placedAt),
    paidAt: utc(firstSale.paidAt),
    linkId: chosen?.use?.linkId ?? null,
    usedAt: chosen?.use?.usedAt ?? null,
    introductionId: chosen?.introduction?.introductionId ?? null,
    proposedAt: chosen?.introduction?.proposedAt ?? null,
    acceptedAt: chosen?.introduction?.acceptedAt ?? null,
    refused,
  };
}

function utc(instant: string): string {
  return new Date(instant).toISOString();
}

/** The last instant, ISO, at which a first order still counts for a link used at `usedAt`. */
export function linkCountsUntil(usedAt: string): string {
  return new Date(Date.parse(usedAt) + LINK_USE_COUNTS_MS).toISOString();
}
