import { randomUUID } from 'node:crypto';
import type { DashboardView, MapEntry, PitchView, RpcOutput, ledgerRpc, ValueMap } from '@foodshed/contracts';
import { eventually, sharedSystem, type RunningSystem } from '@foodshed/testing';
import {
  balancesOf,
  giveBalance,
  makePitch,
  networkWithSteward,
  pledge,
  receive,
  type Network,
} from './developing.js';
import { give } from './giving.js';
import type { Person } from './marketplace.js';

type TrialBalance = RpcOutput<typeof ledgerRpc.getTrialBalance>;

let system: RunningSystem;
let network: Network;
let [north, south, farmer, giver]: Person[] = [];
let hubIds: string[] = [];
let farmIds: string[] = [];

const mapOf = (query: string) => network.steward.client.get<ValueMap>(`/value-map?${query}`);
async function dashboard() {
  const {
    sequence: _sequence,
    lag: _lag,
    ...rest
  } = await network.steward.client.get<DashboardView>('/dashboard');
  return rest;
}
/** What arrows of a map add up to, by whose they are and what for. */
const sum = ({ arrows }: ValueMap, is: (arrow: ValueMap['arrows'][number]) => boolean): number =>
  arrows.filter(is).reduce((total, { amountMinor }) => total + amountMinor, 0);
const kept = (map: ValueMap, kind: string, id: string | null = null): number =>
  sum(map, ({ to }) => to.kind === kind && to.id === id) -
  sum(map, ({ from }) => from.kind === kind && from.id === id);
const standing = async (kind: string, id: string, purpose = 'pending') =>
  (await balancesOf(network, { kind, id }))[purpose]?.[0] ?? 0;

/** Two hubs sell the goods of three farms to four people; one gives something back, one pays in cash. */
async function marketDay(): Promise<void> {
  const { market } = network;
  [north, south, farmer, giver] = [
    await market.person('Nora North'),
    await market.person('Said South'),
    await market.person('Fenna Farmer'),
    await market.person('Gita Giver'),
  ];
  hubIds = [
    await market.enterprise(north, 'North Hub', 'hub'),
    await market.enterprise(south, 'South Hub', 'hub'),
  ];
  farmIds = [];
  for (const name of ['Carrots', 'Bread', 'Cheese']) {
    const farmId = await market.enterprise(farmer, `${name} of ${randomUUID().slice(0, 4)}`, 'producer');
    await market.products(farmer, farmId, [{ name, priceMinor: 733 }]);
    farmIds.push(farmId);
  }
  const cycles = [
    await market.openCycle(north, hubIds[0]!, farmIds, 45),
    await market.openCycle(south, hubIds[1]!, farmIds.slice(0, 2)),
  ];
  for (const [index, name] of ['Ada', 'Ben', 'Cem', 'Dana'].entries()) {
    const buyer = await market.person(name);
    const [cycle, manager] = [cycles[index % 2]!, [north, south][index % 2]!];
    const goods: Record<string, number> =
      index % 2 === 0 ? { Carrots: 2, Cheese: index + 1 } : { Carrots: 1, Bread: 3 };
    const method = index === 3 ? 'cash' : 'bank-transfer';
    const order = await market.order(buyer.client, cycle, goods, { paymentMethod: method });
    await market.pay(manager.client, order, method);
    if (index === 0) {
      await market.refund(manager.client, order.orderId, {
        kind: 'lines',
        lines: [{ lineNumber: 1, quantity: 1 }],
      });
    }
  }
}

/** A pitch that the network paid for, and a gift with something for the platform. */
async function fundAndGive(): Promise<void> {
  const { market, steward } = network;
  const maker = await market.person('Dora Developer');
  const { pitchId } = await makePitch(maker, 5_000);
  const funder = { kind: 'instance' as const, id: market.instanceId };
  const { pledgeId } = await pledge(steward.client, pitchId, {
    funder,
    amountMinor: 5_000,
    source: 'transfer',
  });
  await receive(network, pledgeId, 5_000);
  await maker.client.post(`/pitches/${pitchId}/delivery`, { url: 'https://example.org/x', text: 'There.' });
  await steward.client.put(`/pledges/${pledgeId}/verdict`, { verdict: 'accepted' });
  await eventually(async () => {
    const { state } = await maker.client.get<PitchView>(`/pitches/${pitchId}`);
    expect(state).toBe('paid');
  });
  const person = { kind: 'person' as const, id: giver!.personId };
  await giveBalance(network, { client: giver!.client, funder: person, amountMinor: 3_000 });
  const receiver = { kind: 'enterprise' as const, id: farmIds[1]! };
  await give(giver!.client, { giver: person, receiver, amountMinor: 1_200, platformPartMinor: 100 });
}

