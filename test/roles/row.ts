import { randomUUID } from 'node:crypto';
import type {
  Cycle,
  Order,
  Payout,
  PayoutRun,
  PlacedOrder,
  ShopItem,
  SupplyAgreement,
  UnconfirmedCapture,
} from '@foodshed/contracts';
import { eventually } from '@foodshed/testing';
import type { Client } from '../client.js';
import type { Marketplace, Person } from '../marketplace.js';

/** Somebody with an enterprise of their own. */
export interface Owner extends Person {
  readonly enterpriseId: string;
}

/** Everybody who may call something; the strangers are the same kinds of people in another instance. */
export const actorNames = [
  'anonymous',
  'buyer',
  'otherBuyer',
  'producer',
  'otherProducer',
  'hub',
  'otherHub',
  'steward',
  'operator',
  'stranger',
  'strangerSteward',
] as const;
export type ActorName = (typeof actorNames)[number];

/** What the rows of the table are about: one paid order and everything around it. */
export interface World {
  readonly network: Marketplace;
  readonly clients: Readonly<Record<ActorName, Client>>;
  readonly buyer: Person;
  readonly otherBuyer: Person;
  readonly producer: Owner;
  readonly hub: Owner;
  readonly otherHub: Owner;
  readonly steward: Person;
  readonly cycle: Cycle;
  readonly item: ShopItem;
  readonly paidOrderId: string;
  readonly splitId: string;
  readonly accountId: string;
  readonly referralCode: string;
  readonly clockOffsetMs: number;
}

export interface Probe {
  readonly path: string;
  readonly body?: unknown;
  /** The answer never ends: only its status is looked at. */
  readonly isStream?: boolean;
}

export interface Row {
  /** Method and path as in the API's own description. */
  readonly route: string;
  /** On whose object, where that matters. */
  readonly of?: string;
  /** Who may; for everybody else, but those who see nothing, the answer is 401, 403 or 404. */
  readonly may: readonly ActorName[];
  /** Who gets an empty list, because nothing in it is theirs to see. */
  readonly seesNothing?: readonly ActorName[];
  /** A valid request; made anew for every caller, on an object of its own where one is used up. */
  readonly call: (world: World) => Probe | Promise<Probe>;
}

export const everybody = actorNames;
export const people = actorNames.filter((name) => name !== 'anonymous');
/** The people of the other instance. */
export const strangers: readonly ActorName[] = ['stranger', 'strangerSteward'];
export const here = everybody.filter((name) => !strangers.includes(name));
export const peopleHere = people.filter((name) => !strangers.includes(name));
export const stewards: ActorName[] = ['steward', 'operator', 'strangerSteward'];
export const stewardsHere: ActorName[] = ['steward', 'operator'];

/** A request without a body. */
export const get = (path: string) => (): Probe => ({ path });
/** A short name that no other test uses. */
export const shortName = (of: string): string => `${of}-${randomUUID().slice(0, 8)}`;
/** An e-mail address of nobody. */
export const email = (): string => `${shortName('somebody')}@example.org`;
/** So many days from now. */
export const at = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

/** One line of what the cycle sells, as an order wants it. */
export const linesOf = ({ item }: World) => [
  { variantId: item.variantId, quantity: 1, unitPriceMinor: item.unitPriceMinor },
];
/** That the first line of an order is in its box. */
export const tickOf = (orderId: string) => ({
  orderId,
  lineNumber: 1,
  isPacked: true,
  quantity: 1,
  version: 0,
});
/** A new order of the buyer's. */
export const freshOrder = ({ network, buyer, cycle, item }: World): Promise<PlacedOrder> =>
  network.order(buyer.client, cycle, { [item.name]: 1 });
