import { setTimeout as delay } from 'node:timers/promises';
import {
  noInstance,
  ordersEvents,
  subscribableTypes,
  webhooksRpc,
  type Caller,
  type PublicEventType,
  type RpcInput,
  type WebhookDelivery,
} from '@foodshed/contracts';
import { ALL_INSTANCES, newId, rowsOf } from '@foodshed/platform';
import {
  eventually,
  testDatabase,
  testNats,
  testRedis,
  WebhookReceiver,
  type TestDatabase,
  type TestNats,
} from '@foodshed/testing';
import { AdminWorld, person, refusal } from '../admin.fixture.js';
import { migrations } from '../migrations/migrations.js';
import { MOST_TRIES } from './delivery.rules.js';
import { takeDue } from './delivery.store.js';
import { WebhookQueue } from './queue.service.js';

const HOUR_MS = 3_600_000;
let nats: TestNats;
let db: TestDatabase;
let world: AdminWorld;
let receiver: WebhookReceiver;
let offsetMs = 0;

beforeAll(async () => {
  const [redis, started] = await Promise.all([testRedis(), WebhookReceiver.start()]);
  [nats, db] = await Promise.all([testNats(), testDatabase('admin', migrations)]);
  receiver = started;
  world = await AdminWorld.start({ nats, db, redisUrl: redis.url });
}, 60_000);
afterAll(async () => {
  await world?.close();
  await Promise.all([db?.close(), nats?.close(), receiver?.close()]);
});
beforeEach(() => {
  receiver.before = () => false;
});

/** Time is only ever moved on: what is due stays due. */
const letPass = (ms: number): void => world.clock.setOffset((offsetMs += ms));

interface Steward {
  readonly instanceId: string;
  readonly as: Caller;
}
async function steward(): Promise<Steward> {
  const instance = await world.newInstance();
  return { instanceId: instance.id, as: person(newId(), instance, 'steward') };
}

async function subscribe(
  { as }: Steward,
  {
    path = '/',
    types = ['cycle.opened'],
    ...more
  }: Partial<RpcInput<typeof webhooksRpc.createWebhook>> & {
    path?: string;
  } = {},
) {
  const body = { url: receiver.url(path), description: '', types, ...more };
  const webhook = await world.call(webhooksRpc.createWebhook, body, as);
  receiver.secrets.push(webhook.secret);
  return webhook;
}

/** Takes note of an order cycle that opened, as the consumer of orders' events does; returns the event's id. */
async function cycleOpens(instanceId: string, { hubId = newId(), eventId = newId() } = {}): Promise<string> {
  const at = world.clock.now().toISOString();
  const data = { cycleId: newId(), hubId, state: 'open', changedAt: at };
  const event = { id: eventId, instanceId, occurredAt: at, subject: ordersEvents.cycleChanged.subject, data };
  await db.database.transaction(ALL_INSTANCES, (tx) => world.part(WebhookQueue).add(tx, [event]));
  return `evt_${eventId}`;
}

const deliveriesOf = async ({ as }: Steward, webhookId: string): Promise<WebhookDelivery[]> =>
  (await world.call(webhooksRpc.listWebhookDeliveries, { webhookId, limit: 200 }, as)).items;
const received = (id: string) => receiver.messages.filter((message) => message.id === id);

