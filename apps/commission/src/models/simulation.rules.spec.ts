import type { AttributedSale, NetworkModel } from '@foodshed/contracts';
import { networkModel } from '@foodshed/contracts';
import fc from 'fast-check';
import { freeze } from '../splits/split.rules.js';
import { standingOf } from '../splits/standing.rules.js';
import { simulationOf } from './simulation.rules.js';
import { NOBODY, saleIn } from './situation.rules.js';

const model = (rules: object[], payee = 'administration'): NetworkModel =>
  networkModel.parse({
    name: 'test',
    functions: {
      producing: { does: 'x', stewards: ['all'] },
      taking: { does: 'y', stewards: ['all'] },
    },
    flows: [{ id: 'x', from: 'producing', to: 'taking', what: 'a share', agreedBy: ['all'] }],
    splits: {
      'paid-sale': { residual: 'producer', shares: [{ id: 's', function: 'taking', payee, rules }] },
    },
    limits: { platformMaximum: '50 %' },
  });
const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

function saleOf(netMinor: number, { orderId = 1, paidAt = '2026-11-02T10:00:00.000Z' } = {}): AttributedSale {
  const goods = [{ vatRateBps: 0, grossMinor: netMinor, netMinor, units: 1 }];
  const attributed = saleIn({ monthsSince: 0, buyer: 'person', method: 'cash' }, { currency: 'EUR', goods });
  const { sale } = attributed;
  return { ...attributed, sale: { ...sale, orderId: id(orderId), placedAt: paidAt, paidAt } };
}
const simulate = (after: NetworkModel, against: NetworkModel | null, sales: AttributedSale[]) => {
  const simulation = simulationOf({ model: after, against, instanceId: NOBODY });
  for (const sale of sales) simulation.add(sale);
  return simulation.result('EUR');
};

describe('A simulation', () => {
  it('tells take, functions and people before and after', () => {
    const hubs = [{ hubId: NOBODY, shares: [{ personId: id(7), shareBps: 10_000 }] }];
    const sales = [2_345, 3_333].map((net, orderId) => ({ ...saleOf(net, { orderId }), hubs }));
    const result = simulate(
      model([{ rate: '8.35 %' }], 'serving-hub-managers'),
      model([{ rate: '8.1 %' }]),
      sales,
    );
    // 8.1 % of 23.45 and 33.33 is 1.90 and 2.70, 8.35 % is 1.96 and 2.78.
    expect(result).toEqual({
      currency: 'EUR',
      saleCount: 2,
      grossMinor: 5_678,
      netMinor: 5_678,
      take: { beforeMinor: 460, afterMinor: 0 },
      vat: { beforeMinor: 0, afterMinor: 0 },
      functions: [
        { functionId: 'producing', beforeMinor: 5_218, afterMinor: 5_204 },
        { functionId: 'taking', beforeMinor: 460, afterMinor: 474 },
      ],
      beneficiaries: [
        { owner: { kind: 'person', id: id(7) }, beforeMinor: 0, afterMinor: 474 },
        { owner: { kind: 'enterprise', id: NOBODY }, beforeMinor: 5_218, afterMinor: 5_204 },
      ],
    });
  });

  it('counts a month’s tiers from the sales before: 350.00 on top of 900.00 earns 15.50', () => {
    const tiers = [
      { from: 0, rate: '3 %' },
      { from: 1_000, rate: '5 %' },
      { from: 5_000, rate: '7 %' },
    ];
    const tiered = model([{ tiers }]);
    const takes = (sales: AttributedSale[]) => simulate(tiered, null, sales).take.afterMinor;
    expect(takes([saleOf(90_000)])).toBe(2_700);
    expect(takes([saleOf(90_000), saleOf(35_000, { orderId: 2 })])).toBe(2_700 + 1_550);
    expect(takes([saleOf(620_000)])).toBe(31_400);
    const later = saleOf(35_000, { orderId: 2, paidAt: '2026-12-01T10:00:00.000Z' });
    expect(takes([saleOf(90_000), later])).toBe(2_700 + 1_050);
  });

  it('prefers what stood to what another model would have made', () => {
    const attributed = saleOf(1_000);
    const input = { modelVersion: 1, instanceId: NOBODY, attributed, producerId: NOBODY };
    const frozen = freeze({ ...input, model: model([{ rate: '10 %' }]), positionMinor: () => 0 });
    const stood = standingOf(NOBODY, 'EUR', frozen, attributed.sale.producers[0]!.goods);
    const simulation = simulationOf({ model: model([{ rate: '5 %' }]), against: null, instanceId: NOBODY });
    simulation.add(attributed, [stood]);
    expect(simulation.result('EUR').take).toEqual({ beforeMinor: 100, afterMinor: 50 });
  });

  it('loses no cent, whatever the sales', () => {
    const rate = fc.integer({ min: 0, max: 4_000 }).map((bps) => `${bps / 100} %`);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 99_999 }), { maxLength: 20 }),
        rate,
        (nets, percentage) => {
          const result = simulate(
            model([{ rate: percentage }]),
            null,
            nets.map((net) => saleOf(net)),
          );
          const sum = result.functions.reduce((total, { afterMinor }) => total + afterMinor, 0);
          expect(sum + result.vat.afterMinor).toBe(result.grossMinor);
        },
      ),
    );
  });

  it('takes less than 20 s for 100,000 sales', () => {
    const count = process.env['LONG'] ? 100_000 : 10_000;
    const sales = Array.from({ length: count }, (_, orderId) => saleOf(1_000 + (orderId % 977), { orderId }));
    // The time of this process alone: other specs may run beside it.
    const began = process.cpuUsage();
    simulate(model([{ rate: '8.35 %' }], 'serving-hub'), model([{ rate: '8.1 %' }]), sales);
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1_000).toBeLessThan((20_000 * count) / 100_000);
  });
});