/** What a new hub of the other hub's people asks of the producer. */
export const freshSupplyRequest = async ({
  network,
  otherHub,
  producer,
}: World): Promise<SupplyAgreement> => {
  const hubId = await network.enterprise(otherHub, shortName('Hub'), 'hub');
  const request = { producerId: producer.enterpriseId, hubId, proposedBy: 'hub' };
  return otherHub.client.post<SupplyAgreement>('/supply-agreements', request);
};
/** An invitation of somebody to manage the hub. */
export const freshInvitation = ({ hub }: World, to = email()): Promise<{ invitationId: string }> =>
  hub.client.post(`/enterprises/${hub.enterpriseId}/manager-invitations`, { email: to });
/** A new order of the buyer's, paid. */
export const freshPaidOrder = async (world: World): Promise<PlacedOrder> => {
  const order = await freshOrder(world);
  await world.network.pay(world.hub.client, order);
  return order;
};
/** Cash of a new order in the hub's till, as soon as the ledger knows of it. */
export async function freshCash({ network, buyer, hub, cycle, item }: World): Promise<string> {
  const order = await network.order(buyer.client, cycle, { [item.name]: 1 }, { paymentMethod: 'cash' });
  await network.pay(hub.client, order, 'cash');
  return eventually(
    async () => {
      const path = `/captures/unconfirmed?hubId=${hub.enterpriseId}&limit=200`;
      const { items } = await hub.client.get<{ items: UnconfirmedCapture[] }>(path);
      const captureId = items.find(({ orderId }) => orderId === order.orderId)?.captureId;
      if (!captureId) throw new Error('the ledger does not know of it yet');
      return captureId;
    },
    { timeoutMs: 30_000 },
  );
}
const handovers = new WeakMap<World, Promise<string>>();
/** A hand-over of cash that the hub recorded, one in each world. */
export function cashHandoverOf(world: World): Promise<string> {
  const { hub } = world;
  const record = async (): Promise<string> => {
    const path = `/hubs/${hub.enterpriseId}/cash-handovers`;
    const captureIds = [await freshCash(world)];
    return (await hub.client.post<{ handoverId: string }>(path, { captureIds })).handoverId;
  };
  const known = handovers.get(world) ?? record();
  handovers.set(world, known);
  return known;
}

/** An account in a bank that pays by SEPA. */
export const iban = 'DE89370400440532013000';
const runs = new WeakMap<World, Promise<{ runId: string; payoutId: string }>>();
/** A run of payouts that left for the bank, with what the producer earned; one in each world. */
export function sentRunOf(world: World): Promise<{ runId: string; payoutId: string }> {
  const known = runs.get(world) ?? sendRun(world);
  runs.set(world, known);
  return known;
}
async function sendRun(world: World): Promise<{ runId: string; payoutId: string }> {
  const { hub, producer, steward, network } = world;
  const { orderId } = await freshPaidOrder(world);
  await hub.client.post(`/orders/${orderId}/fulfilment`);
  await network.operator.put('/payout-settings', {
    debtorName: 'Our network',
    debtorIban: iban,
    secondPersonAboveMinor: 0,
  });
  const way = { kind: 'iban', iban, accountName: 'Pia' };
  await producer.client.put(`/payees/enterprise/${producer.enterpriseId}`, {
    way,
    minimumMinor: 0,
    schedule: 'daily',
  });
  const { captures } = await hub.client.get<Order>(`/orders/${orderId}`);
  const body = { captureIds: captures.map(({ captureId }) => captureId) };
  const patience = { timeoutMs: 30_000 };
  await eventually(() => steward.client.post('/captures/confirmations', body), patience);
  const { runId } = await eventually(
    () => steward.client.post<PayoutRun>('/payout-runs', {}, { idempotencyKey: randomUUID() }),
    patience,
  );
  await network.operator.put(`/payout-runs/${runId}/state`, { state: 'approved' });
  await steward.client.put(`/payout-runs/${runId}/state`, { state: 'sent' });
  const { payouts } = await steward.client.get<{ payouts: { items: Payout[] } }>(`/payout-runs/${runId}`);
  return { runId, payoutId: payouts.items[0]!.payoutId };
}
