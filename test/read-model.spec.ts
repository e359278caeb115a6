import type { DashboardView } from '@foodshed/contracts';
import { eventually, sharedSystem, type RunningSystem } from '@foodshed/testing';
import { Marketplace } from './marketplace.js';

let system: RunningSystem;
let network: Marketplace;
beforeAll(async () => {
  system = await sharedSystem();
  network = await Marketplace.make(system);
}, 240_000);

/** The figures alone: sequence and lag tell of messages, not of sales. */
async function figures() {
  const { sequence: _sequence, lag: _lag, ...rest } = await network.operator.get<DashboardView>('/dashboard');
  return rest;
}

describe("The operators' read model", () => {
  it('counts what was sold and refunded, says the same as the ledger, and is the same when it is rebuilt', async () => {
    const [manager, farmer, buyer] = [
      await network.person('Hanno Hub'),
      await network.person('Pia Producer'),
      await network.person('Bela Buyer'),
    ];
    const hubId = await network.enterprise(manager, 'Mill Hub', 'hub');
    const producerId = await network.enterprise(farmer, 'Long Field', 'producer');
    await network.products(farmer, producerId, [{ name: 'Potatoes', priceMinor: 1_000 }]);
    const cycle = await network.openCycle(manager, hubId, [producerId], 50);
    const order = await network.order(buyer.client, cycle, { Potatoes: 3 });
    await network.pay(manager.client, order);
    const refund = { kind: 'lines', lines: [{ lineNumber: 1, quantity: 1 }] };
    await network.refund(manager.client, order.orderId, refund);
    await network.order(buyer.client, cycle, { Potatoes: 1 });

    await eventually(
      async () => {
        const { totals, administration, hubs, producers } = await figures();
        expect(totals).toMatchObject({ ordersPlaced: 2, ordersPaid: 1, grossMinor: 2_000 });
        // 8.1 % of 20.00 without VAT, 8.35 % for the hub that brought the buyer, 1.9 % for the bank transfer.
        expect(totals).toMatchObject({ platformMinor: 162, commissionMinor: 167, paymentCostsMinor: 38 });
        expect(totals.effectiveTakeBps).toBe(810);
        expect(administration).toMatchObject({ incomeMinor: 162, balanceMinor: 162 });
        expect(hubs).toMatchObject([{ enterpriseId: hubId, name: 'Mill Hub', standingReferrals: 1 }]);
        expect(producers).toMatchObject([
          { enterpriseId: producerId, name: 'Long Field', grossMinor: 2_000 },
        ]);
      },
      { timeoutMs: 30_000 },
    );

    const before = await figures();
    const statement = await network.operator.get('/administration/statement');
    const { code, output } = await system.runCommand('admin', ['rebuild-read-model']);
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    expect(await figures()).toEqual(before);
    expect(await network.operator.get('/administration/statement')).toEqual(statement);
  }, 120_000);
});
