import { generateKeyPairSync } from 'node:crypto';
import { defineEvent, defineRpc, DomainError, type CallContext, type ServiceName } from '@foodshed/contracts';
import {
  Consume,
  Database,
  idempotent,
  instanceScoped,
  newId,
  Outbox,
  platformTables,
  Rpc,
  rowsOf,
  startService,
  Tokens,
  type ReceivedEvent,
  type RunningService,
  type ServiceConfig,
  type Tx,
} from '@foodshed/platform';
import { testDatabase, type TestDatabase, type TestNats } from '@foodshed/testing';
import { Controller, Inject, Injectable, Module } from '@nestjs/common';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';

/** A thing was made: the event of the sample service. */
export const thingMade = defineEvent({
  service: 'orders',
  name: 'thing-made',
  schema: z.object({ name: z.string().max(20), behaviour: z.enum(['ok', 'refuse', 'fault']).default('ok') }),
});

export const sampleRpc = {
  makeThing: defineRpc({
    service: 'orders',
    name: 'make-thing',
    input: z.strictObject({ name: z.string().max(20), quantity: z.int().min(1) }),
    output: z.object({ id: z.uuid(), quantity: z.int() }),
    callers: ['person'],
    services: ['admin'],
  }),
  misbehave: defineRpc({
    service: 'orders',
    name: 'misbehave',
    input: z.object({ how: z.enum(['refuse', 'fault', 'wrong-answer', 'slow', 'database']) }),
    output: z.object({ fine: z.literal(true) }),
    callers: ['anonymous'],
    timeoutMs: 500,
  }),
  operatorsOnly: defineRpc({
    service: 'orders',
    name: 'operate-thing',
    input: z.object({}),
    output: z.object({ fine: z.literal(true) }),
    callers: ['operator'],
  }),
};

export class CreateSample1700000000000 implements MigrationInterface {
  readonly name = 'CreateSample1700000000000';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`${platformTables()}
      create table things (
        instance_id uuid not null, id uuid not null, name text not null, quantity bigint not null,
        primary key (instance_id, id)
      );
      ${instanceScoped('things')}
      create table seen (id serial primary key, consumer text not null, event_id uuid not null, name text not null);`);
  }
  async down(): Promise<void> {
    throw new Error('not needed');
  }
}

@Controller()
class ThingController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  @Rpc(sampleRpc.makeThing)
  async makeThing(input: { name: string; quantity: number }, context: CallContext) {
    if (context.caller.kind !== 'person') throw new DomainError('forbidden');
    const { instance, personId } = context.caller;
    return this.database.transaction(instance.id, (tx) => {
      const once = { callerKey: personId, command: 'make-thing', key: context.idempotencyKey ?? newId() };
      return idempotent(tx, { ...once, body: input, now: new Date() }, async () => {
        const id = newId();
        await rowsOf(tx, 'insert into things values ($1, $2, $3, $4)', [
          instance.id,
          id,
          input.name,
          input.quantity,
        ]);
        await this.outbox.add(tx, [
          { event: thingMade, instanceId: instance.id, data: { name: input.name, behaviour: 'ok' } },
        ]);
        if (input.name === 'slow') await new Promise((resolve) => setTimeout(resolve, 300));
        return { id, quantity: input.quantity };
      });
    });
  }

  @Rpc(sampleRpc.misbehave)
  async misbehave({ how }: { how: string }): Promise<{ fine: true }> {
    if (how === 'refuse')
      throw new DomainError('stock-insufficient', { detail: 'Only 2 are left.', left: 2 });
    if (how === 'fault') throw new TypeError('secret detail');
    if (how === 'wrong-answer') return { fine: 'no' } as never;
    if (how === 'slow') await new Promise((resolve) => setTimeout(resolve, 1_000));
    if (how === 'database') throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    return { fine: true };
  }

  @Rpc(sampleRpc.operatorsOnly)
  async operate(): Promise<{ fine: true }> {
    return { fine: true };
  }
}

