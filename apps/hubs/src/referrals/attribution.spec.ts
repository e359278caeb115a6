import {
  hubsEvents,
  type AttributedSale,
  type BuyerRef,
  type FirstSale,
  type PaidSale,
} from '@foodshed/contracts';
import { ALL_INSTANCES, newId, type ReceivedEvent } from '@foodshed/platform';
import { testDatabase, testingConfig, type TestDatabase } from '@foodshed/testing';
import fc from 'fast-check';
import { asBuyer, HubsWorld } from '../hubs.fixture.js';
import { CreateHubs1700000000000 } from '../migrations/1700000000000-create-hubs.js';

let db: TestDatabase;
let world: HubsWorld;

const day = (number: number): string => new Date(Date.UTC(2026, 2, number, 12)).toISOString();

beforeAll(async () => {
  db = await testDatabase('hubs', [CreateHubs1700000000000]);
});
afterAll(() => db.close());

const who = (sale: AttributedSale | undefined) =>
  sale?.attributions.map(({ referral }) => referral && [referral.hubId, referral.via]);

/** A town: two hubs with managers, two producers, people who buy. */
async function town() {
  world = new HubsWorld(db.database);
  world.at(day(1));
  const [hanna, otto, petra, paul] = ['Hanna', 'Otto', 'Petra', 'Paul'].map((name) => world.person(name));
  if (!hanna || !otto || !petra || !paul) throw new Error('a town needs people');
  const hub = await world.enterprise(hanna, 'Markthalle', { isHub: true });
  const other = await world.enterprise(otto, 'Ostkiste', { isHub: true });
  const farm = await world.enterprise(petra, 'Hof Petra', { isProducer: true });
  const mill = await world.enterprise(paul, 'Mühle Paul', { isProducer: true });
  return { hanna, otto, petra, paul, hub, other, farm, mill };
}

const firstOf = (event: ReceivedEvent<PaidSale>, producerId: string): FirstSale => {
  const part = event.data.producers.find((one) => one.producerId === producerId);
  if (!part) throw new Error('not in the sale');
  return part.firstSale;
};

