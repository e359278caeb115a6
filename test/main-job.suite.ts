import { randomUUID } from 'node:crypto';
import type {
  CashHandover,
  ComposedQuote,
  Order,
  SplitExplanation,
  SplitView,
  SupplyAgreement,
} from '@foodshed/contracts';
import { eventually, type RunningSystem } from '@foodshed/testing';
import { basket, mainSetting, type Setting } from './main-job.js';
import { newCycleOf, type Person } from './marketplace.js';

let at: Setting;
let household: Person;
let first: { orderId: string; totalMinor: number };

// 2 × 4.50 + 14.45 = 23.45 of Wide Fields; 3 × 6.11 + 8.00 + 7.00 = 33.33 of Hill Dairy; hub fee 1.50.
const paidBalances = (referred: boolean, hubFeeMinor: number, servingHub: string) => ({
  [`${at.network.instanceId} bank money`]: 2345 + 3333 + hubFeeMinor,
  [`${at.fields.id} pending goods`]: -(2345 - 190 - 45 - (referred ? 196 : 0)),
  [`${at.dairy.id} pending goods`]: -(3333 - 270 - 63 - (referred ? 278 : 0)),
  ...(referred
    ? {
        // 1.96 is 1.18 + 0.78, and 2.78 is 1.67 + 1.11, at 60/40.
        [`${at.hub.manager.personId} pending share`]: -(118 + 167),
        [`${at.hub.second.personId} pending share`]: -(78 + 111),
      }
    : {}),
  [`${at.network.instanceId} administration share`]: -(190 + 270),
  [`${at.network.instanceId} payment-costs share`]: -(45 + 63),
  ...(hubFeeMinor > 0 ? { [`${servingHub} pending hub-fee`]: -hubFeeMinor } : {}),
});

/** The main job of the whole system, over HTTP; `system` boots or finds the one to do it on. */
export function describeMainJob(title: string, system: () => Promise<RunningSystem>): void {
  describe(title, () => {
    beforeAll(async () => {
      at = await mainSetting(await system());
    }, 240_000);
    describeOrders();
  });
}

