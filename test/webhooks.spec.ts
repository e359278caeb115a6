import {
  publicEventTypes,
  webhookMessage,
  type WebhookDelivery,
  type WebhookView,
} from '@foodshed/contracts';
import { eventually, sharedSystem, WebhookReceiver } from '@foodshed/testing';
import { networkWithSteward, type Network } from './developing.js';
import type { Person } from './marketplace.js';

interface Made extends WebhookView {
  readonly secret: string;
}

let network: Network;
let hub: Person;
let hubId: string;
let receiver: WebhookReceiver;

beforeAll(async () => {
  receiver = await WebhookReceiver.start();
  network = await networkWithSteward(await sharedSystem());
  hub = await network.market.person('Hanno');
  hubId = await network.market.enterprise(hub, 'Hub of Hanno', 'hub');
}, 240_000);
afterAll(() => receiver?.close());

async function subscribe(client: Person['client'], path: string, more: object): Promise<Made> {
  const made = await client.post<Made>('/webhooks', { url: receiver.url(path), ...more });
  receiver.secrets.push(made.secret);
  return made;
}

/** A day at the market: an order of two producers' goods, paid. */
async function sell() {
  const { market } = network;
  const producers = [await market.person('Pia'), await market.person('Pelle')];
  const producerIds: string[] = [];
  for (const [index, producer] of producers.entries()) {
    const producerId = await market.enterprise(producer, `Farm ${index}`, 'producer');
    producerIds.push(producerId);
    await market.products(producer, producerId, [{ name: `Potatoes ${index}`, priceMinor: 320, stock: 100 }]);
  }
  await market.agree(hubId, producerIds, 'hub');
  const own = await subscribe(producers[0]!.client, '/farm', {
    enterpriseId: producerIds[0],
    types: ['order.placed', 'split.posted'],
  });
  const cycle = await market.openCycle(hub, hubId, producerIds);
  const buyer = await market.person('Bela');
  const order = await market.order(buyer.client, cycle, { 'Potatoes 0': 2, 'Potatoes 1': 1 });
  await market.pay(hub.client, order);
  return { order, producerIds, own };
}

describe('A receiver that is written with the scheme’s own library', () => {
  it('verifies what happens in a market, each in the shape that its type promises', async () => {
    await subscribe(network.steward.client, '/network', {
      types: ['cycle.opened', 'order.placed', 'order.paid', 'split.posted', 'enterprise.changed'],
    });
    await subscribe(hub.client, '/hub', { enterpriseId: hubId, types: ['order.paid'] });
    const { order, producerIds } = await sell();
    const told = (path: string) => receiver.messages.filter((message) => message.path === path);
    await eventually(
      () => {
        const types = told('/network').map(({ body }) => body.type);
        expect(types).toEqual(expect.arrayContaining(['cycle.opened', 'order.placed', 'order.paid']));
        expect(types.filter((type) => type === 'split.posted').length).toBeGreaterThanOrEqual(2);
        expect(told('/hub')).toHaveLength(1);
        expect(told('/farm').map(({ body }) => body.type)).toContain('split.posted');
      },
      { timeoutMs: 30_000 },
    );
    for (const { body } of receiver.messages) {
      const type = publicEventTypes.find((known) => known === body.type)!;
      expect(webhookMessage(type).parse(body)).toEqual(body);
      expect(body.instanceId).toBe(network.market.instanceId);
    }
    expect(told('/hub')[0]!.body).toMatchObject({
      type: 'order.paid',
      data: { orderId: order.orderId, hubId },
    });
    // A producer is told of its own goods, and not of the buyer.
    const placed = told('/farm').find(({ body }) => body.type === 'order.placed')!;
    expect(placed.body.data['producers']).toEqual([{ producerId: producerIds[0], grossMinor: 640 }]);
    expect(placed.body.data).not.toHaveProperty('buyer');
    expect(receiver.refusals).toEqual(receiver.refusals.filter((each) => each.includes('No matching')));
  }, 90_000);

  it('gets by the second try what it could not take at the first', async () => {
    receiver.before = (response, path) => path === '/flaky' && Boolean(response.writeHead(503).end());
    const { webhookId } = await subscribe(network.steward.client, '/flaky', { types: ['cycle.opened'] });
    const { deliveryId, messageId } = await network.steward.client.post<WebhookDelivery>(
      `/webhooks/${webhookId}/test`,
    );
    const path = `/webhooks/${webhookId}/deliveries/${deliveryId}`;
    const delivery = () => network.steward.client.get<WebhookDelivery>(path);
    await eventually(async () => expect(await delivery()).toMatchObject({ state: 'waiting', status: 503 }));
    receiver.before = () => false;
    await eventually(async () => expect(await delivery()).toMatchObject({ state: 'delivered', tries: 2 }), {
      timeoutMs: 15_000,
    });
    expect(receiver.messages.filter(({ id }) => id === messageId)).toHaveLength(1);
  }, 30_000);
});
