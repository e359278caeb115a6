import { firstSale } from '@foodshed/contracts';
import { newId } from '@foodshed/platform';
import { firstSaleOf } from './first-sale.rules.js';

describe('a first sale', () => {
  it('is told whole, with the hubs that had offered the goods: a link of any of them counts', () => {
    const [orderId, hubId, otherHubId] = [newId(), newId(), newId()];
    const sellingHubIds = [hubId, otherHubId];
    const at = new Date('2026-11-03T08:00:00.000Z');
    const told = firstSaleOf({ sequence: 1, orderId, hubId, placedAt: at, paidAt: at, sellingHubIds });
    const instant = at.toISOString();
    const expected = { sequence: 1, orderId, hubId, placedAt: instant, paidAt: instant, sellingHubIds };
    expect(firstSale.parse(told)).toEqual(expected);
  });
});
