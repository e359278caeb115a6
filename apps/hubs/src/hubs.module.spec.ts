import { generateKeyPairSync } from 'node:crypto';
import {
  adminEvents,
  adminRpc,
  DomainError,
  hubsEvents,
  hubsRpc,
  newEnterprise,
  ordersEvents,
  serviceNames,
  type Caller,
  type CallContext,
} from '@foodshed/contracts';
import {
  ALL_INSTANCES,
  Clock,
  Database,
  newId,
  Outbox,
  platformTables,
  Rpc,
  RpcClient,
  startService,
  Tokens,
  type OutgoingEvent,
  type RunningService,
  type ServiceConfig,
} from '@foodshed/platform';
import { eventually, testDatabase, testNats, type TestDatabase, type TestNats } from '@foodshed/testing';
import { Controller, Module } from '@nestjs/common';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { HubsKeys } from './hubs.config.js';
import { asBuyer, HubsWorld } from './hubs.fixture.js';
import { HubsModule } from './hubs.module.js';
import { CreateHubs1700000000000 } from './migrations/1700000000000-create-hubs.js';

const keys = Object.fromEntries(
  serviceNames.map((name) => {
    const { privateKey } = generateKeyPairSync('ed25519');
    return [name, { ...privateKey.export({ format: 'jwk' }), kid: name }];
  }),
) as Record<string, ServiceConfig['signingKey']>;
const verifyKeys = serviceNames.map(
  (kid) => ({ kty: 'OKP', crv: 'Ed25519', x: keys[kid]?.x ?? '', kid }) as const,
);

/** Whom admin knows, as in a world of specs. */
let people: HubsWorld['admin'];

@Controller()
class Contacts {
  @Rpc(adminRpc.getContact)
  async get({ personId }: { personId: string }) {
    const person = people.get(personId);
    if (!person) throw new DomainError('not-found');
    return { personId, ...person };
  }
}
@Module({ controllers: [Contacts] })
class AdminModule {}
@Module({})
class OrdersModule {}

class CreateOutbox1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(platformTables());
  }
  async down(): Promise<void> {
    throw new Error('not needed');
  }
}