describe('A webhook', () => {
  it('is told what happens, signed so that the scheme’s own library verifies it', async () => {
    const own = await steward();
    const webhook = await subscribe(own);
    const id = await cycleOpens(own.instanceId);
    const [message] = await eventually(() => {
      expect(received(id)).toHaveLength(1);
      return received(id);
    });
    expect(message!.body).toMatchObject({ type: 'cycle.opened', instanceId: own.instanceId });
    await eventually(async () => {
      const [delivery] = await deliveriesOf(own, webhook.webhookId);
      expect(delivery).toMatchObject({ messageId: id, state: 'delivered', tries: 1, status: 204 });
    });
    const { payload } = await world.call(
      webhooksRpc.getWebhookDelivery,
      {
        webhookId: webhook.webhookId,
        deliveryId: (await deliveriesOf(own, webhook.webhookId))[0]!.deliveryId,
      },
      own.as,
    );
    expect(JSON.parse(payload)).toEqual(message!.body);
  });

  it('is told once however often its event comes, and nothing of other types and instances', async () => {
    const [own, other] = [await steward(), await steward()];
    const webhook = await subscribe(own);
    await subscribe(own, { types: ['order.placed'], path: '/orders' });
    const eventId = newId();
    await cycleOpens(own.instanceId, { eventId });
    await cycleOpens(own.instanceId, { eventId });
    await cycleOpens(other.instanceId);
    await eventually(async () =>
      expect(await deliveriesOf(own, webhook.webhookId)).toMatchObject([{ state: 'delivered' }]),
    );
    expect(received(`evt_${eventId}`)).toHaveLength(1);
    expect(receiver.messages.filter(({ path }) => path === '/orders')).toEqual([]);
  });

  it('of an enterprise is its managers’, and is told what concerns the enterprise', async () => {
    const own = await steward();
    const enterpriseId = newId();
    const manager = { ...own, as: { ...own.as, roles: [], enterpriseIds: [enterpriseId] } as Caller };
    const webhook = await subscribe(manager, { enterpriseId });
    const concerned = await cycleOpens(own.instanceId, { hubId: enterpriseId });
    await cycleOpens(own.instanceId);
    await eventually(() => expect(received(concerned)).toHaveLength(1));
    expect(await deliveriesOf(manager, webhook.webhookId)).toHaveLength(1);
    for (const call of [
      () => world.call(webhooksRpc.getWebhook, { webhookId: webhook.webhookId }, own.as),
      () => world.call(webhooksRpc.listWebhooks, {}, manager.as),
      () => subscribe(manager),
      () => subscribe(own, { enterpriseId }),
    ]) {
      expect((await refusal(call())).code).toBe('forbidden');
    }
    const stranger = await steward();
    const foreign = world.call(webhooksRpc.getWebhook, { webhookId: webhook.webhookId }, stranger.as);
    expect((await refusal(foreign)).code).toBe('not-found');
  });

  it('shows its secret once, and the database never has it', async () => {
    const own = await steward();
    const webhook = await subscribe(own);
    expect(webhook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const seen = await world.call(webhooksRpc.getWebhook, { webhookId: webhook.webhookId }, own.as);
    expect(seen).not.toHaveProperty('secret');
    const rows = await db.database.transaction(ALL_INSTANCES, (tx) =>
      rowsOf<{ row: string }>(tx, `select w::text || encode(secret, 'escape') as row from webhooks w`),
    );
    expect(JSON.stringify(rows)).not.toContain(webhook.secret.slice(6, 30));
  });

  it('is refused beyond ten, inside the house, and where no instance was chosen', async () => {
    const own = await steward();
    for (let count = 0; count < 10; count++) await subscribe(own);
    expect((await refusal(subscribe(own))).code).toBe('limit-exceeded');
    const { items } = await world.call(webhooksRpc.listWebhooks, {}, own.as);
    expect(items).toHaveLength(10);
    await world.call(webhooksRpc.removeWebhook, { webhookId: items[0]!.webhookId }, own.as);
    const inside = await refusal(subscribe(own, { url: 'https://10.0.0.1/' }));
    expect(inside).toMatchObject({ code: 'invalid-input', options: { fields: [{ path: 'url' }] } });
    const nowhere = { ...own, as: person(newId(), noInstance, 'operator') };
    expect((await refusal(subscribe(nowhere))).code).toBe('invalid-state');
  });
});

describe('A secret that is replaced', () => {
  it('signs for a day beside the new one, and then no more', async () => {
    const own = await steward();
    const webhook = await subscribe(own);
    const { webhookId } = webhook;
    const rotated = await world.call(webhooksRpc.rotateWebhookSecret, { webhookId }, own.as);
    expect(rotated.secret).not.toBe(webhook.secret);
    const both = await cycleOpens(own.instanceId);
    await eventually(() => expect(received(both)).toMatchObject([{ signatures: 2 }]));
    receiver.secrets = receiver.secrets.filter((secret) => secret !== webhook.secret).concat(rotated.secret);
    letPass(25 * HOUR_MS);
    const one = await cycleOpens(own.instanceId);
    await eventually(() => expect(received(one)).toMatchObject([{ signatures: 1 }]));
  });

  it('twice, because the first answer was lost, still signs with what the receiver has', async () => {
    const own = await steward();
    const { webhookId } = await subscribe(own);
    for (let time = 1; time <= 2; time += 1)
      await world.call(webhooksRpc.rotateWebhookSecret, { webhookId }, own.as);
    // The receiver verifies with the first secret alone.
    const id = await cycleOpens(own.instanceId);
    await eventually(() => expect(received(id)).toMatchObject([{ signatures: 3 }]));
  });
});

describe('A receiver that is down', () => {
  it('for an hour misses nothing: everything comes, once, when it is back', async () => {
    const own = await steward();
    const webhook = await subscribe(own, { path: '/hour' });
    receiver.before = (response, path) => path === '/hour' && Boolean(response.socket?.destroy());
    const ids: string[] = [];
    for (let minute = 0; minute < 60; minute += 5) {
      ids.push(await cycleOpens(own.instanceId));
      letPass(5 * 60_000);
      await delay(10);
    }
    await eventually(async () => {
      const deliveries = await deliveriesOf(own, webhook.webhookId);
      expect(deliveries.every(({ tries, state }) => tries > 0 && state === 'waiting')).toBe(true);
      expect(deliveries[0]).toMatchObject({ reason: 'not-reachable', status: null });
    });
    receiver.before = () => false;
    letPass(3 * HOUR_MS);
    await eventually(async () => {
      const deliveries = await deliveriesOf(own, webhook.webhookId);
      expect(deliveries.map(({ state }) => state)).toEqual(ids.map(() => 'delivered'));
    });
    expect(ids.map((id) => received(id).length)).toEqual(ids.map(() => 1));
  }, 30_000);

  it('for days is given up and told no more; switched on again, it gets what waited, and by replay the rest', async () => {
    const own = await steward();
    const { webhookId } = await subscribe(own, { path: '/days' });
    receiver.before = (response, path) => path === '/days' && Boolean(response.writeHead(500).end());
    const lost = await cycleOpens(own.instanceId);
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      await eventually(async () => {
        const [delivery] = await deliveriesOf(own, webhookId);
        expect(delivery!.tries).toBeGreaterThanOrEqual(tries);
        // Until what came of a try is written, the next one lies before it.
        expect(delivery!.nextTryAt === null || delivery!.nextTryAt > delivery!.lastTryAt!).toBe(true);
      });
      letPass(27 * HOUR_MS);
    }
    const failing = await eventually(async () => {
      const view = await world.call(webhooksRpc.getWebhook, { webhookId }, own.as);
      expect(view).toMatchObject({ state: 'failing', failingBecause: 'gave-up' });
      return view;
    });
    expect((await deliveriesOf(own, webhookId))[0]).toMatchObject({ state: 'failed', status: 500 });
    const waited = await cycleOpens(own.instanceId);
    receiver.before = () => false;
    expect((await deliveriesOf(own, webhookId))[0]).toMatchObject({ state: 'waiting', nextTryAt: null });
    expect((await refusal(world.call(webhooksRpc.testWebhook, { webhookId }, own.as))).code).toBe(
      'invalid-state',
    );
    await world.call(webhooksRpc.changeWebhook, { webhookId, state: 'active' }, own.as);
    await eventually(() => expect(received(waited)).toHaveLength(1));
    expect(received(lost)).toEqual([]);
    const since = new Date(Date.parse(failing.createdAt) - 1_000).toISOString();
    const again = await world.call(webhooksRpc.replayWebhook, { webhookId, since, onlyFailed: true }, own.as);
    expect(again).toEqual({ queued: 1 });
    await eventually(() => expect(received(lost)).toHaveLength(1));
  }, 30_000);

  it.each<[string, number, Partial<WebhookDelivery>, string]>([
    [
      'moves elsewhere is not followed',
      302,
      { state: 'waiting', reason: 'redirected', status: 302 },
      'active',
    ],
    ['is gone for good is told no more', 410, { state: 'failed', status: 410 }, 'failing'],
  ])('%s', async (_title, status, expected, state) => {
    const own = await steward();
    const path = `/status-${status}`;
    const { webhookId } = await subscribe(own, { path });
    receiver.before = (response, at) =>
      at === path && Boolean(response.writeHead(status, { location: receiver.url('/elsewhere') }).end());
    await cycleOpens(own.instanceId);
    await eventually(async () => expect((await deliveriesOf(own, webhookId))[0]).toMatchObject(expected));
    expect(receiver.messages.filter((message) => message.path === '/elsewhere')).toEqual([]);
    const seen = await world.call(webhooksRpc.getWebhook, { webhookId }, own.as);
    expect(seen.state).toBe(state);
  });

  it('never answers holds up nobody else', async () => {
    const own = await steward();
    await subscribe(own, { path: '/slow' });
    await subscribe(own, { path: '/quick' });
    const hanging: (() => void)[] = [];
    receiver.before = (response, path) => path === '/slow' && Boolean(hanging.push(() => response.end()));
    const ids: string[] = [];
    for (let count = 0; count < 12; count++) ids.push(await cycleOpens(own.instanceId));
    const quick = () => receiver.messages.filter(({ path, id }) => path === '/quick' && ids.includes(id));
    await eventually(() => expect(quick()).toHaveLength(12), { timeoutMs: 5_000 });
    // Of one webhook no more are under way than its turn has.
    expect(hanging.length).toBeLessThanOrEqual(4);
    receiver.before = () => false;
    for (const end of hanging) end();
  });
});

