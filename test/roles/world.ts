import { eventually, type RunningSystem } from '@foodshed/testing';
import { Marketplace, type Person } from '../marketplace.js';
import type { Owner, World } from './row.js';

interface Items<T> {
  readonly items: readonly T[];
}

async function owner(network: Marketplace, name: string, kind: 'hub' | 'producer'): Promise<Owner> {
  const person = await network.person(name);
  return { ...person, enterpriseId: await network.enterprise(person, `${kind} of ${name}`, kind) };
}

async function steward(network: Marketplace, name: string): Promise<Person> {
  const person = await network.person(name);
  await network.operator.put(`/people/${person.personId}/roles`, { roles: ['steward'] });
  await person.client.signIn(person.email, person.password);
  return person;
}

/** The first thing of a list that is filled by events. */
function firstOf<T>(list: () => Promise<Items<T>>): Promise<T> {
  return eventually(
    async () => {
      const [first] = (await list()).items;
      if (first === undefined) throw new Error('nothing has come yet');
      return first;
    },
    { timeoutMs: 30_000 },
  );
}

/** Two instances; in the first a hub's shop, two producers and a paid order whose money is in the ledger. */
export async function buildWorld(system: RunningSystem): Promise<World> {
  const [network, abroad] = [await Marketplace.make(system), await Marketplace.make(system)];
  const [hub, otherHub, stranger] = [
    await owner(network, 'Hanno', 'hub'),
    await owner(network, 'Hedda', 'hub'),
    await owner(abroad, 'Sven', 'hub'),
  ];
  const [producer, otherProducer] = [
    await owner(network, 'Pia', 'producer'),
    await owner(network, 'Pelle', 'producer'),
  ];
  const [buyer, otherBuyer] = [await network.person('Bela'), await network.person('Birk')];
  const [own, strangers] = [await steward(network, 'Sela'), await steward(abroad, 'Stina')];

  const { code } = await hub.client.post<{ code: string }>(`/hubs/${hub.enterpriseId}/referral-links`, {
    label: 'Leaflet',
  });
  await buyer.client.post(`/referral-links/${code}/uses`);
  await network.products(producer, producer.enterpriseId, [
    { name: 'Potatoes', priceMinor: 320, stock: 100_000 },
  ]);
  await network.agree(hub.enterpriseId, [producer.enterpriseId], 'hub');
  const cycle = await network.openCycle(hub, hub.enterpriseId, [producer.enterpriseId], 50);
  const [item] = [...(await network.shop(hub.enterpriseId)).values()];
  const order = await network.order(buyer.client, cycle, { Potatoes: 2 });
  await network.pay(hub.client, order);
  const { clock } = await network.operator.get<{ clock: { offsetMs: number } }>('/system/health');
  const { splitId } = await firstOf(() =>
    buyer.client.get<Items<{ splitId: string }>>(`/orders/${order.orderId}/splits`),
  );
  const accounts = `/accounts?ownerKind=enterprise&ownerId=${hub.enterpriseId}`;
  const { accountId } = await firstOf(() => hub.client.get<Items<{ accountId: string }>>(accounts));
  return {
    network,
    clients: {
      anonymous: network.visitor(),
      buyer: buyer.client,
      otherBuyer: otherBuyer.client,
      producer: producer.client,
      otherProducer: otherProducer.client,
      hub: hub.client,
      otherHub: otherHub.client,
      steward: own.client,
      operator: network.operator,
      stranger: stranger.client,
      strangerSteward: strangers.client,
    },
    buyer,
    otherBuyer,
    producer,
    hub,
    otherHub,
    steward: own,
    cycle,
    item: item!,
    paidOrderId: order.orderId,
    splitId,
    accountId,
    referralCode: code,
    clockOffsetMs: clock.offsetMs,
  };
}
