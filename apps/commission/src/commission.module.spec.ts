import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AttributedSale,
  type Caller,
  type CallContext,
  commissionRpc,
  hubsEvents,
  serviceNames,
} from '@foodshed/contracts';
import {
  ALL_INSTANCES,
  Database,
  newId,
  Outbox,
  platformTables,
  RpcClient,
  type RunningService,
  type ServiceConfig,
  startService,
  Tokens,
  type Tx,
} from '@foodshed/platform';
import { eventually, testDatabase, type TestDatabase, testNats, type TestNats } from '@foodshed/testing';
import { Module } from '@nestjs/common';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CommissionModule } from './commission.module.js';
import { CreateCommission1763690500000 } from './migrations/1763690500000-create-commission.js';

const demo = readFileSync(join(__dirname, '../../../tools/demo/network-model.yaml'), 'utf8');
const keys = Object.fromEntries(
  serviceNames.map((name) => {
    const { privateKey } = generateKeyPairSync('ed25519');
    return [name, { ...privateKey.export({ format: 'jwk' }), kid: name }];
  }),
) as Record<string, ServiceConfig['signingKey']>;
const verifyKeys = serviceNames.map(
  (kid) => ({ kty: 'OKP', crv: 'Ed25519', x: keys[kid]?.x ?? '', kid }) as const,
);

@Module({})
class HubsModule {}

class CreateOutbox1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(platformTables());
  }
  async down(): Promise<void> {
    throw new Error('not needed');
  }
}

const [hub, producer, buyer, manager] = [newId(), newId(), newId(), newId()];

/** A referred household's purchase of goods for 23.45 without VAT, paid now. */
function purchase(instanceId: string): AttributedSale {
  const now = new Date().toISOString();
  const orderId = newId();
  return {
    sale: {
      orderId,
      version: 1,
      currency: 'EUR',
      timeZone: 'Europe/Vienna',
      hubId: hub,
      cycleId: newId(),
      buyer: { kind: 'person', id: buyer },
      placedAt: now,
      paidAt: now,
      changedAt: now,
      capture: {
        captureId: newId(),
        method: 'bank-transfer',
        holder: { kind: 'instance-bank', instanceId },
        amountMinor: 2345,
        surplusMinor: 0,
      },
      producers: [
        {
          producerId: producer,
          goods: [{ vatRateBps: 0, grossMinor: 2345, netMinor: 2345, units: 3 }],
        },
      ],
      hubFeeMinor: 0,
    },
    attributions: [
      { producerId: producer, referral: { referralId: newId(), hubId: hub, via: 'link', boundAt: now } },
    ],
    hubs: [{ hubId: hub, shares: [{ personId: manager, shareBps: 10_000 }] }],
  };
}

