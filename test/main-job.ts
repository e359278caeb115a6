import type { Cycle, ShopItem } from '@foodshed/contracts';
import type { RunningSystem } from '@foodshed/testing';
import { Marketplace, type Person } from './marketplace.js';

/** Five products of two producers; the goods of each come to 23.45 and 33.33 for one basket. */
export const basket = { Carrots: 2, Apples: 1, Bread: 3, Cheese: 1, Honey: 1 } as const;
const ofFields = [
  { name: 'Carrots', priceMinor: 450 },
  { name: 'Apples', priceMinor: 1445 },
];
const ofDairy = [
  { name: 'Bread', priceMinor: 611 },
  { name: 'Cheese', priceMinor: 800 },
  { name: 'Honey', priceMinor: 700 },
];

export interface Setting {
  network: Marketplace;
  fields: { id: string; owner: Person };
  dairy: { id: string; owner: Person };
  hub: { id: string; manager: Person; second: Person; cycle: Cycle };
  otherHub: { id: string; manager: Person; cycle: Cycle };
  shop: Map<string, ShopItem>;
}

/** Two producers with imported catalogues, two hubs with open cycles; the first hub's commission is shared 60/40. */
export async function mainSetting(system: RunningSystem): Promise<Setting> {
  const network = await Marketplace.make(system);
  const [farmer, dairyman, anna, bela, carl] = await Promise.all(
    ['Farmer', 'Dairyman', 'Anna', 'Bela', 'Carl'].map((name) => network.person(name)),
  );
  const fields = await network.enterprise(farmer!, 'Wide Fields', 'producer');
  const dairy = await network.enterprise(dairyman!, 'Hill Dairy', 'producer');
  const hub = await network.enterprise(anna!, 'Barn Hub', 'hub');
  const otherHub = await network.enterprise(carl!, 'Mill Hub', 'hub');
  await network.join(hub, anna!, bela!);
  await anna!.client.put(`/enterprises/${hub}/managers`, {
    managers: [
      { personId: anna!.personId, shareBps: 6000 },
      { personId: bela!.personId, shareBps: 4000 },
    ],
  });
  await network.products(farmer!, fields, ofFields);
  await network.products(dairyman!, dairy, ofDairy);
  const cycle = await network.openCycle(anna!, hub, [fields, dairy], 150);
  const otherCycle = await network.openCycle(carl!, otherHub, [fields, dairy]);
  return {
    network,
    fields: { id: fields, owner: farmer! },
    dairy: { id: dairy, owner: dairyman! },
    hub: { id: hub, manager: anna!, second: bela!, cycle },
    otherHub: { id: otherHub, manager: carl!, cycle: otherCycle },
    shop: await network.shop(hub),
  };
}
