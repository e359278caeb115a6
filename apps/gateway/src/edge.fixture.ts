import { setTimeout as delay } from 'node:timers/promises';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  adminEvents,
  adminRpc,
  callersChanged,
  DomainError,
  type Caller,
  type SessionView,
} from '@foodshed/contracts';
import {
  Bus,
  createLogger,
  managerOf,
  newId,
  Rpc,
  startService,
  Tokens,
  type RunningService,
  type ServiceConfig,
} from '@foodshed/platform';
import { jetstream } from '@nats-io/jetstream';
import { Body, Controller, Get, Inject, Module, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { emptyDashboard } from './dashboard.fixture.js';
import { createGateway } from './gateway.app.js';
import { loadGatewayConfig } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';
import { CallerContext, IdempotencyKey } from './http.decorators.js';

export const instance = {
  id: newId(),
  slug: 'valley',
  name: 'The valley',
  currency: 'EUR',
  timeZone: 'Europe/Brussels',
  locales: ['en'],
  description: '',
};

export const sessionToken = 's'.repeat(43);
export const apiToken = `fs_${'t'.repeat(43)}`;
/** What the stand-in for admin was asked, and how it answers. */
export const admin = {
  resolved: 0,
  tokenSeconds: 600,
  /** How many sessions are being resolved, and how long that takes. */
  resolving: 0,
  resolveMs: 0,
  /** How long the dashboard takes to answer. */
  dashboardMs: 0,
  roles: ['operator'] as ('operator' | 'steward')[],
  ended: new Set<string>(),
};

export const personId = newId();

@Controller()
class AdminStandIn {
  constructor(
    @Inject(Tokens) private readonly tokens: Tokens,
    @Inject(Bus) private readonly bus: Bus,
  ) {}

  @Rpc(adminRpc.getInstance)
  async getInstance({ slug }: { slug?: string }) {
    if (slug !== instance.slug) throw new DomainError('not-found', { detail: 'There is no such instance.' });
    return instance;
  }

  @Rpc(adminRpc.signIn)
  async signIn({ password }: { password: string }) {
    if (password !== 'right password') throw new DomainError('sign-in-failed');
    admin.ended.delete(sessionToken);
    return {
      ...(await this.#resolved()),
      sessionToken,
      sessionExpiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    };
  }

  @Rpc(adminRpc.resolveSession)
  async resolveSession({ sessionToken: secret }: { sessionToken: string }) {
    admin.resolved++;
    if (secret !== sessionToken || admin.ended.has(secret)) throw new DomainError('unauthenticated');
    const answer = await this.#resolved();
    admin.resolving++;
    await delay(admin.resolveMs);
    admin.resolving--;
    return { ...answer, sessionExpiresAt: new Date(Date.now() + 86_400_000).toISOString() };
  }

  @Rpc(adminRpc.resolveApiToken)
  async resolveApiToken({ apiToken: secret }: { apiToken: string }) {
    if (secret !== apiToken) throw new DomainError('unauthenticated');
    return this.#resolved();
  }

  @Rpc(adminRpc.signOut)
  async signOut({ sessionToken: secret }: { sessionToken: string }) {
    admin.ended.add(secret);
    this.bus.connection.publish(callersChanged.byAdmin.subject, JSON.stringify({ personIds: [personId] }));
    return {};
  }

  @Rpc(adminRpc.getDashboard)
  async dashboard(): Promise<object> {
    await delay(admin.dashboardMs);
    return { ...emptyDashboard, sequence: 7 };
  }

  async #resolved() {
    const { id, currency, timeZone } = instance;
    const caller: Caller = {
      kind: 'person',
      personId,
      instance: { id, currency, timeZone },
      roles: admin.roles,
      enterpriseIds: [],
    };
    const { token, expiresAt } = await this.tokens.issue(caller, admin.tokenSeconds);
    const session: SessionView = {
      person: { personId, displayName: 'Anna', email: 'anna@example.org' },
      instance,
      roles: admin.roles,
      enterprises: [],
    };
    return { token, tokenExpiresAt: expiresAt.toISOString(), session };
  }
}

@Module({ controllers: [AdminStandIn] })
class AdminStandInModule {}

const thingBody = z.strictObject({
  name: z.string().max(100),
  quantity: z.int().min(0),
  lines: z.array(z.strictObject({ note: z.string() })).default([]),
});

/** Routes that show what the edge does with any route. */
@Controller('api/things')
class ThingController {
  @Post()
  make(
    @Body({ schema: thingBody }) body: z.output<typeof thingBody>,
    @IdempotencyKey() key: string,
    @CallerContext() context: object,
  ) {
    return { body, key, context };
  }

  @Get('fault')
  fault(): never {
    throw new TypeError('secret detail');
  }

  @Get(':thingId')
  get(
    @Param('thingId', { schema: z.uuid() }) thingId: string,
    @Query({ schema: z.strictObject({ limit: z.coerce.number().int().max(10).default(5) }) }) query: object,
    @CallerContext() context: { caller: object },
  ) {
    return { thingId, query, caller: context.caller };
  }
}

@Module({ imports: [GatewayModule], controllers: [ThingController] })
class EdgeModule {}

const keys = Object.fromEntries(
  ['gateway', 'admin'].map((kid) => [
    kid,
    { ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid },
  ]),
) as Record<string, ServiceConfig['signingKey']>;

function configOf(name: 'gateway' | 'admin', nats: EdgeNats): ServiceConfig {
  return {
    name,
    version: 'test',
    environment: 'test',
    logLevel: 'silent',
    clock: 'system',
    nats: { url: nats.url, ...nats.as(name) },
    signingKey: keys[name]!,
    verifyKeys: Object.entries(keys).map(([kid, { d: _d, ...key }]) => ({ ...key, kid: kid as 'gateway' })),
    management: { host: '127.0.0.1', port: 0 },
  };
}

/** Where NATS is, and who may do what there. */
export interface EdgeNats {
  readonly url: string;
  as(user: string): { user: string; password: string };
}

export interface Edge {
  readonly url: string;
  readonly gateway: RunningService;
  /** Another replica of the gateway behind the same servers; it is closed with the edge. */
  replica(): Promise<string>;
  /** Sends bytes on a subject as any service's user may, or may not. */
  publish(user: string, subject: string, data: unknown): Promise<void>;
  readonly admin: RunningService;
  /** Says that the read model of an instance moved on. */
  changed(instanceId: string, sequence: number): Promise<void>;
  close(): Promise<void>;
}

/** A gateway on a free port with a stand-in for admin behind it. */
export async function startEdge(nats: EdgeNats, variables: Record<string, string> = {}): Promise<Edge> {
  const webRoot = mkdtempSync(join(tmpdir(), 'foodshed-web-'));
  mkdirSync(join(webRoot, 'assets'));
  writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>Foodshed</title>');
  writeFileSync(join(webRoot, 'assets', 'app-1a2b3c.js'), 'export {};');
  const load = () => loadGatewayConfig({ HTTP_PORT: '0', WEB_ROOT: webRoot, ...variables });
  const adminService = await startService(
    { name: 'admin', module: AdminStandInModule },
    configOf('admin', nats),
  );
  const tools = await Bus.connect(
    { service: 'tools', url: nats.url, ...nats.as('tools') },
    createLogger('tools', 'silent'),
  );
  const manager = await managerOf(tools.connection);
  await manager.streams.add({ name: 'ADMIN', subjects: ['admin.events.>'] });
  const startGateway = () =>
    startService(
      { name: 'gateway', module: EdgeModule, createApp: createGateway(load) },
      configOf('gateway', nats),
    );
  const urlOf = ({ app }: RunningService) => (app as unknown as { getUrl(): Promise<string> }).getUrl();
  const gateway = await startGateway();
  const replicas: RunningService[] = [];
  return {
    url: await urlOf(gateway),
    replica: async () => {
      const replica = await startGateway();
      replicas.push(replica);
      return urlOf(replica);
    },
    publish: async (user, subject, data) => {
      const bus = await Bus.connect(
        { service: user, url: nats.url, ...nats.as(user) },
        createLogger(user, 'silent'),
      );
      bus.connection.publish(subject, JSON.stringify(data));
      await bus.connection.flush();
      await bus.close();
    },
    gateway,
    admin: adminService,
    changed: async (instanceId, sequence) => {
      const data = { sequence, changedAt: new Date().toISOString() };
      const events = [{ id: newId(), instanceId, occurredAt: data.changedAt, headers: {}, data }];
      await jetstream(tools.connection).publish(
        adminEvents.dashboardChanged.subject,
        JSON.stringify({ events }),
      );
    },
    close: async () => {
      await Promise.all([gateway, ...replicas].map((each) => each.close()));
      await Promise.all([adminService.close(), tools.close()]);
    },
  };
}