describe('A receiver that answers what is no answer', () => {
  it.each([
    [
      'another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
      'refused-status',
    ],
    ['nothing, and hangs up', '', 'not-reachable'],
    ['something else', 'nonsense\r\n\r\n', 'not-reachable'],
  ])('%s has had its try, and does not keep its turn', async (_what, answer, reason) => {
    const own = await steward();
    const { webhookId } = await subscribe(own, { path: '/odd' });
    receiver.before = (response, path) => path === '/odd' && Boolean(response.socket?.end(answer));
    await cycleOpens(own.instanceId);
    await eventually(async () => {
      expect(await deliveriesOf(own, webhookId)).toMatchObject([{ state: 'waiting', tries: 1, reason }]);
    });
    receiver.before = () => false;
    const next = await cycleOpens(own.instanceId);
    await eventually(() => expect(received(next)).toHaveLength(1));
  });
});

describe('A crash', () => {
  it('after a delivery was taken loses nothing: it is tried again when the claim is over', async () => {
    const own = await steward();
    const { webhookId } = await subscribe(own);
    await world.call(webhooksRpc.changeWebhook, { webhookId, state: 'paused' }, own.as);
    const id = await cycleOpens(own.instanceId);
    const asAdmin = <T>(work: Parameters<typeof db.database.transaction<T>>[1]) =>
      db.database.transaction(ALL_INSTANCES, work);
    const taken = await asAdmin(async (tx) => {
      await rowsOf(tx, `update webhooks set state = 'active' where webhook_id = $1`, [webhookId]);
      const due = await takeDue(tx, { now: world.clock.now(), busy: [], webhooks: 100, each: 100 });
      return due.filter((delivery) => delivery.webhookId === webhookId);
    });
    expect(taken).toMatchObject([{ messageId: id, tries: 1 }]);
    letPass(HOUR_MS);
    // Whoever took it is still believed to be at work, whatever time is simulated.
    const meanwhile = await asAdmin((tx) =>
      takeDue(tx, { now: world.clock.now(), busy: [], webhooks: 100, each: 100 }),
    );
    expect(meanwhile.filter((delivery) => delivery.webhookId === webhookId)).toEqual([]);
    expect(received(id)).toEqual([]);
    await asAdmin((tx) =>
      rowsOf(tx, `update webhook_deliveries set claimed_until = now() - interval '1 second'`),
    );
    letPass(1_000);
    await eventually(() => expect(received(id)).toHaveLength(1));
    await eventually(async () =>
      expect((await deliveriesOf(own, webhookId))[0]).toMatchObject({ state: 'delivered', tries: 2 }),
    );
  });
});