describe('A paid sale', () => {
  it('is attributed to the hub in whose shop the buyer first bought, also in another hub’s shop', async () => {
    const { hub, other, farm, mill, hanna, otto } = await town();
    const ben = world.person('Ben');
    await world.joined(hub, hanna, otto);
    await world.managers.set(
      {
        enterpriseId: hub,
        change: {
          managers: [
            { personId: hanna.caller.personId, shareBps: 6_000 },
            { personId: otto.caller.personId, shareBps: 4_000 },
          ],
          validFrom: day(4),
        },
      },
      hanna,
    );
    world.at(day(10));
    const first = world.paid({
      hubId: hub,
      buyer: asBuyer(ben),
      producerIds: [farm, mill],
      placedAt: day(3),
    });
    const later = world.paid({
      hubId: other,
      buyer: asBuyer(ben),
      producerIds: [farm],
      placedAt: day(9),
      firstSales: { [farm]: firstOf(first, farm) },
    });
    const [one, two] = await world.attribute(first, later);
    expect(who(one)).toEqual([
      [hub, 'shop'],
      [hub, 'shop'],
    ]);
    expect(one?.hubs).toEqual([
      { hubId: hub, shares: [{ personId: hanna.caller.personId, shareBps: 10_000 }] },
    ]);
    expect(who(two)).toEqual([[hub, 'shop']]);
    expect(two?.hubs.map(({ hubId }) => hubId)).toEqual([other, hub]);
    expect(two?.hubs[1]?.shares.map(({ shareBps }) => shareBps).sort()).toEqual([4_000, 6_000]);
  });

  it('is attributed to the hub whose link was used, where that hub sells the producer’s goods', async () => {
    const { hub, other, farm, mill, otto } = await town();
    const ben = world.person('Ben');
    const link = await world.links.create({ hubId: other, label: 'Leaflet' }, otto);
    world.at(day(5));
    const used = await world.links.use({ code: link.code }, ben);
    world.at(day(6));
    await expect(world.links.use({ code: link.code }, ben)).resolves.toEqual(used);
    const order = { orderId: newId(), hubId: hub, placedAt: day(20), paidAt: day(20) };
    const sale = world.paid({
      ...order,
      buyer: asBuyer(ben),
      producerIds: [farm, mill],
      firstSales: {
        [farm]: { sequence: 1, ...order, sellingHubIds: [hub, other] },
        [mill]: { sequence: 1, ...order, sellingHubIds: [hub] },
      },
    });
    expect(who((await world.attribute(sale))[0])).toEqual([
      [other, 'link'],
      [hub, 'shop'],
    ]);
    const page = await world.referrals.ofHub({ hubId: other, limit: 50 }, otto);
    expect(page.items).toMatchObject([
      {
        producerName: 'Hof Petra',
        via: 'link',
        state: 'standing',
        evidence: { linkId: link.linkId, usedAt: used.usedAt },
      },
    ]);
  });

  it('is attributed to nobody when the producer had listed the buyer, whom hubs had not heard of', async () => {
    const { hub, farm, mill, petra } = await town();
    const ben = world.person('Ben');
    const { email } = world.admin.get(ben.caller.personId) ?? { email: '' };
    await world.existingCustomers.add(
      { producerId: farm, list: { contacts: [email, '+49 30 1234567'] } },
      petra,
    );
    world.at(day(3));
    const sale = world.paid({ hubId: hub, buyer: asBuyer(ben), producerIds: [farm, mill], placedAt: day(2) });
    expect(who((await world.attribute(sale))[0])).toEqual([null, [hub, 'shop']]);
  });

  it('of an enterprise is compared by the contacts it had when it ordered', async () => {
    const { hub, farm, petra } = await town();
    const stella = world.person('Stella');
    const school = await world.enterprise(stella, 'School', { isHub: true, phone: '+49 (0)30 55555' });
    await world.existingCustomers.add({ producerId: farm, list: { contacts: ['0049 30 55555'] } }, petra);
    world.at(day(3));
    const buyer: BuyerRef = { kind: 'enterprise', id: school };
    const sale = world.paid({ hubId: hub, buyer, producerIds: [farm], placedAt: day(2) });
    expect(who((await world.attribute(sale))[0])).toEqual([null]);
  });

  it('by a hub’s manager in its own shop is attributed to nobody, and so are their later ones elsewhere', async () => {
    const { hub, other, farm, hanna } = await town();
    world.at(day(9));
    const first = world.paid({ hubId: hub, buyer: asBuyer(hanna), producerIds: [farm], placedAt: day(2) });
    const later = world.paid({
      hubId: other,
      buyer: asBuyer(hanna),
      producerIds: [farm],
      placedAt: day(8),
      firstSales: { [farm]: firstOf(first, farm) },
    });
    expect((await world.attribute(later, first)).map(who)).toEqual([[null], [null]]);
  });

  it('that was refunded whole leaves no referral: the next first sale decides anew', async () => {
    const { hub, other, farm, hanna, otto } = await town();
    const ben = asBuyer(world.person('Ben'));
    world.at(day(20));
    const first = world.paid({ hubId: hub, buyer: ben, producerIds: [farm], placedAt: day(2) });
    const standing = firstOf(first, farm);
    const between = world.paid({
      hubId: other,
      buyer: ben,
      producerIds: [farm],
      placedAt: day(3),
      firstSales: { [farm]: standing },
    });
    const refunded = { ...first, data: { ...first.data, version: 2 } };
    refunded.data.producers = first.data.producers.map((part) => ({ ...part, goods: [] }));
    const next = world.paid({ hubId: other, buyer: ben, producerIds: [farm], placedAt: day(9) });
    next.data.producers = next.data.producers.map((part) => ({
      ...part,
      firstSale: { ...part.firstSale, sequence: 2 },
    }));
    await world.attribute(first, between);
    expect(
      (await world.referrals.ofHub({ hubId: hub, limit: 9 }, hanna)).items.map(({ state }) => state),
    ).toEqual(['standing']);
    await world.attribute(refunded);
    expect(
      (await world.referrals.ofHub({ hubId: hub, limit: 9 }, hanna)).items.map(({ state }) => state),
    ).toEqual(['ended']);
    const [again, fresh] = await world.attribute(between, next);
    expect(who(again)).toEqual([[hub, 'shop']]);
    expect(who(fresh)).toEqual([[other, 'shop']]);
    expect(
      (await world.referrals.ofHub({ hubId: other, limit: 9 }, otto)).items.map(({ state }) => state),
    ).toEqual(['standing']);
    const changes = await db.owner.queryIn<{ payload: { hubId: string; state: string } }>(
      ALL_INSTANCES,
      'select payload from outbox where subject = $1 and instance_id = $2 order by id',
      [hubsEvents.referralChanged.subject, world.instance.id],
    );
    expect(changes.map(({ payload }) => [payload.hubId, payload.state])).toEqual([
      [hub, 'standing'],
      [hub, 'ended'],
      [other, 'standing'],
    ]);
  });

  it('paid in two parts stands until both are refunded', async () => {
    const { hub, farm, hanna } = await town();
    const buyer = asBuyer(world.person('Ben'));
    world.at(day(20));
    const sale = { hubId: hub, buyer, producerIds: [farm], placedAt: day(2), orderId: newId() };
    const parts = [newId(), newId()].map((captureId) => world.paid({ ...sale, captureId }));
    const refunds = parts.map(({ data }, index) =>
      world.paid({ ...sale, captureId: data.capture.captureId, version: index + 2, grossMinor: 0 }),
    );
    const state = async () => (await world.referrals.ofHub({ hubId: hub, limit: 9 }, hanna)).items[0]?.state;
    await world.attribute(...parts, ...refunds.slice(0, 1));
    await expect(state()).resolves.toBe('standing');
    await world.attribute(...refunds.slice(1));
    await expect(state()).resolves.toBe('ended');
  });

  it('that names an enterprise of nobody is refused', async () => {
    const { hub, farm } = await town();
    const buyer = asBuyer(world.person('Ben'));
    const sale = world.paid({ hubId: newId(), buyer, producerIds: [farm], placedAt: day(2) });
    await expect(world.attribute(sale)).rejects.toMatchObject({ code: 'not-found' });
    const elsewhere = {
      ...world.paid({ hubId: hub, buyer, producerIds: [farm], placedAt: day(2) }),
      instanceId: newId(),
    };
    await expect(world.attribute(elsewhere)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('takes as many statements for a hundred events as for one', async () => {
    const { hub, farm, mill } = await town();
    world.at(day(20));
    const count = async (events: ReceivedEvent<PaidSale>[]): Promise<number> => {
      let statements = 0;
      await db.database.transaction(ALL_INSTANCES, async (tx) => {
        const client = (await tx.queryRunner?.connect()) as { query: (...args: unknown[]) => unknown };
        const { query } = client;
        client.query = (...args) => (statements++, query.apply(client, args));
        try {
          await world.attributions.attribute(tx, events);
        } finally {
          client.query = query;
        }
      });
      return statements;
    };
    const sale = () =>
      world.paid({
        hubId: hub,
        buyer: asBuyer(world.person('Ben')),
        producerIds: [farm, mill],
        placedAt: day(2),
      });
    const known = sale();
    const one = await count([known]);
    expect(await count(Array.from({ length: 100 }, sale))).toBe(one);
    expect(one).toBeLessThanOrEqual(13);
    const again = () => {
      const { buyer, producers } = known.data;
      const firstSales = Object.fromEntries(
        producers.map(({ producerId, firstSale }) => [producerId, firstSale]),
      );
      return world.paid({ hubId: hub, buyer, producerIds: [farm, mill], placedAt: day(9), firstSales });
    };
    expect(await count(Array.from({ length: 100 }, again))).toBe(4);
  });
});

describe('Any shuffling, repetition, batching or delay of paid events', () => {
  interface Step {
    readonly buyer: number;
    readonly hub: number;
    readonly both: boolean;
    readonly refund: 'none' | 'part' | 'whole';
  }
  const step = fc.record<Step>({
    buyer: fc.nat({ max: 3 }),
    hub: fc.nat({ max: 1 }),
    both: fc.boolean(),
    refund: fc.constantFrom('none', 'part', 'whole', 'whole'),
  });

  /** What orders would publish for the steps, one order a day: it alone knows which sale was the first. */
  function publishedBy(steps: readonly Step[], buyers: BuyerRef[], hubs: string[], producers: string[]) {
    const events: ReceivedEvent<PaidSale>[] = [];
    const firsts = new Map<string, { record: FirstSale; ended: boolean }>();
    const sold: { key: string; record: Omit<FirstSale, 'sequence'>; stands: boolean }[] = [];
    steps.forEach(({ buyer: index, hub, both, refund }, number) => {
      const [buyer, hubId] = [buyers[index], hubs[hub]];
      if (!buyer || !hubId) throw new Error('out of range');
      const placedAt = day(10 + number);
      const sale = { hubId, buyer, placedAt, orderId: newId(), captureId: newId() };
      const producerIds = both ? producers : producers.slice(0, 1);
      const firstSales: Record<string, FirstSale> = {};
      for (const producerId of producerIds) {
        const key = `${index} ${producerId}`;
        const record = { orderId: sale.orderId, hubId, placedAt, paidAt: placedAt, sellingHubIds: hubs };
        const known = firsts.get(key);
        if (!known || known.ended) {
          firsts.set(key, {
            record: { ...record, sequence: (known?.record.sequence ?? 0) + 1 },
            ended: false,
          });
        }
        firstSales[producerId] = firsts.get(key)?.record ?? { ...record, sequence: 1 };
        sold.push({ key, record, stands: true });
      }
      events.push(world.paid({ ...sale, producerIds, firstSales }));
      if (refund !== 'none')
        events.push(world.paid({ ...sale, producerIds, firstSales, version: 2, grossMinor: 400 }));
      if (refund !== 'whole') return;
      events.push(world.paid({ ...sale, producerIds, firstSales, version: 3, grossMinor: 0 }));
      for (const one of sold) if (one.record.orderId === sale.orderId) one.stands = false;
      for (const [key, first] of firsts) {
        if (first.ended || first.record.orderId !== sale.orderId) continue;
        const next = sold.find((one) => one.key === key && one.stands);
        const sequence = first.record.sequence + 1;
        firsts.set(
          key,
          next ? { record: { ...next.record, sequence }, ended: false } : { ...first, ended: true },
        );
      }
    });
    return events;
  }

  /** What stands, without what is made anew each time (ids of referrals). */
  async function standing() {
    const attributed = await db.owner.queryIn<{ key: string; said: unknown }>(
      ALL_INSTANCES,
      `select distinct payload->'sale'->>'orderId' || ' ' || (payload->'sale'->>'version') as key,
         jsonb_build_object('hubs', payload->'hubs', 'attributions',
           (select jsonb_agg(a #- '{referral,referralId}')
            from jsonb_array_elements((payload->'attributions')::jsonb) a)) as said
       from outbox where subject = $1 and instance_id = $2 order by 1`,
      [hubsEvents.attributed.subject, world.instance.id],
    );
    const referrals = await db.owner.queryIn(
      ALL_INSTANCES,
      `select producer_id, buyer_id, sequence, hub_id, via, state from referrals where instance_id = $1 order by 1, 2`,
      [world.instance.id],
    );
    return { attributed, referrals };
  }

  async function forget(): Promise<void> {
    await db.owner.queryIn(ALL_INSTANCES, `delete from referrals where instance_id = $1`, [
      world.instance.id,
    ]);
    await db.owner.queryIn(ALL_INSTANCES, `delete from remaining_captures where instance_id = $1`, [
      world.instance.id,
    ]);
    await db.owner.queryIn(ALL_INSTANCES, `delete from first_sales where instance_id = $1`, [
      world.instance.id,
    ]);
    await db.owner.queryIn(ALL_INSTANCES, `delete from outbox where instance_id = $1`, [world.instance.id]);
  }

  it('ends in the same attributions and the same standing referrals', async () => {
    const { hub, other, farm, mill, otto, petra, hanna } = await town();
    const ben = world.person('Ben');
    const cleo = world.person('Cleo');
    const { code } = await world.links.create({ hubId: other, label: 'Leaflet' }, otto);
    await world.links.use({ code }, ben);
    const { email } = world.admin.get(cleo.caller.personId) ?? { email: '' };
    world.at(day(12));
    await world.existingCustomers
      .add({ producerId: mill, list: { contacts: [email] } }, petra)
      .catch(() => undefined);
    await world.existingCustomers.add({ producerId: farm, list: { contacts: [email] } }, petra);
    await world.managers.set(
      { enterpriseId: hub, change: { managers: [{ personId: hanna.caller.personId, shareBps: 5_000 }] } },
      hanna,
    );
    world.at(day(60));
    const buyers = [ben, cleo, hanna, world.person('Dora')].map(asBuyer);
    const order = fc.array(fc.nat({ max: 999 }), { minLength: 60, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 12 }),
        order,
        fc.nat({ max: 9 }),
        async (steps, weights, size) => {
          await forget();
          const events = publishedBy(steps, buyers, [hub, other], [farm, mill]);
          for (const event of events) await world.attribute(event);
          const expected = await standing();
          await forget();
          const shuffled = [...events, ...events.slice(0, 5)]
            .map((event, index) => ({ event, weight: weights[index % weights.length] ?? 0 }))
            .sort((a, b) => a.weight - b.weight)
            .map(({ event }) => event);
          const batches: ReceivedEvent<PaidSale>[][] = [];
          while (shuffled.length > 0) batches.push(shuffled.splice(0, size + 1));
          // Two replicas at once: every second batch runs beside the one before it.
          for (let index = 0; index < batches.length; index += 2) {
            await Promise.all(batches.slice(index, index + 2).map((batch) => world.attribute(...batch)));
          }
          expect(await standing()).toEqual(expected);
        },
      ),
      { numRuns: testingConfig.isLong ? 300 : 30 },
    );
  }, 120_000);
});
