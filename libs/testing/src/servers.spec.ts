import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { eventually } from './eventually.js';
import { testNats, testRedis, type TestNats } from './servers.js';

describe('the servers that specs get', () => {
  let nats: TestNats;
  const connections: NatsConnection[] = [];

  const connectAs = async (user: string) => {
    const credentials = { ...nats.as(user), pass: nats.as(user).password };
    const connection = await connect({
      servers: nats.url,
      inboxPrefix: `_INBOX_${user}`,
      reconnectTimeWait: 50,
      ...credentials,
    });
    connections.push(connection);
    return connection;
  };

  beforeAll(async () => {
    nats = await testNats();
  }, 60_000);

  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await nats.close();
  });

  it('let a service publish its own events and keep them through a kill', async () => {
    const orders = await connectAs('orders');
    const manager = await jetstreamManager(orders, { timeout: 500 });
    await manager.streams.add({ name: 'ORDERS', subjects: ['orders.events.>'] });
    await jetstream(orders).publish('orders.events.placed.v1', '{}', { msgID: '1' });
    await nats.kill();
    const count = () => manager.streams.info('ORDERS').then((info) => info.state.messages);
    await eventually(async () => expect(await count()).toBe(1));
  });

  it('refuse to let a service publish the events of another, or empty a stream', async () => {
    const hubs = await connectAs('hubs');
    await expect(
      jetstream(hubs).publish('orders.events.placed.v1', '{}', { timeout: 500 }),
    ).rejects.toThrow();
    const manager = await jetstreamManager(hubs, { timeout: 500, checkAPI: false });
    await expect(manager.streams.purge('ORDERS')).rejects.toThrow();
  });

  it('let one service answer another, and nobody else listen', async () => {
    const orders = await connectAs('orders');
    const gateway = await connectAs('gateway');
    orders.subscribe('orders.place-order.v1', {
      queue: 'orders',
      callback: (_, message) => void message.respond('done'),
    });
    await orders.flush();
    const answer = await gateway.request('orders.place-order.v1', '{}', { timeout: 2_000 });
    expect(answer.string()).toBe('done');
    const refused = new Promise((resolve) => {
      gateway.subscribe('orders.place-order.v1', { callback: (error) => resolve(error?.message) });
    });
    await expect(refused).resolves.toMatch(/permissions violation/i);
  });

  it('hand out an empty Redis database with a password', async () => {
    const redis = await testRedis();
    expect(new URL(redis.url).password).not.toBe('');
  });
});