describe('What was told', () => {
  it('is told again under the same id, by hand, and a test comes whatever one subscribed to', async () => {
    const own = await steward();
    const { webhookId } = await subscribe(own, { types: ['order.placed'] as PublicEventType[] });
    const test = await world.call(webhooksRpc.testWebhook, { webhookId }, own.as);
    expect(test).toMatchObject({ type: 'webhook.test', state: 'waiting' });
    await eventually(() => expect(received(test.messageId)).toHaveLength(1));
    await eventually(async () =>
      expect((await deliveriesOf(own, webhookId))[0]).toMatchObject({ state: 'delivered' }),
    );
    const key = { webhookId, deliveryId: test.deliveryId };
    await world.call(webhooksRpc.replayWebhookDelivery, key, own.as);
    await eventually(() => expect(received(test.messageId)).toHaveLength(2));
    const nothing = world.call(webhooksRpc.replayWebhookDelivery, { ...key, deliveryId: newId() }, own.as);
    expect((await refusal(nothing)).code).toBe('not-found');
    expect(subscribableTypes).not.toContain('webhook.test');
  });

  it('is not sent when it is larger than receivers take', async () => {
    const own = await steward();
    const { webhookId } = await subscribe(own);
    await world.call(webhooksRpc.changeWebhook, { webhookId, state: 'paused' }, own.as);
    await cycleOpens(own.instanceId);
    await db.database.transaction(ALL_INSTANCES, (tx) =>
      rowsOf(tx, `update webhook_deliveries set payload = repeat('x', 70000) where webhook_id = $1`, [
        webhookId,
      ]),
    );
    await world.call(webhooksRpc.changeWebhook, { webhookId, state: 'active' }, own.as);
    await eventually(async () =>
      expect((await deliveriesOf(own, webhookId))[0]).toMatchObject({ state: 'failed', reason: 'too-large' }),
    );
    expect((await world.call(webhooksRpc.getWebhook, { webhookId }, own.as)).state).toBe('active');
  });
});