@Module({ controllers: [ThingController] })
export class MakerModule {}

/** What the sample consumer does besides keeping what it saw; specs change it. */
export const consumerBehaviour = { transientFailures: 0, faultsUntilFixed: true, calls: [] as number[] };

@Injectable()
class ThingConsumer {
  @Consume([thingMade], { batch: 50 })
  async onThings(tx: Tx, events: ReceivedEvent<{ name: string; behaviour: string }>[]): Promise<void> {
    consumerBehaviour.calls.push(events.length);
    if (consumerBehaviour.transientFailures > 0) {
      consumerBehaviour.transientFailures--;
      throw new DomainError('dependency-unavailable');
    }
    for (const { id, data } of events) {
      if (data.behaviour === 'refuse' && consumerBehaviour.faultsUntilFixed)
        throw new DomainError('model-invalid');
      if (data.behaviour === 'fault' && consumerBehaviour.faultsUntilFixed) throw new TypeError('a fault');
      await rowsOf(tx, 'insert into seen (consumer, event_id, name) values ($1, $2, $3)', [
        'hubs',
        id,
        data.name,
      ]);
    }
  }
}

@Module({ providers: [ThingConsumer] })
export class ListenerModule {}

const keys = Object.fromEntries(
  ['gateway', 'orders', 'hubs', 'admin'].map((kid) => {
    const { privateKey } = generateKeyPairSync('ed25519');
    return [kid, { ...privateKey.export({ format: 'jwk' }), kid }];
  }),
) as Record<string, ServiceConfig['signingKey']>;

export function configOf(
  name: ServiceName,
  nats: TestNats,
  databaseUrl?: string,
  redisUrl?: string,
): ServiceConfig {
  return {
    name,
    version: 'test',
    environment: 'test',
    logLevel: process.env['LOG_LEVEL'] ?? 'silent',
    clock: 'simulated',
    database: databaseUrl ? { url: databaseUrl, poolSize: 8 } : undefined,
    nats: { url: nats.url, ...nats.as(name) },
    redisUrl,
    signingKey: keys[name]!,
    verifyKeys: Object.entries(keys).map(([kid, { d: _d, ...key }]) => ({ ...key, kid: kid as ServiceName })),
    management: { host: '127.0.0.1', port: 0 },
  };
}

export function tokensOf(name: ServiceName): Tokens {
  const { signingKey, verifyKeys } = configOf(name, {
    url: '',
    as: () => ({ user: '', password: '' }),
  } as never);
  return new Tokens(name, signingKey, verifyKeys);
}

export const instance = { id: newId(), currency: 'EUR', timeZone: 'Europe/Brussels' };

export async function personContext(
  options: { roles?: 'operator'[]; instanceId?: string } = {},
): Promise<CallContext> {
  const caller = {
    kind: 'person' as const,
    personId: newId(),
    instance: { ...instance, id: options.instanceId ?? instance.id },
    roles: options.roles ?? [],
    enterpriseIds: [],
  };
  const { token } = await tokensOf('admin').issue(caller);
  return { caller, requestId: newId(), token };
}

export function sampleDatabase(service: 'orders' | 'hubs'): Promise<TestDatabase> {
  return testDatabase(service, [CreateSample1700000000000]);
}

export function startMaker(
  nats: TestNats,
  database: TestDatabase,
  redisUrl?: string,
): Promise<RunningService> {
  const options = { name: 'orders' as const, module: MakerModule, migrations: [CreateSample1700000000000] };
  return startService(options, configOf('orders', nats, database.appUrl, redisUrl));
}

export function startListener(nats: TestNats, database: TestDatabase): Promise<RunningService> {
  const options = { name: 'hubs' as const, module: ListenerModule, migrations: [CreateSample1700000000000] };
  return startService(options, configOf('hubs', nats, database.appUrl));
}
