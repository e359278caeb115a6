import type { BuyerRef } from '@foodshed/contracts';
import fc from 'fast-check';
import {
  decideReferral,
  isOfHub,
  isSelfReferral,
  LINK_USE_COUNTS_MS,
  linkCountsUntil,
  type FirstSaleFacts,
} from './referral.rules.js';

const placedAt = '2026-03-31T12:00:00.000Z';
const paidAt = '2026-04-02T09:00:00.000Z';
const daysBefore = (days: number, ms = 0): string =>
  new Date(Date.parse(placedAt) - days * 86_400_000 - ms).toISOString();

const people: Record<string, string[]> = {
  shop: ['sonia'],
  other: ['omar', 'paula'],
  producer: ['petra'],
  school: ['stella'],
  cafe: ['sonia'],
  mill: ['petra'],
  'farm-hub': ['petra', 'hugo'],
};

const buyer: BuyerRef = { kind: 'person', id: 'bea' };

function factsOf(
  changes: Partial<FirstSaleFacts> = {},
  firstSale: Partial<FirstSaleFacts['firstSale']> = {},
): FirstSaleFacts {
  return {
    producerId: 'producer',
    buyer,
    firstSale: {
      sequence: 1,
      orderId: 'order',
      hubId: 'shop',
      placedAt,
      paidAt,
      sellingHubIds: ['shop', 'other'],
      ...firstSale,
    },
    linkUses: [],
    introductions: [],
    listedAt: null,
    peopleAt: (enterpriseId) => new Set(people[enterpriseId] ?? []),
    ...changes,
  };
}

const use = (hubId: string, usedAt: string, linkId = `link-of-${hubId}`) => ({ linkId, hubId, usedAt });
const introduced = (hubId: string, proposedAt: string, acceptedAt: string) => ({
  introductionId: `introduction-by-${hubId}`,
  hubId,
  proposedAt,
  acceptedAt,
});