describe('Commission, as a service among others', () => {
  const instanceId = newId();
  let nats: TestNats;
  let databases: Record<'hubs' | 'commission', TestDatabase>;
  let hubs: RunningService;
  let commission: RunningService | undefined;

  const configOf = (name: 'hubs' | 'commission'): ServiceConfig => ({
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
  const startCommission = async (): Promise<void> => {
    const migrations = [CreateCommission1763690500000];
    commission = await startService(
      { name: 'commission', module: CommissionModule, migrations },
      configOf('commission'),
    );
  };
  const stopCommission = async (): Promise<void> => {
    await commission?.close();
    commission = undefined;
  };

  beforeAll(async () => {
    const [server, hubsDatabase, own] = await Promise.all([
      testNats(),
      testDatabase('hubs', [CreateOutbox1700000000000]),
      testDatabase('commission', [CreateCommission1763690500000]),
    ]);
    nats = server;
    databases = { hubs: hubsDatabase, commission: own };
    const migrations = [CreateOutbox1700000000000];
    hubs = await startService({ name: 'hubs', module: HubsModule, migrations }, configOf('hubs'));
    await startCommission();
  }, 60_000);
  afterAll(async () => {
    await Promise.all([hubs?.close(), stopCommission()]);
    await Promise.all(Object.values(databases).map((database) => database.close()));
    await nats.close();
  });

  const as = async (
    roles: ('steward' | 'operator')[],
    { personId = newId(), inInstance = instanceId } = {},
  ): Promise<CallContext> => {
    const instance = { id: inInstance, currency: 'EUR', timeZone: 'Europe/Vienna' };
    const caller: Caller = { kind: 'person', personId, instance, roles, enterpriseIds: [] };
    const { token } = await new Tokens('admin', keys['admin'] as never, verifyKeys).issue(caller);
    return { caller, requestId: newId(), token };
  };
  const publish = (data: AttributedSale): Promise<void> =>
    hubs.app
      .get(Database)
      .transaction(ALL_INSTANCES, (tx: Tx) =>
        hubs.app.get(Outbox).add(tx, [{ event: hubsEvents.attributed, instanceId, data }]),
      );
  const rpc = (): RpcClient => hubs.app.get(RpcClient);
  const splitsOf = async (data: AttributedSale, who: CallContext) =>
    (await rpc().call(commissionRpc.listOrderSplits, { orderId: data.sale.orderId }, who)).items;

  it('takes a model from stewards only, and shows it to everybody in the instance', async () => {
    const upload = async (who: Promise<CallContext>) =>
      rpc().call(commissionRpc.uploadModel, { source: demo }, await who);
    await expect(upload(as([]))).rejects.toMatchObject({ code: 'forbidden' });
    const uploaded = await upload(as(['steward']));
    expect(uploaded).toMatchObject({ version: 1, state: 'in-force', warnings: [] });
    const shown = await rpc().call(commissionRpc.getModel, {}, await as([]));
    expect(shown).toMatchObject({ version: 1, source: demo });
    const elsewhere = rpc().call(commissionRpc.getModel, {}, await as([], { inInstance: newId() }));
    await expect(elsewhere).rejects.toMatchObject({ code: 'not-found' });
  });

  it('splits what it said before the payment, to the cent, and explains it to the buyer', async () => {
    const data = purchase(instanceId);
    const who = await as([], { personId: buyer });
    const quoted = await rpc().call(commissionRpc.previewSplit, data, who);
    await publish(data);
    const [split] = await eventually(async () => {
      const items = await splitsOf(data, who);
      expect(items).toHaveLength(1);
      return items;
    });
    expect(split?.standing).toEqual(quoted.standing[0]);
    expect(quoted.standing[0]).toMatchObject({ residualMinor: 1914, grossMinor: 2345 });
    expect(quoted.standing[0]?.shares.map(({ amountMinor }) => amountMinor)).toEqual([196, 190, 45]);
    const explained = await rpc().call(commissionRpc.explainSplit, { splitId: split!.splitId }, who);
    expect(explained.steps[0]?.arithmetic).toBe('8.35 % of 23.45 EUR = 1.96 EUR');
    const stranger = await as([]);
    await expect(splitsOf(data, stranger)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await splitsOf(data, await as(['operator'], { inInstance: newId() }))).toEqual([]);
  });

  it('catches up with what was paid while it was stopped', async () => {
    await stopCommission();
    const missed = Array.from({ length: 20 }, () => purchase(instanceId));
    for (const data of missed) await publish(data);
    await startCommission();
    const steward = await as(['steward']);
    await eventually(async () => {
      const splits = await Promise.all(missed.map((data) => splitsOf(data, steward)));
      expect(splits.flat()).toHaveLength(missed.length);
    });
  });

  it('shows no row outside its instance, whatever a statement asks for', async () => {
    const { database } = databases.commission;
    for (const table of ['network_models', 'sales', 'splits', 'tier_positions']) {
      expect(await database.queryIn(newId(), `select 1 from ${table} limit 1`)).toEqual([]);
      expect(await database.query(`select 1 from ${table} limit 1`)).toEqual([]);
    }
    const counted = await database.queryIn<{ count: number }>(instanceId, 'select count(*) from splits');
    expect(counted[0]!.count).toBeGreaterThan(20);
  });
});