beforeAll(async () => {
  system = await sharedSystem();
  network = await networkWithSteward(system);
  await marketDay();
  await fundAndGive();
  await eventually(
    async () => {
      const { totals, funding, lag } = await dashboard().then(async (view) => ({
        ...view,
        lag: (await network.steward.client.get<DashboardView>('/dashboard')).lag,
      }));
      expect([totals.ordersPaid, lag.salesWithoutSplit, funding.gifts.length]).toEqual([4, 0, 1]);
      expect(funding.pledges).toMatchObject([{ paidMinor: 5_000 }]);
      const sold = sum(await mapOf('level=functions'), ({ line }) => line === 'money');
      expect(sold).toBe(totals.grossMinor);
    },
    { timeoutMs: 40_000 },
  );
}, 240_000);

describe('After a market day', () => {
  it('the map says of each farm and hub exactly what its accounts in the ledger stand at', async () => {
    const [producers, hubs] = [await mapOf('level=producers'), await mapOf('level=hubs')];
    for (const [index, farmId] of farmIds.entries()) {
      const expected = await standing('enterprise', farmId);
      const own = await mapOf(`enterpriseId=${farmId}`);
      expect([index, kept(producers, 'enterprise', farmId), kept(own, 'enterprise', farmId)]).toEqual([
        index,
        expected,
        expected,
      ]);
    }
    for (const [index, hubId] of hubIds.entries()) {
      const manager = [north, south][index]!;
      const expected = (await standing('enterprise', hubId)) + (await standing('person', manager.personId));
      expect(expected).toBeGreaterThan(0);
      expect([index, kept(hubs, 'enterprise', hubId)]).toEqual([index, expected]);
    }
    for (const purpose of ['administration', 'payment-costs'] as const) {
      const expected = await standing('instance', network.market.instanceId, purpose);
      expect([purpose, kept(producers, purpose)]).toEqual([purpose, expected]);
    }
  });

  it('every cent that buyers paid is in somebody’s hands, and what people gave and earned is on the map', async () => {
    const map = await mapOf('level=functions');
    const { rows } = await network.market.operator.get<TrialBalance>('/ledger/trial-balance');
    const held = rows
      .filter(({ normalSide }) => normalSide === 'debit')
      .reduce((total, { balanceMinor }) => total + balanceMinor, 0);
    // 50.00 came for a pledge and 30.00 for a balance: they were their owners' own.
    expect(-kept(map, 'buyers')).toBe(held - 5_000 - 3_000);
    expect(kept(map, 'people')).toBe(5_000 - 1_300);
    expect([kept(map, 'pitches'), kept(map, 'developing')]).toEqual([0, -5_000]);
  });

  it('the dashboard says the same as the map', async () => {
    const map = await mapOf('level=functions');
    // The figures follow the ledger; the last that happened was a gift with something for the platform.
    const { totals, fairness } = await eventually(async () => {
      const view = await dashboard();
      expect(view.administration.balanceMinor).toBe(kept(map, 'administration'));
      return view;
    });
    const share = (id: string): number => sum(map, ({ shareId }) => shareId === id);
    expect(totals).toMatchObject({
      grossMinor: sum(map, ({ line }) => line === 'money'),
      hubFeesMinor: sum(map, ({ line }) => line === 'hub-fee'),
      platformMinor: share('platform'),
      commissionMinor: share('referral'),
      paymentCostsMinor: share('payment'),
    });
    expect(fairness.concentration.producers).toBe(3);
    expect(fairness.takePerOrder.orders).toBe(4);
    expect(fairness.availability.hours).toBeNull();
  });

  it('every arrow opens its entries, which add up to it', async () => {
    for (const level of ['functions', 'hubs', 'producers']) {
      for (const arrow of (await mapOf(`level=${level}`)).arrows) {
        const text = ({ kind, id }: typeof arrow.from) => (id === null ? kind : `${kind}:${id}`);
        const query = {
          level,
          giver: text(arrow.from),
          receiver: text(arrow.to),
          line: arrow.line,
          limit: '200',
        };
        const search = new URLSearchParams(
          arrow.shareId === null ? query : { ...query, shareId: arrow.shareId },
        );
        const { items } = await network.steward.client.get<{ items: MapEntry[] }>(
          `/value-map/entries?${search}`,
        );
        const total = items.reduce((minor, { amountMinor }) => minor + amountMinor, 0);
        expect([String(search), items.length, total]).toEqual([
          String(search),
          arrow.entries,
          arrow.amountMinor,
        ]);
      }
    }
  });

  it('the read model rebuilt from the events is equal', async () => {
    const before = await dashboard();
    const { code, output } = await system.runCommand('admin', ['rebuild-read-model']);
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    expect(await dashboard()).toEqual(before);
  }, 120_000);
});