describe('Who referred', () => {
  it.each<[string, FirstSaleFacts, string | null, string | null]>([
    ['the hub in whose shop the first paid order was placed', factsOf(), 'shop', 'shop'],
    [
      'the hub whose link was used before',
      factsOf({ linkUses: [use('other', daysBefore(3))] }),
      'other',
      'link',
    ],
    [
      'the hub whose link was used 30 days before to the millisecond',
      factsOf({ linkUses: [use('other', daysBefore(30))] }),
      'other',
      'link',
    ],
    [
      'the shop, when the link was used a millisecond more than 30 days before',
      factsOf({ linkUses: [use('other', daysBefore(30, 1))] }),
      'shop',
      'shop',
    ],
    [
      'the shop, when the link was used after the order was placed',
      factsOf({ linkUses: [use('other', paidAt)] }),
      'shop',
      'shop',
    ],
    [
      'the link, when it was used as the order was placed',
      factsOf({ linkUses: [use('other', placedAt)] }),
      'other',
      'link',
    ],
    [
      'the first of two links',
      factsOf({ linkUses: [use('shop', daysBefore(2)), use('other', daysBefore(3))] }),
      'other',
      'link',
    ],
    [
      'the shop, when the link’s hub does not sell this producer',
      factsOf({ linkUses: [use('third', daysBefore(3))] }),
      'shop',
      'shop',
    ],
    [
      'the shop’s own link, whether or not orders says that it sells',
      factsOf({ linkUses: [use('shop', daysBefore(3))] }, { sellingHubIds: undefined }),
      'shop',
      'link',
    ],
    [
      'the hub whose introduction was accepted',
      factsOf({ introductions: [introduced('other', daysBefore(90), daysBefore(80))] }),
      'other',
      'introduction',
    ],
    [
      'the shop, when the introduction was accepted after the order',
      factsOf({ introductions: [introduced('other', daysBefore(9), paidAt)] }),
      'shop',
      'shop',
    ],
    [
      'the introduction that was accepted before a link was used',
      factsOf({
        introductions: [introduced('other', daysBefore(9), daysBefore(4))],
        linkUses: [use('shop', daysBefore(3))],
      }),
      'other',
      'introduction',
    ],
    [
      'nobody, when the producer had listed the buyer before',
      factsOf({ listedAt: daysBefore(1) }),
      null,
      null,
    ],
    [
      'the link, when the producer listed the buyer only after its use',
      factsOf({ listedAt: daysBefore(1), linkUses: [use('other', daysBefore(2))] }),
      'other',
      'link',
    ],
    [
      'nobody, when the buyer was listed before the link’s use',
      factsOf({ listedAt: daysBefore(3), linkUses: [use('other', daysBefore(2))] }),
      null,
      null,
    ],
    [
      'the shop, when the producer listed the buyer as the order was placed',
      factsOf({ listedAt: placedAt }),
      'shop',
      'shop',
    ],
    [
      'the introduction, when the buyer was listed after the proposal',
      factsOf({
        listedAt: daysBefore(8),
        introductions: [introduced('other', daysBefore(9), daysBefore(4))],
      }),
      'other',
      'introduction',
    ],
    [
      'nobody, when a hub’s manager buys in its shop',
      factsOf({ buyer: { kind: 'person', id: 'sonia' } }),
      null,
      null,
    ],
    [
      'another hub’s link, when a hub’s manager buys in its own shop',
      factsOf({ buyer: { kind: 'person', id: 'sonia' }, linkUses: [use('other', daysBefore(2))] }),
      'other',
      'link',
    ],
    [
      'the shop, when the link’s hub is the buyer’s own',
      factsOf({ buyer: { kind: 'person', id: 'omar' }, linkUses: [use('other', daysBefore(2))] }),
      'shop',
      'shop',
    ],
    [
      'nobody, when the hub buys in its own shop',
      factsOf({ buyer: { kind: 'enterprise', id: 'shop' } }),
      null,
      null,
    ],
    [
      'nobody, when the buyer shares a manager with the hub',
      factsOf({ buyer: { kind: 'enterprise', id: 'cafe' } }),
      null,
      null,
    ],
    [
      'nobody, when the producer’s own people buy',
      factsOf({ buyer: { kind: 'person', id: 'petra' } }),
      null,
      null,
    ],
    [
      'nobody, when the buyer shares a manager with the producer',
      factsOf({ buyer: { kind: 'enterprise', id: 'mill' } }),
      null,
      null,
    ],
    ['nobody, when the hub is itself the producer', factsOf({ producerId: 'shop' }), null, null],
    ['nobody, when hub and producer share a manager', factsOf({}, { hubId: 'farm-hub' }), null, null],
    [
      'the shop, when an enterprise of other people buys',
      factsOf({ buyer: { kind: 'enterprise', id: 'school' } }),
      'shop',
      'shop',
    ],
  ])('is %s', (_, facts, hubId, via) => {
    expect(decideReferral(facts)).toMatchObject({ hubId, via, boundAt: hubId ? paidAt : null });
  });

  it('is told with the evidence, and with what was refused before', () => {
    const facts = factsOf({
      buyer: { kind: 'person', id: 'omar' },
      linkUses: [use('other', daysBefore(2)), use('shop', daysBefore(1))],
    });
    expect(decideReferral(facts).evidence).toEqual({
      orderId: 'order',
      placedAt,
      paidAt,
      linkId: 'link-of-shop',
      usedAt: daysBefore(1),
      introductionId: null,
      proposedAt: null,
      acceptedAt: null,
      refused: [{ hubId: 'other', via: 'link', reason: 'self-referral' }],
    });
  });

  it('does not depend on the order in which evidence is read', () => {
    const hub = fc.constantFrom('shop', 'other', 'third', 'farm-hub');
    const day = fc.integer({ min: 0, max: 40 });
    const uses = fc.array(fc.record({ hub, day, id: fc.uuid() }), { maxLength: 6 });
    const introductions = fc.array(
      fc.record({ hub, day, wait: fc.integer({ min: 0, max: 5 }), id: fc.uuid() }),
      { maxLength: 4 },
    );
    const listed = fc.option(day);
    const who = fc.constantFrom<BuyerRef>(
      buyer,
      { kind: 'person', id: 'omar' },
      { kind: 'enterprise', id: 'cafe' },
    );
    fc.assert(
      fc.property(
        uses,
        introductions,
        listed,
        who,
        fc.infiniteStream(fc.nat()),
        (linked, proposed, list, by, order) => {
          const facts = factsOf({
            buyer: by,
            linkUses: linked.map((one) => use(one.hub, daysBefore(one.day), one.id)),
            introductions: proposed.map((one) => ({
              ...introduced(one.hub, daysBefore(one.day + one.wait), daysBefore(one.day)),
              introductionId: one.id,
            })),
            listedAt: list === null ? null : daysBefore(list),
          });
          const decision = decideReferral(facts);
          const mixed = <T>(items: readonly T[]): T[] =>
            items
              .map((item) => ({ item, at: order.next().value ?? 0 }))
              .sort((a, b) => a.at - b.at)
              .map(({ item }) => item);
          const again = {
            ...facts,
            linkUses: mixed(facts.linkUses),
            introductions: mixed(facts.introductions),
          };
          expect(decideReferral(again)).toEqual(decision);
          const { hubId } = decision;
          if (hubId) {
            const parties = { hubId, producerId: 'producer', buyer: by };
            expect(isSelfReferral(parties, (id) => new Set(people[id] ?? []))).toBe(false);
          }
        },
      ),
    );
  });
});

describe('A use of a link', () => {
  it('counts for 30 days', () => {
    expect(linkCountsUntil(daysBefore(30))).toBe(placedAt);
    expect(LINK_USE_COUNTS_MS).toBe(2_592_000_000);
  });

  it.each<[BuyerRef, boolean]>([
    [{ kind: 'person', id: 'sonia' }, true],
    [{ kind: 'person', id: 'bea' }, false],
    [{ kind: 'enterprise', id: 'shop' }, true],
    [{ kind: 'enterprise', id: 'cafe' }, true],
    [{ kind: 'enterprise', id: 'school' }, false],
  ])('by %j is the hub’s own: %s', (by, isOwn) => {
    expect(isOfHub('shop', by, (id) => new Set(people[id] ?? []))).toBe(isOwn);
  });
});