function describeOrders(): void {
  it('shows a household that came by a hub’s link who gets what before it pays', async () => {
    const link = await at.hub.manager.client.post<{ code: string }>(`/hubs/${at.hub.id}/referral-links`, {
      label: 'school fair',
    });
    household = await at.network.person('Household');
    await household.client.post(`/referral-links/${link.code}/uses`);
    const lines = Object.entries(basket).map(([name, quantity]) => ({
      variantId: at.shop.get(name)!.variantId,
      quantity,
    }));
    const composed = await household.client.post<ComposedQuote>('/orders/quotes', {
      cycleId: at.hub.cycle.cycleId,
      lines,
    });
    expect(composed.quote).toMatchObject({ goodsMinor: 5678, hubFeeMinor: 150, totalMinor: 5828 });
    const inCash = await household.client.post<ComposedQuote>('/orders/quotes', {
      cycleId: at.hub.cycle.cycleId,
      paymentMethod: 'cash',
      lines,
    });
    expect(
      inCash.split!.standing.flatMap(({ shares }) => shares.map(({ shareId }) => shareId)),
    ).not.toContain('payment');
    const byProducer = new Map(composed.split!.standing.map((split) => [split.producerId, split]));
    expect(byProducer.get(at.fields.id)!.shares.map((share) => share.amountMinor)).toEqual([196, 190, 45]);
    expect(byProducer.get(at.dairy.id)!.residualMinor).toBe(2722);
  });

  it('pays everybody the quoted cents once the hub records the payment', async () => {
    first = await at.network.order(household.client, at.hub.cycle, basket);
    await at.network.pay(at.hub.manager.client, first);
    await at.network.expectBalances(first.orderId, paidBalances(true, 150, at.hub.id));
  }, 60_000);

  it('explains each cent to those who take part, and to nobody else', async () => {
    const { items } = await at.hub.second.client.get<{ items: SplitView[] }>(
      `/orders/${first.orderId}/splits`,
    );
    const split = items.find((item) => item.standing.producerId === at.fields.id)!;
    const explained = await at.fields.owner.client.get<SplitExplanation>(
      `/splits/${split.splitId}/explanation`,
    );
    expect(explained.steps[0]!.arithmetic).toBe('8.35 % of 23.45 EUR = 1.96 EUR');
    const stranger = await at.network.person('Stranger');
    expect((await stranger.client.send('GET', `/splits/${split.splitId}/explanation`)).status).toBe(404);
    expect((await stranger.client.send('GET', `/orders/${first.orderId}/entries`)).body).toMatchObject({
      items: [],
    });
  });

  it('pays the first hub’s managers also when the household orders in another hub’s shop', async () => {
    const again = await at.network.order(household.client, at.otherHub.cycle, basket);
    await at.network.pay(at.otherHub.manager.client, again);
    await at.network.expectBalances(again.orderId, paidBalances(true, 0, at.otherHub.id));
  }, 60_000);

  it('refers a buyer who came by themselves to the hub of their first paid order', async () => {
    const walkIn = await at.network.person('Walk-in');
    const placed = await at.network.order(walkIn.client, at.hub.cycle, basket);
    await at.network.pay(at.hub.manager.client, placed);
    await at.network.expectBalances(placed.orderId, paidBalances(true, 150, at.hub.id));
  }, 60_000);

  it('pays no commission on a buyer nobody brought: an existing customer of the producers', async () => {
    const known = await at.network.person('Known');
    for (const { id, owner } of [at.fields, at.dairy]) {
      await owner.client.post(`/producers/${id}/existing-customers`, { contacts: [known.email] });
    }
    const placed = await at.network.order(known.client, at.hub.cycle, basket);
    await at.network.pay(at.hub.manager.client, placed);
    await at.network.expectBalances(placed.orderId, paidBalances(false, 150, at.hub.id));
  }, 60_000);

  it('lets a stranger’s hub sell a producer’s goods only while the producer agrees', async () => {
    const { network, fields } = at;
    const stranger = await network.person('Stranger with a hub');
    const hubId = await network.enterprise(stranger, 'Corner Hub', 'hub');
    const variantId = at.shop.get('Carrots')!.variantId;
    const refused = (selection: object) =>
      stranger.client.send('POST', `/hubs/${hubId}/cycles`, { body: newCycleOf(selection) });
    const notAgreed = { status: 409, body: { code: 'supply-not-agreed' } };
    expect(await refused({ producerIds: [fields.id] })).toMatchObject(notAgreed);
    expect(await refused({ variants: [{ variantId, priceMinor: 1 }] })).toMatchObject(notAgreed);
    const cycle = await network.openCycle(stranger, hubId, [fields.id]);
    expect(await refused({ variants: [{ variantId, priceMinor: 1 }] })).toMatchObject(notAgreed);
    const placed = await network.order(stranger.client, cycle, { Carrots: 1 });
    const { items } = await fields.owner.client.get<{ items: SupplyAgreement[] }>(
      `/supply-agreements?as=producer&enterpriseId=${fields.id}&state=accepted`,
    );
    const { agreementId } = items.find((agreement) => agreement.hubId === hubId)!;
    await fields.owner.client.put(`/supply-agreements/${agreementId}/state`, { state: 'ended' });
    expect((await network.shop(hubId)).size).toBe(0);
    const lines = [{ variantId, quantity: 1, unitPriceMinor: at.shop.get('Carrots')!.unitPriceMinor }];
    const again = { body: { cycleId: cycle.cycleId, lines }, idempotencyKey: randomUUID() };
    expect(await stranger.client.send('POST', '/orders', again)).toMatchObject({ status: 404 });
    await network.pay(stranger.client, placed);
  }, 60_000);

  it('takes back exactly the part of a refunded line, and leaves every account of the order at zero after the rest', async () => {
    // 14.45 of Wide Fields goes back: what stands is the split of 9.00, 0.75 + 0.73 + 0.17 and 7.35.
    await at.network.refund(at.hub.manager.client, first.orderId, {
      kind: 'lines',
      lines: [{ lineNumber: await lineOf('Apples'), quantity: 1 }],
    });
    const balances = await settled(first.orderId, `${at.fields.id} pending goods`, -(900 - 75 - 73 - 17));
    expect(balances[`${at.dairy.id} pending goods`]).toBe(-2722);
    expect(balances[`${at.hub.manager.personId} pending share`]).toBe(-(45 + 167));
    await at.network.refund(at.hub.manager.client, first.orderId, { kind: 'whole' });
    await at.network.expectBalances(first.orderId, {});
  }, 60_000);

  it('lets a hub buy wholesale from a producer, as an enterprise', async () => {
    const buyer = { kind: 'enterprise' as const, id: at.otherHub.id };
    const { manager } = at.otherHub;
    const placed = await at.network.order(manager.client, at.hub.cycle, { Carrots: 40 }, { buyer });
    await at.network.pay(at.hub.manager.client, placed);
    const bought = await manager.client.get<{ items: { orderId: string }[] }>(
      `/orders?as=buyer&enterpriseId=${at.otherHub.id}`,
    );
    expect(bought.items.map((order) => order.orderId)).toEqual([placed.orderId]);
    const split = await settled(placed.orderId, `${at.network.instanceId} bank money`, 40 * 450 + 150);
    expect(Object.values(split).reduce((sum, minor) => sum + minor, 0)).toBe(0);
  }, 60_000);

  it('records cash as the hub’s debt, without payment costs', async () => {
    const guest = await at.network.person('Guest');
    const placed = await at.network.order(
      guest.client,
      at.hub.cycle,
      { Carrots: 2 },
      { paymentMethod: 'cash' },
    );
    await at.network.pay(at.hub.manager.client, placed, 'cash');
    const balances = await settled(placed.orderId, `${at.hub.id} till money`, 900 + 150);
    expect(balances[`${at.network.instanceId} payment-costs share`]).toBeUndefined();
    // Once the goods are handed over and the instance has the cash, all of it is available, in the same books.
    const { captures } = await at.hub.manager.client.get<Order>(`/orders/${placed.orderId}`);
    const body = { captureIds: captures.map(({ captureId }) => captureId) };
    await at.hub.manager.client.post(`/orders/${placed.orderId}/fulfilment`);
    const { handoverId } = await at.hub.manager.client.post<CashHandover>(
      `/hubs/${at.hub.id}/cash-handovers`,
      body,
    );
    await at.network.operator.put(`/cash-handovers/${handoverId}/state`, { state: 'received' });
    const paid = await settled(placed.orderId, `${at.hub.id} available release`, -150);
    expect(paid[`${at.fields.id} pending goods`]! + paid[`${at.fields.id} pending release`]!).toBe(0);
    expect(paid[`${at.fields.id} available release`]).toBe(paid[`${at.fields.id} pending goods`]);
  }, 60_000);

  it('keeps the books: the ledger verifies, and orders, splits and entries agree', async () => {
    const { system } = at.network;
    const verified = await system.runCommand('ledger', ['verify']);
    expect(verified).toMatchObject({ code: 0 });
    const reconciled = await system.runCommand('admin', ['reconcile']);
    expect(reconciled).toMatchObject({ code: 0 });
  }, 120_000);
}

async function lineOf(name: string): Promise<number> {
  const order = await household.client.get<{ lines: { lineNumber: number; productName: string }[] }>(
    `/orders/${first.orderId}`,
  );
  return order.lines.find((line) => line.productName === name)!.lineNumber;
}

/** Waits until one sum of an order is as expected, and returns all of them. */
async function settled(orderId: string, key: string, minor: number): Promise<Record<string, number>> {
  let balances: Record<string, number> = {};
  await eventually(
    async () => {
      balances = await at.network.orderBalances(orderId);
      expect(balances[key]).toBe(minor);
    },
    { timeoutMs: 30_000 },
  );
  return balances;
}