describe('Hubs, as a service among others', () => {
  let nats: TestNats;
  let databases: Record<'hubs' | 'orders' | 'admin', TestDatabase>;
  let services: Record<'hubs' | 'orders' | 'admin', RunningService>;
  let world: HubsWorld;

  const configOf = (name: 'hubs' | 'orders' | 'admin'): ServiceConfig => ({
    name,
    version: 'test',
    environment: 'test',
    logLevel: 'silent',
    clock: 'system',
    database: { url: databases[name].appUrl, poolSize: 4 },
    nats: { url: nats.url, ...nats.as(name) },
    signingKey: keys[name] as ServiceConfig['signingKey'],
    verifyKeys,
    management: { host: '127.0.0.1', port: 0 },
  });

  beforeAll(async () => {
    jest.spyOn(HubsKeys, 'load').mockReturnValue(HubsKeys.from('x'.repeat(32)));
    const outboxes = (name: string) => testDatabase(name, [CreateOutbox1700000000000]);
    const [server, hubs, orders, admin] = await Promise.all([
      testNats(),
      testDatabase('hubs', [CreateHubs1700000000000]),
      outboxes('orders'),
      outboxes('admin'),
    ]);
    nats = server;
    databases = { hubs, orders, admin };
    world = new HubsWorld(hubs.database);
    people = world.admin;
    const others = [CreateOutbox1700000000000];
    services = {
      admin: await startService(
        { name: 'admin', module: AdminModule, migrations: others },
        configOf('admin'),
      ),
      orders: await startService(
        { name: 'orders', module: OrdersModule, migrations: others },
        configOf('orders'),
      ),
      hubs: await startService(
        { name: 'hubs', module: HubsModule, migrations: [CreateHubs1700000000000] },
        configOf('hubs'),
      ),
    };
  }, 60_000);

  afterAll(async () => {
    await Promise.all(Object.values(services).map((service) => service.close()));
    await Promise.all(Object.values(databases).map((database) => database.close()));
    await nats.close();
  });

  const as = async (caller: Caller): Promise<CallContext> => {
    const { token } = await new Tokens('admin', keys['admin'] as never, verifyKeys).issue(caller);
    return { caller, requestId: newId(), token };
  };
  const publish = async (from: 'orders' | 'admin', ...events: OutgoingEvent[]): Promise<void> => {
    const { app } = services[from];
    await app.get(Database).transaction(ALL_INSTANCES, (tx) => app.get(Outbox).add(tx, events));
  };
  const rows = <R>(sql: string, ...params: unknown[]) =>
    databases.hubs.owner.queryIn<R>(ALL_INSTANCES, sql, params);

  async function marketplace() {
    const rpc = services.orders.app.get(RpcClient);
    const [hanna, petra, ben] = [world.person('Hanna'), world.person('Petra'), world.person('Ben Amsel')];
    const register = async (manager: typeof hanna, roles: { isHub: boolean; isProducer: boolean }) => {
      const contact = { name: 'Office', email: 'office@example.org', phone: null };
      const input = newEnterprise.parse({ name: 'Place', contact, ...roles });
      return (await rpc.call(hubsRpc.registerEnterprise, input, await as(manager.caller))).enterpriseId;
    };
    const hub = await register(hanna, { isHub: true, isProducer: false });
    const farm = await register(petra, { isHub: false, isProducer: true });
    return { rpc, hanna, petra, ben, hub, farm, instanceId: world.instance.id };
  }

  it('tells admin, and nobody else, whom somebody manages', async () => {
    const { rpc, hanna, hub } = await marketplace();
    const adminRpcClient = services.admin.app.get(RpcClient);
    const managed = { instanceId: world.instance.id, personId: hanna.caller.personId };
    await expect(adminRpcClient.call(hubsRpc.listManagedEnterprises, managed, 'service')).resolves.toEqual({
      enterpriseIds: [hub],
    });
    await expect(rpc.call(hubsRpc.listManagedEnterprises, managed, 'service')).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('attributes what is paid, names the buyer to the hub, and forgets them', async () => {
    const { rpc, hanna, ben, hub, farm, instanceId } = await marketplace();
    const now = services.hubs.app.get(Clock).now().toISOString();
    const { personId } = ben.caller;
    const paid = world.paid({ hubId: hub, buyer: asBuyer(ben), producerIds: [farm], placedAt: now });
    await publish('admin', {
      event: adminEvents.personRegistered,
      instanceId,
      data: { personId, registeredAt: now },
    });
    await publish('orders', { event: ordersEvents.paid, instanceId, data: paid.data, id: paid.id });
    await publish('orders', { event: ordersEvents.paid, instanceId, data: paid.data });
    const attributed = await eventually(async () => {
      const found = await rows<{ payload: { attributions: unknown } }>(
        'select payload from outbox o where subject = $1 and not exists (select from outbox_pending p where p.id = o.id)',
        hubsEvents.attributed.subject,
      );
      expect(found).toHaveLength(2);
      return found;
    });
    expect(attributed[0]?.payload.attributions).toMatchObject([
      { producerId: farm, referral: { hubId: hub, via: 'shop' } },
    ]);
    await eventually(
      async () =>
        (await rows('select 1 from buyers where person_id = $1 and display_name is not null', personId))
          .length === 1,
    );
    const { items } = await rpc.call(hubsRpc.getBuyers, { ids: [personId] }, await as(hanna.caller));
    expect(items).toEqual([{ buyer: { kind: 'person', id: personId }, displayName: 'Ben Amsel' }]);

    people.delete(personId);
    await publish('admin', {
      event: adminEvents.personErased,
      instanceId,
      data: { personId, erasedAt: now },
    });
    await eventually(
      async () => (await rows('select 1 from buyers where display_name = $1', 'Ben Amsel')).length === 0,
    );
  }, 30_000);

  it('previews who would be the referrer, to whom it concerns', async () => {
    const { rpc, hanna, petra, ben, hub, farm } = await marketplace();
    const preview = { hubId: hub, buyer: asBuyer(petra), producers: [{ producerId: farm }] };
    await expect(
      rpc.call(hubsRpc.previewAttribution, preview, await as(petra.caller)),
    ).resolves.toMatchObject({
      attributions: [{ producerId: farm, referral: null }],
      hubs: [{ hubId: hub, shares: [{ personId: hanna.caller.personId, shareBps: 10_000 }] }],
    });
    await expect(rpc.call(hubsRpc.previewAttribution, preview, await as(ben.caller))).rejects.toMatchObject({
      code: 'forbidden',
    });
    const anonymous = await rpc.call(
      hubsRpc.previewAttribution,
      { ...preview, buyer: null },
      await as(ben.caller),
    );
    expect(anonymous.attributions).toMatchObject([{ referral: { hubId: hub, via: 'shop' } }]);
  }, 30_000);
});
